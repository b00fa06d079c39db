"""Which papers a question calls by an author, a citation key, a DOI or an arXiv id."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from agent.library.store import Library
from agent.text.labels import (
    Meant,
    Mention,
    are_joined,
    distinct,
    handles,
    is_person,
    mentions,
    year_of,
)
from agent.text.questions import telling_words
from agent.text.tokens import content_words


class Labels:
    """What of a question is an author's name, a key or an id that the library has."""

    def __init__(self, library: Library, query: str) -> None:
        self._library = library
        self._query = query
        self._people = self._known_people()
        self._handles = [(one, key) for one in handles(query) if (key := self._key(one.key, one.ids))]

    @property
    def stems(self) -> list[str]:
        """The stems of names and keys, which may be words of texts, too."""
        typed = [one.text for one, _ in self._people] + [one.key for one, _ in self._handles]
        return list(dict.fromkeys(word for text in typed for word in content_words(text)))

    @property
    def keys(self) -> list[str]:
        """The papers that may be meant."""
        found = [key for _, keys in self._people for key in keys] + [key for _, key in self._handles]
        return list(dict.fromkeys(found))

    def meant(self, is_word: Callable[[str], bool], inside: Container[str]) -> tuple[Meant, ...]:
        """What is meant: the stretches of the question with the papers that they call.

        Args:
            is_word: whether a text that is searched has a stem. inside: the papers that are searched.
        """
        found = [
            Meant(one.text, (key,))
            for one, key in self._handles
            if key in inside and (one.is_sure or not any(map(is_word, content_words(one.key))))
        ]
        others = [word for word in telling_words(self._query) if word not in self.stems]
        told = [
            (one, there)
            for one, keys in self._people
            if (there := [key for key in keys if key in inside])
            and is_person(one, self._query, is_word, others)
            and not any(one.text in other.text for other in found)
        ]
        return (*found, *self._together(told))

    def _together(self, told: Sequence[tuple[Mention, list[str]]]) -> list[Meant]:
        """Each name with its papers; those that stand side by side with what they wrote together, if they did."""
        groups: list[list[tuple[Mention, list[str]]]] = []
        for pair in told:
            if groups and are_joined(groups[-1][-1][0], pair[0], self._query):
                groups[-1].append(pair)
            else:
                groups.append([pair])
        found: list[Meant] = []
        for group in groups:
            shared = set(group[0][1]).intersection(*(keys for _, keys in group))
            year = next((said for one, _ in group if (said := year_of(one, self._query))), None)
            for one, keys in group:
                kept = [key for key in keys if not shared or key in shared]
                found.append(Meant(one.text, tuple(self._of_year(kept, year))))
        return found

    def _of_year(self, keys: list[str], year: int | None) -> list[str]:
        """Those of a year; all of them where none is."""
        if year is None:
            return keys
        years = self._library.years(keys)
        return [key for key in keys if years.get(key) == year] or keys

    def _known_people(self) -> list[tuple[Mention, list[str]]]:
        told = mentions(self._query)
        known: dict[str, list[str]] = {}
        for by in self._library.named(one.folded for one in told):
            known.setdefault(by.name, []).append(by.key)
        return [(one, known[one.folded]) for one in distinct([one for one in told if one.folded in known])]

    def _key(self, name: str, ids: Sequence[tuple[str, str]]) -> str | None:
        return self._library.with_id(ids) or self._library.resolve(name)
