"""How a checkpoint is fine-tuned on a class's pairs: options of `python -m transformer train`, found by experiment.

Every epoch holds all of the class's pairs and a helping of what the checkpoint was trained on, drawn anew, so that the old is
rehearsed while the new is learned. A small model needs a high rate and many epochs, a large one little of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transformer.analysis.before_after import trained_on
from transformer.corpora import grammar_en_fr, module_of

MINUTES = 3  # at most, if the machine is slow or busy; by then the learning rate falls to 0, wherever the run is
LARGE = 3_000_000  # parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What differs between a small and a large model."""

    sentences: int  # in all epochs together, rehearsed ones included
    rehearsed: int  # sentences in an epoch, or as many as the class's pairs if those are more
    peak_rate: float
    sampled: (
        float  # share of the sentences that are cut into random pieces, so that the spelling of a new word is learned
    )
    batch: int  # pieces a side
    dropout: float
    snapshots: int  # each takes room on the disk


SMALL_MODEL = Pace(sentences=17_000, rehearsed=40, peak_rate=4e-3, sampled=0.3, batch=1000, dropout=0.0, snapshots=12)
LARGE_MODEL = Pace(sentences=2_000, rehearsed=60, peak_rate=1.5e-4, sampled=0.1, batch=2000, dropout=0.1, snapshots=6)


def arguments(file: str, base: str, card: Mapping[str, Any], pairs: int) -> list[str]:
    """What `python -m transformer train` is told to fine-tune the checkpoint `base` with that card on so many pairs in `file`."""
    pace = LARGE_MODEL if large(card) else SMALL_MODEL
    helpings = rehearsal(card, max(pace.rehearsed, pairs))
    epochs = max(1, round(pace.sentences / (pairs + sum(helpings.values()))))
    also = [part for name, count in helpings.items() for part in ("--also", f"{name}:{count}")]
    return [
        file, "--from", base, *also, "--epochs", str(epochs), "--minutes", f"{MINUTES:g}",
        "--peak-rate", f"{pace.peak_rate:g}", "--warm-up", "10", "--cool-down", "0.3", "--dropout", f"{pace.dropout:g}",
        "--batch-tokens", str(pace.batch), "--sample-pieces", f"{pace.sampled:g}", "--snapshots", str(pace.snapshots),
    ]  # fmt: skip


def large(card: Mapping[str, Any]) -> bool:
    """Whether the checkpoint with that card counts as large."""
    parameters = card.get("parameters")
    return isinstance(parameters, int | float) and parameters >= LARGE


def rehearsal(card: Mapping[str, Any], count: int) -> dict[str, int]:
    """How many sentences of which corpus to rehearse: two thirds from the first that is here, the rest from the others.

    If none of the checkpoint's corpora is on this machine, the built-in grammar is better than nothing.
    """
    here = [name for name in dict.fromkeys(trained_on(card)) if on_this_machine(name)] or [grammar_en_fr.NAME]
    if len(here) == 1:
        return {here[0]: count}
    rest = count // 3
    return {here[0]: count - rest, here[1]: rest}


def on_this_machine(name: str) -> bool:
    """Whether the text of a corpus is here: it is built in, or was imported."""
    module = module_of(name)
    return not hasattr(module, "cached_file") or bool(module.cached_file().exists())
