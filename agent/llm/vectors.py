"""Vectors as endpoints give them: what is one, and how near two are. Pure."""

from __future__ import annotations

import json
import math
from typing import Any

Vector = tuple[float, ...]


def vector_of(numbers: Any) -> Vector:
    """A list of numbers as a vector.

    Raises:
        ValueError: it is no list of finite numbers, or has no direction; the message says which.
    """
    if not isinstance(numbers, list) or not numbers:
        raise ValueError("it is no list of numbers")
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers):
        raise ValueError("not all of it are numbers")
    try:
        vector = tuple(float(one) for one in numbers)
    except OverflowError:
        vector = (math.inf,)
    if not all(map(math.isfinite, vector)):
        raise ValueError("not all of its numbers are finite")
    if not any(vector):
        raise ValueError("all of its numbers are zero")
    return vector


def read_vector(text: str) -> Vector:
    """The vector in a reply.

    Raises:
        ValueError: there is none.
    """
    try:
        return vector_of(json.loads(text))
    except RecursionError as error:
        raise ValueError("it is no list of numbers") from error


def cosine(one: Vector, other: Vector) -> float:
    """The cosine of the angle between two vectors of one length, from -1 to 1; the same for the same numbers anywhere."""
    product = math.fsum(left * right for left, right in zip(_unit(one), _unit(other), strict=True))
    return max(-1.0, min(1.0, product))


def _unit(vector: Vector) -> Vector:
    """The same direction with length 1; brought to a common size first, since squares may overflow or vanish."""
    largest = max(map(abs, vector))
    scaled = [one / largest for one in vector]
    length = math.sqrt(math.fsum(one * one for one in scaled))
    return tuple(one / length for one in scaled)
