"""Finding files, folders and standard input."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from agent.errors import InputError
from agent.sources import Source, find_sources

LINE = b'{"title": "Floats in Wells"}\n'


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LINE)


def names(sources: list[Source]) -> list[str]:
    return [source.name for source in sources]


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """A named file gives its bytes under its bare name, and its whole path to tell it from others."""
    make(tmp_path, "a.jsonl")
    (source,) = find_sources([tmp_path / "a.jsonl"])
    assert (source.name, source.data, source.problem) == ("a.jsonl", LINE, None)
    assert source.path == str((tmp_path / "a.jsonl").resolve())


def test_a_folder_gives_what_can_be_read(tmp_path: Path) -> None:
    """A folder gives its files of known endings, nested ones too; hidden ones and others are left out."""
    make(tmp_path, "b.txt", "a.jsonl", "deep/er/c.JSON", "d.md", "e.ndjson", "f.text")
    make(
        tmp_path, ".hidden.txt", ".cache/g.txt", "deep/.git/h.json", "picture.png", "slides.pptx", "noending"
    )
    make(tmp_path, "g.bib", "h.ris", "i.nbib", "j.csv", "k.tsv", "l.xml", "m.pdf")
    found = names(find_sources([tmp_path]))
    assert found == [
        *("a.jsonl", "b.txt", "c.JSON", "d.md", "e.ndjson", "f.text", "g.bib", "h.ris"),
        *("i.nbib", "j.csv", "k.tsv", "l.xml", "m.pdf"),
    ]


@pytest.mark.parametrize("name", [".hidden.txt", "noending", "table.xyz"])
def test_a_file_that_is_named_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    """Endings and dots matter in folders only."""
    make(tmp_path, name)
    assert find_sources([tmp_path / name])[0].data == LINE


def test_the_same_file_twice_is_one_source(tmp_path: Path) -> None:
    """A file that is named twice, in two ways, through its folder or through a link, is read once."""
    make(tmp_path, "in/a.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "in/a.txt")
    ways = [
        tmp_path / "in/a.txt",
        tmp_path / "in/../in/a.txt",
        tmp_path / "in",
        tmp_path / "link.txt",
        tmp_path,
    ]
    assert names(find_sources(ways)) == ["a.txt"]
    assert names(find_sources([str(way) for way in reversed(ways)])) == ["a.txt"]


def test_files_of_one_name_get_longer_names(tmp_path: Path) -> None:
    """Names are the shortest ends of paths that tell the files apart."""
    make(tmp_path, "x/one/a.txt", "y/one/a.txt", "y/two/a.txt", "b.txt")
    assert names(find_sources([tmp_path])) == ["b.txt", "two/a.txt", "x/one/a.txt", "y/one/a.txt"]


def test_the_order_of_arguments_changes_nothing(tmp_path: Path) -> None:
    """The same files in another order are the same sources in the same order."""
    make(tmp_path, "x/a.txt", "y/a.txt", "c.txt")
    arguments = [tmp_path / "x", tmp_path / "y/a.txt", tmp_path / "c.txt"]
    assert find_sources(arguments) == find_sources(arguments[::-1])


def test_a_dash_is_standard_input(tmp_path: Path) -> None:
    """`-` reads the stream that was given, beside files."""
    make(tmp_path, "a.txt")
    found = find_sources(["-", tmp_path / "a.txt"], io.BytesIO(b"piped"))
    assert [(source.name, source.data) for source in found] == [("a.txt", LINE), ("stdin", b"piped")]


def test_a_dash_without_a_stream_is_empty() -> None:
    """`-` where nothing is piped is a source without data, and no failure."""
    assert [source.data for source in find_sources(["-"])] == [b""]


def test_standard_input_is_read_once() -> None:
    """`-` given twice is one source, as a file given twice is."""
    assert [source.data for source in find_sources(["-", "-"], io.BytesIO(b"piped"))] == [b"piped"]


def test_a_file_called_like_standard_input_keeps_a_name_of_its_own(tmp_path: Path) -> None:
    """No two sources of a run have one name."""
    make(tmp_path, "stdin")
    found = names(find_sources(["-", tmp_path / "stdin"], io.BytesIO(b"piped")))
    assert len(set(found)) == 2


def test_no_arguments_are_no_sources() -> None:
    """Nothing in, nothing out."""
    assert find_sources([]) == []


@pytest.mark.parametrize(
    "name", ["missing.txt", "missing/a.txt", "a.txt/below", "nul\0.txt", "x" * 300, "~nobody-of-this-name/a"]
)
def test_a_missing_file_is_an_error_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What does not exist is named, with a hint what to do."""
    make(tmp_path, "a.txt")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        find_sources(["a.txt", name])
    assert caught.value.hint
    assert name[:20] in caught.value.message


def test_a_tilde_opens_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose name begins with a tilde can be named where it lies."""
    make(tmp_path, "~draft.jsonl")
    monkeypatch.chdir(tmp_path)
    assert [source.data for source in find_sources(["~draft.jsonl"])] == [LINE]


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~/` is the home folder."""
    make(tmp_path, "a.txt")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert names(find_sources(["~/a.txt"])) == ["a.txt"]


def test_a_folder_with_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    """A folder without a file of a known ending says which endings are known."""
    make(tmp_path, "picture.png", ".hidden.txt")
    with pytest.raises(InputError, match="jsonl") as caught:
        find_sources([tmp_path])
    assert caught.value.hint


def test_a_dangling_link_is_a_source_with_a_problem(tmp_path: Path) -> None:
    """A link to nothing is told, beside what can be read."""
    make(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere.txt")
    found = find_sources([tmp_path])
    assert [bool(source.problem) for source in found] == [False, True]


def test_a_link_to_itself_is_a_source_with_a_problem(tmp_path: Path) -> None:
    """A link that goes round in a circle is told, beside what can be read."""
    make(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "b.txt")
    found = find_sources([tmp_path])
    assert [bool(source.problem) for source in found] == [False, True]


def test_folders_that_link_to_each_other_end(tmp_path: Path) -> None:
    """A folder that links to its own parent is gone through once."""
    make(tmp_path, "in/a.txt")
    (tmp_path / "in/up").symlink_to(tmp_path)
    assert names(find_sources([tmp_path])) == ["a.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_a_source_with_a_problem(tmp_path: Path) -> None:
    """A named pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe.txt")
    for argument in (tmp_path, tmp_path / "pipe.txt"):
        (source,) = find_sources([argument])
        assert source.problem


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_source_with_a_problem(tmp_path: Path) -> None:
    """A file that may not be read says so and stops nothing."""
    make(tmp_path, "a.txt", "b.txt")
    (tmp_path / "a.txt").chmod(0)
    found = find_sources([tmp_path])
    assert ["permission" in (source.problem or "") for source in found] == [True, False]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are free bytes on Linux only")
def test_a_name_that_is_no_text_can_be_told(tmp_path: Path) -> None:
    """A file whose name is no UTF-8 is read, and its name can be written to a file."""
    path = os.fsencode(tmp_path) + b"/w\xffll.txt"
    with open(path, "wb") as stream:  # noqa: PTH123
        stream.write(LINE)
    (source,) = find_sources([tmp_path])
    assert source.data == LINE
    assert source.name.encode()
    assert source.path.encode()
