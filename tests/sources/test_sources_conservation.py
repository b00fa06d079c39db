"""Nothing is lost on the way in: every record of a damaged file is a paper or a rejection, and sound ones are whole."""

from __future__ import annotations

import dataclasses

import pytest
from planted import Damage, Format, check, plant
from planted_data import DATA
from planted_tagged import TAGGED

from agent.sources import Source, read_source

FORMATS = {form.kind + form.ending: form for form in (*TAGGED, *DATA)}
SHARE = 0.1


def read(form: Format, data: bytes) -> list[object]:
    name = f"records{form.ending}"
    return list(read_source(Source(name, name, data)))


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_loses_no_sound_record(name: str) -> None:
    """Of 200 records, a tenth damaged in every way in turn, each sound one says what was written."""
    planted = plant(FORMATS[name], 200, SHARE)
    outcome = check(planted, read(FORMATS[name], planted.data))
    assert outcome.faults == []
    assert outcome.papers + outcome.rejected == planted.written


@pytest.mark.parametrize(
    ("form", "damage"),
    [
        pytest.param(form, damage, id=f"{name}-{damage.name}")
        for name, form in FORMATS.items()
        for damage in form.damages
    ],
)
def test_each_damage_costs_what_it_must(form: Format, damage: Damage) -> None:
    """One kind of damage, also twice in a row, becomes the paper or the rejection that it should."""
    planted = plant(dataclasses.replace(form, damages=(damage,)), 12, 0.4)
    assert check(planted, read(form, planted.data)).faults == []


def test_every_format_is_damaged_in_ten_ways() -> None:
    """The plan names at least ten kinds of damage a format, no name twice."""
    for form in FORMATS.values():
        names = [damage.name for damage in form.damages]
        assert len(set(names)) == len(names) >= 10


@pytest.mark.parametrize("name", FORMATS)
def test_the_check_sees_what_is_lost_and_changed(name: str) -> None:
    """A record that is missing, changed, doubled or out of order is a fault, and so is one that nobody wrote."""
    form = FORMATS[name]
    planted = plant(form, 12, 0.1)
    found = read(form, planted.data)
    other = "doi" if form.says == ("doi",) else "year"
    changed = found[0].model_copy(update={other: None})
    strange = found[0].model_copy(update={"title": "Nobody's"})
    for lost in (found[1:], [changed, *found[1:]], [found[0], *found], found[::-1], [*found, strange]):
        assert check(planted, lost).faults
