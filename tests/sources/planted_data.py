"""Planted damage in CSL-JSON, JSON Lines, tables and EndNote XML."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from xml.sax.saxutils import escape

from planted import PAPER, REJECTED, Damage, Format, Work
from planted_tagged import BOM, framed, line_ends, swapped, without


def csl(work: Work) -> str:
    item = {
        "id": work.key,
        "type": "article-journal",
        "title": work.title,
        "author": [{"family": family, "given": given} for family, given in work.authors],
        "issued": {"date-parts": [[work.year, 3]]},
        "container-title": work.venue,
        "abstract": work.abstract,
        "DOI": work.doi,
    }
    return ",\n" + json.dumps(item, ensure_ascii=False, indent=1)


CSL = Format("csl-json", ".json", csl, (
    Damage("comma missing before it", lambda work: csl(work).removeprefix(",")),
    Damage("two commas before it", framed(csl, ",")),
    Damage("a comma too many in it", swapped(csl, "\n}", ",\n}"), REJECTED),
    Damage("a comma missing in it", swapped(csl, ',\n "DOI"', '\n "DOI"'), REJECTED),
    Damage("a bare quote", swapped(csl, '"abstract": "', '"abstract": "We "count" '), REJECTED),
    Damage("a quote never closed", swapped(csl, '",\n "DOI"', ',\n "DOI"'), REJECTED),
    Damage("closing brace missing", swapped(csl, "\n}", "\n"), REJECTED),
    Damage("a brace too many", framed(csl, behind="}"), adds=1),
    Damage("a bracket missing", swapped(csl, "],\n \"issued", ",\n \"issued"), REJECTED),
    Damage("a colon missing", swapped(csl, '"type":', '"type"'), REJECTED),
    Damage("a name without quotes", swapped(csl, '"type":', "type:"), REJECTED),
    Damage("single quotes", swapped(csl, '"type":', "'type':"), REJECTED),
    Damage("a bad escape", swapped(csl, '"abstract": "', r'"abstract": "A \quad '), REJECTED),
    Damage("no title", without(csl, '"title"'), REJECTED),
    Damage("a title of null", lambda work: csl(work).replace(json.dumps(work.title, ensure_ascii=False), "null", 1), REJECTED),
    Damage("a raw line end", swapped(csl, '"abstract": "', '"abstract": "One.\nTwo. ')),
    Damage("not a number", swapped(csl, ',\n "DOI"', ',\n "volume": NaN,\n "DOI"')),
    Damage("a text for an item", framed(csl, ',\n"see below"'), adds=1),
    Damage("null for an item", framed(csl, ",\nnull"), adds=1),
    Damage("a DOI as a link", swapped(csl, '"DOI": "', '"DOI": "https://doi.org/')),
    Damage("a comment", framed(csl, ",\n// checked by Ann"), adds=1),
    Damage("CRLF", line_ends(csl, "\r\n")),
    Damage("a BOM before it", lambda work: csl(work).replace("\n", "\n" + BOM, 1)),
), head="[\n", tail="\n]\n", first=",\n")  # fmt: skip


def line(work: Work) -> str:
    record = {
        "title": work.title,
        "authors": [f"{family}, {given}" for family, given in work.authors],
        "year": work.year,
        "doi": work.doi,
        "abstract": work.abstract,
        "venue": work.venue,
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


JSONL = Format("jsonl", ".jsonl", line, (
    Damage("cut off", lambda work: line(work)[:60] + "\n", REJECTED),
    Damage("a quote missing", swapped(line, '"title": "', '"title": '), REJECTED),
    Damage("two records on a line", lambda work: line(work).strip() + '{"year": 1999}\n', adds=1),
    Damage("no title", lambda work: '{"year": 1999}\n', REJECTED),
    Damage("an empty title", lambda work: '{"title": " "}\n', REJECTED),
    Damage("a blank line", framed(line, "\n \n")),
    Damage("not a number", swapped(line, '"venue": ', '"volume": NaN, "venue": '), REJECTED),
    Damage("a comma behind it", swapped(line, "}\n", "},\n")),
    Damage("a list", lambda work: f"[{line(work).strip()}]\n", REJECTED),
    Damage("a text", framed(line, '"wells"\n'), adds=1),
    Damage("a bracket before it", framed(line, "[\n"), adds=1),
    Damage("single quotes", swapped(line, '"title"', "'title'"), REJECTED),
    Damage("garbage", framed(line, "-- 3 more --\n"), adds=1),
    Damage("a BOM before it", framed(line, BOM)),
    Damage("CRLF", line_ends(line, "\r\n")),
    Damage("CR", line_ends(line, "\r")),
    Damage("Latin-1", swapped(line, '"venue": "', '"venue": "B\udcfccher, ')),
    Damage("a lone surrogate", swapped(line, '"venue": "', r'"venue": "\ud800')),
    Damage("a year in press", swapped(line, '"year": ', '"status": "in press", "year": ')),
))  # fmt: skip


def _table(separator: str) -> Format:
    columns = "Title Authors Year Journal DOI Volume Abstract".split()

    def cells(work: Work) -> list[str]:
        names = "; ".join(f"{family}, {given}" for family, given in work.authors)
        return [work.title, names, str(work.year), work.venue, work.doi, "7", work.abstract]

    def write(values: list[str]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(values)
        return out.getvalue()

    def row(work: Work) -> str:
        return write(cells(work))

    def quotes_bare(work: Work) -> str:
        return row(work).rpartition(f'{separator}"')[0] + f'{separator}"They "sing" at night"\n'

    def other(number: int, value: str) -> Callable[[Work], str]:
        return lambda work: write(
            [value if place == number else cell for place, cell in enumerate(cells(work))]
        )

    head = separator.join(columns) + "\n"
    bare = f"{separator}7{separator}"
    return Format("csv", ".csv" if separator == "," else ".tsv", row, (
        Damage("a separator without quotes", swapped(row, f'{separator}"Journal', f'{separator}Journal{separator} "of" ')),
        Damage("a quote never closed", lambda work: row(work).rstrip('"\n') + "\n", PAPER),
        Damage("a quote never closed in the middle", swapped(row, f'"{separator}"10.', f'{separator}"10.'), PAPER),
        Damage("cells missing at the end", lambda work: separator.join(row(work).split(f'{separator}"7"')[:1]) + "\n"),
        Damage("cells too many", lambda work: row(work).strip() + f"{separator}a{separator}b\n", REJECTED),
        Damage("empty cells too many", lambda work: row(work).strip() + f"{separator}{separator}\n"),
        Damage("no title", other(0, ""), REJECTED),
        Damage("a title of nan", other(0, "NaN"), REJECTED),
        Damage("blank lines", framed(row, f"\n{separator * 6}\n")),
        Damage("the header once more", framed(row, head)),
        Damage("quotes not doubled", quotes_bare),
        Damage("no quotes", lambda work: row(work).replace(f'{separator}"7"{separator}', bare)),
        Damage("a line end in a cell", other(6, "One.\nTwo.")),
        Damage("a year as a fraction", lambda work: row(work).replace(f'"{work.year}"', f'"{work.year}.0"', 1)),
        Damage("a line of text", framed(row, "end of page 3\n"), adds=1),
        Damage("a DOI as a link", swapped(row, '"10.', '"https://doi.org/10.')),
        Damage("CRLF", line_ends(row, "\r\n")),
        Damage("CR", line_ends(row, "\r")),
        Damage("a BOM before it", framed(row, BOM)),
        Damage("Latin-1", other(6, "Der Br\udcfcnnen.")),
    ), head=head)  # fmt: skip


CSV, TSV = _table(","), _table("\t")


def endnote(work: Work) -> str:
    authors = "".join(f"<author>{escape(family)}, {given}</author>" for family, given in work.authors)
    return (
        f'<record><ref-type name="Journal Article">17</ref-type><contributors><authors>{authors}</authors></contributors>\n'
        f"<titles><title>{escape(work.title)}</title><secondary-title>{work.venue}</secondary-title></titles>\n"
        f"<dates><year>{work.year}</year></dates><electronic-resource-num>{work.doi}</electronic-resource-num>\n"
        f"<abstract>{escape(work.abstract)}</abstract></record>\n"
    )


ENDNOTE = Format("endnote-xml", ".xml", endnote, (
    Damage("a bare ampersand", swapped(endnote, "<abstract>", "<abstract>Wells & bridges. "), REJECTED),
    Damage("a bare less-than", swapped(endnote, "<abstract>", "<abstract>p < 0.05. "), REJECTED),
    Damage("the record's end missing", swapped(endnote, "</record>", ""), REJECTED),
    Damage("the title's end missing", swapped(endnote, "</title>", ""), REJECTED),
    Damage("tags that cross", swapped(endnote, "</authors></contributors>", "</contributors></authors>"), REJECTED),
    Damage("a control character", swapped(endnote, "<abstract>", "<abstract>\x0b")),
    Damage("a control character's number", swapped(endnote, "<abstract>", "<abstract>&#11;")),
    Damage("an entity that XML lacks", swapped(endnote, "<abstract>", "<abstract>&eacute;"), REJECTED),
    Damage("no title", lambda work: endnote(work).replace(f"<title>{escape(work.title)}</title>", "", 1), REJECTED),
    Damage("an empty title", lambda work: endnote(work).replace(f">{escape(work.title)}<", "><", 1), REJECTED),
    Damage("a comment before it", framed(endnote, "<!-- page 3 -->\n")),
    Damage("free text before it", framed(endnote, "page 3\n")),
    Damage("an attribute without quotes", swapped(endnote, '"Journal Article"', "Journal"), REJECTED),
    Damage("an empty record", framed(endnote, "<record></record>\n"), adds=1),
    Damage("the record's end twice", swapped(endnote, "</record>", "</record></record>")),
    Damage("a declaration in it", swapped(endnote, "<abstract>", '<!ENTITY a "b"><abstract>'), REJECTED),
    Damage("styled text", swapped(endnote, "<abstract>", '<abstract><style face="italic">Now. </style>')),
    Damage("CRLF", line_ends(endnote, "\r\n")),
    Damage("CR", line_ends(endnote, "\r")),
    Damage("a BOM before it", framed(endnote, BOM)),
), head='<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n', tail="</records></xml>\n")  # fmt: skip

DATA = (CSL, JSONL, CSV, TSV, ENDNOTE)
