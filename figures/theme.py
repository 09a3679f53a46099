"""The one look of every picture: colours, type and Plotly templates. The only file of this project with a colour code.

Two templates are registered with Plotly, `atlas-light` and `atlas-dark`; their backgrounds are transparent, so that the
page shows through. Colours are safe for the colour-blind: Cividis (Nuñez, Anderton, Renslow 2018) for weights,
ColorBrewer's RdBu about zero for signed values, six colours of Okabe and Ito (2008) and a grey for tokens and heads.
"""

import textwrap
from typing import Any, Literal

import plotly.graph_objects as go
import plotly.io

from figures.labels import escape

Mode = Literal["light", "dark"]

FONT = '"Source Sans", "Source Sans Pro", system-ui, sans-serif'
FONT_SIZE = 14
SMALL = 13  # nothing is smaller: the back of a classroom must read it

TOKEN_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#9A9A9A")
DARK_INK, LIGHT_INK = "#111111", "#FFFFFF"
TRANSPARENT = "rgba(0,0,0,0)"

INK = {"light": "#1F2430", "dark": "#F2F4F8"}
MUTED = {"light": "#5B6270", "dark": "#A9B1BF"}
GRID = {"light": "#E3E6EB", "dark": "#2A303C"}
PANEL = {"light": "#F4F5F8", "dark": "#1C212B"}
BACKGROUND = {"light": "#FFFFFF", "dark": "#0E1117"}
ACCENT = {"light": "#D6006C", "dark": "#FF5CAB"}  # frames the chosen thing; far from every colour of Cividis

CIVIDIS = (
    "#00224E", "#123570", "#3B496C", "#575D6D", "#707173", "#8A8678", "#A59C74", "#C3B369", "#E1CC55", "#FEE838",
)  # fmt: skip
SIGNED = {
    "light": ("#053061", "#2166AC", "#4393C3", "#92C5DE", "#F7F7F7", "#F4A582", "#D6604D", "#B2182B", "#67001F"),
    "dark": ("#D1E5F0", "#92C5DE", "#4393C3", "#2166AC", "#20242D", "#B2182B", "#D6604D", "#F4A582", "#FDDBC7"),
}


def colour_scale(colours: tuple[str, ...]) -> list[list[float | str]]:
    """Evenly spaced colours as Plotly writes a scale: `[[0, first], ..., [1, last]]`."""
    return [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]


def sequential() -> list[list[float | str]]:
    """The scale of everything from 0 to 1: Cividis, dark blue to yellow, the same in light and dark.

    The colours change fastest near 0, as the bar beside each picture shows: most weights are small, and even colours would make a map dark.
    """
    return [[share**2, colour] for share, colour in colour_scale(CIVIDIS)]  # type: ignore[operator]


def shade(share: float) -> str:
    """About the colour of a share from 0 to 1 on that scale, for what is written on it."""
    return CIVIDIS[round(min(1.0, max(0.0, share)) ** 0.5 * (len(CIVIDIS) - 1))]


def diverging(mode: Mode) -> list[list[float | str]]:
    """The scale of signed values, blue below zero, red above, the page's own shade at zero; for zmin = -zmax."""
    return colour_scale(SIGNED[mode])


def token_colour(position: int) -> str:
    """The colour of the token at `position`: of its chip, its lines and its curves, on every page, light or dark."""
    return TOKEN_COLOURS[position % len(TOKEN_COLOURS)]


def token_ink(position: int) -> str:
    """The colour of text on a chip of `token_colour(position)`: dark or light, whichever has more contrast."""
    background = luminance(token_colour(position))
    return LIGHT_INK if 1.05 / (background + 0.05) > (background + 0.05) / (luminance(DARK_INK) + 0.05) else DARK_INK


def head_colour(head: int) -> str:
    """The colour of attention head number `head`, counted from 0."""
    return TOKEN_COLOURS[head % len(TOKEN_COLOURS)]


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` between 0 and 1, as WCAG 2 defines it for contrast."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
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
            "colorscale": {"sequential": sequential(), "diverging": diverging(mode)},
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


TEMPLATES: dict[str, dict[str, Any]] = {"light": template("light"), "dark": template("dark")}
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
