"""Settings: which layer wins, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bench import review

from agent.errors import SettingsError
from agent.settings import BY_NAME, SETTINGS, resolve, user_file

VARIABLES = {"out": "LITREVIEW_OUT", "themes": "LITREVIEW_THEMES"}


def resolved(
    folder: Path,
    *,
    own: str | None = None,
    here: str | None = None,
    env: dict[str, str] | None = None,
    **options: Any,
) -> dict[str, tuple[Any, str]]:
    """Every setting's value and origin, with files of these contents."""
    files = []
    for name, text in (("own.toml", own), ("here.toml", here)):
        files.append(folder / name)
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    found = resolve(env or {}, files[0], files[1], options)
    return {name: (value.value, Path(value.origin).name) for name, value in found.items()}


LAYERS: list[tuple[str, dict[str, Any]]] = [
    ("built in", {}),
    ("own.toml", {"own": 'out = "1"'}),
    ("here.toml", {"here": 'out = "2"'}),
    ("LITREVIEW_OUT", {"env": {"LITREVIEW_OUT": "3"}}),
    ("--out", {"out": "4"}),
]  # fmt: skip


@pytest.mark.parametrize("highest", range(len(LAYERS)))
def test_the_later_layer_wins(tmp_path: Path, highest: int) -> None:
    """Built in, own file, folder's file, environment, option: each beats all before it and says so."""
    stated: dict[str, Any] = {}
    for _, layer in LAYERS[: highest + 1]:
        stated |= layer
    value = "survey" if highest == 0 else str(highest)
    assert resolved(tmp_path, **stated)["out"] == (value, LAYERS[highest][0])


@pytest.mark.parametrize("index", range(1, len(LAYERS)))
def test_a_layer_speaks_only_of_what_it_sets(tmp_path: Path, index: int) -> None:
    """A setting that a layer leaves out keeps the value of the layer before."""
    found = resolved(tmp_path, **LAYERS[index][1])
    assert found["out"] == (str(index), LAYERS[index][0])
    assert found["engine"] == ("auto", "built in")
    assert found["themes"] == (None, "built in")


def test_nothing_said_is_not_set(tmp_path: Path) -> None:
    """An empty variable, an option that was left out and a missing file say nothing."""
    assert resolved(tmp_path, env={"LITREVIEW_OUT": ""}, out=None)["out"] == ("survey", "built in")


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ('topik = "x"', "topik", "settings:"),
        ("theems = 4", "theems", "themes"),
        ('Out = "x"', "Out", "out"),
        ("themes = 0", "themes = 0", "example"),
        ("themes = -1", "1 up", ""),
        ("themes = 2.5", "1 up", ""),
        ("themes = true", "1 up", ""),
        ('themes = "many"', "1 up", ""),
        ("themes = [1]", "1 up", ""),
        ('verify = "all"', "none, code", ""),
        ("verify = 1", "none, code", ""),
        ("out = 3", "text is wanted", ""),
        ('out = " "', "text is wanted", ""),
        ("out = ", "not TOML", "out ="),
        ("[out]\nx = 1", "text is wanted", ""),
        ("\x00", "not TOML", ""),
        ('out = "a"\nout = "b"', "not TOML", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("layer", ["own", "here"])
def test_a_bad_file_is_refused_by_name(tmp_path: Path, layer: str, text: str, said: str, hint: str) -> None:
    """An unknown name, an unusable value or a broken file is an error that names file and setting."""
    with pytest.raises(SettingsError) as error:
        resolved(tmp_path, **{layer: text})
    assert f"{layer}.toml" in error.value.message
    assert said in error.value.message
    assert hint in (error.value.hint or "") or hint == "example"


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    """A settings file that is no UTF-8 is said to be none."""
    (tmp_path / "own.toml").write_bytes(b'out = "\xff"')
    with pytest.raises(SettingsError, match="not TOML"):
        resolve({}, tmp_path / "own.toml", None, {})


@pytest.mark.parametrize(
    ("env", "said"),
    [({"LITREVIEW_THEMES": "x"}, "LITREVIEW_THEMES"), ({"LITREVIEW_VERIFY": "all"}, "LITREVIEW_VERIFY"), ({"LITREVIEW_OUT": " "}, "LITREVIEW_OUT")],
)  # fmt: skip
def test_a_bad_variable_is_refused_by_name(tmp_path: Path, env: dict[str, str], said: str) -> None:
    """A variable with an unusable value is an error that names the variable."""
    with pytest.raises(SettingsError, match=said):
        resolved(tmp_path, env=env)


NAMED = {
    "smtp_host": "smtp.example.org",
    "smtp_port": "587",
    "smtp_security": "tls",
    "timezone": "Europe/Berlin",
}  # values of settings that take no other text


@pytest.mark.parametrize("setting", [setting.name for setting in SETTINGS if setting.is_private])
def test_what_is_private_is_not_taken_from_a_folder(tmp_path: Path, setting: str) -> None:
    """A file that lies in a folder cannot say where things are kept; the user's own file can."""
    with pytest.raises(SettingsError, match="not taken from a file in a folder") as error:
        resolved(tmp_path, here=f'{setting} = "x"')
    assert BY_NAME[setting].variable in (error.value.hint or "")
    (tmp_path / "here.toml").unlink()
    value = NAMED.get(setting, "https://x")
    found, origin = resolved(tmp_path, own=f'{setting} = "{value}"')[setting]
    assert (str(found), origin) == (value, "own.toml")


def test_every_setting_has_its_variable_and_its_help() -> None:
    """All settings can be set from the environment and say what they are."""
    text = {"workspace", "collection", "out", "language", "api_key", "base_url", "prompts", "contact"}
    text |= {"openalex_key", "semantic_scholar_key", "ncbi_key"}
    text |= {"smtp_user", "smtp_password", "smtp_password_command", "smtp_from", "smtp_ca"}
    named = {
        "fulltext": "off",
        "verify": "none",
        "engine": "model",
        "output": "text",
        "tokens_parameter": "max_tokens",
        "prices": "1/2",
        "base_url": "https://host.example/v1",
        "unsubscribe_url": "https://host.example/leave",
        **NAMED,
    }
    raw = {s.name: "4" for s in SETTINGS if s.name not in text and not s.name.endswith("model")} | named
    env = {setting.variable: raw.get(setting.name, "x") for setting in SETTINGS}
    found = resolve(env, None, None, {})
    assert all(found[setting.name].origin == setting.variable for setting in SETTINGS)
    assert (found["themes"].value, found["verify"].value) == (4, "none")
    assert all(setting.help for setting in SETTINGS)


def test_the_own_file_is_where_the_system_keeps_such_files(tmp_path: Path) -> None:
    """XDG_CONFIG_HOME where it is set, else .config in the home folder."""
    assert user_file({"XDG_CONFIG_HOME": "/x"}, tmp_path) == Path("/x/litreview/config.toml")
    assert user_file({}, tmp_path) == tmp_path / ".config" / "litreview" / "config.toml"


def test_a_notebook_s_options_win_and_are_checked(tmp_path: Path) -> None:
    """Options of Review beat the rest; an unusable value is refused."""
    assert review(tmp_path, options={"themes": 3}).settings["themes"].value == 3
    with pytest.raises(SettingsError, match="verify"):
        review(tmp_path, options={"verify": "all"})


def test_a_notebook_s_unknown_option_is_refused(tmp_path: Path) -> None:
    """A mistyped option is an error with a suggestion, as it is in a file."""
    with pytest.raises(SettingsError) as error:
        review(tmp_path, options={"theems": 3})
    assert "themes" in (error.value.hint or "")
