"""Does attention look at what decides, and does it agree with leaving things out? Over held-out reviews, in which what decides is known.

`python -m systems.reviews.exam` measures every shipped network and records the figures in `recorded/looks.json`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import torch

from systems import records
from systems.records import Figures
from systems.reviews.corpus import Review, load, words
from systems.reviews.hierarchical import Hierarchical
from transformer.analysis.attributions import agreement

RECORDED = Path(__file__).parent / "recorded" / "looks.json"
COMMAND = "python -m systems.reviews.exam"
KINDS = ("hierarchical", "hierarchical-mean", "flat")
COUNT = 400  # reviews that things are left out of
BATCH = 256
EQUAL = 1e-7  # weights as near as that are the same
Text = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What attention gives to the parts of a review, and by how much the probability of its label changes without each."""

    attention: tuple[float, ...]
    without: tuple[float, ...]  # sizes of the changes
    gold: tuple[int, ...]  # the parts that decide

    @property
    def hits(self) -> tuple[float, float]:
        """Whether the part that gets most is one that decides: by attention, by leaving out. Of equals, how many are."""
        seen, needed = (fmean(place in self.gold for place in tops(each)) for each in (self.attention, self.without))
        return seen, needed

    @property
    def near(self) -> float:
        """Whether what attention gives most is one that decides, or stands beside one."""
        return fmean(any(abs(place - gold) < 2 for gold in self.gold) for place in tops(self.attention))

    @property
    def same(self) -> float:
        """Whether both name the same part; of equals, how probably if one is drawn by lot."""
        seen, needed = tops(self.attention), tops(self.without)
        return len({*seen} & {*needed}) / (len(seen) * len(needed))

    @property
    def tau(self) -> float:
        """Kendall's tau-b of both orders; NaN if one of them ranks nothing."""
        return float(agreement(self.attention, self.without).tau)


def tops(values: Sequence[float]) -> list[int]:
    """The places of the largest: mostly one, all of them where all are the same."""
    most = max(values)
    return [place for place, value in enumerate(values) if value > most - EQUAL]


@torch.no_grad()
def positives(model: Hierarchical, texts: Sequence[Text]) -> list[float]:
    """The probability of "positive" of each."""
    found: list[float] = []
    for start in range(0, len(texts), BATCH):
        found += model(model.read(texts[start : start + BATCH])).logits.softmax(-1)[:, 1].tolist()
    return found


def parts(text: Text) -> tuple[list[Text], list[Text]]:
    """A text without each of its sentences (if there are several), and without each of its words."""
    sentences = [(*text[:row], *text[row + 1 :]) for row in range(len(text))] if len(text) > 1 else []
    less = []
    for row, line in enumerate(text):
        for place in range(len(line)):
            rest = (*line[:place], *line[place + 1 :])
            less.append((*text[:row], *((rest,) if rest else ()), *text[row + 1 :]))
    return sentences, less


@torch.no_grad()
def ranked(model: Hierarchical, example: Review) -> tuple[Ranked | None, Ranked]:
    """The sentences of a review (`None` if it has one only), and all its words."""
    text = tuple(words(each) for each in example.sentences)
    sentences, less = parts(text)
    whole, *changed = positives(model, [text, *sentences, *less])
    changes = [abs(each - whole) for each in changed]
    trace = model(model.read([text]))
    weights, by_sentence = joint(model, trace, text)
    starts = [sum(map(len, text[:row])) for row in range(len(text))]
    gold = tuple(starts[example.sentence] + place for place in example.words)
    of_words = Ranked(attention=tuple(weights), without=tuple(changes[len(sentences) :]), gold=gold)
    if not sentences:
        return None, of_words
    return Ranked(
        attention=tuple(by_sentence), without=tuple(changes[: len(sentences)]), gold=(example.sentence,)
    ), of_words


def joint(model: Hierarchical, trace: Any, text: Text) -> tuple[list[float], list[float]]:
    """What each word gets of the whole look (its weight times that of its sentence), and each sentence; both sum to 1."""
    read, over = trace.words.weights[0].tolist(), trace.sentences.weights[0].tolist()
    flat = [
        over[row] * weight for row, line in enumerate(read) for weight in line[: int(trace.words.mask[0, row].sum())]
    ]
    ends = [sum(map(len, text[: row + 1])) for row in range(len(text))]
    if model.sizes.by == "sentences":
        return flat, over
    return flat, [sum(flat[end - len(line) : end]) for line, end in zip(text, ends, strict=True)]


def exam(model: Hierarchical, examples: Sequence[Review]) -> Figures:
    """All figures: right answers by kind of review over all examples, the rest over the first `COUNT`."""
    labels = model.labels([[words(each) for each in one.sentences] for one in examples])
    right: dict[str, list[bool]] = {}
    for label, each in zip(labels, examples, strict=True):
        right.setdefault(each.kind, []).append(label == each.label)
    some = examples[:COUNT]
    every = [ranked(model, each) for each in some]
    apart = [place for place, (sentences, found) in enumerate(every) if sentences and found.same < 0.5]
    return {
        "reviews": len(examples), "compared": len(some), "right": {kind: fmean(found) for kind, found in sorted(right.items())},
        "counts": {kind: len(found) for kind, found in sorted(right.items())},
        "sentences": compared([sentences for sentences, _words in every if sentences]), "words": compared([found for _sentences, found in every]),
        "words_apart": apart[:20],
    }  # fmt: skip


def compared(found: Sequence[Ranked]) -> Figures:
    """How often each method names a part that decides, how often they agree, and what a part drawn by lot would do."""
    taus = [each.tau for each in found]
    known = [tau for tau in taus if not math.isnan(tau)]
    return {
        "attention": fmean(each.hits[0] for each in found), "without": fmean(each.hits[1] for each in found),
        "same": fmean(each.same for each in found), "tau": fmean(known) if known else 0.0, "count": len(found),
        "chance": fmean(len(each.gold) / len(each.attention) for each in found),
        "near": fmean(each.near for each in found), "weight": fmean(sum(each.attention[place] for place in each.gold) for each in found),
    }  # fmt: skip


def read(file: Path = RECORDED) -> dict[str, Figures]:
    """The recorded figures by the hash of the weights. Raises `ValueError` with a sentence."""
    return records.read(file, COMMAND)


def record(folders: Iterable[Path], file: Path = RECORDED) -> None:
    """Measure the networks in some folders, and write what was found."""
    examples = load().split("test")
    records.record(file, COMMAND, folders, lambda model: exam(model, examples))


if __name__ == "__main__":
    record(records.shipped(KINDS))
