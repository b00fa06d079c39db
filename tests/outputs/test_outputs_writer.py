"""Files are written whole, and what a person edited is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.errors import OutputError
from agent.library import Library
from agent.outputs.files import Writer, digest


class Desk:
    """A folder for documents and a library that remembers what was written there."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.path = folder / "library.sqlite"

    def write(
        self, text: str, name: str = "survey.md", *, known: dict[str, str] | None = None, force: bool = False
    ) -> str:
        """Write as one run does; the name that was written to."""
        with Library(self.path) as library:
            return Writer(self.out, library, known, force=force).write(name, text).written_as

    def edit(self, text: str, name: str = "survey.md") -> None:
        (self.out / name).write_text(text, encoding="utf-8")

    def files(self) -> dict[str, str]:
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(self.out.iterdir())}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_file_of_ours_is_replaced(desk: Desk) -> None:
    """What an earlier run wrote, the next one may write over, and nothing else is left behind."""
    assert [desk.write(text) for text in ("one", "two", "one", "three")] == ["survey.md"] * 4
    assert desk.files() == {"survey.md": "three"}


def test_a_person_s_edits_are_left_alone(desk: Desk) -> None:
    """The new file goes beside an edited one, and a later one replaces only the new one."""
    desk.write("one")
    desk.edit("mine")
    assert desk.write("two") == "survey.new.md"
    assert desk.write("three") == "survey.new.md"
    assert desk.files() == {"survey.md": "mine", "survey.new.md": "three"}


def test_edits_in_the_new_file_are_left_alone_too(desk: Desk) -> None:
    """Where both were edited a third one is written, and so on."""
    desk.write("one")
    desk.edit("mine")
    desk.write("two")
    desk.edit("mine too", "survey.new.md")
    assert desk.write("three") == "survey.new2.md"
    desk.edit("and this", "survey.new2.md")
    assert desk.write("four") == "survey.new3.md"
    assert desk.files() == {
        "survey.md": "mine", "survey.new.md": "mine too", "survey.new2.md": "and this", "survey.new3.md": "four",
    }  # fmt: skip


def test_a_file_that_was_never_ours_is_left_alone(desk: Desk) -> None:
    """A file that stood there before the first run is a person's."""
    desk.out.mkdir()
    desk.edit("mine")
    assert desk.write("one") == "survey.new.md"
    assert desk.files()["survey.md"] == "mine"


def test_an_edit_to_what_we_would_write_is_no_edit(desk: Desk) -> None:
    """A file that holds the new text already is not written beside itself."""
    desk.out.mkdir()
    desk.edit("one")
    assert desk.write("one") == "survey.md"
    assert desk.files() == {"survey.md": "one"}


def test_force_overwrites(desk: Desk) -> None:
    """With `force` an edited file is replaced."""
    desk.write("one")
    desk.edit("mine")
    assert desk.write("two", force=True) == "survey.md"
    assert desk.files() == {"survey.md": "two"}


@pytest.mark.parametrize(("stated", "name"), [("theirs", "survey.md"), ("other", "survey.new.md")])
def test_a_digest_that_the_old_product_names_is_ours(desk: Desk, stated: str, name: str) -> None:
    """A set that another workspace wrote is known by its own survey.json, and only as it was written."""
    desk.out.mkdir()
    desk.edit("theirs")
    assert desk.write("one", known={"survey.md": digest(stated.encode())}) == name


def test_a_run_killed_between_note_and_rename_is_no_person(desk: Desk) -> None:
    """The old file stands, the new digest is noted: the next run replaces it. The same after the rename."""

    class Killed(Library):
        def note_output(self, sha256: str) -> None:
            super().note_output(sha256)
            raise KeyboardInterrupt

    desk.write("one")
    with Killed(desk.path) as library, pytest.raises(KeyboardInterrupt):
        Writer(desk.out, library).write("survey.md", "two")
    assert desk.files() == {"survey.md": "one"}
    assert desk.write("three") == "survey.md"
    with Killed(desk.path) as library, pytest.raises(KeyboardInterrupt):
        Writer(desk.out, library).write("survey.md", "four")
    desk.edit("four")
    assert desk.write("five") == "survey.md"
    assert desk.files() == {"survey.md": "five"}


def test_the_folder_is_known_by_any_of_its_names(desk: Desk, tmp_path: Path) -> None:
    """A file is ours also where the folder is reached through a link."""
    desk.write("one")
    (tmp_path / "link").symlink_to(desk.out)
    desk.out = tmp_path / "link"
    assert desk.write("two") == "survey.md"


@pytest.mark.parametrize("name", ["survey.md", "plan.json", "noending", "two.parts.bib"])
def test_the_new_file_keeps_its_ending(desk: Desk, name: str) -> None:
    """`.new` goes before the ending, so that the file still opens in the same program."""
    desk.out.mkdir()
    desk.edit("mine", name)
    written = desk.write("one", name)
    assert written != name
    assert Path(written).suffix == Path(name).suffix or "." not in name
    assert desk.files() == {name: "mine", written: "one"}


def test_an_unsound_text_is_written_all_the_same(desk: Desk) -> None:
    """A lone surrogate does not stop a document."""
    assert desk.write("a \ud800 b") == "survey.md"
    assert desk.files() == {"survey.md": "a ? b"}


def _file_in_the_way(folder: Path) -> None:
    folder.write_text("a file", encoding="utf-8")


def _folder_under_a_file(folder: Path) -> None:
    folder.parent.joinpath("out").symlink_to(folder.parent / "nowhere" / "x")


def _folder_of_that_name(folder: Path) -> None:
    (folder / "survey.md").mkdir(parents=True)


def _read_only(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o555)


@pytest.mark.parametrize("spoil", [_file_in_the_way, _folder_under_a_file, _folder_of_that_name, _read_only])
def test_what_cannot_be_written_is_said(desk: Desk, spoil: object) -> None:
    """An unusable folder is an OutputError that names the file and says what to do; no draft is left behind."""
    if spoil is _read_only and hasattr(os, "geteuid") and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    spoil(desk.out)  # type: ignore[operator]
    with pytest.raises(OutputError) as error:
        desk.write("one")
    assert "cannot be written" in error.value.message
    assert "--out" in (error.value.hint or "")
    assert not desk.out.is_dir() or [path.name for path in desk.out.iterdir()] in ([], ["survey.md"])
