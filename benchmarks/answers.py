"""How many questions are answered from the right papers, and how many that cannot be answered are refused.

The questions are those of tests/questions/: 40 on the sample corpus, and 120 on the saved pages that LITREVIEW_PAGES
names. No model is asked, unless --model NAME says so.

    answers.py [--model NAME] [--wrong]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "questions"))

from grading import PAGES, SAMPLE, Grade, grade, read, table, wrong  # noqa: E402

from agent import Review  # noqa: E402

PLAIN = {name: value for name, value in os.environ.items() if name in ("HOME", "PATH")}


def main(arguments: list[str]) -> None:
    model = arguments[arguments.index("--model") + 1] if "--model" in arguments else None
    shelves = [("sample corpus", SAMPLE, [ROOT / "examples" / "papers.jsonl"])]
    if pages := os.environ.get("LITREVIEW_PAGES"):
        shelves.append(("saved pages", PAGES, [Path(pages)]))
    for name, questions, files in shelves:
        grades, seconds = graded(questions, files, model)
        print(f"\n{name}: {len(grades)} questions, {1000 * seconds / len(grades):.0f} ms each")
        print(table(grades))
        if "--wrong" in arguments:
            for one in wrong(grades):
                print(f"  {one.asked.id} {one.asked.sort}/{one.asked.kind}: {one.asked.question}")


def graded(questions: Path, files: list[Path], model: str | None) -> tuple[list[Grade], float]:
    """All questions of a file, asked of the papers of other files; with the seconds that asking took."""
    with tempfile.TemporaryDirectory() as folder:
        settings: dict[str, Any] = {"options": {"model": model}} if model else {"environment": PLAIN}
        review = Review(folder, **settings)
        review.add(files)
        review.find("nothing yet")  # so that the index is there
        since = time.perf_counter()
        grades = [grade(one, review.ask(one.question, date="2026-11-21")) for one in read(questions)]
        return grades, time.perf_counter() - since


if __name__ == "__main__":
    main(sys.argv[1:])
