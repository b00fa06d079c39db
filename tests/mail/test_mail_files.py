"""Letters as files: names that are no paths, files that are whole, and nobody's text overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.errors import OutputError
from agent.mail.files import Folder, file_name

ME, YOU = "me@example.org", "you@example.org"
LETTER = b"Message-ID: <1@example.org>\r\n\r\nThree floats.\r\n"


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_letter_is_written_as_it_is(tmp_path: Path) -> None:
    """One file a letter, with its very bytes, in a folder that is made; the outcome says where."""
    out = tmp_path / "a" / "b"
    with Folder(out, "quant-2026-W47") as folder:
        outcome = folder.deliver(ME, YOU, LETTER)
        folder.deliver(ME, "other@example.org", LETTER.replace(b"1", b"2"))
    (name, _) = sorted(written(out), reverse=True)
    assert name.startswith("quant-2026-W47-you-example.org-")
    assert name.endswith(".eml")
    assert (out / name).read_bytes() == LETTER
    assert (outcome.state, outcome.reason) == ("sent", f"written to {out / name}")
    assert len(written(out)) == 2


def test_a_letter_that_is_there_is_left(tmp_path: Path) -> None:
    """To write it twice is to write it once: the file is not touched."""
    folder = Folder(tmp_path, "quant")
    folder.deliver(ME, YOU, LETTER)
    (name,) = written(tmp_path)
    before = (tmp_path / name).stat()
    assert folder.deliver(ME, YOU, LETTER).state == "sent"
    assert (tmp_path / name).stat() == before
    assert written(tmp_path) == [name]


def test_another_text_in_its_place_is_spared(tmp_path: Path) -> None:
    """What a person made of a letter is not overwritten; the run stops and says what to do."""
    target = tmp_path / file_name("quant", YOU, LETTER)
    target.write_bytes(b"my notes")
    with pytest.raises(OutputError, match="another text") as caught:
        Folder(tmp_path, "quant").deliver(ME, YOU, LETTER)
    assert "--out" in (caught.value.hint or "")
    assert target.read_bytes() == b"my notes"
    assert written(tmp_path) == [target.name]


def test_a_draft_that_was_left_is_no_trap(tmp_path: Path) -> None:
    """A draft of a killed run gives way, and where somebody laid a link in its place, nothing is written through it."""
    theirs = tmp_path / "theirs.txt"
    theirs.write_bytes(b"theirs")
    out = tmp_path / "out"
    out.mkdir()
    name = file_name("quant", YOU, LETTER)
    for make in (lambda draft: draft.write_bytes(b"half"), lambda draft: draft.symlink_to(theirs)):
        make(out / f".{name}.part")
        Folder(out, "quant").deliver(ME, YOU, LETTER)
        assert written(out) == [name]
        assert (out / name).read_bytes() == LETTER
        (out / name).unlink()
    assert theirs.read_bytes() == b"theirs"


@pytest.mark.parametrize("where", ["taken", "taken/below", "x" * 300])
def test_a_place_that_is_no_folder_is_told(tmp_path: Path, where: str) -> None:
    """A file in the way, a name that cannot be: an error with what to do, and no letter refused."""
    (tmp_path / "taken").write_bytes(b"a file")
    with pytest.raises(OutputError) as caught:
        Folder(tmp_path / where, "quant").deliver(ME, YOU, LETTER)
    assert caught.value.hint
    assert (tmp_path / "taken").read_bytes() == b"a file"


@given(stem=st.text(max_size=300), recipient=st.text(max_size=300), message=st.binary(max_size=40))
@example("../..", "a/../../etc/passwd@x..y", b"")
@example(".hidden", "-rf", b"")
@settings(derandomize=True, database=None, deadline=None, max_examples=100)
def test_a_name_is_a_plain_name(stem: str, recipient: str, message: bytes) -> None:
    """Whatever digest, issue and recipient are called: one visible ASCII name, no path, not too long."""
    name = file_name(stem, recipient, message)
    assert Path(name).name == name
    assert name.isascii()
    assert name[0].isalnum()
    assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-")
    assert ".." not in name
    assert len(name) < 160
    assert name.endswith(".eml")


def test_names_differ_where_letters_do() -> None:
    """Addresses that look alike when they are made plain do not share a file."""
    names = {file_name("quant", "a@example.org", letter) for letter in (b"to a+b", b"to a-b", b"to a_b")}
    assert len(names) == 3
