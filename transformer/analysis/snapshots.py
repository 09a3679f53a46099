"""One sentence read by every snapshot of a run: the maps of attention as they were on the way, and what each would have written.

All snapshots read the same pieces, so row by row and cell by cell their maps can be compared. They are opened one after the other
in the same model, so that only one is ever in memory.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from transformer import checkpoint
from transformer.checkpoint import Checkpoint, CheckpointError
from transformer.decoding.lean import having_read
from transformer.decoding.reading import encoded, full_trace
from transformer.decoding.ways import Search, found
from transformer.trace import Trace

Kind = Literal["encoder", "decoder", "cross"]
Kept = NDArray[np.uint16]
FULL = 65535  # how a weight of 1 is kept: two bytes a weight, right to 0.00001, half the memory of single precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a snapshot says of a sentence."""

    step: int
    training: dict[str, Any]  # the card's, as of this moment: loss, validation
    written: tuple[int, ...]  # ids that it would write itself, the end piece last unless it came to no end
    kept: dict[Kind, Kept]  # its weights on the given pieces (layer, head, query, key), times `FULL`


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Every snapshot of a run that can be used, the earliest first, and a sentence for each that cannot."""

    moments: tuple[Moment, ...]
    troubles: tuple[str, ...]

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps after which they were taken."""
        return tuple(moment.step for moment in self.moments)

    def weights(self, kind: Kind, layer: int) -> NDArray[np.float64]:
        """The maps of one layer: `(snapshot, head, query, key)`; each row sums to 1, but for rounding at `FULL`."""
        return np.stack([moment.kept[kind][layer] for moment in self.moments]) / FULL


def read(folder: Path, source: Sequence[int], target: Sequence[int], search: Search, most: int) -> Moments:
    """Let every snapshot in `folder` read the ids `source` and `target`, and write at most `most` pieces of its own.

    `target` is what every decoder is given, with the end piece unless it was cut off; `search` is how each finds its own.
    """
    moments, troubles = [], []
    for step, opened in one_by_one(folder):
        if isinstance(opened, CheckpointError):
            troubles.append(str(opened))
            continue
        with torch.inference_mode():
            encoder = encoded(opened.model, source)
            trace = full_trace(opened.model, encoder, target[:-1])
            if not trace.logits.isfinite().all():
                troubles.append(f"The snapshot after step {step} holds numbers that are not finite.")
                continue
            own = found(opened.model, source, search, most, having_read(encoder))
        moments.append(Moment(step=step, training=opened.card["training"], written=own, kept=kept(trace)))
    return Moments(moments=tuple(moments), troubles=tuple(troubles))


def one_by_one(folder: Path) -> Iterator[tuple[int, Checkpoint | CheckpointError]]:
    """Each snapshot with its step, the earliest first, or why it cannot be opened. Each holds only until the next is asked for."""
    model = None
    for step in checkpoint.moments(folder):
        try:
            opened = checkpoint.load(folder, step) if model is None else reloaded(folder, step, model)
        except CheckpointError as error:
            yield step, error
            continue
        model = opened
        yield step, opened


def reloaded(folder: Path, step: int, earlier: Checkpoint) -> Checkpoint:
    """Another snapshot of the same run in the model of an `earlier` one: a third of the time that a new model takes.

    Its card holds only what is said of this moment.
    """
    try:
        with safe_open(checkpoint.snapshot_file(folder, step), framework="pt") as file:
            facts = json.loads((file.metadata() or {}).get("training", "{}"))
            earlier.model.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    except (OSError, RuntimeError, ValueError, SafetensorError) as error:
        told = " ".join(str(error).split())[:200]
        raise CheckpointError(f"The snapshot after step {step} of {folder.name!r} cannot be used: {told}") from error
    return replace(earlier, name=f"{folder.name}@{step}", card={"training": facts})


def kept(trace: Trace) -> dict[Kind, Kept]:
    """The weights of all three attentions, small enough to remember."""
    decoder = trace.decoder.layers
    stacks = {
        "encoder": [layer.self_attention.weights[0] for layer in trace.encoder.layers],
        "decoder": [layer.self_attention.weights[0] for layer in decoder],
        "cross": [layer.cross_attention.weights[0] for layer in decoder],
    }
    return {kind: shortened(torch.stack(stack)) for kind, stack in stacks.items()}  # type: ignore[misc]


def shortened(weights: torch.Tensor) -> Kept:
    """Weights from 0 to 1 in two bytes each, not to be written to."""
    numbers: Kept = np.rint(weights.numpy() * FULL).astype(np.uint16)
    numbers.setflags(write=False)
    return numbers
