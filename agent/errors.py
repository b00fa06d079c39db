"""The error tree: what a user is told, where, and what to do.

    LitreviewError          exit code 1
    ├── InputError          nothing usable came in
    ├── SourceError         a service gave no usable answer
    ├── LibraryError        the workspace cannot be used
    ├── ModelError          asking a model came to nothing
    ├── OutputError         a file cannot be written
    └── UsageError          exit code 2: options, arguments
        ├── SettingsError   a settings file or variable
        └── PlanError       an edited plan that does not fit

One handler in `agent.cli` prints `error:` and `hint:`; nothing else catches these to print them, but for a chat, which
goes on after a question that failed.
"""

from __future__ import annotations

from typing import Literal


class LitreviewError(Exception):
    """Something that the user can act on. `hint` says how, in one line."""

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(LitreviewError):
    """No usable record came in."""


class SourceError(LitreviewError):
    """A service that knows papers gave an answer that cannot be used; the message names it and what is wrong."""


class RefusedError(SourceError):
    """A service answered that it will not, and will not another time either."""


class NotThereError(RefusedError):
    """A service does not have what was asked for."""


class LibraryError(LitreviewError):
    """The library cannot be opened, read or written."""


Reach = Literal["try", "request", "run"]


class ModelError(LitreviewError):
    """Asking a model came to nothing.

    Args:
        code: what happened, as data: `rate_limited`, `timeout`, `refusal`, `bad_key`, `budget`, ...
        reach: what it means: another `try` may go well, this `request` will not, or none of the `run` will.
        wait: seconds that the endpoint asks to wait before the next try.
    """

    def __init__(
        self, code: str, message: str, hint: str | None = None, *, reach: Reach, wait: float | None = None
    ) -> None:
        super().__init__(message, hint)
        self.code = code
        self.reach = reach
        self.wait = wait


class OutputError(LitreviewError):
    """A product cannot be written or read back."""


class UsageError(LitreviewError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file, variable or option holds something unusable."""


class PlanError(UsageError):
    """An edited plan does not fit the papers."""
