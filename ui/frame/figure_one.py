"""The little map of Figure 1 of the paper: where am I, and a link from every block to its page. Arrow keys turn the pages."""

import streamlit as st

from transformer.config import Config
from ui import ASSETS
from ui.text import translate as _

BLOCKS = {  # the blocks of the drawing in `assets/figure_one.html`, and the page each leads to
    "pieces": "10_tokens",
    "embedding": "20_embeddings",
    "position": "30_positions",
    "qkv": "40_queries_keys_values",
    "head": "50_one_head",
    "heads": "60_many_heads",
    "stack": "70_the_stack",
    "masked": "80_decoder_and_mask",
    "cross": "90_cross_attention",
    "output": "100_output_and_search",
}

_component = st.components.v2.component(
    "atlas_figure_one",
    html=(ASSETS / "figure_one.html").read_text("utf-8"),
    css=(ASSETS / "figure_one.css").read_text("utf-8"),
    js=(ASSETS / "figure_one.js").read_text("utf-8"),
    isolate_styles=False,
)


def show(here: str, names: dict[str, str], before: str, after: str, config: Config | None) -> None:
    """Draw the map with `here` lit. A click on a block, or an arrow key, turns to its page.

    `names` are the pages there are with their names; `before` and `after` are those that the arrow keys lead to, or "". Without a
    `config` there is no model yet, and the stacks have N layers.
    """
    layers = (config.encoder_layers, config.decoder_layers) if config else ("N", "N")
    _component(
        key="figure_one",
        data={
            "here": here, "before": before, "after": after,
            "blocks": {block: page for block, page in BLOCKS.items() if page in names}, "names": names,
            "label": _("Map of the Transformer, Figure 1 of the paper"), "summary": _("Map: where am I?"),
            "you": _("you are here"), "layers": [f"{count} ×" for count in layers],
        },
    )  # fmt: skip
