"""Which sentences of a whole text are chosen for a reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Body, SectionMark
from agent.text.passages import choose

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
HUGE = 1_000_000
CLAIM = "We propose FloatNet, a gauge that reads the level of a river from a float."
RESULT = "FloatNet reaches an error of 3.1 mm, which is 60% lower than that of the radar gauge."
LIMIT = "The gauge does not work when the river is covered with ice."
PLAIN = "Rivers rise in the spring of each year when the snow melts in the hills."


def body_of(*sections: tuple[str, str]) -> Body:
    """A body of headings and their texts; an empty heading is none."""
    text, marks = "", []
    for title, content in sections:
        text += "\n\n" if text else ""
        if title:
            marks.append(SectionMark(title=title, start=len(text)))
            text += f"{title}\n\n"
        text += content
    return Body(text=text, pages=(0,), sections=tuple(marks))


def chosen(body: Body, budget: int = HUGE) -> list[str]:
    return [body.text[start:end] for start, end in choose(body, budget)]


def test_a_whole_paper() -> None:
    """Claims of the introduction, results with figures and limits, in the order of the text; nothing else."""
    body = body_of(
        ("", "A Float for Rivers\n\nWe present the names of the authors, Ada Quill and Ben Moss."),
        ("Abstract", f"{CLAIM} {RESULT}"),
        (
            "1 Introduction",
            f"{PLAIN} {CLAIM} Earlier gauges were read by hand once a day. Then we read them all.",
        ),
        ("2 Related Work", f"{CLAIM} {RESULT} {LIMIT}"),
        ("3 Method", f"{CLAIM} {RESULT}"),
        ("4 Experiments", f"{PLAIN} {RESULT}"),
        ("5 Limitations", LIMIT),
        ("6 Conclusion", f"{PLAIN} We have shown that a float is enough for most of the small rivers."),
        ("Acknowledgements", "We present our thanks to the mill for 12% of the funds of this work."),
        ("A More Results", f"{RESULT}"),
    )
    wanted = [CLAIM, RESULT, LIMIT, "We have shown that a float is enough for most of the small rivers."]
    found = chosen(body)
    assert found[:4] == wanted
    assert [body.section_at(start) for start, _ in choose(body, HUGE)][:4] == [
        "1 Introduction",
        "4 Experiments",
        "5 Limitations",
        "6 Conclusion",
    ]


SECTIONS = {
    "1 Introduction": {"claim"},
    "I. INTRODUCTION": {"claim"},
    "Motivation": {"claim"},
    "4 Results": {"result"},
    "Experimental Setup and Results": {"result"},
    "EVALUATION": {"result"},
    "5 Discussion": {"result", "limit"},
    "Limitations": {"claim", "result", "limit"},
    "6 Limitations and Future Work": {"claim", "result", "limit"},
    "7 Conclusions": {"claim", "result", "limit"},
    "2 Related Work": set(),
    "2 Background and Related Work": set(),
    "Background": set(),
    "Literature Review": set(),
    "2 Previous Work": set(),
    "3 Method": set(),
    "Acknowledgments": set(),
    "Appendix A": set(),
    "Abstract": set(),
}
SENTENCES = {"claim": CLAIM, "result": RESULT, "limit": LIMIT}


@pytest.mark.parametrize("title", SECTIONS)
def test_what_each_section_gives(title: str) -> None:
    """Each kind of sentence comes from the sections that speak for the work itself."""
    body = body_of(("1 Introduction", PLAIN), (title, f"{CLAIM} {RESULT} {LIMIT}"), ("9 Conclusion", PLAIN))
    assert set(chosen(body)) == {SENTENCES[kind] for kind in SECTIONS[title]}


def test_parts_of_a_section_follow_it() -> None:
    """A part is for what its section is for, unless its own name says more; related work has no good parts."""
    body = body_of(
        ("1 Introduction", PLAIN),
        ("1.1 Floats", CLAIM),
        ("2 Related Work", PLAIN),
        ("2.1 Radar", RESULT),
        ("2.2 Results of Others", RESULT),
        ("3 Experiments", PLAIN),
        ("3.1 Small Rivers", RESULT),
        ("4 The Mill", RESULT),
    )
    assert [body.section_at(start) for start, _ in choose(body, HUGE)] == ["1.1 Floats", "3.1 Small Rivers"]


def test_without_headings() -> None:
    """A text whose sections are not known still gives its sentences."""
    assert chosen(body_of(("", f"{PLAIN} {CLAIM} {RESULT} {LIMIT}"))) == [CLAIM, RESULT, LIMIT]


CLAIMS = [
    "We show that a float can be read from a bridge at any time of the day.",
    "In this paper, we introduce a gauge for rivers that no road leads to.",
    "This paper presents a gauge for rivers that no road leads to.",
    "Our main contributions are a gauge and the readings of forty small rivers.",
    "Building on this, we also find that wind moves the float more than rain does.",
]
RESULTS = [
    "The error falls by 12.5% on the small rivers of the north.",
    "Reading takes 40 ms on the board of the gauge, 3× less than before.",
    "Compared with Smith et al. [12], our gauge lowers the error by 30%.",
    "Unlike Radar [3], FloatNet keeps an error of 2 mm in the rain.",
]
OTHERS = [
    "Smith et al. [12] propose a radar gauge that lowers the error by 40% on our rivers.",
    "Smith et al. propose a radar gauge that lowers the error by 40%, and we show it.",
    "Smith and Doe (2020) propose a radar gauge that lowers the error by 40% for us.",
    "Smith [12] introduced a radar gauge that lowers the error by 40%, as we show.",
    "(Doe, 2020) propose a radar gauge that lowers the error by 40%, which we present.",
    "Doe, 2020 presents a radar gauge that lowers the error by 40%, which we present.",
    "[12] propose a radar gauge that lowers the error by 40%, which we present too.",
    "In [12], a radar gauge lowers the error by 40%, which we show to be too little.",
    "Recently, Smith et al. (2021) lowered the error by 40%, and we show how they did.",
    "Previous work lowers the error by 40% with a radar gauge, as we show below.",
    "Prior studies lower the error by 40% with a radar gauge, as we show below.",
    "Most existing radar methods lower the error by 40%, and we find that too little.",
    "Several recent approaches lower the error by 40%, and we find that too little.",
    "The authors propose a radar gauge that lowers the error by 40%, and we show it.",
    "Their gauge lowers the error by 40%, which we show to be too little by far.",
    "They propose a radar gauge that lowers the error by 40%, as we show below.",
    "The radar gauge [12] lowers the error by 40%, which we show to be too little.",
    "RadarNet (Smith, 2019; Doe, 2020) lowers the error by 40%, as we show below.",
    "Udi Moss and Gene Quill published a gauge that lowers the error by 40%, we find.",
    "A radar gauge that was introduced in the last century lowers the error by 40%.",
    "It has been shown that radar lowers the error by 40%, which we present too.",
]
NOISE = [
    "Table 3: We show that the error of FloatNet is 3.1 mm, and 7.8 mm that of radar.",
    "Figure 2. We show the error of FloatNet, which is 60% lower than that of radar.",
    "FloatNet 3.1 4.4 12.0 7.8 60% 5.5 9.1 2.2 we show 3.3 1.1 60% 12.",
    "We show x = 3 + y 2 and z 1 = a / b + 4 % so f ( x ) = 0.5 % x.",
    "The rest of this paper is organized as follows, and we present 60% of it here.",
    "In Section 3 we present the gauge, whose error is 60% lower than that of radar.",
    "and we show that the error is 60% lower than that of the radar gauge.",
    "We show that the error is 60% lower than that of the radar gauge and",
    "We show 60%.",
    "We show that " + "the river goes on and on, " * 40 + "60% of the time.",
    "We ran our gauge for two years in forty rivers of the north and of the south.",
]


def is_chosen(sentence: str) -> bool:
    results = body_of(("1 Introduction", sentence), ("2 Results", sentence), ("3 Conclusion", PLAIN))
    return sentence in chosen(results)


@pytest.mark.parametrize("sentence", CLAIMS + RESULTS)
def test_own_work_is_chosen(sentence: str) -> None:
    """What the work says of itself is chosen, though others are named beside it."""
    assert is_chosen(sentence)


@pytest.mark.parametrize("sentence", OTHERS + NOISE)
def test_other_work_and_noise_are_not(sentence: str) -> None:
    """Neither somebody else's work, nor rows, captions, outlines and pieces of sentences."""
    assert not is_chosen(sentence)


def test_items_of_a_list() -> None:
    """A contribution in a list is chosen without its mark."""
    assert chosen(body_of(("1 Introduction", f"• {CLAIM}\n\n(2) {CLAIM}"))) == [CLAIM, CLAIM]


def test_a_small_budget_takes_of_every_kind() -> None:
    """Each kind has its turn, before any has a second."""
    body = body_of(
        ("1 Introduction", " ".join([CLAIM] * 5)),
        ("2 Results", " ".join([RESULT] * 5)),
        ("3 Limitations", " ".join([LIMIT] * 5)),
    )
    assert set(chosen(body, len(CLAIM) + 2 * len(RESULT) + len(LIMIT))) == {CLAIM, RESULT, LIMIT}


def test_the_best_come_first() -> None:
    """Where there is room for one claim, it is the one that names the contribution."""
    lesser = "Our analysis is built on the readings of forty small rivers in the north."
    body = body_of(("1 Introduction", f"{lesser} {CLAIM}"))
    assert chosen(body, len(CLAIM)) == [CLAIM]
    assert chosen(body) == [lesser, CLAIM]


parts = st.sampled_from([CLAIM, RESULT, LIMIT, PLAIN, *OTHERS, *NOISE, "12", "• ", "\n\n"])
titles = st.sampled_from(["", *SECTIONS, "2.1 Parts", "Anything"])
bodies = st.lists(
    st.tuples(titles, st.one_of(st.lists(parts, max_size=6).map(" ".join), st.text(max_size=80))), max_size=5
)


@FREE
@given(bodies, st.integers(-10, 1_000))
def test_any_body_and_budget(sections: list[tuple[str, str]], budget: int) -> None:
    """Spans are in order, apart, inside the text and the budget; the same body gives the same spans."""
    body = body_of(*sections)
    spans = choose(body, budget)
    assert spans == choose(body, budget)
    assert sum(end - start for start, end in spans) <= max(budget, 0)
    ends = [0, *(end for _, end in spans)]
    assert all(end <= start < stop <= len(body.text) for end, (start, stop) in zip(ends, spans, strict=False))
    assert not any("[12] propose" in body.text[start:end] for start, end in spans)
