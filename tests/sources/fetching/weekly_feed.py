"""What arXiv gives week after week in tests of digests: invented papers about wells, and one about owls."""

from __future__ import annotations

from scripted_service import Action, feed

SUBJECTS = ("Salt", "Sand", "Frost", "Iron", "Peat", "Chalk", "Clay", "Moss", "Lime", "Silt")
TOPIC = "height of water in wells"


def well(number: int, version: int = 1, day: str = "2026-08-14") -> str:
    """An entry that a digest about the height of water in wells wants."""
    subject = SUBJECTS[number % 10]
    title = f"{subject}Dip{number}: {subject} in Wells of County {number}"
    abstract = (
        f"Wells of county {number} hold {subject.lower()}. In this paper, we present {subject}Dip{number}, a float that tells"
        f" the height of water in wells. Experiments show that it reduces the error by {number + 2}% over plain floats."
    )  # fmt: skip
    return _entry(f"2608.{number:05}v{version}", title, abstract, day)


OWLS = ("2608.90000v1", "Owls at Dusk", "Owls hunt voles. We count owls in barns.", "2026-08-14")


def week(*numbers: int, owls: bool = False) -> Action:
    """A feed of these wells, with the owls if asked."""
    return feed(*(well(number) for number in numbers), *([_entry(*OWLS)] if owls else []))


def _entry(number: str, title: str, abstract: str, day: str) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{number}</id><title>{title}</title><published>{day}T00:00:00Z</published>"
        f"<summary>{abstract}</summary><author><name>Ada Lovelace</name></author></entry>"
    )
