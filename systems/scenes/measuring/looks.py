"""Where a captioner looks, over held-out scenes: the share of a word's weight that lies on what the word names. The gold is known.

A part of the picture, 8 x 8 pixels, counts as lying on a shape if at least `TOUCHED` of it is covered by the shape. `chance` is the share of
all parts that do: what weights would have that look everywhere alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from systems.scenes import captions, drawing
from systems.scenes.captions import Caption, caption
from systems.scenes.corpus import Example
from systems.scenes.hard import Hard, lot
from systems.scenes.scene import COLOURS, SIZES, Scene
from systems.scenes.soft import CELL, Soft

TOUCHED = 1 / 64  # of a part: one pixel
SORTS = ("kind", "colour", "size", "number")  # of words that name something
DRAWS = 20  # of a hard captioner, for each word


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Words of one sort: how many, and the mean share of weight (or of draws) on what they name; both between 0 and 1."""

    sort: str
    words: int
    share: float
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """Captions right to the last word, in per cent: as the model works, and with weights that are alike everywhere."""

    examples: int
    exact: float
    without: float


def gold(scene: Scene, names: Sequence[int]) -> Tensor:
    """Which parts of the picture lie on any of the shapes `names`: `(place,)`, True or False."""
    return (drawing.cells(scene, CELL)[list(names)] >= TOUCHED).any(0)


def sort_of(word: str) -> str:
    """What sort of word it is."""
    if word in captions.NUMBERS:
        return "number"
    return "size" if word in SIZES else "colour" if word in COLOURS else "kind"


def looked(model: Soft, examples: Sequence[Example]) -> list[Looked]:
    """The right captions are read, word by word, and each word's look compared with what it names.

    Of a hard captioner the draws count, `DRAWS` for each word.
    """
    hard = isinstance(model, Hard)
    shares: dict[str, list[tuple[float, float]]] = {sort: [] for sort in SORTS}
    for example in examples:
        told = caption(example.scene)
        for row in weights_of(model, example.scene, told, DRAWS if hard else 1):
            for word, names, weights in zip(told.words, told.names, row, strict=True):
                if names:
                    right = gold(example.scene, names)
                    shares[sort_of(word)].append((float(weights[right].sum()), float(right.float().mean())))
    return [
        Looked(sort=sort, words=len(found) // (DRAWS if hard else 1), share=mean(found, 0), chance=mean(found, 1))
        for sort, found in shares.items() if found
    ]  # fmt: skip


def mean(pairs: Sequence[tuple[float, float]], which: int) -> float:
    """Of one of the two."""
    return sum(pair[which] for pair in pairs) / len(pairs)


@torch.inference_mode()
def weights_of(model: Soft, scene: Scene, told: Caption, draws: int) -> Tensor:
    """What the context of each word of a caption mixes by, `(draw, word, place)`, as the caption is read."""
    known = {word: place for place, word in enumerate(model.words)}
    words = torch.tensor([[2, *(known[word] for word in told.words[:-1])]]).expand(draws, -1)
    choose = lot(torch.Generator().manual_seed(0)) if isinstance(model, Hard) else None
    found: Tensor = model(drawing.pictures([scene] * draws), words, choose).glance.chosen
    return found


def exact(model: Soft, examples: Sequence[Example]) -> Exact:
    """Captions with the model's looks, and with looks everywhere alike."""
    scenes = [example.scene for example in examples]
    right = [caption(scene).text for scene in scenes]
    own = model.captions(scenes)
    blind = []
    for begin in range(0, len(scenes), 256):
        pictures = drawing.pictures(scenes[begin : begin + 256])
        words, _ = model.write(pictures, everywhere)
        blind += [captions.told(model.told(row)) for row in words.tolist()]
    return Exact(examples=len(scenes), exact=same(right, own), without=same(right, blind))


def everywhere(weights: Tensor, _word: int) -> Tensor:
    """A way to choose: all places alike, whatever the weights."""
    return torch.full_like(weights, 1 / weights.size(-1))


def same(right: Sequence[str], found: Sequence[str]) -> float:
    """Per cent."""
    return 100 * sum(a == b for a, b in zip(right, found, strict=True)) / len(right)
