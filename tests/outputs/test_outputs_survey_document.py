"""survey.md: a document that pandoc and code hosts read alike, with nothing lost on the way."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from desk import Made, review_in, survey_of, write_lines

WHOLE_DOCUMENT = ("survey.md", "--citeproc", "--fail-if-warnings", "--standalone")


class Page(HTMLParser):
    """The ids, the links within the page, the headings and the text of an HTML page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.headings: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self._is_heading = False
        self.feed(text[text.index("<body") :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if (found.get("href") or "").startswith("#"):
            self.targets.append(str(found["href"])[1:])
        if tag in ("h1", "h2", "h3"):
            self._is_heading = True
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "h2", "h3"):
            self._is_heading = False
            self.headings[-1] = words(self.headings[-1])

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._is_heading:
            self.headings[-1] += data


def page(pandoc: Callable[..., str], made: Made) -> Page:
    return Page(pandoc(*WHOLE_DOCUMENT, "-t", "html-smart", folder=made.folder))


def words(text: str) -> str:
    """The text with quotes, dashes and blanks as a printer may set them made equal."""
    signs = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "--", "—": "---", "…": "...", "\xa0": " "}
    return " ".join(text.translate(str.maketrans(signs)).split())


def test_word_takes_the_survey_as_it_is(pandoc: Callable[..., str], made: Made, tmp_path: Path) -> None:
    """Pandoc makes a Word file of survey.md with its citations and gives no warning."""
    target = tmp_path / "survey.docx"
    pandoc(*WHOLE_DOCUMENT, "-o", str(target), folder=made.folder)
    with zipfile.ZipFile(target) as file:
        text = html.unescape(re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode()))
    assert all(key in text for key in cited_keys(made))


def cited_keys(made: Made) -> set[str]:
    return {str(row.key) for row in made.survey.ledger if row.status == "cited"}


def test_every_link_within_the_page_has_its_target(pandoc: Callable[..., str], made: Made) -> None:
    """The map of themes leads somewhere, every cited paper has its entry, and no id stands twice."""
    seen = page(pandoc, made)
    assert seen.targets
    assert set(seen.targets) <= set(seen.ids)
    assert len(set(seen.ids)) == len(seen.ids)
    assert {f"ref-{key}" for key in cited_keys(made)} <= set(seen.ids)


def test_every_theme_has_its_heading(pandoc: Callable[..., str], made: Made) -> None:
    """The headings are those of the themes, word for word and in their order."""
    headings = [words(heading) for heading in page(pandoc, made).headings]
    themes = [words(theme.title) for theme in made.survey.themes]
    assert [heading for heading in headings if heading in themes] == themes


def test_every_cited_key_is_in_the_references(made: Made) -> None:
    """Each citation in the text is an entry of references.bib, and the other way round."""
    cited = set(
        re.findall(
            r"(?<!\\)@([A-Za-z0-9_](?:[\w:.+/-]*\w)?)", made.text("survey.md").split("## References")[0]
        )
    )
    entries = set(re.findall(r"^@\w+\{(.+),$", made.text("references.bib"), re.M))
    assert cited == entries == cited_keys(made)


def test_every_claim_is_read_as_it_was_written(pandoc: Callable[..., str], made: Made) -> None:
    """The words of each claim and title stand in the page, whatever signs are in them."""
    seen = words(page(pandoc, made).text)
    for section in made.survey.themes:
        for paragraph in section.paragraphs:
            for claim in paragraph.claims:
                if paragraph.layout == "prose" or not claim.evidence or claim.evidence[0].part != "title":
                    assert words(claim.text).rstrip(".?!") in seen
    for key in cited_keys(made):
        assert words(made.survey.papers[key].title) in seen


def test_no_markup_of_a_paper_becomes_markup(pandoc: Callable[..., str], mixed: Made) -> None:
    """Tags, superscripts and code in titles and abstracts are shown, not obeyed."""
    assert page(pandoc, mixed).tags.isdisjoint({"b", "think", "sup", "sub", "script", "img"})


def test_what_is_not_in_the_draft_is_named_with_its_reason(mixed: Made) -> None:
    """Nothing that came in is passed over: every record that is not cited is listed."""
    document = mixed.text("survey.md")
    assert "no title" in document
    for row in mixed.survey.ledger:
        if row.status in ("uncited", "outlier"):
            assert f"`{row.key}`" in document.split("## What is not in this draft")[1]


def test_the_flow_that_is_printed_adds_up(made: Made) -> None:
    """The counts in the text are those of the ledger, and their sum is the number of records."""
    line = next(line for line in made.text("survey.md").splitlines() if line.startswith("Of "))
    total, *parts = [int(figure) for figure in re.findall(r"\d+", line)]
    assert total == sum(parts) == len(made.survey.ledger)


def test_clean_leaves_the_marks_out(mixed: Made, tmp_path: Path) -> None:
    """With `clean` no dagger stands anywhere, and nothing else is different."""
    review_in(tmp_path).render(mixed.folder, out=tmp_path / "clean", clean=True)
    clean = (tmp_path / "clean" / "survey.md").read_text(encoding="utf-8")
    assert not set("†‡§") & set(clean)
    marked = mixed.text("survey.md")
    legend = next((block for block in marked.split("\n\n") if block.startswith(("†", "‡", "§"))), None)
    bare = marked.replace(f"{legend}\n\n", "") if legend else marked
    assert bare.replace("†", "").replace("‡", "").replace("§", "") == clean


TITLES = ["GPT-3.5 and Others", "2-bit Methods", "Wells & Springs: Part 1", "C# and C++", "量子化の研究", "Same", "Same", "a_b `c`",
          "Überblick", "Overview", "References", "(1) First", "100 %"]  # fmt: skip


def test_the_map_leads_to_themes_of_any_name(pandoc: Callable[..., str], tmp_path: Path) -> None:
    """A theme that a person renames in plan.md is found from the map: figures, signs, scripts, doubled names."""
    papers = [
        {
            "title": f"Well number {number} measured",
            "abstract": f"We measure well {number} daily.",
            "key": f"w{number}",
        }
        for number in range(len(TITLES))
    ]
    file = write_lines(tmp_path / "wells.jsonl", papers)
    lines = ["# wells"]
    for number, title in enumerate(TITLES):
        escaped = re.sub(r"([`_#])", r"\\\1", title)
        lines += [f"## {escaped} {{#t{number}}}", "", f"- [@w{number}] Well"]
    plan = tmp_path / "plan.md"
    plan.write_text("\n".join(lines), encoding="utf-8")
    made = survey_of(tmp_path, file, plan=plan)
    assert [theme.title for theme in made.survey.themes] == TITLES
    seen = page(pandoc, made)
    first = seen.headings.index(TITLES[0])
    assert seen.headings[first : first + len(TITLES)] == TITLES
    lost = sorted(set(seen.targets) - set(seen.ids))
    assert lost == []
    map_links = [target for target in seen.targets if not target.startswith("ref-")]
    assert len(set(map_links)) == len(TITLES)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "`floats` *Floats*."),
        ({"year": 2021, "authors": ["Lind, Eva"]}, "Eva Lind. (2021). *Floats*."),
        ({"authors": [{"literal": "Wells Group"}]}, "`floats` Wells Group. *Floats*."),
        ({"authors": [f"Name{chr(97 + n)}, A" for n in range(9)]}, "A Nameh et al. *Floats*."),
        ({"venue": "Wells & Springs", "doi": "10.5555/x_y"}, "*Floats*. Wells & Springs. <https://doi.org/10.5555/x_y>"),
        ({"arxiv_id": "2201.00001"}, "<https://arxiv.org/abs/2201.00001>"),
        ({"retracted": True}, "**Retracted.**"),
    ],
)  # fmt: skip
def test_a_reference_says_what_is_known(tmp_path: Path, fields: dict[str, object], shown: str) -> None:
    """An entry holds what the source names and leaves out what it does not; no author is invented."""
    record = {"title": "Floats", "abstract": "We measure wells with floats.", **fields}
    made = survey_of(tmp_path, write_lines(tmp_path / "one.jsonl", [record]))
    entry = made.text("survey.md").split("## References")[1].strip()
    assert shown in entry
