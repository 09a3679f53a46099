"""The machine beside every page, small: where am I, what comes before and after, and a link from every block to its page.

The same drawing as `ui.machine.picture`, in the colours of the sentence's own numbers. Arrow keys turn the pages.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from figures.theme import Mode
from ui import ASSETS
from ui.machine import packed
from ui.machine.blocks import blocks, colours, described, known_by, layers, vectors
from ui.session.walk import Walk
from ui.text import translate as _

WHOLE = "5_the_whole_machine"  # the page that the ground between the blocks leads to
NUMBERS = 8  # of each vector that are drawn

_component = st.components.v2.component(
    "atlas_little_machine",
    html=(ASSETS / "little_machine.html").read_text("utf-8"),
    css=(ASSETS / "little_machine.css").read_text("utf-8"),
    js="\n".join(
        (ASSETS / f"{name}.js").read_text("utf-8")
        for name in ("machine_shared", "machine_layout", "machine_draw", "little_machine")
    ),
    isolate_styles=False,
)


def show(
    here: str, names: Mapping[str, str], before: str, after: str, drawn: Mapping[str, Any] | None, mode: Mode
) -> None:
    """Draw it with the blocks of `here` lit. A click on a block, or an arrow key, turns to its page.

    `names` are the pages there are with their names; `before` and `after` are those that the arrow keys lead to, or "". `drawn` is what
    `drawing` made of the sentence; without it there is nothing to draw, and the arrow keys still turn the pages.
    """
    label = _("Map of the Transformer, Figure 1 of the paper")
    _component(
        key="little_machine",
        data={
            "here": here, "before": before, "after": after, "names": dict(names), "label": label, "you": _("you are here"),
            "little": True, "whole": WHOLE, "drawn": drawn, "colours": colours(mode),
        },
    )  # fmt: skip


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Walk: known_by})
def drawing(walk: Walk) -> dict[str, Any]:
    """The blocks of the machine that has read and written `walk`, and a few numbers of each of their vectors."""
    found = blocks(walk)
    strips = vectors(found)
    return {
        "blocks": described(found), "strips": packed.mosaics(strips, max(1, strips[0].shape[1] // NUMBERS)), "layer": 1,
        "layers": layers(walk),
        "pieces": {"encoder": len(walk.source), "decoder": len(walk.read), "written": len(walk.written)},
    }  # fmt: skip
