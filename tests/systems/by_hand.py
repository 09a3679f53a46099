"""Systems once more in NumPy and in double precision, by the formulas of their papers: what tests compare with."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from systems.reviews.hierarchical import Attention
from systems.stories.memory import MemoryNetwork
from systems.stories.world import words

Doubles = np.ndarray[Any, np.dtype[np.float64]]


def softmax(scores: Doubles) -> Doubles:
    """Shares that sum to 1."""
    powers = np.exp(scores - scores.max())
    found: Doubles = powers / powers.sum()
    return found


def numbers(tensor: Any) -> Doubles:
    """A parameter."""
    found: Doubles = tensor.detach().double().numpy()
    return found


def said(network: MemoryNetwork, matrix: Doubles, line: Sequence[str]) -> Doubles:
    """A sentence: every word's row times its place, added up (arXiv 1503.08895, section 4.1)."""
    d, count = network.sizes.d_model, len(line)
    total = np.zeros(d)
    for j, word in enumerate(line, 1):
        place = np.array([(1 - j / count) - (k / d) * (1 - 2 * j / count) for k in range(1, d + 1)])
        total += place * matrix[network.words.index(word)]
    return total


def memory(network: MemoryNetwork, lines: Sequence[str], question: str) -> tuple[list[Doubles], Doubles, Doubles]:
    """The weights of each hop, what is carried after the last, and the logits."""
    matrices, times = [numbers(each) for each in network.matrices], [numbers(each) for each in network.times]
    adjacent = network.sizes.sharing == "adjacent"
    query = said(network, matrices[0] if adjacent else numbers(network.B), words(question))
    weights = []
    for hop in range(network.sizes.hops):
        first = hop if adjacent else 0
        rows = [
            np.stack([
                said(network, matrices[place], words(line)) + (times[place][len(lines) - 1 - at] if network.sizes.time else 0)
                for at, line in enumerate(lines)
            ])
            for place in (first, first + 1)
        ]  # fmt: skip
        p = softmax(rows[0] @ query)
        weights.append(p)
        query = (query if adjacent else numbers(network.H.weight) @ query) + p @ rows[1]
    return weights, query, (matrices[-1] if adjacent else numbers(network.W)) @ query


def look(attention: Attention, states: Doubles) -> tuple[Doubles, Doubles]:
    """Weights and mixture of some states (N16-1174, Eq. 5 to 7)."""
    W, b, u = (numbers(each) for each in (attention.W.weight, attention.W.bias, attention.context))
    weights = softmax(np.tanh(states @ W.T + b) @ u)
    return weights, weights @ states
