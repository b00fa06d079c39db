"""What is kept between runs: papers, where they came from, and what the user decided.

One SQLite file in the workspace. Papers are composed of the records that sources gave and the user's
own values, so that nothing that came in is overwritten and every field can say where it came from.
"""

from agent.library.identity import title_identity
from agent.library.rows import Decision, RecordRow
from agent.library.store import Library
from agent.library.workspace import Workspace, find_workspace

__all__ = ["Decision", "Library", "RecordRow", "Workspace", "find_workspace", "title_identity"]
