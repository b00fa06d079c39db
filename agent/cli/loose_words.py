"""What was typed for a question and for files, where one stands in the place of the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from agent.errors import UsageError

_LIKE_A_FILE = re.compile(r"[/\\]|\.[A-Za-z]\w{0,9}$")


def is_there(name: str) -> bool:
    """Whether a file or folder is called so."""
    try:
        return bool(name) and Path(name).exists()
    except (OSError, ValueError):  # a long question is no path at all
        return False


def is_file_name(text: str) -> bool:
    """Whether it is one word that ends as the files do that are read, whether there is one or not."""
    from agent.sources.inputs import ENDINGS

    return len(text.split()) == 1 and text.lower().endswith(ENDINGS)


def no_words(typed: str, command: str, what: str) -> UsageError:
    """That a file stands where words belong: `what` in the help of `command`."""
    said = " names a file and is" if typed == "-" or is_there(typed) else ": no such file, and"
    hint = f'put the {what.lower()} first: litreview {command} "{what}" FILES'
    return UsageError(f"{typed}{said} no {what.lower()}", hint)


def refuse_file(text: str, command: str, what: str) -> None:
    """A file stands where words belong.

    Raises:
        UsageError: it does.
    """
    if text == "-" or is_file_name(text):
        raise no_words(text, command, what)


def refuse_loose_words(text: str | None, files: Sequence[str], command: str, what: str) -> None:
    """Words that were typed without quotation marks, so that all but the first are taken for files.

    Raises:
        UsageError: a file is not there and is called as no file is.
    """
    loose = [name for name in files if name != "-" and not is_there(name) and not _LIKE_A_FILE.search(name)]
    if text is None or not loose or (" " in text and len(loose) == 1):  # one may be a name that is mistyped
        return
    named = [name for name in files if is_there(name) or _LIKE_A_FILE.search(name)]
    whole = " ".join([text, *(name for name in files if name not in named)])
    raise UsageError(
        f"{loose[0]}: no such file or folder",
        f"put the {what.lower()} in quotation marks: " + " ".join([f'litreview {command} "{whole}"', *named]),
    )
