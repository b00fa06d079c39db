"""`litreview doctor`: what the endpoint can do, and what to write into the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from agent.cli.console import open_review, rows
from agent.cli.options import json_option

if TYPE_CHECKING:
    from agent.llm.doctor import Diagnosis

MARKS = {"ok": "yes", "no": "no", "unsure": "?"}


@click.command()
@click.option("--model", metavar="NAME", help="Model to ask.")
@click.option("--timeout", metavar="SECONDS", help="For one call.  [default: 120]")
@json_option
@click.pass_context
def doctor(ctx: click.Context, /, *, as_json: bool, model: str | None, timeout: str | None) -> None:
    """Look at the endpoint and say what to set.

    Ask at most eight short questions: is the endpoint there, does it take the key and the model, what can it
    hold a reply to, which parameters does it refuse; does the embedding model answer, if one is set. The key comes from OPENAI_API_KEY, the address from
    OPENAI_BASE_URL.

    \b
    Example:
      litreview doctor --model NAME
    """
    review, console = open_review(ctx, model=model, timeout=timeout)
    found = review.doctor()
    if as_json:
        console.json(_plain(found))
    else:
        console.result(_told(found))
    ctx.exit(0 if found.is_usable else 1)


def _told(found: Diagnosis) -> str:
    from agent.settings import FILE

    lines = [rows((MARKS[one.state], one.what, one.said) for one in found.findings)]
    if not found.is_usable:
        return "\n".join([*lines, f"hint: {found.hint}" if found.hint else "no survey can be made with it"])
    if found.settings:
        lines.append(f"\nWrite into {FILE} or your own config.toml:")
    lines += [f'  {name} = "{value}"' for name, value in found.settings.items()]
    return "\n".join(lines)


def _plain(found: Diagnosis) -> dict[str, object]:
    findings = [{"what": one.what, "state": one.state, "said": one.said} for one in found.findings]
    return {
        "usable": found.is_usable,
        "findings": findings,
        "settings": dict(found.settings),
        "hint": found.hint,
    }
