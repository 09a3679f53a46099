"""Which number: of a piece's embedding, of what leaves a layer of the encoder, or of a weight; and what was set by hand, as text in the address."""

import math
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.labels import label
from transformer.model import Transformer
from transformer.numbers import LAYER, Number, shape
from ui import controls
from ui.changed import guess, undo
from ui.controls import dimension
from ui.frame import Session
from ui.session import choice
from ui.session.kept import hold
from ui.text import translate as _

PREFIX, KEY = "on", "on_do"  # in the address
WHAT, MATRIX, ROW, VIEW = "on_what", "on_matrix", "on_row", "on_view"
MOST, BOUND = 24, 1000.0  # numbers set at once, and the largest that may be set
EMBEDDING = "matrix"
PARTS = {  # as people write them
    "self_attention": "self-attention", "cross_attention": "cross-attention", "feed_forward": "feed-forward", "norm": "LayerNorm",
    "after_attention": "after attention:", "after_self_attention": "after self-attention:", "after_cross_attention": "after cross-attention:",
    "after_feed_forward": "after feed-forward:",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say. Rows and columns count from 0."""

    what: str  # embedding, layer, weight
    view: str  # numbers, chances
    where: str  # as in `Number`
    row: int
    column: int
    size: tuple[int, int]  # rows and columns of all
    numbers: tuple[Number, ...]  # set by hand
    bench: DeltaGenerator  # the row of controls in which it is changed

    @property
    def vector(self) -> bool:
        """Whether one row is all that is shown: a vector, folded."""
        return self.what != "weight" or self.size[0] == 1


def ask(session: Session) -> Asked:
    """Draw the controls and answer with what they say."""
    guess.told_before(PREFIX, KEY)
    model = session.checkpoint.model
    numbers = read(undo.hold_code(KEY), model)
    dimension.remember()
    hold(ROW)
    kinds = {"embedding": _("Embedding"), "layer": _("After a layer"), "weight": _("A weight")}
    with controls.row("atlas_controls_lab"):
        what = controls.one_of(_("Which number"), WHAT, kinds)
        view = controls.one_of(_("Picture"), VIEW, {"numbers": _("Numbers"), "chances": _("Chances")})
        undo.buttons(KEY)
    place = choice.looked_at(session.walk) or 0
    bench = st.container(key="atlas_controls_part", horizontal=True, gap="small", vertical_alignment="bottom")
    with bench:
        where = chosen_place(session, what)
        size = shape(model, where, len(session.walk.source))
        row = {"embedding": session.walk.source_ids[place], "layer": place}.get(what, 0)
        if what == "weight" and size[0] > 1:
            row = counter(_("Row, output"), ROW, size[0])
        column = counter(_("Column, input") if what == "weight" else _("Dimension"), dimension.KEY, size[1])
    return Asked(what=what, view=view, where=where, row=row, column=column, size=size, numbers=numbers, bench=bench)


def chosen_place(session: Session, what: str) -> str:
    """Where the number stands; of a weight and of a layer the control that says which."""
    model = session.checkpoint.model
    if what == "layer":
        count = len(model.encoder_layers)
        return f"{LAYER}{controls.one_of(_('Encoder layer'), 'on_layer', controls.numbers(count), default=str(count))}"
    if what == "weight":
        names = {code(name): called(name) for name, _weight in model.named_parameters() if name != EMBEDDING}
        chosen = controls.menu(_("Matrix"), MATRIX, names, width=240)
        return next(name for name, _weight in model.named_parameters() if code(name) == chosen)
    return EMBEDDING


def code(name: str) -> str:
    """A parameter in the address, without dots: `encoder_layers-0-self_attention-W_Q-weight`."""
    return name.replace(".", "-")


def called(name: str) -> str:
    """A parameter as people call it: `Encoder 1: self-attention W_Q`."""
    stack, number, *parts = name.split(".")
    side = _("Encoder") if stack.startswith("encoder") else _("Decoder")
    kind = parts.pop()
    words = " ".join(part if "W_" in part else PARTS.get(part, part) for part in parts)
    return f"{side} {int(number) + 1}: {words}{'' if kind == 'weight' else f' ({kind})'}"


def counter(name: str, key: str, count: int) -> int:
    """A number field from 0 for a place that is held; 0 unless chosen."""
    pick, now = f"pick_on_{key}", st.session_state.get(key)
    now = now if isinstance(now, int) and 0 <= now < count else 0
    st.session_state[pick] = now

    def picked() -> None:
        st.session_state[key] = int(st.session_state[pick])

    st.number_input(name, 0, count - 1, key=pick, on_change=picked, width=110)
    return now


def point(asked: Asked, row: int, column: int) -> None:
    """Point at a number. Only in callbacks."""
    dimension.choose(column)
    if asked.what == "weight":
        st.session_state[ROW] = row


def written(numbers: tuple[Number, ...]) -> str:
    """The numbers as they stand in the address: `layer~1.4.37.2_5`, where `_` is the point of the value."""
    return ";".join(f"{code(each.where)},{each.row},{each.column},{each.value:.7g}" for each in numbers)


def read(text: str, model: Transformer) -> tuple[Number, ...]:
    """What an address asks for, as far as this model has it; the last counts of two for one place."""
    names = {code(name): name for name, _weight in model.named_parameters()}
    names |= {code(f"{LAYER}{layer}"): f"{LAYER}{layer}" for layer in range(1, len(model.encoder_layers) + 1)}
    found: dict[tuple[str, int, int], Number] = {}
    for part in text.split(";")[:MOST]:
        where, *rest = part.split(",")
        if (
            where not in names
            or len(rest) != 3
            or not all(each.isascii() and each.isdecimal() and len(each) < 7 for each in rest[:2])
        ):
            continue
        number = Number(names[where], int(rest[0]), int(rest[1]), finite(rest[2]))
        rows, columns = shape(model, number.where, model.config.max_positions)
        if number.row < rows and number.column < columns and abs(number.value) <= BOUND:
            found[number[:3]] = number
    return tuple(found.values())


def finite(text: str) -> float:
    """The number that a text is; infinite if it is none."""
    try:
        value = float(text)
    except ValueError:
        return math.inf
    return value if math.isfinite(value) else math.inf


def set_to(asked: Asked, value: float, usual: float) -> None:
    """Set the number; back to what the model has takes the change away. Only in callbacks."""
    here = (asked.where, asked.row, asked.column)
    others = tuple(each for each in asked.numbers if each[:3] != here)
    mine = () if abs(value - usual) < 1e-7 else (Number(*here, value),)
    undo.change(KEY, written((*others, *mine)[-MOST:]))


def name(session: Session, number: Number) -> str:
    """A number as people call it: `dimension 3 of letter after layer 1`."""
    walk, tokenizer = session.walk, session.checkpoint.tokenizer
    if number.where == EMBEDDING:
        told = _("dimension {column} of the row of {piece}")
        return told.format(column=number.column, piece=label(tokenizer.piece(number.row).piece))
    if number.where.startswith(LAYER):
        piece = label(walk.source[number.row]) if number.row < len(walk.source) else _("a later piece")
        told = _("dimension {column} of {piece} after layer {layer}")
        return told.format(column=number.column, piece=piece, layer=number.where.removeprefix(LAYER))
    told = _("row {row}, column {column} of {matrix}")
    return told.format(row=number.row, column=number.column, matrix=called(number.where))
