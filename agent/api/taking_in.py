"""Files into the library: texts first, then PDFs, which join the records that name them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.engines.protocol import Observer
from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.library.bodies import attach, digest, local_files
from agent.records import AddReport, Note, Noted, Paper, Rejected
from agent.sources import Source, read_source


def take_in(
    library: Library,
    sources: Sequence[Source],
    observer: Observer,
    *,
    kind: str | None = None,
    collection: str | None = None,
    keep_all: bool = False,
) -> AddReport:
    """Take all records of files in, as one report.

    A PDF that a record names by its path is attached to that record's paper; any other is a record of its own,
    and joins the paper that has its DOI, arXiv id or title.
    """
    if collection and collection not in library.collections():
        observer.note(f"collection '{collection}' is new")
    observer.start("files", len(sources))
    pdfs = [source for source in sources if _is_pdf(source, kind)]
    texts = [source for source in sources if source not in pdfs]

    def records(source: Source) -> Iterator[Paper | Rejected | Noted]:
        yield from read_source(source, kind, keep_all=keep_all)
        observer.advance("files")

    def taken(read: Sequence[ReadSource]) -> AddReport:
        return add(
            library, read, collection,
            lambda count: observer.advance("add", count), lambda count: observer.start("add", count),
        )  # fmt: skip

    report = AddReport()
    if texts:
        report = taken([ReadSource(source.path, source.name, records(source)) for source in texts])
    if not pdfs:
        return report
    named = local_files(library, library.papers().values())
    owners = {str(path.resolve()): key for key, paths in named.items() for path in paths}
    owned = [(source, owners[source.path]) for source in pdfs if source.path in owners]
    free = [source for source in pdfs if source.path not in owners]
    more = taken([ReadSource(source.path, source.name, _named(source, records(source))) for source in free])
    notes = [_attach(library, source, key) for source, key in owned]
    for source in free:
        if key := library.key_of_source(source.path):
            _attach(library, source, key)
    return _together(report, more, notes)


def _is_pdf(source: Source, kind: str | None) -> bool:
    return kind == "pdf" or (kind is None and source.head.startswith(b"%PDF"))


def _named(source: Source, records: Iterator[Paper | Rejected | Noted]) -> Iterator[Paper | Rejected | Noted]:
    for record in records:
        yield record.model_copy(update={"files": (source.name,)}) if isinstance(record, Paper) else record


def _attach(library: Library, source: Source, key: str) -> Note:
    """Give a paper its whole text, unless it was read from this very file before."""
    from agent.sources.formats.pdf import body_of

    data = source.data
    if library.body_digest(key) != digest(data):
        body = body_of(data)
        if isinstance(body, Rejected):
            return Note(source=source.name, position="file", message=f"not attached to {key}: {body.reason}")
        with library.change():
            attach(library, key, source.name, data, body)
    return Note(
        source=source.name, position="file", message=f"the whole text of {key}, whose record names it"
    )


def _together(one: AddReport, other: AddReport, notes: Sequence[Note]) -> AddReport:
    return AddReport(
        read=one.read + other.read,
        added=one.added + other.added,
        known=one.known + other.known,
        merged=one.merged + other.merged,
        rejected=one.rejected + other.rejected,
        changed=one.changed + other.changed,
        gone=tuple(sorted({*one.gone, *other.gone})),
        notes=(*one.notes, *other.notes, *notes),
    )
