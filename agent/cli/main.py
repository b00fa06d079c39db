"""`litreview`: the group of commands, loaded one at a time, and the one handler of errors."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

import click

from agent import __version__
from agent.cli.console import say_error
from agent.errors import LitreviewError

# Command: module, name in it, and the line in the list. Short helps stand here so that none is imported.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "survey": ("survey", "survey", "Write a survey of papers."),
    "plan": ("survey", "plan", "Group papers into themes, and stop there."),
    "ask": ("ask", "ask", "Ask the papers a question."),
    "find": ("find", "find", "Find the sentences that a query is about."),
    "cite": ("find", "cite", "Find papers for or against a sentence."),
    "asked": ("ask", "asked", "Show what was asked and answered before."),
    "add": ("papers", "add", "Take papers into the library."),
    "papers": ("papers", "papers", "List the papers."),
    "show": ("papers", "show", "Show a paper and what is known of it."),
    "exclude": ("decide", "exclude", "Leave a paper out from now on."),
    "include": ("decide", "include", "Take a paper in, also an outlier."),
    "set": ("decide", "set_", "Set a field of a paper yourself."),
    "remove": ("decide", "remove", "Forget a paper."),
    "search": ("services", "search", "Find papers at a service."),
    "enrich": ("services", "enrich", "Fill in what is missing of papers."),
    "fulltext": ("services", "fulltext", "Attach whole texts to papers."),
    "duplicates": ("works", "duplicates", "Show what was merged, and what looks alike."),
    "merge": ("works", "merge", "Make one paper of two."),
    "split": ("works", "split", "Take a merged paper apart."),
    "digest": ("digest", "digest", "Mail what is new on a topic, once a week."),
    "export": ("papers", "export", "Write papers as BibTeX, RIS, CSL-JSON or CSV."),
    "claims": ("products", "claims", "List the claims of a survey, by verdict."),
    "render": ("products", "render", "Make a survey's documents again."),
    "doctor": ("model", "doctor", "Look at the endpoint and say what to set."),
    "config": ("about", "config", "Show each setting and where it came from."),
    "schema": ("about", "schema", "Print the JSON Schema of what commands write."),
    "completion": ("about", "completion", "Print the shell's completion script."),
}


COMMON: tuple[tuple[list[str], dict[str, Any]], ...] = (
    (["--workspace"], {"metavar": "DIR", "help": "Folder that holds the library (.litreview/)."}),
    (["-q", "--quiet"], {"is_flag": True, "help": "No progress, no notes; errors only."}),
    (
        ["--log-file"],
        {
            "metavar": "FILE",
            "type": click.Path(dir_okay=False),
            "help": "Write notes and progress to FILE too.",
        },
    ),
)


class LazyGroup(click.Group):
    """Knows its commands by name; a command's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        found = getattr(importlib.import_module(f"agent.cli.commands.{module}"), name)
        assert isinstance(found, click.Command)
        return _with_common_options(found)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean '{close[0]}'?" if close else "`litreview --help` lists the commands"
            fail(f"there is no command '{name}'", hint, 2)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """An option of the whole program, given behind the command's name."""
    if value:
        ctx.find_root().obj[param.name] = value


def _with_common_options(command: click.Command) -> click.Command:
    """Let a command take the program's options too, so that it does not matter where they stand."""
    if not any(param.name == "workspace" for param in command.params):
        for names, settings in COMMON:
            command.params.append(click.Option(names, expose_value=False, callback=_keep, **settings))
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _with_common_options(inner)
    return command


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    for names, settings in reversed(COMMON):
        command = click.option(*names, **settings)(command)
    return command


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "--version", message="litreview %(version)s")
@_common
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """From a pile of papers to a survey whose every sentence leads back to its source.

    \b
    Examples:
      litreview survey papers.txt more.jsonl --out my-survey
      litreview plan --topic "low-bit inference"
      litreview survey --plan plan.md --out my-survey
    """
    ctx.obj = options


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    # A handler of our own, so that an interrupt ends the work and does not wait for the running step.
    signal.signal(signal.SIGINT, _interrupted)
    signal.signal(signal.SIGTERM, _terminated)
    if any("\ud800" <= char <= "\udfff" for argument in sys.argv for char in argument):
        fail("an argument is not UTF-8 text", "type it in a terminal that writes UTF-8", 2)
    try:
        code = cli.main(standalone_mode=False, prog_name="litreview")
        _leave(code if isinstance(code, int) else 0)
    except click.exceptions.NoArgsIsHelpError as shown:
        shown.show()
        _leave(2)
    except click.ClickException as error:
        _usage(error)
    except LitreviewError as error:
        fail(error.message, error.hint, error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        fail("interrupted; all that was done is saved", None, 130)
    except OSError as error:
        fail(f"{error.filename or 'the system'}: {error.strerror}", None, 1)
    except RecursionError:
        fail("the input is too deeply nested", None, 1)
    except MemoryError:
        fail("out of memory", "give fewer papers at once", 1)


def fail(message: str, hint: str | None, code: int) -> NoReturn:
    """Say what happened and what to do, on stderr, and leave."""
    say_error(message, hint)
    _leave(code)


def _usage(error: click.ClickException) -> NoReturn:
    message = error.format_message()
    hint = None
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = f"`{error.ctx.command_path} --help` shows the options"
    fail(message[0].lower() + message[1:].rstrip("."), hint, 2)


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    fail("terminated; all that was done is saved", None, 143)


def _leave(code: int) -> NoReturn:
    raise SystemExit(code)
