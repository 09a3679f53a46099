"""One step of a cell: what goes in, the gates, what comes out; over the sentence, then over its translation."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from relatives.cells import Cell, CellTrace, GruTrace, LstmTrace
from relatives.recurrent import OneState, OneStateTrace
from ui.frame import Seen
from ui.session import choice
from ui.session.kept import hold
from ui.session.walk import Passage, array
from ui.text import translate as _

STEP = "oh_step"  # in the address: which step, from 1, those of the encoder first
_LAST = "_oh_pieces"  # in session state: what was chosen in the strip before


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step, and the cell that took it."""

    piece: str  # what was read
    encodes: bool  # whether the encoder took it
    number: int  # of all steps, from 0
    at: int  # of the encoder's or of the decoder's steps, from 0
    cell: Cell
    trace: CellTrace

    def row(self, name: str) -> NDArray[np.float64]:
        """One vector of the trace at this step, in double precision: `states`, `update`, ..."""
        return array(getattr(self.trace, name)[0, self.at]).astype(np.float64)


def names(trace: CellTrace) -> dict[str, str]:
    """The vectors of a step in the order in which they are drawn, with their words."""
    if isinstance(trace, GruTrace):
        inside = {"reset": _("reset gate r"), "update": _("update gate z"), "candidate": _("candidate n")}
    elif isinstance(trace, LstmTrace):
        inside = {
            "cells_before": _("cell before"), "input_gate": _("input gate i"), "forget_gate": _("forget gate f"),
            "candidate": _("candidate g"), "output_gate": _("output gate o"), "cells": _("cell"),
        }  # fmt: skip
    else:
        inside = {}
    return {"inputs": _("reads x"), "before": _("state before"), **inside, "states": _("state h")}


def steps(seen: Seen) -> list[Step]:
    """All steps of the model: those of its encoder, then those of its decoder."""
    trace, model = seen.walk.trace, seen.checkpoint.model  # type: ignore[attr-defined]
    assert isinstance(trace, OneStateTrace)
    assert isinstance(model, OneState)
    read = [
        Step(piece=piece, encodes=True, number=at, at=at, cell=model.encoder, trace=trace.encoder.cell)
        for at, piece in enumerate(seen.walk.source)
    ]
    return read + [
        Step(piece=piece, encodes=False, number=len(read) + at, at=at, cell=model.decoder, trace=trace.decoder.cell)
        for at, piece in enumerate(seen.walk.read)
    ]


def remember(walk: Passage) -> None:
    """First in the fragment: which step, and that a piece clicked in the strip chooses the step that reads it."""
    first = (choice.looked_at(walk) or 0) + 1
    hold(STEP, first)
    now = (choice.scope(walk), choice.looked_at(walk), choice.piece(walk))
    before = st.session_state.get(_LAST, now)
    if before[0] == now[0] and before != now:
        source, target = now[1], now[2]
        if source is not None and source != before[1]:
            st.session_state[STEP] = source + 1
        elif target is not None and target != before[2]:
            st.session_state[STEP] = len(walk.source) + target + 1
    elif before[0] != now[0]:
        st.session_state[STEP] = first
    st.session_state[_LAST] = now


def chosen(count: int) -> int:
    """The chosen step, from 0; the first if the address asks for one that there is not."""
    number = st.session_state.get(STEP)
    return number - 1 if isinstance(number, int) and 1 <= number <= count else 0


def stand_at(number: int) -> None:
    """Go to a step, from 0. Only in callbacks."""
    st.session_state[STEP] = number + 1


def keeps(step: Step) -> float:
    """How much of the state before a step keeps, on the whole: the mean of the gate that says so; for a plain cell the cosine."""
    if isinstance(step.trace, GruTrace):
        return float(step.row("update").mean())
    if isinstance(step.trace, LstmTrace):
        return float(step.row("forget_gate").mean())
    return cosine(step.row("before"), step.row("states"))


def cosine(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Of the angle between two vectors; 0 if one has no length."""
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 0.0
