"""The pictures of attention without pictures: a sentence for a screen reader, and rows for a table or a CSV file."""

from collections.abc import Sequence

from figures.grid import Weights, check
from figures.labels import label


def sentence(
    weights: Weights, queries: Sequence[str], keys: Sequence[str], *, verb: str = "looks most at", most: int = 12
) -> str:
    """`le looks most at the (0.81); chat looks most at cat (0.77).` for up to `most` queries. Text, not markup."""
    check(weights, queries, keys)
    best = weights.argmax(axis=1)
    parts = [f"{label(queries[q])} {verb} {label(keys[k])} ({weights[q, k]:.2f})" for q, k in enumerate(best[:most])]
    return "; ".join(parts) + (f"; and {len(queries) - most} more." if len(queries) > most else ".")


def column_names(keys: Sequence[str], corner: str = "piece") -> list[str]:
    """The names of the columns of `table`. All differ, as tables ask: a repeated piece is followed by its position."""
    seen, columns = {corner}, [corner]
    for position, key in enumerate(keys, start=1):
        name = label(key)
        while name in seen:
            name = f"{name} ({position})"
        seen.add(name)
        columns.append(name)
    return columns


def table(weights: Weights, queries: Sequence[str], keys: Sequence[str]) -> list[list[str | float]]:
    """One row per query in the figure's order: its label, then every weight, not rounded. See `column_names`."""
    check(weights, queries, keys)
    return [[label(query), *row] for query, row in zip(queries, weights.tolist(), strict=True)]
