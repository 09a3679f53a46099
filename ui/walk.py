"""One translation, walked through once: its pieces and what the model computed, as plain read-only arrays.

**Which row is which.** The encoder reads the source pieces and the end piece. The decoder reads the start piece and then the
target pieces; the state that has read `read[t]` looks at the source and writes `written[t]`. So row `t` of every
cross-attention map belongs to `written[t]`: the French piece that was about to be written when the model looked.
This file is the only place that knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from transformer.checkpoint import Checkpoint
from transformer.reading import source_rows, target_row
from transformer.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What the pages show of one forward pass. Every number is the trace's own."""

    source_text: str
    target_text: str
    source: tuple[str, ...]  # what the encoder read, the end piece last
    read: tuple[str, ...]  # what the decoder read, the start piece first
    written: tuple[str, ...]  # what came next; `written[t]` belongs to row t
    chances: tuple[float, ...]  # the probability that the model gave to each written piece
    cross: tuple[NDArray[np.float32], ...]  # by decoder layer: head, written, source; each row sums to 1
    forced: bool  # the French is the learner's, not the model's
    finished: bool  # whether the French comes to an end; the model's own may be cut off

    @property
    def heads(self) -> int:
        """How many heads look at once."""
        return len(self.cross[0])

    @property
    def layers(self) -> int:
        """How many decoder layers look, one after the other."""
        return len(self.cross)


def walk(checkpoint: Checkpoint, source_text: str, target: Sequence[int], forced: bool) -> Walk:
    """Read `source_text` and the `target` ids (with the end piece, unless cut off) and keep what the pages show."""
    model, piece = checkpoint.model, checkpoint.tokenizer.piece
    source_ids = checkpoint.tokenizer.encode(source_text)
    with torch.inference_mode():
        source, read = source_rows(model, [source_ids]), target_row(model, target[:-1])
        trace = model(source, read)
        chances = trace.logits[0].softmax(-1)[torch.arange(len(target)), torch.tensor(target)]
    names = [tuple(piece(id).piece for id in ids) for ids in (source[0].tolist(), read[0].tolist(), target)]
    return Walk(
        source_text=source_text, target_text=checkpoint.tokenizer.decode(target),
        source=names[0], read=names[1], written=names[2], chances=tuple(chances.tolist()),
        cross=cross_attention(trace), forced=forced, finished=target[-1] == model.config.end_id,
    )  # fmt: skip


def cross_attention(trace: Trace) -> tuple[NDArray[np.float32], ...]:
    """The cross-attention weights of each decoder layer (head, written, source), read-only."""
    layers = tuple(layer.cross_attention.weights[0].numpy().copy() for layer in trace.decoder.layers)
    for weights in layers:
        weights.setflags(write=False)
    return layers


def looked(walk: Walk, layer: int, head: int | None) -> NDArray[np.float32]:
    """Where the model looked (written, source): by one head, or by all heads on average if `head` is `None`."""
    weights = walk.cross[layer]
    seen: NDArray[np.float32] = weights.mean(0) if head is None else weights[head]
    return seen
