r"""TeX source as a reader would see it, for what bibliography files write: accents, macros, braces, mathematics.

`clean` mends texts that lost their backslashes on the way; here they are still whole, and pylatexenc reads
them. What it would lose is guarded first: a `%` that means per cent, a `$` that means dollars, `&` and `#`
that nobody escaped. A macro that nobody knows stays as it is written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from agent.text.clean import accents

_TEX = re.compile(r"[\\$~]|``|''|---?")
_LIGATURES = {"~": " ", "---": "—", "--": "–", "``": "“", "''": "”"}
_LIGATURE = re.compile(r"~|---|--|``|''")
_FORMULA = re.compile(r"\$[^\s$]+\$")
_SPANNING = re.compile(r"\{[^{}]*\s|\$[^$\s]*\s")  # what reaches over several words
_WORD = re.compile(r"([^\s\\$~`'-]*(?:\\[A-Za-z]+\s+|[\\$~]|``|''|--)(?:\\[A-Za-z]+\s+|\S)*)")
_JOINT = re.compile(r"\\[A-Za-z]+\s*|\\.\s?|[{}$]|\s+", re.S)  # a macro takes the blanks behind it
_BRACES = re.compile(r"[{}]")
_BARE = re.compile(r"(?<!\\)((?:\\\\)*)([%&#])")
_DOLLAR = re.compile(r"(?<!\\)\$")
_MATH = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
_PROSE = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{4,}(?![A-Za-z}])")
_SCRIPT = re.compile(r"([_^])(?:\{([0-9+-]{1,4})\}|([0-9]))")
_LOW = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_HIGH = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SPACE = re.compile(r"\s+")


def detex(source: str) -> str:
    """The text of a piece of TeX source, on one line.

    Braces that group go, accents and macros become the characters they print, simple mathematics becomes
    text. Nothing is dropped that is not markup: an unknown macro stays in its own writing.
    """
    if "\\" in source:
        source = accents(source)
    if "\\" not in source and "$" not in source:
        source = _BRACES.sub("", _LIGATURE.sub(lambda match: _LIGATURES[match.group()], source))
    elif _SPANNING.search(_FORMULA.sub("", source)):
        source = "".join(_decoded(piece) for piece in _pieces(source))
    else:
        source = "".join(
            _decoded(word) if place % 2 else _BRACES.sub("", word)
            for place, word in enumerate(_WORD.split(source))
        )
    return _SPACE.sub(" ", source).strip()


def _pieces(source: str) -> list[str]:
    """Words and the blanks between them, where no group, formula or macro reaches across: reading costs by length."""
    found, start, depth, in_math = [], 0, 0, False
    for match in _JOINT.finditer(source):
        sign = match.group()
        if sign in "{}":
            depth = max(0, depth + (1 if sign == "{" else -1))
        elif sign == "$":
            in_math = not in_math
        elif sign.isspace() and depth == 0 and not in_math:
            found += [source[start : match.start()], sign]
            start = match.end()
    return [*found, source[start:]]


@lru_cache(maxsize=65536)
def _decoded(source: str) -> str:
    if not _TEX.search(source):
        return _BRACES.sub("", source)
    guarded = _BARE.sub(r"\1\\\2", source)
    guarded = _MATH.sub(_mathematics, guarded)
    if len(_DOLLAR.findall(guarded)) % 2:
        guarded = _DOLLAR.sub(r"\\$", guarded)
    try:
        text: str = _reader().latex_to_text(guarded)
    except Exception:  # the library states no errors of its own; a broken source is kept without its braces
        return _BRACES.sub("", source)
    return text.replace("\u00a0", " ")


def _mathematics(match: re.Match[str]) -> str:
    """A stretch between two dollars: mathematics, or two prices."""
    inner = match.group(1)
    is_loose = inner != inner.strip() and "\\" not in inner
    if is_loose or _PROSE.search(re.sub(r"\\[A-Za-z]+", "", inner)):
        return rf"\${inner}\$"
    scripts = _SCRIPT.sub(
        lambda found: (found.group(2) or found.group(3)).translate(_LOW if found.group(1) == "_" else _HIGH),
        inner,
    )
    return f"${scripts}$"


@lru_cache(maxsize=1)
def _reader() -> Any:
    from pylatexenc import latex2text

    known = latex2text.get_default_latex_context_db()
    known.set_unknown_macro_spec(
        latex2text.MacroTextSpec("", simplify_repl=lambda node: f"\\{node.macroname} ")
    )
    known.add_context_category(
        "litreview",
        prepend=True,
        macros=[
            latex2text.MacroTextSpec("url", simplify_repl=lambda node: _argument(node)),
            latex2text.MacroTextSpec("path", simplify_repl=lambda node: _argument(node)),
            latex2text.MacroTextSpec("textasciicircum", "^"),
            latex2text.MacroTextSpec("href", simplify_repl="%(2)s"),
            latex2text.MacroTextSpec("textsuperscript", simplify_repl=lambda node: _argument(node).translate(_HIGH)),
            latex2text.MacroTextSpec("textsubscript", simplify_repl=lambda node: _argument(node).translate(_LOW)),
            *(latex2text.MacroTextSpec(name, "%s") for name in ("texttt", "textsc", "textsf", "textmd", "uline", "enquote")),
            # What mathematical alphabets mark is a letter all the same, and is found by its plain form.
            *(latex2text.MacroTextSpec(name, "%s") for name in ("mathcal", "mathbb", "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathfrak", "boldsymbol", "bm")),
        ],
    )  # fmt: skip
    return latex2text.LatexNodes2Text(latex_context=known, math_mode="text", strict_latex_spaces=True)


def _argument(node: Any) -> str:
    nodes = [one for one in (node.nodeargd.argnlist if node.nodeargd else ()) if one is not None]
    return "".join(one.latex_verbatim() for one in nodes).strip("{}").replace("\\_", "_").replace("\\%", "%")
