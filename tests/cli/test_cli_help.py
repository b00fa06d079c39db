"""Every command explains itself."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys

import click
import pytest
from terminal import Terminal

import agent
from agent.cli.main import COMMANDS


def command(name: str) -> click.Command:
    module, attribute, _ = COMMANDS[name]
    found = getattr(importlib.import_module(f"agent.cli.commands.{module}"), attribute)
    assert isinstance(found, click.Command)
    return found


def test_every_command_stands_in_the_list(desk: Terminal) -> None:
    """`litreview --help` names each command with its line."""
    shown = desk.run("--help")
    assert shown.code == 0
    for name, (_, _, line) in COMMANDS.items():
        assert any(row.split() == [name, *line.split()] for row in shown.out.splitlines())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_a_command_is_its_help_s_first(name: str) -> None:
    """What the list says of a command is what the command says of itself."""
    assert (command(name).help or "").strip().splitlines()[0] == COMMANDS[name][2]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_shows_an_example(desk: Terminal, name: str, flag: str) -> None:
    """The help of a command holds a line that can be typed, and a help for each option."""
    shown = desk.run(name, flag)
    assert (shown.code, shown.err) == (0, "")
    assert f"Usage: litreview {name}" in shown.out
    assert "Example" in shown.out
    assert any(line.strip().startswith(f"litreview {name}") for line in shown.out.splitlines())
    assert all(option.help for option in command(name).params if isinstance(option, click.Option))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_knows_its_name(name: str) -> None:
    """A command is called what the list calls it."""
    assert command(name).name == name


def test_nothing_asked_is_helped(desk: Terminal) -> None:
    """Without a command the help is shown, and the exit code says that nothing was done."""
    shown = desk.run()
    assert shown.code == 2
    assert "Commands" in shown.said


def test_the_version(desk: Terminal) -> None:
    """`--version` says which litreview this is."""
    assert desk.run("--version").out == f"litreview {agent.__version__}\n"


def test_help_imports_no_engine() -> None:
    """The list of commands needs neither records nor engine, so that it is there at once."""
    script = "import sys, agent.cli.main as m; sys.argv = ['litreview', '--help']\ntry: m.main()\nexcept SystemExit: pass\n"
    script += "print([name for name in ('pydantic', 'agent.api', 'rich', 'sqlite3') if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_sound(desk: Terminal, shell: str) -> None:
    """Each shell gets a script for `litreview` that the shell itself can read."""
    shown = desk.run("completion", shell)
    assert shown.code == 0
    assert f"_LITREVIEW_COMPLETE={shell}_complete" in shown.out
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=shown.out, capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("litreview su", {"survey"}),
        ("litreview ex", {"exclude", "export"}),
        ("litreview ", set(COMMANDS)),
        ("litreview survey --pl", {"--plan", "--place-rest"}),
        (
            "litreview schema ",
            {
                "add",
                "answer",
                "cite",
                "digest",
                "duplicates",
                "enrich",
                "found",
                "fulltext",
                "paper",
                "plan",
                "search",
                "survey",
            },
        ),
        ("litreview claims x --verdict w", {"weak"}),
    ],
)
def test_words_are_completed(desk: Terminal, words: str, wanted: set[str]) -> None:
    """What the script asks of the program is answered: commands, options and choices."""
    count = len(words.split(" ")) - 1
    shown = desk.run(_LITREVIEW_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(count))
    assert shown.code == 0
    assert {line.partition(",")[2] for line in shown.out.split()} == wanted
