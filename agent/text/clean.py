r"""What is left of TeX, turned into what a reader would see.

Input is text that was TeX once and lost its backslashes or dollars on the way: `2.49times`, `5.18\times$`,
`50\%`, `10sim100times`, `x2014`. The rules only touch what cannot be anything else; undefined macros
(`\methodname`), `[email protected]` and `<!0.5%` stay as they are, and a `%` cuts nothing.
The caller keeps the original beside the result.
"""

from __future__ import annotations

import re
import unicodedata

MOST_ROUNDS = 100  # far more than any text needs; each but the last takes something away
SYMBOLS = {
    "times": "×", "sim": "~", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "approx": "≈", "pm": "±",
    "textpm": "±", "infty": "∞", "cdot": "·", "rightarrow": "→", "to": "→", "uparrow": "↑",
    "downarrow": "↓", "ll": "≪", "gg": "≫", "neq": "≠", "in": "∈", "sum": "∑", "prod": "∏", "ldots": "…",
    "dots": "…", "textgreater": ">", "textless": "<", "circledR": "®", "alpha": "α", "beta": "β",
    "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Delta": "Δ", "Sigma": "Σ", "Omega": "Ω", "Phi": "Φ", "ell": "ℓ",
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "textendash": "–", "textemdash": "—", "etc": "etc",
    "textquoteright": "’", "textquoteleft": "‘", "S": "§", "dag": "†", "copyright": "©", "quad": " ",
}  # fmt: skip
STYLES = (
    "textbf|textit|textsc|texttt|textrm|textsf|textmd|textup|textsl|textnormal|textsuperscript|textsubscript"
    "|emph|underline|uline|mathbf|mathrm|mathcal|mathbb|mathit|mathsf|mathtt|boldsymbol|bm|operatorname"
    "|text|mbox|ensuremath|url|path|footnote|textcolor"
)
ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
DASHES = {"2010": "‐", "2011": "‑", "2012": "‒", "2013": "–", "2014": "—", "2018": "‘", "2019": "’",
          "201c": "“", "201d": "”", "2026": "…"}  # fmt: skip

_CONTROL = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_SPACE = re.compile(r"\s+")
_UNEVEN = re.compile(r"[^\S ]|  ")
_SIGNS = ("\\", "$", "{", "}", "~", "^", "`", "''", "--", " %", "//", "www.")
_URL = re.compile(r"(?:https?://|www\.)[^\s{}<>\"]+")
_CODE_POINT = re.compile(r"(?:(?<![0-9A-Za-z])|(?<=[A-Za-z])(?=x20..[a-z]))x(201[0-489cd]|2026)(?![0-9])")
_PUNCT_ACCENT = re.compile(r"""\\(['`^"~=.])\s*(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))""")
_LETTER_ACCENT = re.compile(r"\\([uvHckr])(?:\{\\?([A-Za-z])\}|\s+\\?([A-Za-z]))")
_HREF = re.compile(r"\\href\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_STYLE = re.compile(
    rf"(?:\\(?:{STYLES})\s*|(?<![A-Za-z\\])(?:textbf|textit|texttt|textsc|emph|mathbf|mathcal)){{([^{{}}]*)}}"
)
_STYLE_URL = re.compile(r"\s*\\?\\url\s*\{([^{}]*)\}")
_SWITCH = re.compile(r"\{\\(?:em|it|bf|sc|tt|sf|rm|sl)\s+([^{}]*)\}")
_ROMAN = re.compile(r"\{?\\romannumeral\s*(\d{1,2})\}?")
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:\{\})?")
_ESCAPED = re.compile(r"\\([%&$#_{}])")
_BARE_OPERATOR = re.compile(r"(?<![A-Za-z\\])(leq|geq|infty)(?![A-Za-z])")
_CIRCLED = re.compile(r"\^\{?circledR\}?")
_TRADEMARK = re.compile(r"\^\{(?:\\?tiny\s*)?TM\}")
_DOUBLED_URL = re.compile(r"((?:https?://|www\.)[^\s{}]+)\{\1\}")
_BRACED_URL = re.compile(r"\s*\{((?:https?://|www\.)[^\s{}]*)\}")
_BROKEN_URL = re.compile(
    r"\b(https?):?\s*//\s+(?=[\w.-]+\.[a-z]{2,})|\b(https?):\s+//\s*(?=[\w.-]+\.[a-z]{2,})"
)
_SPLIT_REPOSITORY = re.compile(r"(https?://(?:github|gitlab)\.com/) +(?=[\w.-]+/[\w.-]+)")
_TIE = re.compile(r"(?<=[A-Za-z.,:;)])~(?=[A-Za-z0-9(\[\x00])")
_MATH = re.compile(r"(?<!\\)\$([^\s$](?:[^$]{0,78}[^\s$])?)\$(?!\d)")
_LONE_OPERATOR = re.compile(r"\$\s*(\\[A-Za-z]+|[<>≤≥~×±≈=])\s*\$")
_MATH_SIGNS = re.compile(r"[\\^_{}=<>×∼≤≥±∞→·%+\-/()]|times\b")
_PROSE_WORD = re.compile(r"[A-Za-z]{4,}\s+[A-Za-z]{4,}")
_LOOSE_DOLLAR = re.compile(r"(?<=[×%∞\dA-Za-z)}])\$(?=[\s.,;:)]|$)")
_GROUP = re.compile(r"(?<=[\^_])\{,?([^{}]*)\}")


def clean(text: str) -> str:
    """Return `text` as one readable line; whatever is no residue stays as it is.

    The result is stable: `clean(clean(text)) == clean(text)`.
    """
    line = text
    for _ in range(MOST_ROUNDS):  # one residue can uncover another
        previous, line = line, _round(line)
        if line == previous:
            break
    return line


def _round(text: str) -> str:
    line = _SPACE.sub(" ", text) if _UNEVEN.search(text) else text
    if not line.isascii():
        line = unicodedata.normalize("NFC", line)
    line = _CONTROL.sub("", line)
    if not any(sign in line for sign in _SIGNS):
        return _words(line).strip()
    line = _links(line)
    kept: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        kept.append(match.group())
        return f"\x00{len(kept) - 1}\x00"

    line = _prose(_URL.sub(set_aside, line))
    line = re.sub("\x00(\\d+)\x00", lambda match: kept[int(match.group(1))], line)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", line)).strip()


def _links(line: str) -> str:
    line = _HREF.sub(r"\2 (\1)", line)
    line = _STYLE_URL.sub(r" \1", line)
    line = _DOUBLED_URL.sub(r"\1", line)
    line = _BRACED_URL.sub(lambda match: " " + match.group(1).replace("\\_", "_"), line)
    line = _SPLIT_REPOSITORY.sub(r"\1", line)
    return _BROKEN_URL.sub(lambda match: f"{match.group(1) or match.group(2)}://", line)


def accents(line: str) -> str:
    r"""TeX's accents on single letters as the letters they print: `\'e`, `\"{o}`, `\v s`."""
    return _LETTER_ACCENT.sub(_accent, _PUNCT_ACCENT.sub(_accent, line))


def _words(line: str) -> str:
    """The residues that a text can hold which has none of TeX's own signs."""
    line = _CODE_POINT.sub(lambda match: DASHES[match.group(1)], line) if "x20" in line else line
    return _math_words(line)


def _prose(line: str) -> str:
    line = _CODE_POINT.sub(lambda match: DASHES[match.group(1)], line)
    line = accents(line)
    line = _LONE_OPERATOR.sub(r"\1", line)
    line = _MATH.sub(_unwrap_math, line)
    line = _math_words(line)
    line = _ROMAN.sub(lambda match: _roman(int(match.group(1))), line)
    line = _TRADEMARK.sub("™", _CIRCLED.sub("®", line))
    for _ in range(3):
        line = _SWITCH.sub(r"\1", _STYLE.sub(r"\1", line))
    line = _COMMAND.sub(_command, line)
    line = _LOOSE_DOLLAR.sub("", line)
    line = _GROUP.sub(r"\1", line)
    line = re.sub(r"(?<=\d)[~\s]\\%", "%", line)
    line = _ESCAPED.sub(r"\1", line)
    line = _TIE.sub(" ", line)
    line = re.sub(r"(?<=[a-z.]) %(?= [A-Za-z])", "", line)  # a comment mark that lost its comment
    line = re.sub(r"``(.+?)''", r"“\1”", line)
    line = re.sub(r"(?<=[\w.,!?*])''", "”", line)
    line = re.sub(r"`([^`']{1,40})'(?!\w)", r"‘\1’", line)
    line = re.sub(r"(?<=\w)\s?---\s?(?=\w)", "—", line)
    return re.sub(r"(?<=\s)--(?=\s)|(?<=\w)--(?=\w)", "–", line)


# Operators that lost their backslash, where what stands beside them shows what they are: a part of each that
# a text must hold, how it is found, what it becomes.
_BARE_MATH = (
    ("times", r"(?<=\d)\s?\\times\$?", "×"),
    ("times", r"(?<=[\d)}])times(?![A-Za-z])\$?", "×"),
    ("times", r"(?<=\d)times(?=\d)", "×"),
    ("times", r"(?<=\d) times\$", "×"),
    ("times", r"(?<=\d) times (?=\d)", " × "),
    ("sim", r"(?<=[\d%×])sim(?=\d)", "~"),
    ("sim", r"(?<![A-Za-z\\])sim\s?(?=\d)", "~"),
    ("pm", r"(?<=\d)\s?pm\s?(?=\d)", "±"),
    ("approx", r"(?<![A-Za-z\\])approx\s?(?=\d)", "≈"),
    ("ge", r"(?<=\()ge\s(?=\d)", "≥ "),
    ("le", r"(?<=\()le\s(?=\d)", "≤ "),
    ("geq", r"(?<=\b[A-Z])geq\b", "≥"),
    ("leq", r"(?<=\b[A-Z])leq\b", "≤"),
    ("rightarrow", r"(?<!\\)rightarrow", "→"),
    ("downarrow", r"(?<=\d)downarrow\b", "↓"),
    ("uparrow", r"(?<=\d)uparrow\b", "↑"),
    ("Theta", r"(?<![A-Za-z\\])Theta(?=\()", "Θ"),
    ("Omega", r"(?<![A-Za-z\\])Omega(?=\()", "Ω"),
    ("ell", r"(?<![A-Za-z\\])ell(?=_)", "ℓ"),
    ("ldots", r"(?<=,)ldots(?=,)", "…"),
    ("epsilon", r"(?<=\b[A-Z])epsilon(?=[a-z]?[A-Z])", "ε"),
    ("cdot", r"(?<=[A-Z])\{?cdot\}?(?=[A-Z])", "·"),
    ("}", r"(?<=·[A-Z])\}", ""),
    ("boldsymbol", r"(?<![A-Za-z\\])boldsymbol\s+(?=[A-Za-z]\b)", ""),
    ("^", r"\^(?:star\b|\*)", "*"),
    ("^+", r"(?<=\w)\^\+(?=\W)", "+"),
    ("\\(", r"\\\(\s*(.{1,80}?)\s*\\\)", r"\1"),
)
_MATH_RULES = tuple((trigger, re.compile(pattern), sign) for trigger, pattern, sign in _BARE_MATH)


def _math_words(line: str) -> str:
    for trigger, pattern, sign in _MATH_RULES:
        if trigger in line:  # a look costs far less than a search
            line = pattern.sub(sign, line)
    if "eq" in line or "infty" in line:
        line = _BARE_OPERATOR.sub(lambda match: SYMBOLS[match.group(1)], line)
    return line


def _accent(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", (match.group(2) or match.group(3)) + ACCENTS[match.group(1)])


def _command(match: re.Match[str]) -> str:
    name = match.group(1)
    if name not in SYMBOLS:
        return match.group()
    return SYMBOLS[name]


def _unwrap_math(match: re.Match[str]) -> str:
    inner = match.group(1)
    if _PROSE_WORD.search(inner) or not (_MATH_SIGNS.search(inner) or len(inner) <= 3 or inner.isdigit()):
        return match.group()
    return inner


def _roman(number: int) -> str:
    signs = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    out = ""
    for value, sign in signs:
        while number >= value:
            out, number = out + sign, number - value
    return out
