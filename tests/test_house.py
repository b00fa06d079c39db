"""The house's rules are enforced, its documents are true, and what is installed is whole."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli.main import COMMANDS
from agent.settings import SETTINGS

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def run(*command: str, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=where, capture_output=True, text=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its configuration, to be spoilt."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "agent", copy / "agent", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


LINT = {
    "a print below the command line": ("steps", "print('hello')\n", "T201"),
    "a clock below the api": ("text", "import time\n\nNOW = time.time()\n", "TID251"),
    "the environment below the api": ("engines", "import os\n\nHOME = os.environ['HOME']\n", "TID251"),
    "an import that nobody uses": ("records", "import json\n", "F401"),
    "a shared list as default": (
        "products",
        "def f(a: list[int] = []) -> list[int]:\n    return a\n",
        "B006",
    ),
}


@pytest.mark.parametrize("name", LINT)
def test_lint_finds(house: Path, name: str) -> None:
    """Each planted violation is found by the linter as it is configured here."""
    room, code, rule = LINT[name]
    planted = house / "agent" / room / "planted.py"
    planted.write_text(code, encoding="utf-8")
    found = run("ruff", "check", "--no-cache", "--output-format", "concise", str(planted), where=house)
    planted.unlink()
    assert found.returncode == 1 and rule in found.stdout, found.stdout + found.stderr


IMPORTS = {
    "upwards": ("text", "from agent.library import Library as Library\n"),
    "sideways": ("outputs", "from agent.steps import planner as planner\n"),
    "an engine in a step": (
        "steps",
        "from agent.engines.extractive import ExtractiveEngine as ExtractiveEngine\n",
    ),
    "the store in an engine": ("engines", "from agent.library import Library as Library\n"),
    "the model's client": ("steps", "import openai as openai\n"),
}


@pytest.mark.parametrize("name", IMPORTS)
def test_import_contracts_find(house: Path, name: str) -> None:
    """Each forbidden import breaks a contract."""
    room, code = IMPORTS[name]
    planted = house / "agent" / room / "planted.py"
    planted.write_text(code, encoding="utf-8")
    found = run("lint-imports", "--no-cache", where=house)
    planted.unlink()
    assert found.returncode == 1 and "BROKEN" in found.stdout, found.stdout + found.stderr


def test_a_room_without_a_floor_is_found(house: Path) -> None:
    """A new module must choose its floor."""
    stray = house / "agent" / "stray.py"
    stray.write_text("", encoding="utf-8")
    found = run("lint-imports", "--no-cache", where=house)
    stray.unlink()
    assert found.returncode == 1, found.stdout + found.stderr


def test_types_are_strict(house: Path) -> None:
    """An untyped function and a wrong type are both found."""
    planted = house / "agent" / "planted.py"
    planted.write_text("def f(a):\n    return a\n\n\nNUMBER: int = 'one'\n", encoding="utf-8")
    found = run("mypy", "--no-incremental", "--follow-imports=silent", str(planted), where=house)
    planted.unlink()
    assert found.returncode == 1 and "no-untyped-def" in found.stdout and "assignment" in found.stdout, (
        found.stdout
    )


def test_readme_lists_every_command() -> None:
    """The README's table of commands is the program's own."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([a-z]+)` \| ([A-Z][^|]+?) \|$", readme, re.M))
    assert listed == {name: text for name, (_, _, text) in COMMANDS.items()}


def test_the_page_of_settings_lists_every_one() -> None:
    """The page of settings lists the program's own."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = {
        f"| `{s.name}` | `{s.variable}` | {f'`{s.default}`' if s.default else '–'} | {s.help} |"
        for s in SETTINGS
    }
    assert rows == {line for line in page.splitlines() if line.startswith("| `")}


def test_the_readme_example_runs(tmp_path: Path) -> None:
    """The Python example in the README works as it stands."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.S)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    found = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
    )
    assert found.returncode == 0, found.stderr
    assert "24 papers, 1 known already" in found.stdout
    assert (tmp_path / "my-review" / "survey" / "survey.md").is_file()


def test_architecture_names_every_room() -> None:
    """Every room of the package stands in the architecture page, and every room named there is one."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {
        path.stem
        for path in (ROOT / "agent").iterdir()
        if not path.name.startswith("_") and path.suffix in {"", ".py"}
    }
    house = page[page.index("## The house") : page.index("Later rooms")]
    named = set(re.findall(r"`(\w+)/?`", house))
    assert rooms <= named, rooms - named


@pytest.mark.parametrize("path", sorted(p for p in (ROOT / "agent").rglob("*.py")), ids=lambda p: p.stem)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """Each module opens with a docstring."""
    assert path.read_text(encoding="utf-8").removeprefix("r").startswith('"""')


def test_no_help_loads_what_is_heavy() -> None:
    """`--help`, of the program and of each command, loads neither pydantic nor the engine nor the store."""
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom agent.cli.main import COMMANDS, cli\n"
        "for line in [[], *([name] for name in COMMANDS)]:\n"
        "    assert CliRunner().invoke(cli, [*line, '--help']).exit_code == 0\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & "
        "{'pydantic', 'rich', 'openai', 'sqlite3', 'asyncio', 'jinja2', 'diskcache', 'tenacity'}))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout.strip() == "[]", found.stdout + found.stderr
