"""Batches for whoever trains here, on everyday sentences of made-up pieces. Imported only inside contestants, because it imports torch."""

import random

from transformer.training.batches import Batch, make_batches, to_batch


def made_up(count: int, vocabulary: int, tokens: int, seed: int = 1) -> list[Batch]:
    """Batches as training makes them, of `tokens` a side, of random ids with the lengths of everyday sentences: 9 pieces, give or take 4."""
    chance = random.Random(seed)

    def length(mean: float) -> int:
        return max(2, min(60, round(chance.gauss(mean, 4))))

    def ids(count: int) -> list[int]:
        return [chance.randrange(3, vocabulary) for _ in range(count)]

    sources = [length(9) for _ in range(count * tokens // 8)]
    examples = [(ids(source), ids(max(2, source + round(chance.gauss(1, 2))))) for source in sources]
    return [to_batch(batch) for batch in make_batches(examples, tokens, seed)][:count]
