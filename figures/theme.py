"""The one look of every picture: colours, type and Plotly templates. The only file of this project with a colour code.

A *mode* is the ground of the page, light or dark, and the palette of the heat maps, if it is not the usual one: `dark-viridis`. For each
a template is registered with Plotly, such as `atlas-light`; its background is transparent, so that the page shows through. Colours are safe
for the colour-blind: Cividis (Nuñez, Anderton, Renslow 2018) for weights, ColorBrewer's RdBu about zero for signed values, six colours of
Okabe and Ito (2008) and a grey for tokens and heads. Text on a colour is black or white, whichever has more contrast: 4.58 at least, on any.
"""

import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np
import plotly.graph_objects as go
import plotly.io

from figures.labels import escape

Mode = Literal[
    "light", "light-cividis", "light-viridis", "light-grey", "light-contrast",
    "dark", "dark-cividis", "dark-viridis", "dark-grey", "dark-contrast",
]  # fmt: skip
MODES: tuple[Mode, ...] = get_args(Mode)

FONT = '"Source Sans", "Source Sans Pro", system-ui, sans-serif'
FONT_SIZE = 14
SMALL = 13  # nothing is smaller: the back of a classroom must read it

TOKEN_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#9A9A9A")
DARK_INK, LIGHT_INK = "#000000", "#FFFFFF"
TRANSPARENT = "rgba(0,0,0,0)"
VEIL = [[0, "rgba(0,0,0,0.78)"], [1, TRANSPARENT]]  # over a picture: dark where nobody looks


def on(light: str, dark: str) -> dict[Mode, str]:
    """A colour for each mode, which depends on the ground alone."""
    return {mode: dark if mode.startswith("dark") else light for mode in MODES}


INK = on("#1F2430", "#F2F4F8")
MUTED = on("#5B6270", "#A9B1BF")
GRID = on("#E3E6EB", "#2A303C")
PANEL = on("#F4F5F8", "#1C212B")
BACKGROUND = on("#FFFFFF", "#0E1117")
ACCENT = on("#D6006C", "#FF5CAB")  # frames the chosen thing; far from every colour of the palettes

CIVIDIS = (
    "#00224E", "#123570", "#3B496C", "#575D6D", "#707173", "#8A8678", "#A59C74", "#C3B369", "#E1CC55", "#FEE838",
)  # fmt: skip
SIGNED = {
    "light": ("#053061", "#2166AC", "#4393C3", "#92C5DE", "#F7F7F7", "#F4A582", "#D6604D", "#B2182B", "#67001F"),
    "dark": ("#D1E5F0", "#92C5DE", "#4393C3", "#2166AC", "#20242D", "#B2182B", "#D6604D", "#F4A582", "#FDDBC7"),
}
PALETTES = {  # other colours of the heat maps: from little to much
    "cividis": CIVIDIS,
    "viridis": ("#440154", "#482878", "#3E4989", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725"),
    "grey": ("#FFFFFF", "#000000"),  # for print; on a dark page the other way round
    "contrast": ("#000000", "#0A2BD6", "#0090F0", "#38D6C8", "#FFF04A", "#FFFFFF"),  # each step another hue, and lighter
}  # fmt: skip
USUAL = "atlas"  # Cividis, spread where most weights are
Scale = list[list[float | str]]


def mode_of(ground: Literal["light", "dark"], palette: str = USUAL) -> Mode:
    """The mode of a page's ground and a palette; one that is not known is the usual one."""
    found = {str(mode): mode for mode in MODES}
    return found.get(f"{ground}-{palette}", ground)


def colour_scale(colours: tuple[str, ...]) -> Scale:
    """Evenly spaced colours as Plotly writes a scale: `[[0, first], ..., [1, last]]`."""
    return [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]


def palette(mode: Mode) -> tuple[str, ...]:
    """The colours of another palette than the usual one, from little to much; () if it is that."""
    ground, _dash, name = mode.partition("-")
    colours = PALETTES.get(name, ())
    return colours[::-1] if (ground, name) == ("dark", "grey") else colours


def sequential(mode: Mode) -> Scale:
    """The scale of everything from 0 to 1: Cividis, dark blue to yellow, the same in light and dark; or another palette.

    The usual colours change fastest near 0, as the bar beside each picture shows: most weights are small, and even colours would make a
    map dark.
    """
    if colours := palette(mode):
        return colour_scale(colours)
    return [[share**2, colour] for share, colour in colour_scale(CIVIDIS)]  # type: ignore[operator]


def diverging(mode: Mode) -> Scale:
    """The scale of signed values, for zmin = -zmax: blue below zero, red above, the page's own shade at zero; or the whole palette."""
    return colour_scale(palette(mode) or SIGNED["dark" if mode.startswith("dark") else "light"])


def shades(colours: Mapping[str, Any], values: Sequence[float]) -> list[str]:
    """The colours that Plotly gives to `values` in a heat map with this `colorscale`, `zmin` and `zmax`."""
    low, high = float(colours["zmin"]), float(colours["zmax"])
    shares = (np.asarray(values, dtype=np.float64) - low) / ((high - low) or 1.0)
    places = [float(place) for place, _ in colours["colorscale"]]
    channels = np.array([rgb(str(colour)) for _, colour in colours["colorscale"]]).T
    mixed = np.stack([np.interp(shares, places, channel) for channel in channels], axis=-1)
    return [
        f"#{red:02X}{green:02X}{blue:02X}" for red, green, blue in mixed.round().astype(int).reshape(-1, 3).tolist()
    ]


def inks(colours: Mapping[str, Any], values: Sequence[float]) -> list[str]:
    """The colour of text written over each of these cells."""
    return [ink(shade) for shade in shades(colours, values)]


@lru_cache(maxsize=4096)
def ink(background: str) -> str:
    """Black or white text, whichever has more contrast on `background`."""
    return max((LIGHT_INK, DARK_INK), key=lambda colour: contrast(colour, background))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def rgb(colour: str) -> tuple[int, int, int]:
    """The channels of `#RRGGBB`, 0 to 255."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue


def token_colour(position: int) -> str:
    """The colour of the token at `position`: of its chip, its lines and its curves, on every page, light or dark."""
    return TOKEN_COLOURS[position % len(TOKEN_COLOURS)]


def token_ink(position: int) -> str:
    """The colour of text on a chip of `token_colour(position)`: dark or light, whichever has more contrast."""
    return ink(token_colour(position))


def head_colour(head: int) -> str:
    """The colour of attention head number `head`, counted from 0."""
    return TOKEN_COLOURS[head % len(TOKEN_COLOURS)]


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` between 0 and 1, as WCAG 2 defines it for contrast."""
    channels = [channel / 255 for channel in rgb(colour)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def axis(mode: Mode) -> dict[str, Any]:
    """What both axes of every picture share."""
    quiet = {"gridcolor": GRID[mode], "linecolor": GRID[mode], "zeroline": False, "showgrid": False, "ticks": ""}
    return quiet | {
        "automargin": True,
        "tickfont": {"size": SMALL},
        "title": {"font": {"size": SMALL, "color": MUTED[mode]}},
    }


def template(mode: Mode) -> dict[str, Any]:
    """The layout defaults of one mode. No drag mode, so that a finger on the picture scrolls the page."""
    return {
        "layout": {
            "font": {"family": FONT, "size": FONT_SIZE, "color": INK[mode]},
            "title": {"font": {"size": 16}, "x": 0, "xanchor": "left", "xref": "container"},
            "paper_bgcolor": TRANSPARENT,
            "plot_bgcolor": TRANSPARENT,
            "colorway": list(TOKEN_COLOURS),
            "colorscale": {"sequential": sequential(mode), "diverging": diverging(mode)},
            "hoverlabel": {
                "bgcolor": PANEL[mode],
                "bordercolor": MUTED[mode],
                "font": {"family": FONT, "size": FONT_SIZE, "color": INK[mode]},
                "align": "left",
            },
            "hovermode": "closest",
            "dragmode": False,
            "showlegend": False,
            "margin": {"l": 8, "r": 12, "t": 16, "b": 8},
            "xaxis": axis(mode),
            "yaxis": axis(mode),
        }
    }


TEMPLATES: dict[Mode, dict[str, Any]] = {mode: template(mode) for mode in MODES}
for _mode, _template in TEMPLATES.items():
    plotly.io.templates[f"atlas-{_mode}"] = go.layout.Template(_template)


def heading(title: str, width: int = 38) -> tuple[dict[str, Any], int]:
    """A title wrapped for a telephone, and the pixels it needs at the top of the picture."""
    lines = textwrap.wrap(title, width)
    pad = {"l": 8, "t": 8 if len(lines) < 2 else 20}  # Plotly 4.1 sets a title of several lines half a line too high
    text = "<br>".join(escape(line) for line in lines)
    return {"text": text, "yref": "container", "y": 1, "yanchor": "top", "pad": pad}, 21 * len(
        lines
    ) + 16 if lines else 8


def figure(
    data: list[dict[str, Any]],
    layout: dict[str, Any],
    *,
    title: str,
    mode: Mode,
    body: int,
    head: int = 0,
    feet: int = 8,
) -> go.Figure:
    """Join traces and layout. `body` is the plot's height in pixels; `head` and `feet` are kept free for labels.

    Plotly does not check what we wrote, which makes it ten times faster; the contract test does.
    """
    text, top = heading(title)
    frame = {"title": text, "height": top + head + body + feet, "margin": {"l": 8, "r": 12, "t": top + head, "b": feet}}
    whole = {"template": TEMPLATES[mode]} | frame | layout | {"meta": {"heading": top} | layout.get("meta", {})}
    return go.Figure({"data": data, "layout": whole}, skip_invalid=False, _validate=False)
