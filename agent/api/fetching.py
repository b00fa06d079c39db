"""The way to the services, wired: clock, environment, the user's own folder for rates, keys."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent import __version__
from agent.errors import UsageError
from agent.settings import Value

if TYPE_CHECKING:
    from agent.sources.fetching.client import Client
    from agent.sources.fetching.harvest import PageStore
    from agent.sources.services.common import Service

SERVICES = ("arxiv", "crossref", "hugging-face", "openalex", "pubmed", "semantic-scholar")
KEYS = {"openalex": "openalex_key", "semantic-scholar": "semantic_scholar_key", "pubmed": "ncbi_key"}
TIMEOUT = 30.0


@dataclass
class Outside:
    """What reaches out of the process; tests put their own in its place."""

    now: Any = time.time
    sleep: Any = time.sleep
    transport: Any = None


OUTSIDE = Outside()


def service_of(name: str) -> Service:
    """The service of a name.

    Raises:
        UsageError: there is none.
    """
    from agent.sources.services import arxiv, crossref, hugging_face, openalex, pubmed, semantic_scholar

    known: dict[str, Any] = dict(
        zip(SERVICES, (arxiv, crossref, hugging_face, openalex, pubmed, semantic_scholar), strict=True)
    )
    if name not in known:
        raise UsageError(f"there is no service '{name}'", f"services: {', '.join(SERVICES)}")
    found: Service = known[name]
    return found


def state_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Where the user's own state lies, whatever the workspace: the services' rates are a user's, not a folder's."""
    base = environment.get("XDG_STATE_HOME")
    return (Path(base) if base else home / ".local" / "state") / "litreview"


@contextmanager
def open_client(settings: Mapping[str, Value], state: Path) -> Iterator[Client]:
    """A client for all services, with the user's keys and address."""
    from agent.sources.fetching.client import Client, Identity
    from agent.sources.fetching.pace import Pace

    keys = {service: str(settings[name].value) for service, name in KEYS.items() if settings[name].value}
    contact = settings["contact"].value
    identity = Identity(f"litreview/{__version__}", contact, keys)
    client = Client(
        identity, Pace(state / "rates", OUTSIDE.now, OUTSIDE.sleep), OUTSIDE.sleep, TIMEOUT, OUTSIDE.transport
    )
    try:
        yield client
    finally:
        client.close()


def page_store(folder: Path) -> PageStore:
    """Where the pages of an unfinished search are kept."""
    from agent.sources.fetching.harvest import PageStore

    store = PageStore(folder, OUTSIDE.now)
    store.tidy()
    return store
