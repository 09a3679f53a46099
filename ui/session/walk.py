"""One translation, walked through once: its pieces, and the trace of the forward pass that wrote it.

**Which row is which.** The encoder reads the source pieces and the end piece. The decoder reads the start piece and then the
target pieces; the state that has read `read[t]` looks at the source and writes `written[t]`. So row `t` of every
cross-attention map, and of the logits, belongs to `written[t]`: the French piece that was about to be written when the model
looked. Row `t` of the decoder's self-attention belongs to `read[t]`, the piece that looks back. `ui/session/attentions.py` follows this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from transformer.checkpoint import Checkpoint, Opened
from transformer.decoding.reading import encoded, full_trace
from transformer.trace import EncoderTrace, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What the pages show of one forward pass of a model of any kind."""

    source_text: str
    target_text: str
    source: tuple[str, ...]  # what the encoder read, the end piece last
    read: tuple[str, ...]  # what the decoder read, the start piece first
    written: tuple[str, ...]  # what came next; `written[t]` belongs to row t
    source_ids: tuple[int, ...]
    read_ids: tuple[int, ...]
    written_ids: tuple[int, ...]
    chances: tuple[float, ...]  # the probability that the model gave to each written piece
    forced: bool  # the French is the learner's, not the model's
    finished: bool  # whether the French comes to an end; the model's own may be cut off

    @property
    def loss(self) -> float:
        """The mean of -ln of the chances, in nats for each written piece: what training lowers, without label smoothing."""
        return float(-np.log(np.maximum(np.array(self.chances, dtype=np.float64), 1e-300)).mean())

    @property
    def look(self) -> NDArray[np.float32] | None:
        """Where the model looked before it wrote (written, source), on the whole; `None` if it does not look."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(Passage):
    """That of a Transformer. Every number is the trace's own."""

    trace: Trace  # of a batch of one; not to be written to, because all sessions share it

    @property
    def look(self) -> NDArray[np.float32] | None:
        """See `Passage`: all heads of the last layer on average."""
        return looked(self, self.layers - 1, None)

    @property
    def cross(self) -> tuple[NDArray[np.float32], ...]:
        """The cross-attention weights by decoder layer (head, written, source), read-only; each row sums to 1."""
        return tuple(array(layer.cross_attention.weights[0]) for layer in self.trace.decoder.layers)

    @property
    def heads(self) -> int:
        """How many heads look at once."""
        return int(self.trace.decoder.layers[0].cross_attention.weights.size(1))

    @property
    def layers(self) -> int:
        """How many decoder layers look, one after the other."""
        return len(self.trace.decoder.layers)


def walk(
    checkpoint: Checkpoint, source_text: str, target: Sequence[int], forced: bool, encoder: EncoderTrace | None = None
) -> Walk:
    """Read `source_text` and the `target` ids (with the end piece, unless cut off) and keep what the pages show.

    `encoder` is what it made of `source_text`, if that is known already.
    """
    model = checkpoint.model
    with torch.inference_mode():
        encoder = encoder or encoded(model, checkpoint.tokenizer.encode(source_text))
        trace = full_trace(model, encoder, target[:-1])
        chances = trace.logits[0].softmax(-1)[torch.arange(len(target)), torch.tensor(target)]
    read = trace.decoder.embedding.ids[0].tolist()
    facts = told(checkpoint, source_text, encoder.embedding.ids[0].tolist(), read, target, chances.tolist(), forced)
    return Walk(**facts, trace=trace)


def told(
    checkpoint: Opened, source_text: str, source: Sequence[int], read: Sequence[int], written: Sequence[int],
    chances: Sequence[float], forced: bool,
) -> dict[str, Any]:  # fmt: skip
    """What a `Passage` tells, whatever the model."""
    ids = (tuple(source), tuple(read), tuple(written))
    names = [checkpoint.tokenizer.spelled(each) for each in ids]
    return {
        "source_text": source_text, "target_text": checkpoint.tokenizer.decode(written),
        "source": names[0], "read": names[1], "written": names[2], "source_ids": ids[0], "read_ids": ids[1],
        "written_ids": ids[2], "chances": tuple(chances), "forced": forced, "finished": written[-1] == checkpoint.model.config.end_id,
    }  # fmt: skip


def array(tensor: torch.Tensor) -> NDArray[np.float32]:
    """A tensor of a trace as an array that cannot be written to."""
    numbers: NDArray[np.float32] = tensor.numpy()
    numbers.setflags(write=False)
    return numbers


def looked(walk: Walk, layer: int, head: int | None) -> NDArray[np.float32]:
    """Where the model looked (written, source): by one head, or by all heads on average if `head` is `None`."""
    weights = walk.cross[layer]
    seen: NDArray[np.float32] = weights.mean(0) if head is None else weights[head]
    return seen
