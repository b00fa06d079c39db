"""The configuration: what can be set, what holds where nothing is set, and where each value came from.

Later layers win: built in, the user's own file, `litreview.toml` in the folder, environment, options. What
could be turned against the user (where things are written) is not taken from a file that lies in a folder.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
    is_secret: bool = False
    own_variable: str | None = None

    @property
    def variable(self) -> str:
        return self.own_variable or PREFIX + self.name.upper()


@dataclass(frozen=True)
class Value:
    """A setting's value, which may be a secret and is in no representation, and where it came from."""

    value: Any = field(repr=False)
    origin: str


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip() or any(ord(char) < 32 for char in raw.strip()):
        raise ValueError("a text is wanted, on one line")
    return raw.strip()


def _address(raw: Any) -> str:
    address = _text(raw)
    if not re.match(r"https?://[^\s/]", address, re.I):
        raise ValueError("an address such as https://host/v1 is wanted")
    return address


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


def _number(least: float, what: str) -> Callable[[Any], float]:
    def parse(raw: Any) -> float:
        try:
            number = float(raw) if isinstance(raw, int | float | str) and not isinstance(raw, bool) else -1.0
        except ValueError:
            number = -1.0
        if not least <= number < float("inf"):
            raise ValueError(f"{what} is wanted")
        return number

    return parse


def _temperature(raw: Any) -> float | None:
    if isinstance(raw, str) and raw.strip().casefold() == "none":
        return None
    return _number(0.0, "a number from 0 up, or none so that none is sent,")(raw)


def _money(raw: Any) -> Decimal:
    try:
        amount = Decimal(str(raw))
    except InvalidOperation:
        amount = Decimal(-1)
    if isinstance(raw, bool) or not amount.is_finite() or amount < 0:
        raise ValueError("an amount such as 2.50 is wanted")
    return amount


def _prices(raw: Any) -> dict[str, tuple[Decimal, Decimal]]:
    """`0.15/0.60`, or `NAME=0.15/0.60, OTHER=2/8`: input/output, for a million tokens; `*` for all others."""
    found = {}
    for part in str(raw).split(","):
        name, _, pair = part.rpartition("=")
        before, slash, after = pair.partition("/")
        if not slash:
            raise ValueError("0.15/0.60 or NAME=0.15/0.60 is wanted (input/output, for a million tokens)")
        found[name.strip() or "*"] = (_money(before.strip()), _money(after.strip()))
    return found


def _password(raw: Any) -> str:
    """As it is, blanks at its ends included."""
    if not isinstance(raw, str) or not raw or any(ord(char) < 32 for char in raw):
        raise ValueError("a password is wanted, on one line")
    return raw


def _host(raw: Any) -> str:
    host = _text(raw).removeprefix("[").removesuffix("]")
    if not re.fullmatch(
        r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]*::?[0-9A-Fa-f:.]*", host
    ):
        raise ValueError("a name such as smtp.example.org is wanted, without https:// and without a port")
    return host


def _port(raw: Any) -> int:
    port = (
        int(raw) if isinstance(raw, int | str) and not isinstance(raw, bool) and str(raw).isdecimal() else 0
    )
    if not 0 < port < 65536:
        raise ValueError("a port from 1 to 65535 is wanted")
    return port


def _command(raw: Any) -> str:
    command = _text(raw)
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not any(words[:1]):
        raise ValueError("a command is wanted, with its quotation marks in pairs")
    return command


def _secure_address(raw: Any) -> str:
    address = _text(raw)
    if not re.match(r"https://[^\s/]", address, re.I) or not re.fullmatch(r"[!-~]+", address):
        raise ValueError("an address that begins with https:// is wanted, in ASCII and without blanks")
    return address


def _zone(raw: Any) -> str:
    from zoneinfo import ZoneInfo

    name = _text(raw)
    try:
        if name != "UTC":  # which holds where a system has no table of zones
            ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # not a name, not known, or a folder of names
        raise ValueError("a time zone such as Europe/Berlin is wanted") from None
    return name


STEPS = ("plan", "read", "write", "judge", "revise")  # that may each have a model of their own

SETTINGS = (
    Setting("workspace", "folder that holds `.litreview/`", None, _text, is_private=True),
    Setting("collection", "collection that commands are about where no files are named", None, _text),
    Setting("out", "folder that a survey is written to", "survey", _text),
    Setting("themes", "number of themes; found out where it is not set", None, _count),
    Setting("workers", "processes that read papers", 1, _count),
    Setting(
        "verify",
        "how claims are checked: none, code or model; model where one is asked, else code",
        None,
        _one_of("none", "code", "model"),
    ),
    Setting(
        "fulltext",
        "whether passages of whole texts are read where there are any: auto or off",
        "auto",
        _one_of("auto", "off"),
    ),
    Setting("words", "length of the whole survey in words, where a model writes it", None, _count),
    Setting("language", "language that a model writes in; English where it is not set", None, _text),
    Setting(
        "engine",
        "who drafts: model, extractive, or auto: a model where one is named",
        "auto",
        _one_of("auto", "model", "extractive"),
    ),
    Setting("model", "model to ask, as the endpoint calls it", None, _text),
    *(Setting(f"{step}_model", f"another model for the step: {step}", None, _text) for step in STEPS),
    Setting(
        "embedding_model",
        "model whose embeddings join in ordering what a search found; none are asked for where it is not set",
        None,
        _text,
    ),
    Setting("api_key", "key for the endpoint", None, _text, True, True, "OPENAI_API_KEY"),
    Setting(
        "contact", "your e-mail address, told to services that ask for one", None, _text, is_private=True
    ),
    Setting("openalex_key", "key for OpenAlex", None, _text, True, True, "OPENALEX_API_KEY"),
    Setting(
        "semantic_scholar_key",
        "key for Semantic Scholar",
        None,
        _text,
        True,
        True,
        "SEMANTIC_SCHOLAR_API_KEY",
    ),
    Setting("ncbi_key", "key for PubMed", None, _text, True, True, "NCBI_API_KEY"),
    Setting("base_url", "address of the endpoint", None, _address, True, False, "OPENAI_BASE_URL"),
    Setting(
        "output",
        "what the endpoint can hold replies to: json_schema, json_object or text",
        "json_schema",
        _one_of("json_schema", "json_object", "text"),
    ),
    Setting("temperature", "temperature that is sent, or none", None, _temperature),
    *(
        Setting(f"{step}_temperature", f"another one for the step: {step}", None, _temperature)
        for step in STEPS
    ),
    *(
        Setting(f"{step}_tokens", f"most tokens of a reply in the step: {step}", None, _count)
        for step in STEPS
    ),
    Setting(
        "tokens_parameter",
        "what the endpoint calls that limit: max_completion_tokens or max_tokens",
        "max_completion_tokens",
        _one_of("max_completion_tokens", "max_tokens"),
    ),
    Setting(
        "timeout",
        "seconds that one try may take; 0 waits for ever",
        120.0,
        _number(0.0, "a number of seconds"),
    ),
    Setting("concurrency", "calls in flight at most", 8, _count),
    Setting("tokens_a_minute", "tokens a minute at most", None, _count),
    Setting("tries", "tries of one call, where it fails in a way that may pass", 5, _count),
    Setting(
        "retry_wait",
        "seconds before the second try; doubled after each",
        1.0,
        _number(0.0, "a number of seconds"),
    ),
    Setting("prices", "money for a million tokens: 0.15/0.60, or NAME=0.15/0.60, ...", None, _prices),
    Setting("max_calls", "calls of one run at most", None, _count),
    Setting("max_tokens", "tokens of one run at most", None, _count),
    Setting("max_cost", "money of one run at most", None, _money),
    Setting("prompts", "folder of other prompts", None, _text, is_private=True),
    Setting("smtp_host", "server that takes your mail", None, _host, is_private=True),
    Setting(
        "smtp_port", "its port; 587 for starttls, 465 for tls, 25 for none", None, _port, is_private=True
    ),
    Setting(
        "smtp_security",
        "starttls, tls (from the start), or none, which is for a server that wants no password",
        "starttls",
        _one_of("starttls", "tls", "none"),
        is_private=True,
    ),
    Setting("smtp_user", "user name there, if it wants one", None, _text, is_private=True),
    Setting("smtp_password", "password there", None, _password, is_private=True, is_secret=True),
    Setting(
        "smtp_password_command",
        "command whose first line of output is the password, such as: pass show mail",
        None,
        _command,
        is_private=True,
        is_secret=True,  # some write the password into it
    ),
    Setting(
        "smtp_from",
        "sender of your digests: me@example.org, or Name <me@example.org>",
        None,
        _text,
        is_private=True,
    ),
    Setting(
        "smtp_ca",
        "file of certificates that are trusted instead of the system's",
        None,
        _text,
        is_private=True,
    ),
    Setting(
        "timezone",
        "time zone that days and weeks are reckoned in, such as Europe/Berlin",
        "UTC",
        _zone,
        is_private=True,
    ),
    Setting(
        "unsubscribe_url",
        "https address at which a reader of your digests can unsubscribe",
        None,
        _secure_address,
        is_private=True,
    ),
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
            values[name] = Value(check(name, raw), _option(name))
    return values


def check(name: str, raw: Any) -> Any:
    """The value of a setting from what an option says.

    Raises:
        SettingsError: there is no such setting, or the value is unusable.
    """
    if name not in BY_NAME:
        raise SettingsError(f"there is no setting '{name}'", _suggestion(name))
    return _parsed(BY_NAME[name], raw, _option(name))


def without_secrets(address: str) -> str:
    """An address without user, password and query, as it may be printed."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]  # not `port`, which raises where it is a word
    return f"{parts.scheme}://{place}{parts.path}" if place else address.partition("?")[0]


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def shown(name: str, value: Any) -> Any:
    """A setting's value as it may be printed: secrets are not, amounts of money are texts."""
    if name == "base_url" and value:
        return without_secrets(value)
    if value is None or isinstance(value, str | int | float):
        return "(set)" if BY_NAME[name].is_secret and value else value
    if isinstance(value, dict):
        return ", ".join(f"{model}={before}/{after}" for model, (before, after) in value.items())
    return str(value)


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
        shown = "(hidden)" if setting.is_secret or setting.name == "base_url" else repr(raw)
        what = origin if origin.startswith("--") else f"{origin}: {setting.name}"
        raise SettingsError(f"{what} = {shown}: {said}") from None


def _suggestion(name: str) -> str:
    close = get_close_matches(name, BY_NAME, n=1)
    return f"did you mean '{close[0]}'?" if close else f"settings: {', '.join(BY_NAME)}"
