"""What the heads of a model do to the scores of sentences that it reads: how far q . k spreads, and how sharp the rows become."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from torch import Tensor

from relatives.scaling.sharpness import Doubles, entropy, gradient
from transformer.trace import AttentionTrace, Trace

Kind = Literal["encoder", "decoder", "cross"]
Place = tuple[Kind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFigures:
    """One head, over all the sentences. NaN if no query had two keys to choose from."""

    kind: Kind
    layer: int  # from 0
    head: int  # from 0
    spread: float  # standard deviation of q . k, before any division, over the cells where the query may look
    entropy: float  # of its rows as shares of log2(keys), the mean: 0 if one key has it all, 1 if all have the same
    gradient: float  # size of the softmax's Jacobian, the mean of its rows


@dataclass(slots=True)
class Tally:
    """What was seen of one attention so far: `(head, ...)` of each sentence."""

    products: list[Doubles] = field(default_factory=list)
    entropies: list[Doubles] = field(default_factory=list)
    gradients: list[Doubles] = field(default_factory=list)

    def add(self, trace: AttentionTrace) -> None:
        """One more sentence, alone in its batch. Rows with a single key have no choice, and are left out of the sharpness."""
        mask = trace.mask[0, 0].numpy()
        self.products.append(doubles(trace.queries[0] @ trace.keys[0].mT)[:, mask])
        counts = mask.sum(-1)
        rows = doubles(trace.weights[0])[:, counts > 1]
        self.entropies.append(entropy(rows) / np.log2(counts[counts > 1]))
        self.gradients.append(gradient(rows))

    def figures(self, place: Place) -> Iterator[HeadFigures]:
        """The figures of each head."""
        spreads = np.concatenate(self.products, -1).std(-1)
        entropies, gradients = (np.concatenate(each, -1) for each in (self.entropies, self.gradients))
        some = entropies.shape[-1] > 0
        for head, spread in enumerate(spreads.tolist()):
            shares = (float(each[head].mean()) if some else float("nan") for each in (entropies, gradients))
            yield HeadFigures(kind=place[0], layer=place[1], head=head, spread=spread, entropy=next(shares), gradient=next(shares))  # fmt: skip


def measured(traces: Iterable[Trace]) -> list[HeadFigures]:
    """The figures of every head over `traces`, each of one sentence, in the order encoder, decoder, cross."""
    tallies: dict[Place, Tally] = {}
    for trace in traces:
        for place, attention in attentions(trace):
            tallies.setdefault(place, Tally()).add(attention)
    return [figures for place, tally in tallies.items() for figures in tally.figures(place)]


def attentions(trace: Trace) -> Iterator[tuple[Place, AttentionTrace]]:
    """Every attention of a trace, and where it stands."""
    yield from ((("encoder", at), layer.self_attention) for at, layer in enumerate(trace.encoder.layers))
    yield from ((("decoder", at), layer.self_attention) for at, layer in enumerate(trace.decoder.layers))
    yield from ((("cross", at), layer.cross_attention) for at, layer in enumerate(trace.decoder.layers))


def doubles(tensor: Tensor) -> Doubles:
    """The same numbers in double precision."""
    found: Doubles = tensor.double().numpy()
    return found
