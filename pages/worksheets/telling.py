"""What the page says about the sheets."""

import math
from collections.abc import Sequence

import streamlit as st

from pages.worksheets.desk import Asked
from pages.worksheets.exact import root, written
from pages.worksheets.sheet import Sheet
from ui.frame import Rooms, Workshop
from ui.session import state
from ui.show import prose
from ui.text import filled, plain
from ui.text import translate as _


def seen(rooms: Rooms, sheets: Sequence[Sheet], asked: Asked) -> None:
    """The first line: how many sheets, and how much there is to fill in."""
    blanks = sum(sum(1 for _blank in each.blanks) for each in sheets[0].exercises)
    facts = {"exercises": len(sheets[0].exercises), "blanks": blanks, "page": asked.about.name}
    if len(sheets) == 1:
        rooms.seen(
            _("Worksheet {number} about {page}: {exercises} exercises with {blanks} blanks."),
            number=sheets[0].number,
            **facts,
        )
    else:
        told = _(
            "{count} worksheets about {page}, no two alike: {exercises} exercises with {blanks} blanks on the first."
        )
        if differ(sheets) < len(sheets):
            told = _(
                "{count} worksheets about {page}, {differ} of them different: {exercises} exercises with {blanks} blanks on the first."
            )
        rooms.seen(told, count=len(sheets), differ=differ(sheets), **facts)


def differ(sheets: Sequence[Sheet]) -> int:
    """How many different sheets there are."""
    return len({each.given for each in sheets})


def nothing(rooms: Rooms, why: str) -> None:
    """When the sentence cannot be read."""
    rooms.seen(_("From any page to a sheet of paper: its numbers, and blanks to fill in."))
    with rooms.picture:
        st.info(why)


def about(sheets: Sequence[Sheet], asked: Asked) -> None:
    """The exercises by name, and what to know about them."""
    listed = "\n".join(f"- {plain(each.title)}" for each in sheets[0].exercises)
    prose.cell(
        _("Worksheet {number} is made from “{sentence}”, read by {model}."),
        number=sheets[0].number,
        sentence=short(sheets[0].sentence),
        model=sheets[0].model,
    )
    st.markdown(listed)
    if asked.about.instead:
        told = _("The page {page} has no exercises of its own. These are those of the nearest one, {other}.")
        st.html(f"<p>{filled(told, page=asked.about.name, other=asked.about.instead)}</p>")
    if asked.dealt and len({each.sentence for each in sheets}) < len(sheets):
        st.caption(_("The model has fewer held-out sentences than there are sheets, so some sentences come twice."))


def short(sentence: str, most: int = 120) -> str:
    """A sentence that does not fill the room."""
    return sentence if len(sentence) <= most else f"{sentence[:most]}…"


def values(shop: Workshop, asked: Asked) -> dict[str, str]:
    """The numbers of the lesson."""
    assert shop.transformer is not None, "the page ends before"
    origin = shop.transformer.origin
    config = state.opened(origin).model.config
    width = config.d_model // config.heads
    return {
        "sheets": str(asked.sheets), "first": str(asked.first), "last": str(asked.numbers[-1]), "exercises": str(len(asked.kinds)),
        "model": origin.folder.name, "width": str(width), "root": f"{math.sqrt(width):.6f}", "rounded": written(root(width)),
        "off": f"{abs(math.sqrt(width) - float(root(width))):.6f}",
    }  # fmt: skip
