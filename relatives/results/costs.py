"""What our models cost: the steps on their cards times the operations of one step, which `flops` counts.

`python -m relatives.results.costs` counts for every shipped model and keeps the counts in `relatives/recorded/costs.json`; steps are
never kept there, but read from the card, so that a model that is trained further costs more.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from relatives.results import flops
from relatives.results.flops import Step
from transformer import checkpoint
from transformer.checkpoint import Opened, replacing
from transformer.corpora import open_corpus
from transformer.training.batches import Variation, encode_pairs
from transformer.training.loop import Material
from transformer.training.presets import FINE_TUNE, options, recipes_of

RECORDED = Path(__file__).resolve().parent.parent / "recorded" / "costs.json"
SHIPPED = checkpoint.ROOT / "pretrained"
NO_COST = ("dropout", "max_positions", "padding_id", "start_id", "end_id")  # sizes that change no product


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One training of a model: from nothing, or on from what an earlier one left."""

    steps: int
    seconds: float
    corpus: str
    also: Mapping[str, int]  # other corpora, and how many of their pairs each epoch
    batch_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a model cost: its trainings, first to last, and a step of each; `None` where that was never counted."""

    stages: Sequence[tuple[Stage, Step | None]]
    averaged: int  # over how many trainings the weights are the mean; the card tells the steps of one of them

    @property
    def total(self) -> float:
        """Operations of all steps that are counted."""
        return sum(stage.steps * step.total for stage, step in self.stages if step)

    @property
    def whole(self) -> bool:
        """Whether this is all; otherwise the model cost more."""
        return self.averaged < 2 and all(step for _, step in self.stages)


def stages(card: Mapping[str, Any]) -> list[Stage]:
    """The trainings that a card tells of, first to last. Raises `ValueError` with a sentence if it tells of none."""
    try:
        training = card["training"]
        recipe, totals = training["recipe"], [*training.get("earlier", []), training]
        last = {"corpus": recipe["corpus"], "also": recipe.get("also", {}), "batch_tokens": recipe["batch_tokens"]}
        before = [
            asked(words)
            for words in map(shlex.split, training.get("commands", []))
            if "train" in words and "--resume" not in words
        ][:-1]
        # one command for each training, counted from the end: a card may have lost the first ones
        told = [*before[-(len(totals) - 1) :], last] if len(totals) > 1 else [last]
        told = [told[0]] * (len(totals) - len(told)) + told
        return [
            Stage(steps=int(each["steps"]), seconds=float(each["seconds"]), **of)
            for each, of in zip(totals, told, strict=True)
        ]
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("its card does not say how it was trained.") from error


def asked(words: Sequence[str]) -> dict[str, Any]:
    """What `python -m transformer train CORPUS ...` asks for, as far as it bears on the cost of a step."""
    corpus = words[words.index("train") + 1]
    given = dict(pairwise(words))
    also = dict(word.split(":") for flag, word in pairwise(words) if flag == "--also")
    brought = recipes_of(corpus) or {0: FINE_TUNE}
    usual = options(brought[max(least for least in brought if least <= float(given.get("--minutes", 0)))])
    tokens = int(given.get("--batch-tokens", usual["batch-tokens"]))
    return {"corpus": corpus, "also": {name: int(count) for name, count in also.items()}, "batch_tokens": tokens}


def key(config: Mapping[str, Any], stage: Stage) -> dict[str, Any]:
    """What the cost of a step depends on."""
    sizes = {name: value for name, value in config.items() if name not in NO_COST}
    return {"config": sizes, "corpus": stage.corpus, "also": dict(stage.also), "batch_tokens": stage.batch_tokens}


def count(kept: Opened, stage: Stage) -> Step:
    """Count a step of this model as in that training. Raises `CorpusError` if its text is not here, `ValueError` if there is none."""
    recipe = kept.card["training"]["recipe"]
    main, others = open_corpus(stage.corpus), [(open_corpus(name), count) for name, count in stage.also.items()]
    material = Material(pairs=main.split("train"), others=[(corpus.split("train"), count) for corpus, count in others])
    variation = Variation(**recipe.get("variation", {}))
    examples = encode_pairs(material.of_epoch(1), kept.tokenizer, variation, 1, int(recipe.get("longest", 100)))
    return flops.step(kept.model, examples, stage.batch_tokens)


def read(file: Path = RECORDED) -> list[dict[str, Any]]:
    """The counts that were recorded. Raises `ValueError` with a sentence if the file is missing or damaged."""
    try:
        found = json.loads(file.read_text("utf-8"))["counted"]
        for each in found:
            of_record(each)
            assert {"config", "corpus", "also", "batch_tokens"} <= each.keys()
    except FileNotFoundError:
        raise ValueError(f"{file.name} is missing. Count again: python -m relatives.results.costs") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
        raise ValueError(f"{file.name} is damaged. Count again: python -m relatives.results.costs") from error
    return list(found)


def of_record(entry: Mapping[str, Any]) -> Step:
    """A recorded step."""
    return Step(
        forward={str(part): float(count) for part, count in entry["forward"].items()},
        backward=float(entry["backward"]), pieces=float(entry["pieces"]), batches=int(entry["batches"]),
    )  # fmt: skip


def recorded(step: Step) -> dict[str, Any]:
    """A step as it is recorded: see `of_record`."""
    return asdict(step)


def cost(card: Mapping[str, Any], counted: Iterable[Mapping[str, Any]]) -> Cost:
    """What a model cost by its card and the counts there are. Raises `ValueError` with a sentence if its card does not tell enough."""
    if not isinstance(config := card.get("config"), Mapping):
        raise ValueError("its card does not tell the sizes of a model.")
    known = list(counted)
    told = [(stage, found(key(config, stage), known)) for stage in stages(card)]
    averaged = card["training"].get("averaged", [])
    return Cost(stages=told, averaged=len(averaged) if isinstance(averaged, list) else 0)


def found(wanted: Mapping[str, Any], counted: Iterable[Mapping[str, Any]]) -> Step | None:
    """The recorded step that is the wanted one."""
    for entry in counted:
        if all(entry[name] == value for name, value in wanted.items()):
            return of_record(entry)
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Count a step of every training of every shipped model."""
    parser = argparse.ArgumentParser(prog="python -m relatives.results.costs", description=__doc__)
    parser.add_argument("--out", type=Path, default=RECORDED, help="the file of the counts (default: the shipped one)")
    given = parser.parse_args(arguments)
    counted: list[dict[str, Any]] = []
    for name, folder in checkpoint.available().items():
        if SHIPPED in folder.parents:
            kept = checkpoint.load_any(folder)
            for stage in stages(kept.card):
                wanted = key(kept.card["config"], stage)
                if not found(wanted, counted):
                    step = count(kept, stage)
                    counted.append(wanted | recorded(step))
                    print(
                        f"{name}, batches of {stage.batch_tokens} pieces: {step.total:.4g} operations a step",
                        flush=True,
                    )
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with replacing(given.out) as part:
        part.write_text(json.dumps({"counted": counted}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
