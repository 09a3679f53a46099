"""The flow drawn and told: the clicked part, how much stays, and what neither lengths nor rollout can say."""

from functools import partial
from html import escape

import numpy as np
import streamlit as st

from figures.labels import label
from figures.numbers import flow as drawing
from pages.the_stack import flow, path, stack
from pages.the_stack.flow import Flow
from pages.the_stack.stack import Asked
from transformer.analysis import contributions, head_roles
from transformer.what_if import Head, WhatIf
from ui.changed import names, outcome
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import choice, state
from ui.session.attentions import Shown
from ui.show import proof, prose, sums
from ui.show.picture import Picture
from ui.text import filled, plain
from ui.text import translate as _


def picture(session: Session, asked: Asked) -> Picture:
    """A row of segments for each sub-layer."""
    found, who = flow.flow(session, asked), stack.who(session, asked.sentence)
    rows, parts = path.short_words(tuple(stack.boxes(session, asked.sentence))), flow.part_words(found.heads)
    lengths, at = found.lengths, flow.chosen(found)
    marks = ["x", *map(str, range(1, found.heads + 1)), _("FFN"), "b"]
    axis = _("length at the top") if found.whole else _("length of what is added")
    title = _("What adds to {piece}, by length").format(piece=who)
    figure = drawing.flow(
        rows, parts, lengths, marks=marks, title="", mode=session.mode, names=(_("sub-layer"), axis), selected=at
    )
    added = lengths[:, 1:-1]
    best = [(row, int(np.nanargmax(line)) + 1) for row, line in enumerate(added) if np.isfinite(line).any()]
    told = _("{row}: most by {part} ({length})")
    alt = "; ".join(
        told.format(row=rows[row], part=parts[part], length=f"{lengths[row, part]:.2f}") for row, part in best
    )
    table = [
        [name, *(None if np.isnan(each) else each for each in line)]
        for name, line in zip(rows, lengths.tolist(), strict=True)
    ]
    return Picture(
        title=title, alt=f"{title}. {alt}.", figure=figure, on_click=flow.choose, table=([_("sub-layer"), *parts], table),
        tell=lambda: tell(session, asked, found, at),
    )  # fmt: skip


def named(session: Shown, asked: Asked, at: tuple[int, int], heads: int) -> str:
    """`layer 2, Cross-attention, head 3`."""
    if at[0] == 0:
        return _("input")
    box = stack.boxes(session, asked.sentence)[at[0] - 1]
    where = _("layer {layer}, {sub}").format(layer=box.layer + 1, sub=stack.sub_words(box.sub))
    return where if at[1] == heads + 1 else f"{where}, {flow.part_words(heads)[at[1]]}"


def tell(session: Shown, asked: Asked, found: Flow, at: tuple[int, int]) -> None:
    """Room 4: how long the part is and by whom, and its share of the whole, which all parts make up."""
    vector, goal = found.vector(*at), found.goal(at[0])
    if vector is None:
        return prose.nothing_chosen()
    title = filled(
        _("{part}: {length} long"), part=named(session, asked, at, found.heads), length=sums.number(path.length(vector))
    )
    lines = []
    if (each := found.by_key(*at)) is not None:
        own = np.linalg.norm(each, axis=-1)
        keys = session.walk.source if found.stations[at[0] - 1].sub == "cross" else asked.sentence.pieces
        note = _("Weight times value times W_O, through LayerNorm: lengths of vectors, which partly cancel.")
        listed = sums.listed_numbers(own.tolist(), [label(piece) for piece in keys], plus="")
        lines.append(sums.Line(escape(_("by piece")), listed + sums.why(note)))
    size = float(goal @ goal) or 1.0
    share = float(vector @ goal) / size
    product = f"{sums.number(float(vector @ goal))} / {sums.number(size)} = <b>{sums.number(share)}</b>"
    along = _("How far it reaches along the vector that all parts add up to. Below zero: it works against it.")
    lines.append(sums.Line(escape(_("its share")), product + sums.why(along), True))
    parts = found.beside(at[0])
    shares = [float(found.vector(*each) @ goal) / size for each in parts]  # type: ignore[operator]
    called = [short(found, each) for each in parts]
    lines.append(sums.Line(escape(_("all parts")), sums.listed_numbers(shares, called, total=sum(shares))))
    sums.show(title, lines)


def short(found: Flow, at: tuple[int, int]) -> str:
    """`2 cross, head 3`, `1 FFN`, `x`, `1 self, biases`."""
    if at[0] == 0 or at[1] == flow.CAME:
        return "x"
    box, part = found.stations[at[0] - 1], flow.part_words(found.heads)[at[1]]
    name = f"{box.layer + 1} {path.short_word(box.sub)}"
    return name if at[1] == found.heads + 1 else f"{name}, {part}"


def kept(session: Shown, asked: Asked) -> float:
    """The share by length that stays with the piece at an attention, on average; rollout takes a half for granted."""
    found = flow.here(session, asked)
    return float(np.mean([box.kept for box in found.stations if len(box.heads)]))


def see(rooms: Rooms, session: Shown, asked: Asked) -> None:
    """The first line: how much stays at each attention, and what adds most."""
    lengths = flow.flow(session, asked).lengths
    at = flow.most(lengths[:, 1:-1], 1)
    told = _("Each attention leaves {kept} of {piece}, by length (rollout: 0.50); most comes from {part}.")
    if asked.sentence.side == "target":
        told = _(
            "Read {piece}, about to write {next}: attention leaves {kept}, by length (rollout: 0.50); most comes from {part}."
        )
    rooms.seen(
        told, piece=stack.piece(session, asked.sentence), next=stack.next_piece(session, asked.sentence),
        kept=f"{kept(session, asked):.2f}", part=short(flow.here(session, asked), at),
    )  # fmt: skip


def strongest(session: Shown, asked: Asked) -> tuple[Head, float]:
    """The head that adds the longest vector, and how long it is."""
    found = flow.here(session, asked)
    lengths = found.lengths[:, 1 : found.heads + 1]
    row, head = flow.most(lengths, 0)
    box = found.stations[row - 1]
    kind = "cross" if box.sub == "cross" else "encoder" if asked.sentence.side == "source" else "decoder"
    return Head(kind, box.layer, head), float(lengths[row, head])  # type: ignore[arg-type]


def why(session: Session, asked: Asked) -> None:
    """What comes of leaving the longest part out, and with it what no length can say."""
    walk, (head, length) = session.walk, strongest(session, asked)
    found = outcome.outcome(
        session.origin, walk.source_text, walk.written_ids, state.Search(1), WhatIf(heads=((head, "off"),))
    )
    told = _(
        "Does the head that adds most matter most? Without {head} the right pieces get {after}, not {before}. "
        "Neither lengths nor rollout say what a part does: only that it is there."
    )
    link = proof.Link("200_head_switchboard", _("Without it"), {"sw_heads": names.code(head), "sw_picture": "switches"})
    more = proof.Link("60_many_heads", _("Rollout"), {"heads": "rollout", "rolled": "lengths"})
    before, after = told_apart(float(np.mean(walk.chances)), float(np.mean(found.chances)))
    proof.show(
        told,
        link,
        more,
        control=partial(onward, session, asked),
        head=names.short(head),
        length=f"{length:.2f}",
        before=before,
        after=after,
    )


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart, from two to four."""
    digits = next((digits for digits in (2, 3) if round(one, digits) != round(other, digits)), 4)
    return f"{one:.{digits}f}", f"{other:.{digits}f}"


def onward(session: Shown, asked: Asked) -> None:
    """A button to the English piece of which the chosen head of cross-attention brings most; nothing beside another part."""
    found = flow.flow(session, asked)
    row, part = flow.chosen(found)
    each = found.by_key(row, part)
    if each is None or found.stations[row - 1].sub != "cross":
        return
    key = int(np.linalg.norm(each, axis=-1).argmax())
    says = plain(_("Follow {piece} through the encoder").format(piece=label(session.walk.source[key])))
    st.button(says, key="flow_onward", on_click=into_encoder, args=(key,), type="tertiary")


def into_encoder(place: int) -> None:
    """The English piece at `place`, on its way up. Only in callbacks."""
    st.session_state["side"] = "source"
    choice.set_place(choice.LOOKED_AT, place)
    flow.forget()


def values(session: Shown, asked: Asked) -> dict[str, str]:
    """For the lesson: what rollout says, by weights and by lengths, and the chosen part."""
    found, row = flow.flow(session, asked), asked.sentence.row
    layers = stack.layers(session, asked.sentence)
    modules = [stack.module(session, asked.sentence, layer) for layer in range(len(layers))]
    by_length = contributions.rollout(layers, modules)[-1][row, row]
    by_weight = head_roles.rollout([layer.self_attention.weights[0].numpy() for layer in layers])[-1][row, row]
    at = flow.chosen(found)
    vector = found.vector(*at)
    parts = [found.vector(*each) for each in found.beside(at[0])]
    lengths = sum(path.length(each) for each in parts if each is not None)
    return {
        "kept": f"{kept(session, asked):.2f}", "by_weight": f"{by_weight:.2f}", "by_length": f"{by_length:.2f}",
        "part": named(session, asked, at, found.heads), "part_length": f"{0 if vector is None else path.length(vector):.3f}",
        "sum_of_lengths": f"{lengths:.1f}", "whole_length": f"{path.length(found.goal(at[0])):.1f}", "parts": str(len(parts)),
    }  # fmt: skip
