"""How often a hop looks at the facts that decide, over held-out stories; nobody ever told the network which these are.

`python -m systems.stories.exam` measures every shipped memory network and records the figures in `recorded/looks.json`.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import torch

from systems import records
from systems.records import Figures
from systems.stories.corpus import Story, load
from systems.stories.memory import MemoryNetwork
from systems.stories.world import QUESTIONS, words

RECORDED = Path(__file__).parent / "recorded" / "looks.json"
COMMAND = "python -m systems.stories.exam"
KINDS = ("memory", "memory-one", "memory-shared", "memory-timeless")
BATCH = 256


@torch.no_grad()
def exam(model: MemoryNetwork, examples: Sequence[Story]) -> Figures:
    """By kind of question: stories, the share that is answered right, and of each hop what the gold facts get of its look.

    `looks[hop][place]` is the mean weight on the gold fact at a place of the chain of reasons, `best[hop]` how often the fact with the
    largest weight is a gold one, `chance` how often a fact drawn by lot would be.
    """
    found: Figures = {}
    for kind in QUESTIONS:
        some = [each for each in examples if each.kind == kind]
        if some:
            found[kind] = of_kind(model, some)
    return found


def of_kind(model: MemoryNetwork, examples: Sequence[Story]) -> Figures:
    """The figures of stories that all ask the same."""
    right, looks, best = 0, torch.zeros(model.sizes.hops, len(examples[0].gold)), torch.zeros(model.sizes.hops)
    for start in range(0, len(examples), BATCH):
        some = examples[start : start + BATCH]
        read = model.read(
            [[words(line) for line in each.lines] for each in some], [words(each.question) for each in some]
        )
        trace = model(read.story, read.ages, read.question)
        answers = [model.words[place] for place in trace.logits.argmax(-1).tolist()]
        right += sum(answer == each.answer for answer, each in zip(answers, some, strict=True))
        weights = torch.stack([hop.weights for hop in trace.hops]).cpu()  # hop batch sentence
        gold = torch.tensor([each.gold for each in some])  # batch place
        rows = torch.arange(len(some))[:, None]
        looks += weights[:, rows, gold].sum(1)
        best += (weights.argmax(-1)[..., None] == gold).any(-1).sum(-1)
    count = len(examples)
    chance = sum(len(each.gold) / len(each.lines) for each in examples) / count
    return {
        "stories": count, "right": right / count, "looks": (looks / count).tolist(), "best": (best / count).tolist(), "chance": chance,
    }  # fmt: skip


def facts(found: Mapping[str, Figures], count: int) -> float | None:
    """The share that is right of all questions that take `count` facts; `None` if there are none."""
    some = [found[kind] for kind, (_told, takes) in QUESTIONS.items() if takes == count and kind in found]
    total = sum(each["stories"] for each in some)
    return sum(each["right"] * each["stories"] for each in some) / total if total else None


def read(file: Path = RECORDED) -> dict[str, Figures]:
    """The recorded figures by the hash of the weights. Raises `ValueError` with a sentence."""
    return records.read(file, COMMAND)


def record(folders: Iterable[Path], file: Path = RECORDED) -> None:
    """Measure the networks in some folders, and write what was found."""
    examples = load().split("test")
    records.record(file, COMMAND, folders, lambda model: exam(model, examples))


if __name__ == "__main__":
    record(records.shipped(KINDS))
