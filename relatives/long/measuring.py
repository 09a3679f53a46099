"""One model through the exam and along the way back, in parts that can be done one by one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from relatives.long import exam, way_back
from relatives.long.record import Measured, weights_of
from relatives.long.sentences import Sentence
from relatives.long.way_back import Case
from transformer.checkpoint import Opened
from transformer.translator import Translator

PART = 16  # sentences translated at a time
CASES = 80  # sentences of the way back
Way = tuple[list[int], list[float]]  # of each piece that was read: the steps from it to the loss, and the pull


def parts(sentences: Sequence[Sentence]) -> list[list[int]]:
    """The places of the sentences that are translated together: of like lengths, so that little is padded."""
    order = sorted(range(len(sentences)), key=lambda place: sentences[place].pieces)
    return [order[first : first + PART] for first in range(0, len(order), PART)]


def cases(sentences: Sequence[Sentence], longest: int) -> list[Sentence]:
    """Those of the way back: sentences of the corpus, no longer than any in training, the longer half of them, evenly spread."""
    inside = sorted(
        (each for each in sentences if each.clauses == 1 and each.pieces <= longest), key=lambda each: each.pieces
    )
    half = inside[len(inside) // 2 :]
    return half[:: max(1, len(half) // CASES)][:CASES]


def case(opened: Opened, sentence: Sentence) -> Case:
    """The model reads a sentence and its French; the loss is that of the last word."""
    ids = tuple(opened.tokenizer.encode(sentence.target))
    at = way_back.last_word(opened.tokenizer.spelled(ids))
    return Case(
        source=tuple(opened.tokenizer.encode(sentence.source)), target=(*ids, opened.model.config.end_id), at=at
    )


def way(model: Translator, found: Case) -> Way:
    """Steps and pulls of one sentence."""
    return way_back.steps_between(len(found.source) + 1, found.at), way_back.pulls(model, found).tolist()


def measure(opened: Opened, folder: Path, sentences: Sequence[Sentence], longest: int) -> Measured:
    """All of one model. Takes up to a minute."""
    torch.set_num_threads(1)
    written = [exam.translations(opened.model, opened.tokenizer, texts(sentences, part)) for part in parts(sentences)]
    both = (opened.model, way_back.untrained(opened))
    found = [[way(model, case(opened, each)) for each in cases(sentences, longest)] for model in both]
    return assembled(facts(opened, folder), sentences, written, *found)


def texts(sentences: Sequence[Sentence], part: Sequence[int]) -> list[str]:
    """The English of one of `parts`."""
    return [sentences[place].source for place in part]


def assembled(
    known: dict[str, Any], sentences: Sequence[Sentence], written: Sequence[Sequence[str]], trained: Sequence[Way], untrained: Sequence[Way],
) -> Measured:  # fmt: skip
    """What all parts come to: the translations of each of `parts`, and the ways of each of `cases`."""
    in_place = dict(
        zip(
            [place for part in parts(sentences) for place in part],
            [text for part in written for text in part],
            strict=True,
        )
    )
    all_of_them = tuple(in_place[place] for place in range(len(sentences)))
    return Measured(
        **known, written=all_of_them, points=tuple(exam.points(sentences, all_of_them)),
        trained=tuple(way_back.by_distance(trained)), untrained=tuple(way_back.by_distance(untrained)),
    )  # fmt: skip


def facts(opened: Opened, folder: Path) -> dict[str, Any]:
    """What is known of a checkpoint without a measurement."""
    training = opened.card.get("training")
    told = training if isinstance(training, dict) else {}
    runs = [
        told,
        *(each for each in told.get("earlier") or () if isinstance(each, dict)),
    ]  # of one run that went on from another
    return {
        "name": opened.name, "kind": opened.kind, "weights": weights_of(folder), "parameters": opened.model.number_of_parameters,
        "steps": sum(int(each.get("steps") or 0) for each in runs), "seconds": sum(float(each.get("seconds") or 0.0) for each in runs),
    }  # fmt: skip


def learned(opened: Opened) -> str:
    """The corpus that a checkpoint learned from first; "" if its card does not tell."""
    corpora = opened.card.get("corpora")
    first = corpora[0] if isinstance(corpora, list) and corpora and isinstance(corpora[0], dict) else {}
    return str(first.get("name") or "")
