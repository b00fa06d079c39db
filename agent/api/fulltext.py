"""The verb that brings whole texts: PDFs that records name, PDFs that are handed over, PDFs that may be fetched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.api.desk import Desk
from agent.api.fetching import open_client, service_of
from agent.errors import InputError, SourceError, UsageError
from agent.library import Library
from agent.library.bodies import attach, digest, local_files
from agent.records import Attached, FulltextReport, Paper, Rejected, Unattached

Tried = Attached | Unattached
OTHER_HOSTS_SECONDS = 1.0  # between two downloads from places that are no service of ours


class FulltextVerbs(Desk):
    """What can be done about whole texts."""

    def fulltext(
        self,
        *,
        attach_files: Sequence[tuple[str, str]] = (),
        fetch: bool = False,
        collection: str | None = None,
    ) -> FulltextReport:
        """Attach PDFs to papers and read their text.

        Args:
            attach_files: pairs of a key and a file. With any, only these are attached.
            fetch: download what is free: arXiv's PDFs, and those that a service named as open.

        Raises:
            UsageError: there is no such paper. InputError: a file is not there.
        """
        with self._library() as library:
            if attach_files:
                return self._hand_over(library, attach_files)
            name = self._collection(library, collection)
            papers = library.papers(library.members(name) if name else None)
            lacking = {key: paper for key, paper in papers.items() if library.body_digest(key) is None}
            tried = self._from_files(library, lacking)
            attached = {one.key for one in tried if isinstance(one, Attached)}
            if fetch:
                rest = {key: paper for key, paper in lacking.items() if key not in attached}
                tried += self._from_services(library, rest)
            without = [paper for paper in lacking.values() if paper.key not in {one.key for one in tried}]
            return _report(tried, known=len(papers) - len(lacking), without=without)

    def detach(self, key: str) -> str:
        """Take the whole text from a paper again.

        Raises:
            UsageError: there is no such paper, or it has none.
        """
        with self._library() as library:
            found = self._resolve(library, key)
            if library.body_digest(found) is None:
                raise UsageError(
                    f"{found} has no whole text", "`litreview fulltext` attaches those that are named"
                )
            with library.change():
                library.drop_body(found)
        return found

    def _hand_over(self, library: Library, pairs: Sequence[tuple[str, str]]) -> FulltextReport:
        named = [(self._resolve(library, name), _there(file)) for name, file in pairs]
        return _report([self._read_and_attach(library, key, path.name, _bytes(path)) for key, path in named])

    def _from_files(self, library: Library, papers: dict[str, Paper]) -> list[Tried]:
        found = local_files(library, papers.values())
        self.observer.start("attach", len(found))
        tried: list[Tried] = []
        for key, paths in found.items():
            for path in paths:
                tried.append(self._read_and_attach(library, key, path.name, _bytes(path)))
                if isinstance(tried[-1], Attached):
                    break
            self.observer.advance("attach")
        return tried

    def _from_services(self, library: Library, papers: dict[str, Paper]) -> list[Tried]:
        places = {key: place for key, paper in papers.items() if (place := open_pdf(paper))}
        self.observer.start("fetch", len(places))
        tried: list[Tried] = []
        with open_client(self.settings, self.state) as client:
            for key, (service, seconds, url) in places.items():
                try:
                    data = client.download(service, seconds, url).body
                except SourceError as error:
                    tried.append(Unattached(key=key, source=url, reason=error.message))
                else:
                    tried.append(self._read_and_attach(library, key, url, data))
                    if isinstance(tried[-1], Attached):
                        self._keep(data)
                self.observer.advance("fetch")
        return tried

    def _keep(self, data: bytes) -> None:
        """A fetched file stays in the workspace, so that nobody is asked for it again."""
        folder = self.workspace.folder / "pdf"
        folder.mkdir(exist_ok=True)
        draft = folder / f".{digest(data)}.part"
        draft.write_bytes(data)
        draft.replace(folder / f"{digest(data)}.pdf")

    def _read_and_attach(self, library: Library, key: str, name: str, data: bytes) -> Tried:
        from agent.sources.formats.pdf import body_of

        body = body_of(data)
        if isinstance(body, Rejected):
            return Unattached(key=key, source=name, reason=body.reason)
        with library.change():
            attach(library, key, name, data, body)
        return Attached(key=key, source=name, pages=len(body.pages), words=len(body.text.split()))


def _there(file: str) -> Path:
    path = Path(file).expanduser()
    if not path.is_file():
        raise InputError(f"{file}: no such file", "give KEY=FILE, for example --attach awq=papers/awq.pdf")
    return path


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read: {error.strerror}", "check the file's permissions"
        ) from error


def _report(tried: Sequence[Tried], *, known: int = 0, without: Sequence[Paper] = ()) -> FulltextReport:
    """What became of each file; of papers without one, those whose records name a file that is not there are told."""
    return FulltextReport(
        attached=tuple(one for one in tried if isinstance(one, Attached)),
        failed=tuple(one for one in tried if isinstance(one, Unattached)),
        without=tuple(paper.key for paper in without),
        known=known,
        absent=tuple(
            Unattached(key=paper.key, source=paper.files[0], reason="no such file")
            for paper in without
            if paper.files
        ),
    )


def open_pdf(paper: Paper) -> tuple[str, float, str] | None:
    """Where a free PDF of a paper is: whose rate holds there, seconds between calls, and the address."""
    if paper.arxiv_id:
        service = service_of("arxiv")
        return service.NAME, service.SECONDS, f"https://arxiv.org/pdf/{paper.arxiv_id}{paper.version or ''}"
    url = paper.fields.get("pdf_url")
    return ("downloads", OTHER_HOSTS_SECONDS, url) if url and url.startswith("https://") else None


def parse_attachment(stated: str) -> tuple[str, str]:
    """`KEY=FILE` taken apart.

    Raises:
        UsageError: it is none.
    """
    key, sign, file = stated.partition("=")
    if not (sign and key.strip() and file.strip()):
        raise UsageError(f"'{stated}' is no KEY=FILE", "for example --attach awq=papers/awq.pdf")
    return key.strip(), file.strip()
