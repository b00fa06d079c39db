"""Where papers come from: one file a format, each `read(text) -> Iterator[Paper | Rejected]`.

Opening is apart from parsing: `inputs` finds files and bytes, `detect` decodes them, tells the format and names the
readers. A reader gets text and gives, for every record, a paper or the reason why not.
"""

from agent.sources.detect import KINDS, read_source
from agent.sources.inputs import Source, find_sources

__all__ = ["KINDS", "Source", "find_sources", "read_source"]
