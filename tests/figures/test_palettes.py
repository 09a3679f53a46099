"""The palettes of the heat maps: every picture that colours by value follows, and what is written over a cell can be read."""

import re
from typing import Any

import numpy as np
import pytest

from figures import theme
from figures.theme import Mode
from tests.figures.test_figures import FIGURES, drawn

AA = 4.5  # contrast of text, WCAG 2
COLOUR = re.compile(r"#[0-9A-F]{6}")
FIXED = {
    "masks.leak",
    "masks.batch",
    "paint.mask",
    "checks.checks",
    "over.looks",
    "patches.patches",
}  # states, not values: each has its colour and its sign; or a picture itself, with light or nothing over it


def maps(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """The heat maps of a picture, but for a curtain over a part of another."""
    return [each for each in figure["data"] if each["type"] == "heatmap" and each.get("hoverinfo") != "skip"]


def places(trace: dict[str, Any]) -> dict[tuple[str, str], float]:
    """The value of each cell by its place on the axes."""
    rows, columns = len(trace["z"]), len(trace["z"][0])
    across = trace.get("x") or [trace.get("x0", 0) + trace.get("dx", 1) * place for place in range(columns)]
    down = trace.get("y") or [trace.get("y0", 0) + trace.get("dy", 1) * place for place in range(rows)]
    return {
        (str(across[column]), str(down[row])): value
        for row, line in enumerate(trace["z"]) for column, value in enumerate(line) if value is not None
    }  # fmt: skip


def on_cells(figure: dict[str, Any]) -> list[tuple[str, str]]:
    """The colour of each text that stands over a cell with a value, and of the cell."""
    found = []
    for trace in maps(figure):
        values = places(trace)
        for words in figure["data"]:
            if words["type"] != "scatter" or "text" not in words.get("mode", "") or "xaxis" in words:
                continue
            inks = words.get("textfont", {}).get("color")
            for number, at in enumerate(zip(map(str, words["x"]), map(str, words["y"]), strict=True)):
                if at in values and words["text"][number] != "✕":
                    ink = inks if isinstance(inks, str) else inks[number]
                    found.append((ink, theme.shades(trace, [values[at]])[0]))
    return found


@pytest.mark.parametrize("mode", theme.MODES)
def test_what_is_written_over_a_cell_can_be_read(mode: Mode) -> None:
    written = 0
    for name in FIGURES:
        figure = drawn(name, mode)
        assert not [trace for trace in maps(figure) if "texttemplate" in trace], f"{name}: Plotly chooses grey ink"
        for ink, shade in on_cells(figure):
            assert theme.contrast(ink, shade) >= AA, (name, ink, shade)
            written += 1
    assert written > 200


def test_black_or_white_can_be_read_on_every_colour() -> None:
    for grey in range(256):
        shade = f"#{grey:02X}{grey:02X}{grey:02X}"
        assert theme.contrast(theme.ink(shade), shade) >= AA


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_picture_that_colours_by_value_follows(name: str, ground: str) -> None:
    usual, others = drawn(name, ground), [mode for mode in theme.MODES if mode.startswith(f"{ground}-")]
    if not maps(usual) or name in FIXED:
        return
    scales = [[trace["colorscale"] for trace in maps(drawn(name, mode))] for mode in (ground, *others)]
    assert len({str(each) for each in scales}) == len(others) + 1
    for one, mode in zip(scales[1:], others, strict=True):
        assert all(scale in (theme.sequential(mode), theme.diverging(mode)) for scale in one)


@pytest.mark.parametrize("mode", theme.MODES)
def test_more_is_lighter_or_darker_all_the_way(mode: Mode) -> None:
    """So that a map can be read without hue: in grey, in print, by the colour-blind."""
    steps = theme.shades({"colorscale": theme.sequential(mode), "zmin": 0, "zmax": 1}, np.linspace(0, 1, 21).tolist())
    lights = [theme.luminance(step) for step in steps]
    assert lights in (sorted(lights), sorted(lights, reverse=True))
    assert abs(lights[-1] - lights[0]) > 0.6


def test_a_palette_that_nobody_knows_is_the_usual_one() -> None:
    assert theme.mode_of("dark", "viridis") == "dark-viridis"
    assert [theme.mode_of("light", name) for name in ("", "atlas", "pink")] == ["light"] * 3


def test_the_shades_are_those_that_plotly_mixes() -> None:
    scale = {"colorscale": [[0.0, "#000000"], [0.5, "#0000FF"], [1.0, "#FFFFFF"]], "zmin": -1, "zmax": 1}
    assert theme.shades(scale, [-2, -1, -0.5, 0, 0.5, 1]) == [
        "#000000",
        "#000000",
        "#000080",
        "#0000FF",
        "#8080FF",
        "#FFFFFF",
    ]
    assert all(COLOUR.fullmatch(shade) for shade in theme.shades(scale, np.linspace(-1, 1, 9).tolist()))
