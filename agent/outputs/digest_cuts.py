"""An issue made to fit into so many bytes: less relevant papers by their title, then not at all, and it says so.

The head and the foot always stay. Nothing is cut where everything fits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from agent.outputs.digest_view import IssueView, ItemView, ListView, NamedList, NamedView, ThemeView
from agent.outputs.digest_words import counted, joined, line

LEAST_IN_FULL = 10  # where hardly any paper fits, everything's texts are shortened further instead
MOST_BY_TITLE_FIRST = 25  # that many stay in full before titles are given up
REST = "in the text part of this mail"


@dataclass(frozen=True)
class _Tightness:
    """How long texts and lists may be."""

    text: int
    named: int
    listed: int


_LEVELS = (_Tightness(2000, 40, 12), _Tightness(240, 5, 5), _Tightness(80, 3, 3))


def fitted(view: IssueView, size: Callable[[IssueView], int], limit: int) -> IssueView:
    """The view, or as much of it as makes a document of at most `limit`, as `size` measures it.

    Papers give way in order of relevance, whatever theme they are in; those that stay keep place and number.
    """
    whole = _tightened(view, _LEVELS[0])
    if size(whole) <= limit:
        return whole
    steps = list(_steps(sum(len(theme.items) for theme in view.themes)))
    for level in _LEVELS:
        tight = _tightened(view, level)
        found = _first(steps, partial(_fits, tight, size, limit))
        if found and (found[0] >= min(steps[0][0], LEAST_IN_FULL) or level is _LEVELS[-1]):
            return _kept(tight, *found)
    return _kept(_tightened(view, _LEVELS[-1]), 0, 0)


def _fits(view: IssueView, size: Callable[[IssueView], int], limit: int, step: tuple[int, int]) -> bool:
    return size(_kept(view, *step)) <= limit


def _steps(total: int) -> Iterator[tuple[int, int]]:
    """How many papers in full and how many by title, from all to none."""
    floor = min(total, MOST_BY_TITLE_FIRST)
    yield from ((full, total - full) for full in range(total, floor, -1))
    yield from ((floor, titles) for titles in range(total - floor, 0, -1))
    yield from ((full, 0) for full in range(floor, -1, -1))


def _first(steps: list[tuple[int, int]], fits: Callable[[tuple[int, int]], bool]) -> tuple[int, int] | None:
    """The first step that fits, found by halving.

    Sizes hardly ever grow from one step to the next; where they do, the steps behind are tried one by one.
    """
    at = bisect_left(steps, True, key=fits)
    return next((step for step in steps[at:] if fits(step)), None)


def _kept(view: IssueView, full: int, titles: int) -> IssueView:
    items = sorted(
        (item for theme in view.themes for item in theme.items), key=lambda item: (-item.score, item.n)
    )
    in_full = {item.n for item in items[:full]}
    by_title = {item.n for item in items[full : full + titles]}
    themes = tuple(_theme_kept(theme, in_full, by_title) for theme in view.themes)
    shown = tuple(theme for theme in themes if theme.items)
    lost = len(items) - full - titles
    return replace(view, themes=shown, cut_note=_note(full, titles, lost, len(themes) - len(shown)))


def _theme_kept(theme: ThemeView, in_full: set[int], by_title: set[int]) -> ThemeView:
    items = tuple(
        replace(item, is_short=item.n in by_title)
        for item in theme.items
        if item.n in in_full or item.n in by_title
    )
    return replace(theme, items=items, more=len(theme.items) - len(items))


def _note(full: int, titles: int, lost: int, themes: int) -> str:
    """What was cut, in words; empty where nothing was."""
    if not titles and not lost:
        return ""
    parts = (
        [f"the {counted(full, 'most relevant paper')} {'is' if full == 1 else 'are'} here in full"]
        if full
        else []
    )
    parts += [f"{titles:,} {'more ' if full else ''}by title"] if titles else []
    here = f"{joined(parts)}; " if parts else ""
    rest = counted(lost, "more paper" if parts else "paper") if lost else "all of it"
    within = f", among them {counted(themes, 'whole theme')}," if themes else ""
    told = f"{here}{rest}{within} {'is' if lost in (0, 1) else 'are'} {REST}."
    return f"This page is cut: {told}"


def _tightened(view: IssueView, level: _Tightness) -> IssueView:
    return replace(
        view,
        topic=_cut(view.topic, level),
        lead=_shortened(view.lead, level),
        themes=tuple(
            replace(
                theme,
                title=_cut(theme.title, level),
                items=tuple(_item_cut(item, level) for item in theme.items),
            )
            for theme in view.themes
        ),
        quiet=_shortened(view.quiet, level),
        updates=_named_cut(view.updates, level),
        below=_named_cut(view.below, level),
        sources=_shortened(view.sources, level),
        made=_shortened(view.made, level),
    )


def _item_cut(item: ItemView, level: _Tightness) -> ItemView:
    return replace(
        item,
        title=_cut(item.title, level),
        byline=_cut(item.byline, level),
        claims=tuple(_cut(claim, level) for claim in item.claims),
        bears_on=tuple(_cut(one, level) for one in item.bears_on),
        why=_cut(item.why, level),
    )


def _shortened(lines: ListView, level: _Tightness) -> ListView:
    kept = tuple(_cut(one, level) for one in lines.lines[: level.listed])
    return ListView(kept, lines.more + len(lines.lines) - len(kept))


def _named_cut(named: NamedList, level: _Tightness) -> NamedList:
    kept = [
        NamedView(one.label, _cut(one.title, level), one.link, _cut(one.what, level))
        for one in named.papers[: level.named]
    ]
    return NamedList(tuple(kept), named.more + len(named.papers) - len(kept))


def _cut(text: str, level: _Tightness) -> str:
    return line(text, level.text)
