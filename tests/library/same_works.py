"""Ways in which two records of one work differ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from random import Random

from invented_records import Person, Record, Side, arxiv_id, as_bibtex, doi, method, named, plain, venue

from agent.text.clean import clean
from agent.text.sentences import sentences

# What a title gets, so that it has something to be written in two ways: plain, in TeX, without accents.
SPELLINGS = (
    ("on Erdős–Rényi Graphs", "on Erd{\\H o}s--R\\'enyi Graphs", "on Erdos-Renyi Graphs"),
    ("by Hölder’s Inequality", "by H{\\\"o}lder's Inequality", "by Holder's Inequality"),
    ("after Poincaré", "after Poincar\\'{e}", "after Poincare"),
    ("in São Tomé", "in S\\~ao Tom\\'e", "in Sao Tome"),
    ("with Čech Complexes", "with {\\v C}ech Complexes", "with Cech Complexes"),
    ("for Naïve Bayes", 'for Na{\\"i}ve Bayes', "for Naive Bayes"),
    ("with α-Divergence", "with $\\alpha$-Divergence", ""),
    ("at 100× Speed", "at 100$\\times$ Speed", ""),
    ("with ε–δ Bounds", "with $\\epsilon$--$\\delta$ Bounds", ""),
    ("for BERT & Co", "for {BERT} \\& Co", ""),
)
UMLAUTS = (("for Schrödinger Bridges", "for Schroedinger Bridges"), ("after Gödel", "after Goedel"),
           ("by Kähler Geometry", "by Kaehler Geometry"), ("on Ångström Scales", "on Aangstroem Scales"))  # fmt: skip
OTHER_WORDS = {
    "efficient": "fast", "via": "through", "towards": "toward", "accelerating": "speeding up", "using": "with",
    "framework": "approach", "learning": "training", "models": "networks", "novel": "new", "improving": "enhancing",
    "acceleration": "speedup", "exploring": "studying", "simple": "plain", "method": "technique", "by": "with",
    "robust": "reliable", "scalable": "large-scale", "optimizing": "tuning", "unified": "common", "fast": "rapid",
}  # fmt: skip
ADDED = ("Efficient", "Practical", "Scalable", "Adaptive", "Provably", "Robust", "Improved")
SAID = {"propose": "introduce", "show": "demonstrate", "novel": "new", "significantly": "substantially", "present": "describe",
        "achieves": "reaches", "however": "yet", "method": "approach"}  # fmt: skip
BRITISH = (("izat", "isat"), ("izing", "ising"), ("ize", "ise"), ("odeling", "odelling"), ("ehavior", "ehaviour"),
           ("yzing", "ysing"))  # fmt: skip

Made = tuple[Side, Side] | None
Kind = Callable[[Random, Record, list[Person]], Made]


def _again(work: Record, **changed: object) -> Record:
    return {**work, **changed}


def _recased(rng: Random, work: Record, people: list[Person]) -> Made:
    title = clean(work["title"])  # the case of TeX's commands means something
    return work, _again(
        work, title=rng.choice([title.upper(), title.lower(), title.title(), title.capitalize()])
    )


def _accents(rng: Random, work: Record, people: list[Person]) -> Made:
    accented, _, bare = rng.choice([spelling for spelling in SPELLINGS if spelling[2]])
    written = unicodedata.normalize("NFD", accented) if rng.random() < 0.3 else bare
    return _again(work, title=f"{work['title']} {accented}"), _again(work, title=f"{work['title']} {written}")


def _umlauts(rng: Random, work: Record, people: list[Person]) -> Made:
    sign, letters = rng.choice(UMLAUTS)
    return _again(work, title=f"{work['title']} {sign}"), _again(work, title=f"{work['title']} {letters}")


def _signs(rng: Random, work: Record, people: list[Person]) -> Made:
    title = work["title"]
    ways = [
        title + ".",
        title.replace("-", rng.choice(["–", "\u2010", "\u2011", " "])),
        re.sub(r":\s+", rng.choice([" - ", " — ", " : ", ". "]), title),
        title.replace(",", "").replace("?", ""),
        title.replace("'", "’").replace(" ", "\u00a0"),
        f"“{title}”",
    ]
    return work, _again(work, title=rng.choice([way for way in ways if way != title]))


def _ampersand(rng: Random, work: Record, people: list[Person]) -> Made:
    written = work["title"].replace(" and ", rng.choice([" & ", " &amp; "]))
    return (work, _again(work, title=written)) if written != work["title"] else None


def _in_tex(rng: Random, title: str) -> tuple[str, str]:
    """A title as a reader sees it, and its source."""
    seen, source, _ = rng.choice(SPELLINGS)
    words = [word for word in re.findall(r"[A-Za-z]{4,}", title) if title.count(word) == 1]
    marked = rng.choice(words) if words else ""
    style = rng.choice(["{%s}", "{{%s}}", "\\emph{%s}", "\\textbf{%s}"])
    return f"{title} {seen}", (title.replace(marked, style % marked) if marked else title) + f" {source}"


def _tex(rng: Random, work: Record, people: list[Person]) -> Made:
    seen, source = _in_tex(rng, work["title"].replace("$", ""))
    return _again(work, title=seen), _again(work, title=source)


def _bibtex(rng: Random, work: Record, people: list[Person]) -> Made:
    if set("$\\^%#_") & set(work["title"]):
        return None
    seen, source = _in_tex(rng, work["title"].replace(" & ", " and "))
    return _again(work, title=seen), as_bibtex(_again(work, title=source, abstract=None))


def _published(rng: Random, work: Record, people: list[Person]) -> Made:
    year = work["year"] or rng.randint(2015, 2023)
    number = arxiv_id(rng, year)
    stated = rng.choice(
        [
            {"arxiv_id": number},
            {"doi": f"10.48550/arXiv.{number}"},
            {"url": f"https://arxiv.org/abs/{number}"},
        ]
    )
    preprint = _again(work, year=year, venue=rng.choice([None, "arXiv", "CoRR"]), type="article", **stated)
    return preprint, _again(
        work, year=year + rng.choice([0, 1, 1, 1, 2]), venue=venue(rng), type="article-journal", doi=doi(rng)
    )


def _reworded(rng: Random, title: str) -> str:
    """The title with one to four of its words changed, dropped or added."""
    words = title.split()
    for _ in range(rng.randint(1, min(4, max(1, len(words) // 3)))):
        known = [place for place, word in enumerate(words) if word.lower() in OTHER_WORDS]
        place = rng.choice(known) if known and rng.random() < 0.7 else rng.randrange(1, len(words))
        if place in known:
            words[place : place + 1] = OTHER_WORDS[words[place].lower()].title().split()
        elif rng.random() < 0.5 or len(words) < 6:
            words.insert(place, rng.choice(ADDED))
        else:
            del words[place]
    return " ".join(words)


def _retold(rng: Random, abstract: str) -> str:
    """The abstract with some words changed and at most one sentence left out."""
    told = sentences(abstract)
    if len(told) > 4 and rng.random() < 0.5:
        told.pop(rng.randrange(1, len(told)))
    return " ".join(SAID.get(word, word) for word in " ".join(told).split())


def _retitled(rng: Random, work: Record, people: list[Person]) -> Made:
    preprint, published = _published(rng, work, people) or (work, work)
    assert isinstance(preprint, dict) and isinstance(published, dict)
    title = _reworded(rng, work["title"])
    if plain(title) == plain(work["title"]):
        return None
    return preprint, _again(published, title=title, abstract=_retold(rng, work["abstract"]))


def _christened(rng: Random, work: Record, people: list[Person]) -> Made:
    preprint, published = _published(rng, work, people) or (work, work)
    assert isinstance(preprint, dict) and isinstance(published, dict)
    without = work["title"].partition(": ")[2] or work["title"]
    name = work["title"].partition(": ")[0] if without != work["title"] else method(rng)
    said = _retold(rng, work["abstract"])
    return _again(preprint, title=without), _again(published, title=f"{name}: {without}", abstract=said)


def _initials(rng: Random, work: Record, people: list[Person]) -> Made:
    def short(given: str, family: str) -> str:
        letters = [part[0] for part in re.split(r"[\s-]+", given)]
        dotted = rng.choice([". ", "."]).join(letters) + "."
        return rng.choice([f"{dotted} {family}", f"{family}, {dotted}"])

    return work, _again(work, authors=[short(*person) for person in people])


def _one_author(rng: Random, work: Record, people: list[Person]) -> Made:
    return work, _again(work, authors=[f"{named(people)[0]} et al."])


def _turned_names(rng: Random, work: Record, people: list[Person]) -> Made:
    """Family name first and no comma, as indexes write it: `Smith JA`."""
    turned = [
        family + " " + "".join(part[0] for part in re.split(r"[\s-]+", given)) for given, family in people
    ]
    return work, _again(work, authors=turned)


def _bare(rng: Random, work: Record, people: list[Person]) -> Made:
    return work, {"title": work["title"], **rng.choice([{}, {"year": work["year"]}, {"doi": doi(rng)}])}


def _id_in_one(rng: Random, work: Record, people: list[Person]) -> Made:
    stated = rng.choice(
        [
            {"doi": doi(rng)},
            {"arxiv_id": arxiv_id(rng, work["year"])},
            {"ids": {"pmid": str(rng.randint(1, 9**8))}},
        ]
    )
    return _again(work, **stated), work


def _doi_forms(rng: Random, work: Record, people: list[Person]) -> Made:
    number = doi(rng)
    written = [
        number.upper(),
        f"https://doi.org/{number}",
        f"http://dx.doi.org/{number.upper()}",
        f"doi:{number}",
        f"{number}.",
    ]
    title = rng.choice([work["title"], _reworded(rng, work["title"])])
    return _again(work, doi=number), _again(work, title=title, doi=rng.choice(written))


def _arxiv_forms(rng: Random, work: Record, people: list[Person]) -> Made:
    number = arxiv_id(rng, work["year"])
    names = [f"arXiv:{number}v2", f"{number}v1", f"https://arxiv.org/abs/{number}v3"]
    forms = [
        {"doi": f"10.48550/arXiv.{number}"},
        {"url": f"https://arxiv.org/pdf/{number}v1"},
        {"doi": f"https://doi.org/10.48550/ARXIV.{number}"},
    ]
    title = rng.choice([work["title"], _reworded(rng, work["title"])])
    return _again(work, arxiv_id=rng.choice(names)), _again(work, title=title, **rng.choice(forms))


def _retracted(rng: Random, work: Record, people: list[Person]) -> Made:
    number, mark = doi(rng), rng.choice(["RETRACTED: ", "RETRACTED ARTICLE: ", "[Retracted] "])
    return _again(work, doi=number), _again(work, doi=number, title=mark + work["title"])


def _typos(rng: Random, work: Record, people: list[Person]) -> Made:
    title = work["title"]
    for _ in range(rng.randint(1, 2)):
        inside = [match.start() for match in re.finditer(r"(?<=[a-z])[a-z](?=[a-z]{2})", title)]
        if not inside:
            return None
        at = rng.choice(inside)
        letter, after = title[at], title[at + 1]
        wrong = rng.choice([after + letter, after, letter + letter + after, rng.choice("aeinorst") + after])
        title = title[:at] + wrong + title[at + 2 :]
    return (work, _again(work, title=title)) if plain(title) != plain(work["title"]) else None


def _subtitle(rng: Random, work: Record, people: list[Person]) -> Made:
    head, colon, _ = work["title"].partition(": ")
    abstract = None if people and rng.random() < 0.3 else work["abstract"]
    return (work, _again(work, title=head, abstract=abstract)) if colon else None


def _cut_short(rng: Random, work: Record, people: list[Person]) -> Made:
    words = work["title"].split()
    kept = max(4, round(len(words) * rng.uniform(0.6, 0.85)))
    if kept >= len(words):
        return None
    return work, _again(
        work,
        title=" ".join(words[:kept]) + rng.choice(["…", "...", " ..."]),
        abstract=work["abstract"][:250] + "…",
    )


def _spelling(rng: Random, work: Record, people: list[Person]) -> Made:
    title = work["title"]
    for american, british in BRITISH:
        title = title.replace(american, british)
    return (work, _again(work, title=title)) if title != work["title"] else None


# Each kind: what is to become of such a pair, whether it needs people, its maker. What is open is measured, and
# nothing is promised for it.
MERGED, SHOWN, OPEN = "merged", "shown", "open"
KINDS: dict[str, tuple[str, bool, Kind]] = {
    "case": (MERGED, False, _recased),
    "accents": (MERGED, False, _accents),
    "punctuation and dashes": (MERGED, False, _signs),
    "TeX": (MERGED, False, _tex),
    "TeX in BibTeX": (MERGED, False, _bibtex),
    "preprint and publication": (MERGED, False, _published),
    "initials": (MERGED, True, _initials),
    "first author only": (MERGED, True, _one_author),
    "title only": (MERGED, True, _bare),
    "id in one": (MERGED, False, _id_in_one),
    "forms of a DOI": (MERGED, False, _doi_forms),
    "forms of an arXiv id": (MERGED, False, _arxiv_forms),
    "marked as retracted": (MERGED, True, _retracted),
    "umlauts as letters": (SHOWN, False, _umlauts),
    "ampersand": (SHOWN, False, _ampersand),
    "American and British": (SHOWN, False, _spelling),
    "names turned round": (SHOWN, True, _turned_names),
    "typos": (SHOWN, False, _typos),
    "subtitle dropped": (SHOWN, False, _subtitle),
    "cut short": (OPEN, False, _cut_short),
    "retitled": (SHOWN, True, _retitled),
    "name put in front": (SHOWN, True, _christened),
}
