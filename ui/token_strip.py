"""The sentence as chips, source, arrow, target: the same on every page. A chosen French chip is chosen for every picture."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from ui import choice
from ui.text import translate as _
from ui.walk import Walk

ASSETS = Path(__file__).parent / "assets"
Colour = Callable[[int], str]  # of the piece at a position
Label = Callable[[str], str]  # of a piece, as people read it

_component = st.components.v2.component(
    "atlas_token_strip",
    html=(ASSETS / "token_strip.html").read_text("utf-8"),
    css=(ASSETS / "token_strip.css").read_text("utf-8"),
    js=(ASSETS / "token_strip.js").read_text("utf-8"),
    isolate_styles=False,
)


def show(walk: Walk, colour: Colour, label: Label, key: str = "strip") -> int | None:
    """Draw the chips of `walk`; answer with the place of the chosen French piece, counted from 0, if there is one.

    First on every page, in the same fragment as the pictures, because these ask `choice` what is chosen.
    """
    choice.remember(walk)
    chosen, scope = choice.piece(walk), choice.scope(walk)

    def taken() -> None:
        piece = (st.session_state.get(key) or {}).get("piece") or {}
        if piece.get("scope") == scope:
            choice.choose(None if piece["place"] < 0 else piece["place"])

    _component(
        key=key,
        data={
            "source": chips(walk.source, colour, label), "target": chips(walk.written, colour, label),
            "chosen": -1 if chosen is None else chosen, "scope": scope,
            "source_name": _("English pieces"), "target_name": _("French pieces"),
        },
        on_piece_change=taken,
    )  # fmt: skip
    return chosen


def chips(pieces: Sequence[str], colour: Colour, label: Label) -> list[dict[str, str | bool]]:
    """One chip per piece. What continues a word stands close to its beginning."""
    return [
        {
            "text": label(piece).lstrip("·") if not special(piece) else piece, "spoken": label(piece), "colour": colour(place),
            "begins": piece.startswith("▁") or special(piece), "special": special(piece),
        }
        for place, piece in enumerate(pieces)
    ]  # fmt: skip


def special(piece: str) -> bool:
    """Whether the piece stands for no text, as `</s>` does."""
    return piece in ("<pad>", "<s>", "</s>", "<unk>")
