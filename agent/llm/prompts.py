"""The prompts: one Jinja2 template a question, found in a checkout and in an installed package alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, meta

from agent.errors import InputError

HERE = Path(__file__).resolve().parent.parent
PLACES = (HERE / "prompts", HERE.parent / "prompts")  # installed, checkout
QUESTIONS = (
    "propose",
    "place",
    "order",
    "summarise",
    "draft_section",
    "draft_frame",
    "judge",
    "revise",
    "plan_question",
    "draft_answer",
    "stance",
    "draft_lead",
)
ENDING = ".j2"
BLOCKS = ("system", "user")


class Prompts:
    """Renders a question as a system and a user message.

    Args:
        folder: where the templates are; found out if left out.

    Raises:
        InputError: there is no such folder, a template is not there or is broken.
    """

    def __init__(self, folder: Path | None = None) -> None:
        found = folder or next(
            (place for place in PLACES if (place / f"propose{ENDING}").is_file()), PLACES[0]
        )
        if folder and not folder.is_dir():
            raise InputError(
                f"{folder}: no such folder of prompts", "leave out --prompts for the built-in ones"
            )
        self._environment = Environment(
            loader=FileSystemLoader(str(found)),
            undefined=StrictUndefined,
            autoescape=False,  # prompts are no HTML; what papers say is escaped by the engine
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._sources = {name: _source(found, name) for name in QUESTIONS}
        for name in QUESTIONS:  # told now, not when other steps were paid for
            self._template(name)
        self.digests = {
            name: hashlib.sha256(text.encode()).hexdigest() for name, text in self._sources.items()
        }

    @property
    def digest(self) -> str:
        """One digest of all of them."""
        whole = "".join(f"{name} {digest}\n" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256(whole.encode()).hexdigest()

    def variables(self, name: str) -> set[str]:
        """What a template declares."""
        return set(meta.find_undeclared_variables(self._environment.parse(self._sources[name])))

    def render(self, name: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """The system and the user message.

        Raises:
            InputError: the template is broken, or uses what it is not given.
        """
        template = self._template(name)
        try:
            system, user = (
                "".join(template.blocks[part](template.new_context(dict(values)))).strip() for part in BLOCKS
            )
        except Exception as error:  # a template is a program of its own: whatever it does wrong is told
            raise _broken(name, error) from error
        return system, user

    def _template(self, name: str) -> Template:
        try:
            template = self._environment.get_template(name + ENDING)
        except TemplateError as error:
            raise _broken(name, error) from error
        lost = [part for part in BLOCKS if part not in template.blocks]
        if lost:
            raise _broken(name, f"has no block '{lost[0]}'")
        return template


def _broken(name: str, why: object) -> InputError:
    return InputError(f"prompt '{name}{ENDING}': {why}", "mend the template, or leave out --prompts")


def _source(folder: Path, name: str) -> str:
    path = folder / f"{name}{ENDING}"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: the prompt cannot be read",
            "--prompts names a folder with all templates; leave it out for the built-in ones",
        ) from error
