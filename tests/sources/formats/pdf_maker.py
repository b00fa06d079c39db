"""Small real PDF files: printed with fpdf2, and a few written by hand where it is too well behaved."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fpdf import FPDF
from PIL import Image

LEFT, RIGHT, TOP, STEP = 54.0, 312.0, 80.0, 12.0  # points from the left and the top
LIGATURES = "ﬁﬂﬀﬃﬄ"


@dataclass(frozen=True)
class Put:
    """One line of type at a place of a page; `turned` runs upwards."""

    text: str
    x: float
    y: float
    size: float = 10
    is_bold: bool = False
    turned: bool = False


def column(x: float, lines: Sequence[str], y: float = TOP, size: float = 10) -> list[Put]:
    """Lines one below the other; one that starts with `# ` is a heading with room above, an empty one is room."""
    puts: list[Put] = []
    for line in lines:
        if line.startswith("# "):
            puts.append(Put(line[2:], x, y + 6, 12, True))
            y += 6
        elif line:
            puts.append(Put(line, x + 10 * line.startswith(">"), y, size))
        y += STEP
    return [Put(put.text.removeprefix(">"), put.x, put.y, put.size, put.is_bold) for put in puts]


def by_rows(*columns: Sequence[Put]) -> list[Put]:
    """The same type, stored row by row over all columns."""
    return sorted((put for puts in columns for put in puts), key=lambda put: (put.y, put.x))


def print_pdf(
    pages: Sequence[Sequence[Put]],
    stated: Mapping[str, str] | None = None,
    passwords: tuple[str, str] | None = None,
    font: str = "Times",
) -> bytes:
    """A file of pages; `stated` fills title, author and the like, `passwords` are the owner's and the user's."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_auto_page_break(False)
    if font == "Boxes":
        with TemporaryDirectory() as folder:
            for style, name in (("", "Boxes"), ("B", "Boxes-Bold")):
                file = Path(folder, f"{name}.ttf")
                file.write_bytes(_box_font(name))
                pdf.add_font("Boxes", style, file)
            return _printed(pdf, pages, stated or {}, passwords, font)
    return _printed(pdf, pages, stated or {}, passwords, font)


def _printed(
    pdf: FPDF,
    pages: Sequence[Sequence[Put]],
    stated: Mapping[str, str],
    passwords: tuple[str, str] | None,
    font: str,
) -> bytes:
    for name, value in stated.items():
        getattr(pdf, f"set_{name}")(value)
    if passwords:
        pdf.set_encryption(owner_password=passwords[0], user_password=passwords[1])
    for page in pages:
        pdf.add_page()
        for put in page:
            pdf.set_font(font, "B" if put.is_bold else "", put.size)
            if put.turned:
                with pdf.rotation(90, put.x, put.y):
                    pdf.text(put.x, put.y, put.text)
            else:
                pdf.text(put.x, put.y, put.text)
    return bytes(pdf.output())


def scanned_pdf() -> bytes:
    """One page that is a picture."""
    pdf = FPDF()
    pdf.add_page()
    pdf.image(Image.new("L", (20, 20), 200), x=0, y=0, w=200)
    return bytes(pdf.output())


def raw_pdf(content: bytes, form: bytes | None = None, packed: bytes | None = None) -> bytes:
    """One page with drawing orders as given; `form` is a drawing by the name /Fm, `packed` replaces the content."""
    fonts = b"<< /F << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> >>"
    body = packed if packed is not None else zlib.compress(content)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font " + fonts + b" /XObject << /Fm 5 0 R >> >> >>",
        _stream(b"/Filter /FlateDecode", body),
        _stream(
            b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font " + fonts + b" >>",
            form or b"",
        ),
    ]
    out = b"%PDF-1.7\n"
    offsets = []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    count = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)


def drawn_text(lines: Sequence[str], y: float = 700) -> bytes:
    """Orders that draw lines of type."""
    drawn = "".join(f"({line}) Tj 0 -12 Td " for line in lines)
    return f"BT /F 10 Tf 54 {y} Td {drawn} ET".encode("latin-1")


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


@cache
def _box_font(name: str) -> bytes:
    """A font whose letters are boxes and that has real ligatures; no font of the machine is needed."""
    signs = [*map(chr, range(32, 127)), *LIGATURES, "é", "²", "×", "–", "•"]
    names = [".notdef", *(f"uni{ord(sign):04X}" for sign in signs)]
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 500), (400, 500), (400, 0)):
        pen.lineTo(corner)
    pen.closePath()
    box = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(sign): name for sign, name in zip(signs, names[1:], strict=True)})
    builder.setupGlyf(dict.fromkeys(names, box))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (450, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular", "psName": name})
    builder.setupOS2()
    builder.setupPost()
    out = BytesIO()
    builder.save(out)
    return out.getvalue()
