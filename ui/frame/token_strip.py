"""The sentence as chips, source, arrow, target: the same on every page. A chosen chip is chosen for every picture."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from figures.chips import chip
from ui import ASSETS
from ui.session import choice
from ui.session.walk import Passage
from ui.text import translate as _

BOTH = ("source", "target")

_component = st.components.v2.component(
    "atlas_token_strip",
    html=(ASSETS / "token_strip.html").read_text("utf-8"),
    css=(ASSETS / "token_strip.css").read_text("utf-8"),
    js=(ASSETS / "token_strip.js").read_text("utf-8"),
    isolate_styles=False,
)


def show(walk: Passage, special: bool, key: str = "strip", sides: Sequence[str] = BOTH) -> None:
    """Draw the chips of `walk`, without the special ones if not wanted. `choice` tells which are chosen.

    On a side that is not one of `sides` nothing can be chosen, and nothing is shown as chosen: the picture has none of it.

    First on every page, in the same fragment as the pictures, because these ask `choice` what is chosen.
    """
    choice.remember(walk)
    scope = choice.scope(walk)

    def taken() -> None:
        told = (st.session_state.get(key) or {}).get("piece") or {}
        if told.get("scope") == scope:
            choice.take(walk, choice.LOOKED_AT if told["side"] == "source" else choice.WRITTEN, told["place"])

    _component(
        key=key,
        data={
            "source": chips(walk.source, special),
            "target": chips((*walk.read[:1], *walk.written), special, first=choice.START),
            "chosen": {"source": choice.looked_at(walk), "target": choice.target_place(walk)},
            "sides": list(sides), "scope": scope, "names": {"source": _("English pieces"), "target": _("French pieces")},
        },
        on_piece_change=taken,
    )  # fmt: skip


def chips(pieces: Sequence[str], special: bool, first: int = 0) -> list[dict[str, Any]]:
    """One chip per piece; `first` is the place of the first. What continues a word stands close to its beginning."""
    return [
        made(piece, place)
        for place, piece in enumerate(pieces, first)
        if special or not is_special(piece)
    ]  # fmt: skip


def made(piece: str, place: int) -> dict[str, Any]:
    """One chip."""
    (label, colour), apart = chip(piece, place), is_special(piece)
    text = piece if apart else label.lstrip("·")
    begins = piece.startswith("▁") or apart
    return {"text": text, "spoken": label, "colour": colour, "begins": begins, "special": apart, "place": place}


def is_special(piece: str) -> bool:
    """Whether the piece stands for no text, as `</s>` does."""
    return piece in ("<pad>", "<s>", "</s>", "<unk>")
