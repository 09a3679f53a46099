"""All held-out pairs of a phenomenon: how often the model prefers the right word, which heads carry it, and what their maps say.

Shares of the way are sums over all pairs: what is restored in all, as a share of all ways. So a pair whose two sentences are hardly
apart counts for little.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from transformer.analysis.effects import attentions
from transformer.analysis.probe_pairs import ROLES, Probe, Role
from transformer.analysis.probes import Passes, passes, patched_heads, switched_off
from transformer.model import Transformer
from transformer.what_if import Head, every_head

SUSPECTS, ENOUGH = 5, 0.1  # heads looked at more closely, at most, and the share of the way from which on a head is one


class Reading(NamedTuple):
    """What one pair says."""

    chances: tuple[tuple[float, float], tuple[float, float]]  # see `Passes.chances`
    right: tuple[bool, bool]  # whether the right word is preferred in each sentence
    way: float  # logits
    heads: Tensor  # head: logits that patching it restores
    falls: Tensor  # 2 head: see `switched_off`


class Look(NamedTuple):
    """Where one head looks in one sentence, from the place where it does its work."""

    place: int  # the piece that looks
    roles: tuple[Role, ...]  # of that piece; of none in the target
    shares: dict[Role, float]  # of its weight, on the pieces of each role
    uniform: float  # what one piece would get from a head that looks everywhere alike


def read(model: Transformer, probe: Probe) -> Reading:
    """Measure one pair: two batches of all heads."""
    found = passes(model, probe.twins)
    heads = patched_heads(found, [[head] for head in every_head(model)])
    right = found.margins[0] < 0, found.margins[1] > 0
    return Reading(found.chances, right, found.way, heads * found.way, switched_off(found))


def restored(readings: Sequence[Reading]) -> Tensor:
    """The share of the way that each head restores `(head)`, over all pairs."""
    way = sum(reading.way for reading in readings)
    total = torch.stack([reading.heads for reading in readings]).sum(0)
    return total / way if abs(way) > 0 else torch.zeros_like(total)


def falls(readings: Sequence[Reading]) -> Tensor:
    """The mean fall of the right word's margin without each head `(head)`, over all sentences, in logits."""
    return torch.stack([reading.falls.mean(0) for reading in readings]).mean(0)


def suspects(model: Transformer, readings: Sequence[Reading]) -> list[Head]:
    """The heads that restore most, and enough of it, the first before all."""
    shares = restored(readings)
    ranked = sorted(zip(every_head(model), shares.tolist(), strict=True), key=lambda each: -each[1])
    return [head for head, share in ranked[:SUSPECTS] if share >= ENOUGH]


def place_of_work(found: Passes, head: Head) -> tuple[int, int]:
    """Where a head does its work, in the first and the second sentence: the place at which patching it restores most.

    For cross-attention this is where the critical word is written, whose row is read.
    """
    if head.kind == "cross":
        return found.twins.target[-1]
    pairs = found.twins.source if head.kind == "encoder" else found.twins.target
    each = by_place(found, head)
    return pairs[int(each.argmax())]


def by_place(found: Passes, head: Head) -> Tensor:
    """How much of the way a head restores if it is patched at one aligned place only `(pair)`."""
    pairs = found.twins.source if head.kind == "encoder" else found.twins.target
    return patched_heads(found, [[head]] * len(pairs), [[place] for place, _ in pairs])


def looks(found: Passes, probe: Probe, head: Head) -> tuple[Look, Look]:
    """Where the head looks in both sentences, from where it does its work."""
    places = place_of_work(found, head)
    return tuple(  # type: ignore[return-value]
        look(trace_weights(found, which, head)[place], place, head, probe.roles[which])
        for which, place in enumerate(places)
    )


def trace_weights(found: Passes, which: int, head: Head) -> Tensor:
    """The map of a head `(query, key)` in one of the two sentences."""
    trace = found.second if which else found.first
    return attentions(trace)[head.kind, head.layer].weights[0, head.head]


def look(weights: Tensor, place: int, head: Head, roles: dict[Role, tuple[int, ...]]) -> Look:
    """One row of a map in words: `weights (key)`."""
    seen = place + 1 if head.kind == "decoder" else len(weights)
    if head.kind == "decoder":
        return Look(place, (), {}, 1 / seen)
    shares = {role: float(weights[list(places)].sum()) for role, places in roles.items()}
    who = tuple(role for role in ROLES if head.kind == "encoder" and place in roles.get(role, ()))
    return Look(place, who, shares, 1 / seen)


@dataclass(frozen=True, slots=True)
class Testimony:
    """What a head's map says, over all sentences of all pairs."""

    head: Head
    sentences: int
    at: dict[Role, float]  # the share of sentences in which it does its work at a word of that role
    shares: dict[Role, float]  # its mean weight on the words of each role
    uniform: float  # the mean weight that one piece would get by looking everywhere alike
    nouns: tuple[int, int]  # sentences in which the right noun gets more than the other one, of how many


def testimony(head: Head, seen: Sequence[Look]) -> Testimony:
    """Sum up."""
    both = [each.shares for each in seen if {"right", "wrong"} <= each.shares.keys()]
    return Testimony(
        head, len(seen),
        {role: sum(role in each.roles for each in seen) / len(seen) for role in ROLES},
        {role: mean([each.shares[role] for each in seen if role in each.shares]) for role in ROLES
         if any(role in each.shares for each in seen)},
        mean([each.uniform for each in seen]),
        (sum(each["right"] > each["wrong"] for each in both), len(both)),
    )  # fmt: skip


def mean(values: Sequence[float]) -> float:
    """Of at least one value."""
    return sum(values) / len(values)


def from_it(found: Passes, probe: Probe, head: Head) -> Iterator[Look]:
    """Where an encoder head looks from the English word that the critical word translates, in both sentences."""
    for which, roles in enumerate(probe.roles):
        if place := roles.get("own"):
            yield look(trace_weights(found, which, head)[place[-1]], place[-1], head, roles)
