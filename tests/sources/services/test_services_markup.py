"""Marked-up texts as plain ones."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.sources.markup import element_text, plain_markup

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
BOTH = "<jats:alternatives><jats:tex-math>{tex}</jats:tex-math><mml:math><mml:mi>x</mml:mi></mml:math></jats:alternatives>"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Floats in wells", "Floats in wells"),
        ("  Floats \n in  wells ", "Floats in wells"),
        ("Salt &amp; Water", "Salt & Water"),
        ("Salt &amp;amp; <i>Water</i>", "Salt & Water"),
        ("&lt;p&gt;Salt&lt;/p&gt;", "Salt"),
        ("p &lt; 0.05", "p < 0.05"),
        ("p < 0.05 and q > 1", "p < 0.05 and q > 1"),
        ("of 5 <b and c> 7", "of 5 <b and c> 7"),
        ("<!0.5% of <unheard>it</unheard>", "<!0.5% of <unheard>it</unheard>"),
        ("10<sup>5</sup> m<sup>-2</sup> on the 19<sup>th</sup>", "10^5 m^-2 on the 19th"),
        ("H<sub>2</sub>O and CO<jats:sub>2</jats:sub>", "H2O and CO2"),
        ("<b>Bold</b><br/>and <em class='x'>more</em>", "Bold\nand more"),
        ("<jats:title>Abstract</jats:title><jats:p>A float.</jats:p>", "A float."),
        ("<jats:title>Methods</jats:title>\n<jats:p>We\nlooked.</jats:p><jats:p>Twice.</jats:p>", "Methods: We looked.\nTwice."),
        ("<title>Why?</title><p>So.</p>", "Why? So."),
        (BOTH.format(tex="$x^2$"), "$x^2$"),
        (BOTH.format(tex=r"\usepackage{a}\begin{document}$$x^2$$\end{document}"), "$$x^2$$"),
        ("<alternatives><graphic/><math><mi>x</mi></math></alternatives> is 1", "x is 1"),
        ("<math><msup><mn>10</mn><mrow><mo>-</mo><mn>5</mn></mrow></msup></math>", "10^-5"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> <math><msub><mi>x</mi><mn>1</mn></msub></math>", "1/2 x_1"),
        ("<math><mi>x</mi><annotation>x again</annotation></math>", "x"),
        ("10<sup>5", "10^5"),
        ("</sup></p></title>", ""),
        ("<alternatives><math><mi>x</mi></math> y", "yx"),
    ],
)  # fmt: skip
def test_tags_go_and_what_they_say_stays(text: str, wanted: str) -> None:
    """A mark-up that carries meaning leaves a sign, other mark-up leaves nothing, and no word is lost."""
    assert plain_markup(text) == wanted


def test_an_element_reads_as_its_text_does() -> None:
    """XML that is parsed already gives the same plain text, whatever name space it is in."""
    text = "<a>H<sub>2</sub>O, 10<sup>5</sup> <m:math xmlns:m='urn:m'><m:mfrac><m:mn>1</m:mn><m:mn>2</m:mn></m:mfrac></m:math>\n end</a>"
    assert element_text(ElementTree.fromstring(text)) == "H2O, 10^5 1/2 end"
    assert element_text(None) == ""


def test_nesting_of_any_depth() -> None:
    """However deep mark-up is nested, its text is read."""
    nested = "<i>" * 10_000 + "x" + "</i>" * 10_000
    assert plain_markup(nested) == "x"
    assert element_text(ElementTree.fromstring(f"<a>{nested}</a>")) == "x"


PIECES = st.sampled_from(["<sup>", "</sup>", "<p>", "</p>", "<title>", "</title>", "<math>", "</math>", "<alternatives>",
                          "</alternatives>", "<tex-math>", "</tex-math>", "<br/>", "&lt;", "<", ">", "word", " 5 "])  # fmt: skip


@FREE
@given(st.lists(PIECES, max_size=25))
def test_whatever_is_broken_no_word_is_lost(pieces: list[str]) -> None:
    """Tags in any order, closed or not, cost no word outside a formula that is given twice."""
    plain = plain_markup("".join(pieces))
    if "<alternatives>" not in pieces:
        assert plain.count("word") == pieces.count("word")
    assert "\x00" not in plain
