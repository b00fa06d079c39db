"""The plain forms of ids other than DOI and arXiv, as `Paper.ids` holds them."""

from __future__ import annotations

import re

_FORMS = {
    # a table program turns a whole number into 123.0 or, in some countries, 123,0
    "pmid": r"(?:pmid:?\s*|https?://(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov/)?0*([1-9]\d{0,8})(?:[.,]0)?/?",
    "pmcid": r"(?:pmcid:?\s*|https?://\S+/articles/)?(PMC\d+)(?:\.\d+)?/?",
    "openalex": r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?|openalex:\s*)?(W\d+)",
    "corpusid": r"(?:corpusid:\s*)?(\d+)(?:[.,]0)?",
    "s2": r"([0-9a-f]{40})",
    "eid": r"(2-s2\.0-\d+)",
    "wos": r"((?:WOS|BCI|MEDLINE|CCC|KJD|RSCI|SCIELO|ZOOREC|INSPEC|CABI|BIOABS|PPRN|DRCI|DIIDW):\S+)",
}
_PATTERNS = {scheme: re.compile(form, re.I) for scheme, form in _FORMS.items()}
_CAPITALS = frozenset({"pmcid", "openalex", "wos"})


def parse_id(scheme: str, value: str) -> str | None:
    """The plain id out of an id, a link or `scheme:id`; None where it is none of that scheme.

    Of schemes whose form is not known here (`dblp`, `embase`), any text is an id.
    """
    value = value.strip()
    pattern = _PATTERNS.get(scheme)
    if pattern is None:
        return value or None
    found = pattern.fullmatch(value)
    if found is None:
        return None
    return found.group(1).upper() if scheme in _CAPITALS else found.group(1).lower()
