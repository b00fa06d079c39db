"""Files into the library: texts first, then PDFs, which join the records that name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.engines.protocol import Observer
from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.library.bodies import attach, digest, local_files
from agent.records import AddReport, Note, Noted, Paper, Rejected
from agent.sources import Source, read_source


@dataclass(frozen=True)
class Taken:
    """What became of files: the report, the papers whose records name PDFs among them, and what was not attached."""

    report: AddReport
    owners: tuple[str, ...] = ()
    unattached: tuple[Note, ...] = ()


def tell_new(library: Library, collection: str | None, observer: Observer) -> None:
    """Say that a collection is made, since a name that was mistyped makes one too."""
    if collection and collection not in library.collections():
        observer.note(f"collection '{collection}' is new")


def add_watched(
    library: Library, read: Sequence[ReadSource], collection: str | None, observer: Observer
) -> AddReport:
    """`add`, with an observer who is told how far it is."""
    return add(
        library, read, collection,
        lambda count: observer.advance("add", count), lambda count: observer.start("add", count),
    )  # fmt: skip


def take_in(
    library: Library,
    sources: Sequence[Source],
    observer: Observer,
    *,
    kind: str | None = None,
    collection: str | None = None,
    keep_all: bool = False,
) -> Taken:
    """Take all records of files in, as one report.

    A PDF that a record names by its path is attached to that record's paper; any other is a record of its own,
    and joins the paper that has its DOI, arXiv id or title.
    """
    tell_new(library, collection, observer)
    observer.start("files", len(sources))
    pdfs = {source.path: source for source in sources if _is_pdf(source, kind)}

    def records(source: Source) -> Iterator[Paper | Rejected | Noted]:
        known = _known_record(library, source) if source.path in pdfs else None
        yield from [known] if known else read_source(source, kind, keep_all=keep_all)
        observer.advance("files")

    def taken(read: Sequence[ReadSource]) -> AddReport:
        return add_watched(library, read, collection, observer)

    texts = [source for source in sources if source.path not in pdfs]
    report = taken([ReadSource(one.path, one.name, records(one)) for one in texts]) if texts else AddReport()
    if not pdfs:
        return Taken(report)
    owned = _owned(library, pdfs)
    named = {source.path for files in owned.values() for source in files}
    free = [source for source in pdfs.values() if source.path not in named]
    if free:
        read = [ReadSource(one.path, one.name, _with_file(one, records(one))) for one in free]
        report = _together(report, taken(read))
    observer.advance("files", len(named))
    told, unattached = _attach_all(library, owned, free)
    report = report.model_copy(update={"notes": (*report.notes, *told, *unattached)})
    return Taken(report, tuple(owned), unattached)


def _is_pdf(source: Source, kind: str | None) -> bool:
    return kind == "pdf" or (kind is None and source.head.startswith(b"%PDF"))


def _known_record(library: Library, source: Source) -> Paper | None:
    """What a PDF said when it was read before, if its paper's whole text is of this very file."""
    key = library.key_of_source(source.path)
    current = library.body_digest(key) if key else None
    if current is None:
        return None
    try:
        return library.record_of_source(source.path) if digest(source.data) == current else None
    except OSError:  # which reading it will tell
        return None


def _with_file(
    source: Source, records: Iterator[Paper | Rejected | Noted]
) -> Iterator[Paper | Rejected | Noted]:
    for record in records:
        yield record.model_copy(update={"files": (source.name,)}) if isinstance(record, Paper) else record


def _owned(library: Library, pdfs: Mapping[str, Source]) -> dict[str, list[Source]]:
    """By key, those of the PDFs that records name, in the order in which these name them."""
    found: dict[str, list[Source]] = {}
    for key, paths in local_files(library, library.papers().values()).items():
        names = dict.fromkeys(str(path.resolve()) for path in paths)
        own = library.source_paths(key)  # a PDF that is a record of its own names itself
        if files := [pdfs[name] for name in names if name in pdfs and name not in own]:
            found[key] = files
    return found


def _attach_all(
    library: Library, owned: Mapping[str, Sequence[Source]], free: Sequence[Source]
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Give papers their whole texts: notes on the files that belong to papers, and on those that were not taken."""
    joined: dict[str, list[Source]] = defaultdict(list)
    for source in free:
        if key := library.key_of_source(source.path):
            joined[key].append(source)
    told: list[Note] = []
    unattached: list[Note] = []
    for key in sorted({*owned, *joined}):
        files = [*owned.get(key, ()), *joined[key]]
        chosen, refused = _attach(library, key, files)
        unattached += refused
        if chosen in owned.get(key, ()) and chosen is not None:
            told.append(_note(chosen, f"the whole text of {key}, whose record names it"))
    return tuple(told), tuple(unattached)


def _attach(library: Library, key: str, files: Sequence[Source]) -> tuple[Source | None, list[Note]]:
    """Give a paper the first of these texts that can be read, unless it has one of another file already.

    Returns:
        The file that its text is of, if it is one of these, and a note on each that was not taken.
    """
    current = library.body_source(key)
    try:
        data = {source.path: source.data for source in files}
    except OSError as error:  # gone since it was found
        return None, [_note(files[0], f"not attached to {key}: {error.strerror}")]
    known = next((one for one in files if digest(data[one.path]) == library.body_digest(key)), None)
    if known:
        return known, [_note(one, _has_another(key, known.name)) for one in files if one is not known]
    if current is not None and current not in [source.name for source in files]:
        return None, [_note(one, _has_another(key, current)) for one in files]
    return _attach_first(library, key, files, data)


def _attach_first(
    library: Library, key: str, files: Sequence[Source], data: Mapping[str, bytes]
) -> tuple[Source | None, list[Note]]:
    from agent.sources.formats.pdf import body_of

    chosen: Source | None = None
    refused: list[Note] = []
    for source in files:
        if chosen is not None:
            refused.append(_note(source, _has_another(key, chosen.name)))
            continue
        body = body_of(data[source.path])
        if isinstance(body, Rejected):
            refused.append(_note(source, f"not attached to {key}: {body.reason}"))
            continue
        with library.change():
            attach(library, key, source.name, data[source.path], body)
        chosen = source
    return chosen, refused


def _has_another(key: str, name: str) -> str:
    return f"not attached to {key}, which has its whole text of {name}; `litreview fulltext --attach` replaces it"


def _note(source: Source, message: str) -> Note:
    return Note(source=source.name, position="file", message=message)


def _together(one: AddReport, other: AddReport) -> AddReport:
    return AddReport(
        read=one.read + other.read,
        added=one.added + other.added,
        known=one.known + other.known,
        merged=one.merged + other.merged,
        rejected=one.rejected + other.rejected,
        changed=one.changed + other.changed,
        gone=tuple(sorted({*one.gone, *other.gone})),
        notes=(*one.notes, *other.notes),
    )
