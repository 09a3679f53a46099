"""Two sentences that differ in a word: where does the difference go, and which heads carry it to the French word that must differ?

The second sentence is the donor: activation patching puts what a part of the model said of it into the pass of the first, and
asks how much of the way to the second sentence's word that is. 0 is nothing, 1 the whole way; it can be below 0 or above 1.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from transformer.analysis import memory
from transformer.analysis.effects import Ids, attentions, traced
from transformer.attention import padding_mask
from transformer.decoding.reading import source_rows, target_row
from transformer.model import Transformer
from transformer.numbers import sharing
from transformer.trace import EmbeddingTrace, ResidualTrace, Trace
from transformer.what_if import Head, Patch, WhatIf, apply, every_head

Stack = Literal["encoder", "decoder"]
Aligned = tuple[tuple[int, int], ...]  # places of the first and of the second sentence that stand for each other
SMALLEST = 1e-6  # of the way between two sentences; a way shorter than this cannot be measured in shares


class Side(NamedTuple):
    """One sentence of a pair, up to where the translations part."""

    source: tuple[int, ...]  # ids without the end piece
    read: tuple[int, ...]  # the French before the critical piece, without the start piece
    critical: int  # the id that comes next, which is another one in the other sentence


@dataclass(frozen=True, slots=True)
class Twins:
    """A pair, aligned piece by piece. Places of the target count the start piece as 0; the last ones write the critical pieces."""

    first: Side
    second: Side
    source: Aligned
    target: Aligned


class Stage(NamedTuple):
    """A place on the way up that every piece passes: after the embedding, or after an Add & Norm."""

    stack: Stack
    layer: int  # from 0; -1 is the embedding
    sub: Literal["embedding", "self", "cross", "feed", "logits"]


def twins(first: Side, second: Side, end: int) -> Twins:
    """Align two sides; `end` is the id of the end piece, which the encoder reads too. Raises `ValueError` if nothing differs."""
    if first.critical == second.critical:
        raise ValueError("The two sentences go on with the same piece, so there is nothing to find.")
    source = aligned((*first.source, end), (*second.source, end))
    target = [(0, 0), *((one + 1, other + 1) for one, other in aligned(first.read, second.read))]
    last = len(first.read), len(second.read)  # the places that write must stand for each other
    if target[-1] != last:
        target = [pair for pair in target if pair[0] < last[0] and pair[1] < last[1]] + [last]
    return Twins(first, second, source, tuple(target))


def aligned(first: Ids, second: Ids) -> Aligned:
    """Which places stand for each other: equal pieces, and where pieces are replaced the first of them, as far as both go."""
    found: list[tuple[int, int]] = []
    for kind, start, end, other, last in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind in {"equal", "replace"}:
            found += zip(range(start, end), range(other, last), strict=False)
    return tuple(found)


def side(source: Ids, target: Ids, critical: int) -> Side:
    """The side whose critical piece stands at a place of `target`, from 0."""
    return Side(tuple(source), tuple(target[:critical]), target[critical])


@dataclass(frozen=True)
class Passes:
    """What the model makes of both sides."""

    model: Transformer
    twins: Twins
    first: Trace
    second: Trace

    @cached_property
    def chances(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The probabilities of the first's and of the second's critical piece, in the first and in the second sentence."""
        each = [trace.logits[0, -1].softmax(-1) for trace in (self.first, self.second)]
        one, other = self.twins.first.critical, self.twins.second.critical
        return tuple((float(found[one]), float(found[other])) for found in each)  # type: ignore[return-value]

    @cached_property
    def margins(self) -> tuple[float, float]:
        """The logit of the second's critical piece less that of the first's: below 0 in the first sentence if that is right."""
        return tuple(float(self.margin(trace.logits[:, -1])) for trace in (self.first, self.second))  # type: ignore[return-value]

    @property
    def way(self) -> float:
        """From the first sentence's margin to the second's: what patching is measured by."""
        return self.margins[1] - self.margins[0]

    def margin(self, logits: Tensor) -> Tensor:
        """The margins of `logits (row, vocabulary)`: `(row)`."""
        return logits[:, self.twins.second.critical] - logits[:, self.twins.first.critical]

    def restored(self, margins: Tensor) -> Tensor:
        """How much of the way `margins (row)` have come; 0 if there is hardly a way."""
        return (margins - self.margins[0]) / self.way if abs(self.way) > SMALLEST else torch.zeros_like(margins)


def passes(model: Transformer, pair: Twins) -> Passes:
    """Let the model read both sides."""
    with torch.inference_mode():
        return Passes(model, pair, *(traced(model, each.source, each.read) for each in (pair.first, pair.second)))


def stages(model: Transformer, stack: Stack) -> list[Stage]:
    """The stages of the encoder or of the decoder, from the embedding up."""
    count = model.config.encoder_layers if stack == "encoder" else model.config.decoder_layers
    subs: tuple[Literal["self", "cross", "feed"], ...]
    subs = ("self", "feed") if stack == "encoder" else ("self", "cross", "feed")
    return [Stage(stack, -1, "embedding"), *(Stage(stack, layer, sub) for layer in range(count) for sub in subs)]


def state(trace: Trace, stage: Stage) -> Tensor:
    """What a pass holds after a stage `(position, d_model)`; for logits, `(position, vocabulary)`."""
    stack = trace.encoder if stage.stack == "encoder" else trace.decoder
    if stage.sub == "logits":
        return trace.logits[0]
    if stage.sub == "embedding":
        return stack.embedding.output[0]
    norm: ResidualTrace = getattr(stack.layers[stage.layer], NORM[stage.stack, stage.sub])
    return norm.output[0]


NORM = {  # the Add & Norm after each sub-layer, as it is called in the trace and in the model
    ("encoder", "self"): "after_attention", ("encoder", "feed"): "after_feed_forward",
    ("decoder", "self"): "after_self_attention", ("decoder", "cross"): "after_cross_attention",
    ("decoder", "feed"): "after_feed_forward",
}  # fmt: skip


class Difference(NamedTuple):
    """How far the two sentences are apart after a stage, for each pair of aligned places."""

    norm: Tensor  # pair: the length of the difference
    relative: Tensor  # pair: the same as a share of the mean length of the two vectors


def difference(found: Passes, stage: Stage) -> Difference:
    """After one stage."""
    pairs = torch.tensor(found.twins.source if stage.stack == "encoder" else found.twins.target)
    with torch.inference_mode():
        one, other = state(found.first, stage)[pairs[:, 0]], state(found.second, stage)[pairs[:, 1]]
        norm = (one - other).norm(dim=-1)
        return Difference(norm, 2 * norm / (one.norm(dim=-1) + other.norm(dim=-1)).clamp_min(SMALLEST))


def patched_heads(
    found: Passes, heads: Sequence[Sequence[Head]], places: Sequence[Collection[int]] | None = None
) -> Tensor:
    """How much of the way each set of `heads` restores `(set)`: as many sets in one batch as memory allows.

    What they say of the second sentence takes the place of what they say of the first, at all aligned places, or for each set
    at those `places` of the first sentence only.
    """
    given, model = found.twins.first, found.model
    rows = memory.at_once(model.config, len(given.source) + 1, len(given.read))
    logits = []
    with torch.inference_mode():
        for some in memory.sliced(range(len(heads)), rows):
            where = None if places is None else [places[number] for number in some]
            changed = apply(model, WhatIf(), patches=patches(found, [heads[number] for number in some], where))
            logits.append(last_logits(changed, given, len(some)))
        return found.restored(found.margin(torch.cat(logits)))


def patches(
    found: Passes, heads: Sequence[Sequence[Head]], places: Sequence[Collection[int]] | None = None
) -> list[Patch]:
    """For each attention, what its heads say of the second sentence, at the places of the first; one row for each set."""
    made = []
    given, own = attentions(found.second), attentions(found.first)
    for kind, layer in own:
        pairs = found.twins.source if kind == "encoder" else found.twins.target
        values = own[kind, layer].heads[0].clone()  # head query d_head
        where = torch.zeros(len(heads), *values.shape[:2], dtype=torch.bool)  # set head query
        for one, other in pairs:
            values[:, one] = given[kind, layer].heads[0][:, other]
        for row, members in enumerate(heads):
            kept = [one for one, _ in pairs if places is None or one in places[row]]
            for head in members:
                if head[:2] == (kind, layer):
                    where[row, head.head, kept] = True
        if where.any():
            made.append(Patch(kind, layer, where, values))
    return made


def last_logits(model: Transformer, given: Side, rows: int) -> Tensor:
    """The logits of the critical piece `(row, vocabulary)`, for a model that is another one in each row."""
    source = source_rows(model, [given.source]).expand(rows, -1)
    memory = model.encode(source).output
    target = target_row(model, given.read).expand(rows, -1)
    decoded = model.decode(target, memory, padding_mask(source, model.config.padding_id)).output
    return model.logits(decoded[:, -1])


def switched_off(found: Passes) -> Tensor:
    """The fall of the right piece's margin without each head `(2, head)`, for both sentences, in the order of `every_head`.

    In logits; above 0 means that the head helps. As many heads in one batch as memory allows.
    """
    model = found.model
    gates = 1 - torch.eye(len(every_head(model)))
    with torch.inference_mode():
        margins = []
        for each in (found.twins.first, found.twins.second):
            rows = memory.at_once(model.config, len(each.source) + 1, len(each.read))
            logits = [
                last_logits(apply(model, WhatIf(), gates=some), each, len(some)) for some in torch.split(gates, rows)
            ]
            margins.append(found.margin(torch.cat(logits)))
        return torch.stack((margins[0] - found.margins[0], found.margins[1] - margins[1]))


def patched_states(found: Passes) -> dict[Stage, Tensor]:
    """How much of the way is restored if one state, after a stage at a place, is the second sentence's: `(pair)` for each stage.

    As many stages in one batch as memory allows.
    """
    pair, restored = found.twins, dict[Stage, Tensor]()
    stacks: tuple[tuple[Stack, Aligned], ...] = (("encoder", pair.source), ("decoder", pair.target))
    for stack, places in stacks:
        rows = memory.at_once(found.model.config, len(pair.first.source) + 1, len(pair.first.read))
        for some in memory.sliced(stages(found.model, stack), rows // max(1, len(places))):
            restored |= patched_together(found, some, len(places))
    return restored


def patched_together(found: Passes, some: Sequence[Stage], places: int) -> dict[Stage, Tensor]:
    """The same for stages of one stack, each at that many places, in one batch."""
    model, given, rows = found.model, found.twins.first, len(some) * places
    with torch.inference_mode():
        changed = sharing(model)
        changed.changed = True
        for number, stage in enumerate(some):
            replace_state(changed, found, stage, number * places, rows)
        read = found.first.encoder.output.expand(rows, -1, -1)
        if some[0].stack == "encoder":
            read = changed.encode(source_rows(model, [given.source]).expand(rows, -1)).output
            changed.embedding = model.embedding
        mask = torch.ones(1, 1, 1, read.size(1), dtype=torch.bool)
        decoded = changed.decode(target_row(model, given.read).expand(rows, -1), read, mask).output
        restored = found.restored(found.margin(model.logits(decoded[:, -1])))
    return dict(zip(some, restored.view(len(some), -1), strict=True))


def replace_state(changed: Transformer, found: Passes, stage: Stage, first: int, rows: int) -> None:
    """Let `changed` hold the second sentence's state after `stage`: at the nth aligned place in row `first + n` of `rows`."""
    pairs = found.twins.source if stage.stack == "encoder" else found.twins.target
    values = state(found.first, stage).clone()  # position d_model
    where = torch.zeros(rows, len(values), dtype=torch.bool)  # row position
    for row, (one, other) in enumerate(pairs, first):
        values[one] = state(found.second, stage)[other]
        where[row, one] = True
    if stage.sub == "embedding":
        changed.embedding = Replaced(changed.embedding, where, values)  # type: ignore[assignment]
        return
    layers = changed.encoder_layers if stage.stack == "encoder" else changed.decoder_layers
    name = NORM[stage.stack, stage.sub]
    setattr(layers[stage.layer], name, Replaced(getattr(layers[stage.layer], name), where, values))


class Replaced(nn.Module):
    """An embedding or an Add & Norm whose output is another one in some places."""

    def __init__(self, original: nn.Module, where: Tensor, values: Tensor) -> None:
        super().__init__()
        self.original, self.where, self.values = original, where, values

    def forward(self, *given: Tensor) -> EmbeddingTrace | ResidualTrace:
        """As the original does."""
        trace: EmbeddingTrace | ResidualTrace = self.original(*given)
        return replace(trace, output=torch.where(self.where[..., None], self.values, trace.output))
