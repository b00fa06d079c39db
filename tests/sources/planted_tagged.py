"""Planted damage in BibTeX, RIS, MEDLINE and lists of ids."""

from __future__ import annotations

from collections.abc import Callable

from planted import REJECTED, Damage, Format, Work

BOM = "\ufeff"


def swapped(write: Callable[[Work], str], old: str, new: str) -> Callable[[Work], str]:
    """The record with one thing changed, once."""

    def changed(work: Work) -> str:
        text = write(work)
        assert old in text, f"{old!r} does not stand in {text!r}"
        return text.replace(old, new, 1)

    return changed


def framed(write: Callable[[Work], str], before: str = "", behind: str = "") -> Callable[[Work], str]:
    """The record with something before and behind it."""
    return lambda work: before + write(work) + behind


def without(write: Callable[[Work], str], start: str) -> Callable[[Work], str]:
    """The record without the lines that begin so."""

    def changed(work: Work) -> str:
        lines = write(work).splitlines(keepends=True)
        assert any(line.lstrip().startswith(start) for line in lines), start
        return "".join(line for line in lines if not line.lstrip().startswith(start))

    return changed


def line_ends(write: Callable[[Work], str], end: str) -> Callable[[Work], str]:
    return lambda work: write(work).replace("\n", end)


def bibtex(work: Work, extra: str = "") -> str:
    title = work.title.replace("&", r"\&")
    names = " and ".join(f"{family}, {given}" for family, given in work.authors)
    return (
        f"@article{{{work.key},\n  title = {{{title}}},\n  author = {{{names}}},\n  year = {{{work.year}}},\n"
        f"  journal = {{{work.venue}}},\n  doi = {{{work.doi}}},\n  abstract = {{{work.abstract}}},\n{extra}  volume = {{7}}\n}}\n\n"
    )


def quoted(work: Work) -> str:
    """With quotation marks for braces."""
    return (
        bibtex(work)
        .replace("{We ", '"We ')
        .replace("  abstract = {", '  abstract = "')
        .replace("},\n  volume", '",\n  volume')
    )


BIBTEX = Format("bibtex", ".bib", bibtex, (
    Damage("closing brace missing", swapped(bibtex, "{7}\n}\n", "{7}\n")),
    Damage("a brace open in a field", swapped(bibtex, "abstract = {", "abstract = {We {count ")),
    Damage("a brace open in the last field", swapped(bibtex, "{7}", "{7")),
    Damage("a brace too many in a field", swapped(bibtex, "  doi = ", "},\n  doi = ")),
    Damage("a brace too many behind it", swapped(bibtex, "}\n\n", "}\n}\n}\n\n")),
    Damage("comma missing between fields", swapped(bibtex, "},\n  year", "}\n  year")),
    Damage("comma missing behind the key", swapped(bibtex, ",\n  title", "\n  title")),
    Damage("quote never closed", swapped(quoted, '",\n  volume', ",\n  volume")),
    Damage("brace for a quote", swapped(quoted, '",\n  volume', "},\n  volume")),
    Damage("no key", lambda work: bibtex(work).replace(work.key, "", 1)),
    Damage("no title", without(bibtex, "title"), REJECTED),
    Damage("an empty title", lambda work: bibtex(work).replace(bibtex(work).split("\n")[1], "  title = {},", 1), REJECTED),
    Damage("doubled key", lambda work: bibtex(work).replace(work.key, "smith2020n1", 1)),
    Damage("doubled field", lambda work: bibtex(work, "  year = {1999},\n")),
    Damage("a percent sign", swapped(bibtex, "abstract = {", "abstract = {50% faster. ")),
    Damage("an undefined macro", lambda work: bibtex(work, "  publisher = acmpress # {, Inc},\n")),
    Damage("free text before it", framed(bibtex, "Read these: mail ann@example.org, 50% {or more\n\n")),
    Damage("a stray comment", framed(bibtex, "@comment{jabref-meta: grouping {x};}\n")),
    Damage("a comment never closed", framed(bibtex, "@comment{ to do\n\n")),
    Damage("an entry in a comment line", framed(bibtex, "% sorted by hand\n")),
    Damage("parentheses", lambda work: bibtex(work).replace("{", "(", 1).replace("{7}\n}", "{7}\n)")),
    Damage("capitals and blanks", swapped(bibtex, "@article{", "  @ ARTICLE {  ")),
    Damage("a BOM before it", framed(bibtex, BOM)),
    Damage("CR before it", framed(bibtex, "\r")),
    Damage("Latin-1", swapped(bibtex, "abstract = {", "abstract = {Der Br\udcfcnnen. ")),
    Damage("CRLF", line_ends(bibtex, "\r\n")),
    Damage("CR", line_ends(bibtex, "\r")),
    Damage("an at sign in a field", swapped(bibtex, "abstract = {", "abstract = {See @article{x} and a@b.org. ")),
    Damage("no equals sign", swapped(bibtex, "title = ", "title "), REJECTED),
    Damage("all on one line", lambda work: " ".join(bibtex(work).split()) + "\n"),
))  # fmt: skip


def ris(work: Work) -> str:
    authors = "".join(f"AU  - {family}, {given}\n" for family, given in work.authors)
    return (
        f"TY  - JOUR\n{authors}TI  - {work.title}\nPY  - {work.year}\nJO  - {work.venue}\n"
        f"AB  - {work.abstract}\nDO  - {work.doi}\nVL  - 7\nER  - \n\n"
    )


RIS = Format("ris", ".ris", ris, (
    Damage("ER missing", without(ris, "ER")),
    Damage("ER and blank line missing", swapped(ris, "ER  - \n\n", "")),
    Damage("ER twice", swapped(ris, "ER  - \n", "ER  - \nER  - \n")),
    Damage("ER bare", swapped(ris, "ER  - \n", "ER\n")),
    Damage("TI with one blank", swapped(ris, "TI  - ", "TI - ")),
    Damage("TI without blanks", swapped(ris, "TI  - ", "TI- ")),
    Damage("a BOM in the middle", framed(ris, BOM)),
    Damage("CR before TY", framed(ris, "\r")),
    Damage("CRLF", line_ends(ris, "\r\n")),
    Damage("CR", line_ends(ris, "\r")),
    Damage("no title", without(ris, "TI"), REJECTED),
    Damage("an empty title", lambda work: ris(work).replace(work.title, "", 1), REJECTED),
    Damage("TY missing", without(ris, "TY")),
    Damage("TY empty", swapped(ris, "JOUR", "")),
    Damage("TY without blanks", swapped(ris, "TY  - ", "TY-")),
    Damage("free text before it", framed(ris, "Exported for Ann, 3 of 40\n\n")),
    Damage("free text inside", swapped(ris, "DO  - ", "  still the abstract\nDO  - ")),
    Damage("a blank line inside", swapped(ris, "DO  - ", "\nDO  - ")),
    Damage("an unknown tag", swapped(ris, "DO  - ", "ZZ  - 9\nDO  - ")),
    Damage("lower case", swapped(ris, "TI  - ", "ti  - ")),
    Damage("indented", lambda work: "".join(f"    {line}\n" for line in ris(work).splitlines())),
    Damage("tabs", swapped(ris, "AB  - ", "AB\t- ")),
    Damage("an abstract of lines like tags", swapped(ris, "AB  - ", "AB  - Of\nT2-weighted pictures\n")),
    Damage("Latin-1", swapped(ris, "AB  - ", "AB  - Der Br\udcfcnnen. ")),
    Damage("TY alone", framed(ris, "TY  - JOUR\nER  - \n\n"), adds=1),
))  # fmt: skip


def nbib(work: Work) -> str:
    authors = "".join(
        f"FAU - {family}, {given}\nAU  - {family} {given[0]}\n" for family, given in work.authors
    )
    return (
        f"PMID- {40_000_000 + work.number}\nOWN - NLM\nTI  - {work.title}\nAB  - {work.abstract[:40]}\n      "
        f"{work.abstract[40:].lstrip() or 'So.'}\n{authors}DP  - {work.year} Mar\nJT  - {work.venue}\nAID - {work.doi} [doi]\nPT  - Journal Article\n\n"
    )


NBIB = Format("nbib", ".nbib", nbib, (
    Damage("blank line missing", swapped(nbib, "Article\n\n", "Article\n")),
    Damage("no PMID", without(nbib, "PMID")),
    Damage("PMID without blanks", swapped(nbib, "PMID- ", "PMID-")),
    Damage("PMID with a blank", swapped(nbib, "PMID- ", "PMID - ")),
    Damage("TI with one blank", swapped(nbib, "TI  - ", "TI - ")),
    Damage("no title", without(nbib, "TI"), REJECTED),
    Damage("an empty title", lambda work: nbib(work).replace(work.title, "", 1), REJECTED),
    Damage("free text before it", framed(nbib, "3: Ann's list\n\n")),
    Damage("a BOM before it", framed(nbib, BOM)),
    Damage("CR before it", framed(nbib, "\r")),
    Damage("CRLF", line_ends(nbib, "\r\n")),
    Damage("CR", line_ends(nbib, "\r")),
    Damage("a blank line inside", swapped(nbib, "DP  - ", "\nDP  - ")),
    Damage("a line not indented", swapped(nbib, "\n      ", "\n")),
    Damage("an unknown tag", swapped(nbib, "DP  - ", "ZZZZ- 9\nDP  - ")),
    Damage("a number that is none", swapped(nbib, "PMID- ", "PMID- x")),
    Damage("blank lines before it", framed(nbib, "\n\n\n")),
    Damage("PMID alone", framed(nbib, "PMID- 1\n\n"), adds=1),
))  # fmt: skip


def id_line(work: Work) -> str:
    return f"{work.doi}\n"


IDS = Format("ids", ".txt", id_line, (
    Damage("a bare number", framed(id_line, "20764\n"), adds=1),
    Damage("no id", lambda work: f"{work.title}\n", REJECTED),
    Damage("a link to no paper", framed(id_line, "https://example.org/wells\n"), adds=1),
    Damage("a blank in the DOI", swapped(id_line, "10.", "10. "), REJECTED),
    Damage("no prefix", swapped(id_line, "10.", "10"), REJECTED),
    Damage("a comment", framed(id_line, "# from Ann's mail\n")),
    Damage("blank lines", framed(id_line, "\n \n\t\n")),
    Damage("a label", framed(id_line, "doi: ")),
    Damage("a link", framed(id_line, "https://doi.org/")),
    Damage("a full stop", swapped(id_line, "\n", ".\n")),
    Damage("a number before it", framed(id_line, "12. ")),
    Damage("in quotation marks", lambda work: f'"{work.doi}",\n'),
    Damage("text behind it", swapped(id_line, "\n", "  read this first\n")),
    Damage("a BOM before it", framed(id_line, BOM)),
    Damage("CR", line_ends(id_line, "\r")),
    Damage("CRLF", line_ends(id_line, "\r\n")),
    Damage("Latin-1", swapped(id_line, "\n", " von M\udcfcller\n")),
), says=("doi",))  # fmt: skip

TAGGED = (BIBTEX, RIS, NBIB, IDS)
