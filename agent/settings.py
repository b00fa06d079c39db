"""The configuration: what can be set, what holds where nothing is set, and where each value came from.

Later layers win: built in, the user's own file, `litreview.toml` in the folder, environment, options. What
could be turned against the user (where things are written) is not taken from a file that lies in a folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from agent.errors import SettingsError

FILE = "litreview.toml"
PREFIX = "LITREVIEW_"


@dataclass(frozen=True)
class Setting:
    """One thing that can be set."""

    name: str
    help: str
    default: Any
    parse: Callable[[Any], Any]
    is_private: bool = False

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


@dataclass(frozen=True)
class Value:
    """A setting's value and where it came from."""

    value: Any
    origin: str


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip() or any(ord(char) < 32 for char in raw):
        raise ValueError("a text is wanted")
    return raw.strip()


def _count(raw: Any) -> int:
    number = int(raw) if isinstance(raw, int | str) and not isinstance(raw, bool) else 0
    if number < 1:
        raise ValueError("a whole number from 1 up is wanted")
    return number


def _one_of(*choices: str) -> Callable[[Any], str]:
    def parse(raw: Any) -> str:
        if raw not in choices:
            raise ValueError(f"one of {', '.join(choices)} is wanted")
        return str(raw)

    return parse


SETTINGS = (
    Setting("workspace", "folder that holds `.litreview/`", None, _text, is_private=True),
    Setting("collection", "collection that commands are about where no files are named", None, _text),
    Setting("out", "folder that a survey is written to", "survey", _text),
    Setting("themes", "number of themes; found out where it is not set", None, _count),
    Setting("workers", "processes that read papers", 1, _count),
    Setting("verify", "how claims are checked: none or code", "code", _one_of("none", "code")),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


def resolve(
    environment: Mapping[str, str],
    user_file: Path | None,
    folder_file: Path | None,
    options: Mapping[str, Any],
) -> dict[str, Value]:
    """Every setting with its value and origin.

    Raises:
        SettingsError: a file cannot be read, a name is unknown, a value is unusable.
    """
    values = {setting.name: Value(setting.default, "built in") for setting in SETTINGS}
    if user_file and user_file.is_file():
        values |= _from_file(user_file, is_own=True)
    if folder_file and folder_file.is_file():
        values |= _from_file(folder_file, is_own=False)
    values |= _from_environment(environment)
    for name, raw in options.items():
        if raw is not None:
            values[name] = Value(check(name, raw), f"--{name}")
    return values


def check(name: str, raw: Any) -> Any:
    """The value of a setting from what an option says.

    Raises:
        SettingsError: there is no such setting, or the value is unusable.
    """
    if name not in BY_NAME:
        raise SettingsError(f"there is no setting '{name}'", _suggestion(name))
    return _parsed(BY_NAME[name], raw, f"--{name}")


def user_file(environment: Mapping[str, str], home: Path) -> Path:
    """The user's own settings file."""
    base = environment.get("XDG_CONFIG_HOME")
    return (Path(base) if base else home / ".config") / "litreview" / "config.toml"


def _from_file(path: Path, *, is_own: bool) -> dict[str, Value]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}", 'a line looks like: out = "my-survey"') from error
    values = {}
    for name, raw in found.items():
        setting = BY_NAME.get(name)
        if setting is None:
            raise SettingsError(f"{path}: there is no setting '{name}'", _suggestion(name))
        if setting.is_private and not is_own:
            raise SettingsError(
                f"{path}: '{name}' is not taken from a file in a folder",
                f"set {setting.variable}, or write it into your own settings",
            )
        values[name] = Value(_parsed(setting, raw, str(path)), str(path))
    return values


def _from_environment(environment: Mapping[str, str]) -> dict[str, Value]:
    return {
        setting.name: Value(
            _parsed(setting, environment[setting.variable], setting.variable), setting.variable
        )
        for setting in SETTINGS
        if environment.get(setting.variable)
    }


def _parsed(setting: Setting, raw: Any, origin: str) -> Any:
    try:
        return setting.parse(raw)
    except ValueError as error:
        said = str(error) if "wanted" in str(error) else "a whole number from 1 up is wanted"
        raise SettingsError(f"{origin}: {setting.name} = {raw!r}: {said}") from error


def _suggestion(name: str) -> str:
    close = get_close_matches(name, BY_NAME, n=1)
    return f"did you mean '{close[0]}'?" if close else f"settings: {', '.join(BY_NAME)}"
