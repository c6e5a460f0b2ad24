"""Records of people who do not exist."""

from __future__ import annotations

import random
from typing import Any

_FIRST = ("Ada", "Bela", "Carla", "Dario", "Emil", "Fatima", "Goran", "Hana", "Imre", "Juna", "Kofi", "Lena", "Milo", "Nura", "Oskar", "Pia")
_LAST = ("Arden", "Becker", "Castle", "Dorsey", "Egan", "Falk", "Garner", "Holm", "Irwin", "Jensen", "Keller", "Lund", "Moreau", "Novak", "Okoye", "Pike")
_OCCUPATIONS = ("Baker", "Carpenter", "Doctor", "Electrician", "Farmer", "Gardener", "Journalist", "Librarian", "Mason", "Nurse", "Pilot", "Teacher")
_STREETS = ("Ash Lane", "Birch Road", "Canal Street", "Dale Avenue", "Elm Street", "Ferry Road", "Garden Row", "Hill Street")
_CITIES = ("Ashford", "Bridgewater", "Clearview", "Dunmore", "Eastport", "Fairhaven", "Greenfield", "Harborough")


def _digits(source: random.Random, pattern: str) -> str:
    return "".join(str(source.randrange(10)) if each == "#" else each for each in pattern)


def _person(source: random.Random) -> dict[str, Any]:
    return {
        "age": source.randint(16, 66),
        "name": (source.choice(_FIRST), source.choice(_LAST)),
        "occupation": source.choice(_OCCUPATIONS),
        "telephone": _digits(source, "+1-###-555-####"),
        "address": {"address": f"{source.randint(1, 1400)} {source.choice(_STREETS)}", "city": source.choice(_CITIES)},
        "credit-card": {
            "number": _digits(source, "4### #### #### ####"),
            "expiration-date": f"{source.randint(1, 12):02}/{source.randint(26, 35)}",
        },
    }


def people(seed: int, number: int, count: int) -> list[dict[str, Any]]:
    """The records of one partition: always the same for a seed and a number of a partition."""
    source = random.Random(f"{seed}/{number}")  # noqa: S311
    return [_person(source) for _ in range(count)]
