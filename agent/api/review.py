"""`Review`: a workspace and everything that can be done in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.api.asking import AskVerbs
from agent.api.digests import DigestVerbs
from agent.api.fulltext import FulltextVerbs
from agent.api.papers import PaperVerbs
from agent.api.running import run
from agent.api.searching import SearchVerbs
from agent.api.surveys import SurveyVerbs
from agent.api.wiring import look_at_endpoint
from agent.api.works import WorkVerbs
from agent.settings import Value, shown

if TYPE_CHECKING:
    from agent.llm.doctor import Diagnosis


class Review(PaperVerbs, WorkVerbs, SearchVerbs, FulltextVerbs, SurveyVerbs, AskVerbs, DigestVerbs):
    """A workspace and what can be done in it: see `Desk` for how it is opened."""

    def doctor(self) -> Diagnosis:
        """Look at the endpoint with at most eight short calls, and say what to write into the settings.

        Raises:
            UsageError: no model is named. SettingsError: no key is set.
        """
        return run(self.doctor_async())

    async def doctor_async(self) -> Diagnosis:
        """`doctor` for a running loop."""
        return await look_at_endpoint(self.settings)


def values(review: Review) -> dict[str, Value]:
    """Each setting with its value and origin, the workspace as it was found."""
    found = {name: Value(shown(name, value.value), value.origin) for name, value in review.settings.items()}
    if found["workspace"].value is None:
        found["workspace"] = Value(
            str(review.workspace.folder.parent), "found" if review.workspace.folder.is_dir() else "here"
        )
    return found
