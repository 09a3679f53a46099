"""What a class guessed: a dot for each learner on a line of numbers, the right one with its tolerance once it may be seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from figures import theme
from figures.grid import Weights
from figures.labels import escape
from figures.theme import Mode

COLUMNS = 36  # places side by side, in which dots are heaped up
DOT, LEAST = 18, 5  # pixels of a dot with its gap; dots that the picture is high at least
FAR = 8.0  # median distances from the median, beyond which a guess is beside the picture


def dots(
    values: Weights | Sequence[float], *, title: str, axis_title: str, right: float | None = None, tolerance: float = 0.0,
    names: Sequence[str] = (), beyond: tuple[str, str] = ("← {count}", "{count} →"), mode: Mode = "light",
) -> go.Figure:  # fmt: skip
    """One dot per guess at its own place, guesses near each other heaped up; with `right`, a line there and a band of the tolerance.

    `names` (one for each guess, or none) are told under the mouse. Wild guesses lie beside the picture and are counted at its edge, in the
    words of `beyond`.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.ndim != 1 or not np.isfinite(numbers).all() or (names and len(names) != len(numbers)):
        raise ValueError("Expected finite guesses, and no name or one for each.")
    low, high = span(numbers, right, tolerance)
    places = np.clip(((numbers - low) / (high - low) * COLUMNS).astype(int), -1, COLUMNS)
    heights = [int((places[:index] == place).sum()) + 1 for index, place in enumerate(places)]
    inside = (numbers >= low) & (numbers <= high)
    top = max([LEAST, *(height for height, seen in zip(heights, inside, strict=True) if seen)])
    layout = {
        "xaxis": {"title": {"text": escape(axis_title), "standoff": 8}, "range": [low, high], "fixedrange": True, "showgrid": True,
                  "nticks": 7, "zeroline": False},
        "yaxis": {"visible": False, "range": [0, top + 0.6], "fixedrange": True},
        "shapes": marks(right, tolerance, mode),
        "annotations": edges(numbers, low, high, beyond),
    }  # fmt: skip
    return theme.figure(
        [heap(numbers, heights, names, axis_title)], layout, title=title, mode=mode, body=DOT * top + 14, feet=52
    )


def span(numbers: Weights, right: float | None, tolerance: float) -> tuple[float, float]:
    """From where to where the picture reaches: what is not wild, and the right answer with its band."""
    kept = numbers
    if len(numbers) > 3:
        middle = float(np.median(numbers))
        reach = FAR * float(np.median(np.abs(numbers - middle))) or max(1.0, abs(middle))
        kept = numbers[np.abs(numbers - middle) <= reach]
    seen = [*map(float, kept), *([] if right is None else [right - tolerance, right + tolerance])] or [0.0]
    pad = 0.06 * (max(seen) - min(seen)) or 0.06 * abs(seen[0]) or 1.0
    return min(seen) - pad, max(seen) + pad


def heap(numbers: Weights, heights: Sequence[int], names: Sequence[str], axis_title: str) -> dict[str, Any]:
    """The dots."""
    look = {"size": DOT - 5, "color": theme.token_colour(0), "line": {"width": 1, "color": theme.LIGHT_INK}}
    hover = f"<b>%{{text}}</b><br>{escape(axis_title)} %{{x:.6g}}<extra></extra>"
    return {
        "type": "scatter", "mode": "markers", "x": [float(number) for number in numbers], "y": [*heights], "marker": look,
        "text": [escape(name) for name in names] or [""] * len(numbers), "hovertemplate": hover, "showlegend": False,
        "customdata": [[place] for place in range(len(numbers))],
    }  # fmt: skip


def marks(right: float | None, tolerance: float, mode: Mode) -> list[dict[str, Any]]:
    """The right answer: a line, and behind the dots a band as wide as the tolerance."""
    if right is None:
        return []
    through = {"yref": "paper", "y0": 0, "y1": 1}
    band = {"type": "rect", "x0": right - tolerance, "x1": right + tolerance, "layer": "below", "line": {"width": 0}}
    line = {"type": "line", "x0": right, "x1": right, "line": {"color": theme.ACCENT[mode], "width": 3}}
    return [through | band | {"fillcolor": theme.GRID[mode]}, through | line]


def edges(numbers: Weights, low: float, high: float, beyond: tuple[str, str]) -> list[dict[str, Any]]:
    """How many guesses lie beside the picture, on either side."""
    counts = int((numbers < low).sum()), int((numbers > high).sum())
    sides = zip(counts, beyond, (("left", 0), ("right", 1)), strict=True)
    return [
        {"text": escape(words.format(count=count)), "xref": "paper", "yref": "paper", "x": place, "y": 1, "xanchor": side,
         "yanchor": "top", "showarrow": False, "font": {"size": theme.SMALL}}
        for count, words, (side, place) in sides if count
    ]  # fmt: skip
