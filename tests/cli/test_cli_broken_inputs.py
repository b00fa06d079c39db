"""Broken files of every kind: the command says what is wrong and leaves with a code, never with a traceback."""

from __future__ import annotations

import json
import os

import pytest
from terminal import WELLS, Terminal

GOOD = b"".join(json.dumps(record).encode() + b"\n" for record in WELLS)
PAGE = "new\n\nDaily Papers\n\nbyAK and the research community\n\nAug 3\n\n{}"
ABSTRACT = "We measure water levels in wells. " * 12
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
PLAN = "# wells\n\n## All {#all}\n\n"
# A case: what it is, the files that are there, the command, its exit code, and a word that it says.
CASES: list[tuple[str, dict[str, bytes], str, int, str]] = [
    ("empty", {"a.jsonl": b""}, "add a.jsonl", 1, "empty"),
    ("blank", {"a.jsonl": b" \n\n\t\n"}, "add a.jsonl", 1, "empty"),
    ("cut json lines", {"a.jsonl": GOOD[:-40]}, "add a.jsonl", 3, "line 4"),
    ("cut json", {"a.json": b"[" + GOOD.replace(b"\n", b",")[:-60]}, "add a.json", 3, "broken JSON"),
    ("binary", {"a.txt": bytes(range(256)) * 4}, "add a.txt", 1, "binary"),
    ("html", {"a.txt": b"<!DOCTYPE html><html><body>Papers</body></html>"}, "add a.txt", 1, "HTML"),
    ("utf-16", {"a.jsonl": GOOD.decode().encode("utf-16")}, "add a.jsonl", 0, "4 known"),
    ("cut utf-16", {"a.jsonl": GOOD.decode().encode("utf-16")[:-1]}, "add a.jsonl", 1, "UTF-16"),
    ("latin-1", {"a.jsonl": b'{"title": "\xe9t\xe9"}'}, "add a.jsonl", 0, "Latin-1"),
    ("plain text", {"a.txt": b"Just some words.\nAnd more."}, "add a.txt", 1, "--from"),
    ("wrong pairing", {"a.txt": PAGE.format("\n\n".join(["One Title", "Two Title", ABSTRACT])).encode()}, "add a.txt", 3, "block"),
    ("no pairs", {"a.txt": PAGE.format(ABSTRACT).encode()}, "add a.txt", 1, "block"),
    ("header only", {"a.txt": PAGE.format("").encode()}, "add a.txt", 1, "a.txt"),
    ("empty folder", {"d/.keep": b""}, "add d", 1, "d: no file"),
    ("folder of others", {"d/a.png": b"x"}, "survey d", 1, "d: no file"),
    ("missing", {}, "survey nosuch.txt", 1, "nosuch.txt"),
    ("bad line in the middle", {"a.jsonl": GOOD.replace(b"\n", b"\nxx\n", 1)}, "survey a.jsonl", 3, "line 2"),
    ("not a number", {"a.jsonl": b'{"title": "Wells", "year": NaN}\n' + GOOD}, "add a.jsonl", 3, "NaN"),
    ("infinite", {"a.jsonl": b'{"title": "Wells", "year": 1e999}'}, "add a.jsonl", 0, "1 new"),
    ("deep", {"a.jsonl": b"[" * 100_000}, "add a.jsonl", 1, "nested"),
    ("deep inside", {"a.jsonl": b'{"title": "x", "y": ' + b"[" * 100_000 + b"}"}, "add a.jsonl", 1, "nested"),
    ("numbers", {"a.jsonl": b"1\n2\n"}, "add a.jsonl --from jsonl", 1, "line 1"),
    ("null", {"a.json": b"null"}, "add a.json", 1, "item 1"),
    ("no title", {"a.jsonl": b'{"abstract": "x"}\n{"title": ""}\n{"title": 3.5e400}'}, "add a.jsonl", 1, "no title"),
    ("no list", {"a.json": b'{"papers": []}'}, "survey a.json", 1, "no records"),
    ("huge integer", {"a.jsonl": b'{"title": "x", "year": ' + b"9" * 5000 + b"}"}, "add a.jsonl", 1, "line 1"),
    ("surrogates", {"a.jsonl": rb'{"title": "a \ud800 b wells"}'}, "survey a.jsonl", 0, "1 records"),
    ("nul in text", {"a.jsonl": rb'{"title": "a \u0000 b wells"}'}, "survey a.jsonl", 0, "1 records"),
    ("wrong reader", {"a.jsonl": GOOD}, "add a.jsonl --from daily-papers", 1, "rejected"),
    ("other ending", {"a.txt": b"@article{x, title={y}}"}, "add a.txt", 0, "1 new"),
    ("a brace missing", {"a.bib": b"@article{x, title={y}\n\n@article{z, title={w}}"}, "add a.bib", 0, "2 new"),
    ("no title in one", {"a.ris": b"TY  - JOUR\nER  - \nTY  - JOUR\nTI  - y\nER  - \n"}, "add a.ris", 3, "no title"),
    ("words for a table", {"a.csv": b"just, words"}, "add a.csv", 1, "no column for the title"),
    ("words for BibTeX", {"a.bib": b"just words"}, "add a.bib", 1, "no records"),
    ("markdown", {"a.md": b"# Title, year\n\nWords."}, "add a.md", 1, "none of the formats"),
    ("file of nothing", {}, "add /dev/null", 1, "regular file"),
    ("plan: empty", {"plan.md": b""}, "survey --plan plan.md", 2, "plan.md"),
    ("plan: no heading", {"plan.md": b"words"}, "survey --plan plan.md", 2, "line 1"),
    ("plan: no key", {"plan.md": f"{PLAN}- Wells\n".encode()}, "survey --plan plan.md", 2, "line 5"),
    ("plan: unknown key", {"plan.md": f"{PLAN}- [@nosuch] X\n".encode()}, "survey --plan plan.md", 2, "nosuch"),
    ("plan: doubled key", {"plan.md": f"{PLAN}- [@wellnetwaterlevelsin]\n- [@wellnetwaterlevelsin]\n".encode()}, "survey --plan plan.md", 2, "wellnet"),
    ("plan: papers missing", {"plan.md": f"{PLAN}- [@wellnetwaterlevelsin]\n".encode()}, "survey --plan plan.md", 2, "--place-rest"),
    ("plan: two of one id", {"plan.md": b"# x\n## A {#a}\n## B {#a}\n"}, "survey --plan plan.md", 2, "{#a}"),
    ("plan: no theme left", {"plan.md": b"# x\n## Outliers {#outliers}\n" + b"".join(
        b"- [@" + key + b"]\n" for key in (b"drywellwaterlevelsin", b"echowellwaterlevelsin", b"floatlogwaterlevelsin", b"wellnetwaterlevelsin"))},
     "survey --plan plan.md", 2, "theme"),
    ("plan: not text", {"plan.md": b"\xff\xff"}, "survey --plan plan.md", 1, "UTF-8"),
    ("plan: cut json", {"plan.json": b'{"topic": "x", '}, "survey --plan plan.json", 2, "plan.json"),
    ("plan: other json", {"plan.json": b'{"topic": 3}'}, "survey --plan plan.json", 2, "topic"),
    ("plan: deep json", {"plan.json": b'{"topic": ' + b"[" * 100_000}, "survey --plan plan.json", 2, "plan.json"),
    ("plan: a folder", {"p/x": b""}, "survey --plan p", 1, "p: "),
    ("plan in the folder: broken", {"survey/plan.md": f"{PLAN}- Wells\n".encode()}, "survey", 2, "line 5"),
    ("plan in the folder: not text", {"survey/plan.md": b"\xff"}, "survey", 1, "UTF-8"),
    ("survey: cut", {"survey/survey.json": b'{"format": "lit'}, "claims survey", 1, "survey.json"),
    ("survey: other", {"survey/survey.json": b"[1, 2]"}, "render survey", 1, "survey.json"),
    ("survey: empty", {"survey/survey.json": b""}, "render survey/survey.json", 1, "survey.json"),
    ("survey: binary", {"survey/survey.json": b"\x00\xff"}, "claims survey", 1, "survey.json"),
    ("survey: deep", {"survey/survey.json": b"[" * 100_000}, "claims survey", 1, "error: "),
    ("survey: broken, made anew", {"survey/survey.json": b"{"}, "survey", 0, "written"),
    ("survey: a folder stands there", {"s/survey.md/x": b""}, "survey --out s", 1, "cannot be written"),
    ("settings: broken", {"litreview.toml": b"out = "}, "papers", 2, "litreview.toml"),
    ("settings: unknown", {"litreview.toml": b"topik = 1"}, "papers", 2, "topik"),
    ("settings: private", {"litreview.toml": b'workspace = "/tmp"'}, "papers", 2, "workspace"),
    ("settings: a null in a name", {"litreview.toml": rb'out = "a\u0000b"'}, "survey", 2, "out"),
    ("settings: own, broken", {"home/.config/litreview/config.toml": b"\xff"}, "papers", 2, "config.toml"),
    ("out: a file", {"s": b""}, "survey --out s", 1, "--out"),
    ("out: below a file", {"s": b""}, "plan --out s/t", 1, "--out"),
    ("out: too long", {}, f"survey --out {'x' * 300}", 1, "--out"),
    ("export: a folder", {"s/x": b""}, "export -o s", 2, "s"),
    ("library: no database", {".litreview/library.sqlite": b"not a database, whatever it is called" * 40}, "papers", 1, "library"),
    ("library: no database to add to", {".litreview/library.sqlite": b"not a database, whatever it is called" * 40}, "add wells.jsonl", 1, "library"),
    ("library: empty file", {".litreview/library.sqlite": b""}, "papers", 0, "no papers"),
    ("workspace: a file", {"w": b""}, "--workspace w papers", 1, "workspace"),
    ("very long name", {}, f"add {'x' * 5000}", 1, "error:"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "files", "line", "code", "said"), CASES, ids=[case[0] for case in CASES])
def test_a_broken_input_is_an_answer(
    busy: Terminal, what: str, files: dict[str, bytes], line: str, code: int, said: str
) -> None:
    """The file at fault or what is wrong with it is named, the exit code is that of the contract."""
    for name, data in files.items():
        path = busy.folder / name
        if path.suffix == ".sqlite":
            path.unlink()
        busy.write(name, data)
    shown = busy.run(*line.split(" "))
    assert shown.code == code, shown.said
    assert said in shown.said
    assert "Traceback" not in shown.said
    assert code in (0, 3) or "error: " in shown.err or "rejected" in shown.out


@pytest.mark.skipif(ROOT, reason="root may read and write everywhere")
@pytest.mark.parametrize(
    ("locked", "line"),
    [
        ("wells.jsonl", "add wells.jsonl"),
        ("survey", "survey --force --date 2020-01-01"),
        (".litreview", "--workspace w/.litreview papers"),
    ],
)
def test_what_may_not_be_touched_is_said(busy: Terminal, locked: str, line: str) -> None:
    """Without permission the command fails with exit code 1 and names the file."""
    (busy.folder / locked).chmod(0o000)
    shown = busy.run(*line.split())
    (busy.folder / locked).chmod(0o755)
    assert shown.code == 1
    assert "Traceback" not in shown.said
