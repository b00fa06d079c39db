"""What a script can rely on: the exit code, and a suggestion where something is mistyped."""

from __future__ import annotations

import pytest
from terminal import FLOAT, WELLS, Terminal

BAD_LINE = "no record"
CODES: list[tuple[int, str]] = [
    (0, "add wells.jsonl"),
    (0, "add wells.jsonl --from jsonl --collection more"),
    (0, "papers"),
    (0, "papers --collection wells --lacking year,authors"),
    (0, f"show {FLOAT}"),
    (0, f"show @{FLOAT.upper()}"),
    (0, f"exclude {FLOAT} --reason old"),
    (0, f"include {FLOAT}"),
    (0, f"set {FLOAT} year=2020 authors="),
    (0, f"remove {FLOAT}"),
    (0, "export"),
    (0, "export --format jsonl -o all.jsonl"),
    (0, "survey"),
    (0, "survey wells.jsonl --out s --themes 2 --topic wells --verify none --clean --strict --force --replan"),
    (0, "survey --plan plan.md --out s"),
    (0, "survey --plan survey/plan.json --out s"),
    (0, "plan --out p"),
    (0, "claims survey"),
    (0, "claims survey/survey.json --verdict weak --kind fact"),
    (0, "render survey --clean --out s"),
    (0, "config"),
    (0, "schema survey"),
    (0, "completion fish"),
    (1, "survey nosuch.txt"),
    (1, "add nosuch.txt"),
    (1, "add bad.jsonl"),
    (1, "survey bad.jsonl"),
    (1, "add emptyfolder"),
    (1, "add wells.jsonl --from daily-papers"),
    (1, "survey --plan nosuch.md"),
    (1, "claims nosuch"),
    (1, "render wells.jsonl"),
    (1, "survey --out wells.jsonl"),
    (1, "plan --out wells.jsonl"),
    (1, "export -o wells.jsonl/x.bib"),
    (1, "--workspace wells.jsonl papers"),
    (1, "--workspace empty survey"),
    (1, "--workspace empty plan"),
    (2, ""),
    (2, "add"),
    (2, "show"),
    (2, "set awq"),
    (2, "nosuch"),
    (2, "--nosuch"),
    (2, "survey --nosuch"),
    (2, "show nosuch"),
    (2, "exclude nosuch"),
    (2, "include nosuch"),
    (2, "remove nosuch"),
    (2, "set nosuch year=2020"),
    (2, f"set {FLOAT} year"),
    (2, f"set {FLOAT} year=x"),
    (2, f"set {FLOAT} yaer=2020"),
    (2, "papers --collection nosuch"),
    (2, "survey --collection nosuch"),
    (2, "papers --lacking nosuch"),
    (2, "export --format pdf"),
    (1, "add wells.jsonl --from ris"),
    (2, "add wells.jsonl --from docx"),
    (2, "survey --themes many"),
    (2, "survey --themes 0"),
    (2, "survey --themes -3"),
    (2, "plan --themes 0"),
    (2, "survey --verify model"),
    (2, "survey --date tomorrow"),
    (2, "schema nosuch"),
    (2, "completion csh"),
    (2, "claims survey --verdict wrong"),
    (2, "survey --plan otherplan.md"),
    (2, "--log-file nosuch/x.log papers"),
    (2, "--log-file emptyfolder papers"),
    (3, "add half.jsonl"),
    (3, "survey half.jsonl --out s"),
    (3, "survey wells.jsonl bad.jsonl --out s"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "line"), CODES)
def test_the_exit_code_says_how_it_went(busy: Terminal, code: int, line: str) -> None:
    """0 done, 1 nothing made, 2 wrong usage, 3 made but incomplete; an error has its hint and no result."""
    busy.write("bad.jsonl", [BAD_LINE])
    busy.write("half.jsonl", [WELLS[0], BAD_LINE])
    busy.write("otherplan.md", b"# x\n\n## Y\n\n- [@nosuch] X\n")
    (busy.folder / "emptyfolder").mkdir()
    shown = busy.run(*line.split())
    assert shown.code == code, shown.said
    if (
        code in (1, 2)
        and line
        and not line.startswith(("add bad", "add wells.jsonl --from ris"))
        and "daily-papers" not in line
    ):
        assert shown.out == ""
        assert any(last.startswith("error: ") for last in shown.err.splitlines()[-2:])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("surwey", "'survey'"),
        ("exlude x", "'exclude'"),
        ("survey --topik x", "--topic"),
        ("papers --colection wells", "--collection"),
        ("papers --collection welsl", "'wells'"),
        ("survey --collection Well", "'wells'"),
        ("show floatlogwaterlevelin", f"'{FLOAT}'"),
        ("exclude flotlogwaterlevelsin", f"'{FLOAT}'"),
        (f"set {FLOAT} yaer=2020", "'year'"),
        (f"set {FLOAT} auhtors=x", "'authors'"),
        ("papers --lacking abstrcat", "abstract"),
        ("add wells.jsonl --from json-lines", "jsonl"),
        ("schema surveys", "survey"),
        ("export --format bibtx", "bibtex"),
        ("survey --verify cod", "code"),
        ("add wels.jsonl", "wels.jsonl"),
    ],
)  # fmt: skip
def test_what_is_mistyped_is_suggested(busy: Terminal, line: str, said: str) -> None:
    """A mistyped command, option, collection, key, field or choice: the error says what was meant."""
    shown = busy.run(*line.split())
    assert shown.code in (1, 2)
    assert said in shown.err


def test_problems_count_only_when_strict(busy: Terminal) -> None:
    """`--strict` turns problems that are left into exit code 3, and nothing else does."""
    shown = busy.run("survey", "--json", "--strict", "--out", "s")
    made = shown.json()
    claims = [c for theme in made["themes"] for paragraph in theme["paragraphs"] for c in paragraph["claims"]]
    has_problems = bool(made["dropped"]) or any(claim["problems"] for claim in claims)
    assert shown.code == (3 if has_problems else 0)
    assert busy.run("survey", "--out", "s").code == 0
