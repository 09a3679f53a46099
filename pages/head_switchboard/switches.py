"""Which heads are switched, and how; in the address as `sw_heads=c2.3-e1.1u`."""

from dataclasses import dataclass

import streamlit as st

from transformer.what_if import KINDS, Head, How, WhatIf, every_head
from ui import controls
from ui.changed import guess, names, undo
from ui.frame import Session
from ui.session.attentions import Cell
from ui.session.kept import hold
from ui.text import translate as _

KEY, CHOSEN = "sw_heads", "sw_head"  # in the address


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say."""

    picture: str  # "switches", "score", "sample", "maps" or "out"
    how: How  # what a click does to a head
    every: tuple[Head, ...]  # of the model
    switched: dict[Head, How]
    head: Head  # whose maps are shown

    @property
    def code(self) -> str:
        """The switches as they stand in the address."""
        return names.codes(self.switched)

    @property
    def what_if(self) -> WhatIf:
        """The change; the same for the same switches, in whatever order they were clicked."""
        return WhatIf(heads=tuple(sorted(self.switched.items())))


def ask(session: Session) -> Asked:
    """Draw the controls and read them."""
    guess.told_before("sw", KEY)
    every, code = tuple(every_head(session.checkpoint.model)), undo.hold_code(KEY)
    hold(CHOSEN, "")
    pictures = {
        "switches": _("Switches"), "score": _("Scoreboard"), "sample": _("Held-out"), "maps": _("Maps"), "out": _("Chances"),
    }  # fmt: skip
    with controls.row():
        picture = controls.one_of(_("Picture"), "sw_picture", pictures)
    with controls.row("atlas_controls_click"):
        how: How = controls.one_of(_("A click sets a head"), "sw_how", words_of())  # type: ignore[assignment,arg-type]
        undo.buttons(KEY)
    head = names.head(str(st.session_state[CHOSEN]), every) or every[0]
    return Asked(picture=picture, how=how, every=every, switched=names.switched(code, every), head=head)


def words_of() -> dict[How, str]:
    """What can be done to a head."""
    return {"off": _("off"), "uniform": _("uniform"), "mean": _("mean")}


def toggle(asked: Asked, head: Head) -> None:
    """Switch a head, or back on if it is switched so already. Only in callbacks."""
    switched = dict(asked.switched)
    if switched.get(head) == asked.how:
        del switched[head]
    else:
        switched[head] = asked.how
    st.session_state[CHOSEN] = names.code(head)
    undo.change(KEY, names.codes(switched))


def clicked(asked: Asked, cell: Cell) -> Head | None:
    """The head that a cell `[attention, layer, head]` stands for."""
    kind, layer, number = (int(each or 0) for each in cell[:3])
    head = Head(KINDS[kind], layer, number) if 0 <= kind < len(KINDS) else None
    return head if head in asked.every else None


def take(asked: Asked, cell: Cell) -> None:
    """What a click on the board does: switch the head, or choose it where its maps are shown. Only in callbacks."""
    if head := clicked(asked, cell):
        if asked.picture == "maps":
            st.session_state[CHOSEN] = names.code(head)
        else:
            toggle(asked, head)
