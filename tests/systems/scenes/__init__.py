"""Scenes: the corpus, and the models that look at it."""

import random
from functools import cache

from systems.scenes import corpus
from systems.scenes.corpus import Example


@cache
def by_lot(number: int) -> tuple[Example, ...]:
    """The first scenes of the corpus, without drawing all of it."""
    chance = random.Random(1502_03044)
    return tuple(Example(scene) for scene in dict.fromkeys(corpus.drawn(chance) for _ in range(number)))
