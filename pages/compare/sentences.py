"""The page as it compares two sentences in one model: the controls, the picture, and what is told beside it."""

import numpy as np
import streamlit as st

from figures.changed import two_sentences
from figures.labels import label
from pages.compare import beside, layers, second
from pages.compare.beside import Two
from pages.compare.layers import Drift
from pages.compare.sides import Side
from ui import controls, frame
from ui.changed import telling
from ui.controls import offers
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import choice, pointed
from ui.session.kept import address, hold
from ui.show import proof, prose, sums, tables
from ui.show.picture import Picture
from ui.text import plain
from ui.text import translate as _

WHAT, PICTURE = "cmp_view", "cmp_picture"  # in the address
Sides = tuple[Side, Side]


def asked() -> bool:
    """Whether two sentences are compared, not two models; before the control is drawn."""
    hold(WHAT, "models")
    return str(st.session_state[WHAT]) == "sentences"


def switch() -> None:
    """The control that says which."""
    controls.one_of(_("Compare"), WHAT, {"models": _("Two models"), "sentences": _("Two sentences")})


def show(session: Session) -> None:
    """All of it."""
    rooms = frame.rooms(session)
    beside.remember()
    pointed.remember(layers.STAGE)
    with rooms.picture:
        with controls.row("atlas_controls_other"):
            switch()
            text = second.field(session)
        found = second.read(session, text)
    if isinstance(found, str):
        with rooms.picture:
            st.info(plain(found))
        frame.first_line(session.lesson.title)
        return address()
    drawn(session, rooms, found)


def drawn(session: Session, rooms: Rooms, sides: Sides) -> None:
    """The picture that is chosen, and the words."""
    lesson = session.lesson.of("sentences")
    with rooms.picture, controls.row():
        names = {"maps": _("Maps"), "layers": _("By layer")}
        picture = controls.one_of(_("Picture"), PICTURE, names)
        head = beside.two(sides, beside.ask(sides[0])) if picture == "maps" else None
        drift = layers.measured(sides, layers.side_of(head) if head else layers.ask())
    seen(rooms, sides, head, drift)
    shown = maps(session, head) if head else layers.picture(session, sides, drift)
    look = lesson.look if head else lesson.sections["Look at layers"]
    with rooms.picture:
        shown.plot(f"compare_{picture}", choice.scope(session.walk), look)
        tables.twin(*shown.table, f"compare_{picture}")
        take_back(session)
    with rooms.words:
        both(sides)
        shown.tell()
        why(head, drift)
        prose.depths(lesson, values(sides, head, drift))


def take_back(session: Session) -> None:
    """The learner's own sentence again, after one of a pair was taken."""
    offers.way_back(session.walk.source_text)


def both(sides: Sides) -> None:
    """Both sentences and what the model makes of them; words that the other has not are marked."""
    texts = [(each.walk.source_text, each.walk.target_text) for each in sides]
    english, french = (telling.difference(*pair) for pair in zip(*texts, strict=True))
    parts = [
        f'<section><h4>{each.letter} <small>{telling.marked(words[0], tag)}</small></h4>'
        f'<p class="said" lang="fr">{telling.marked(words[1], tag)}</p></section>'
        for each, tag, words in (
            (sides[0], "u", (english.before, french.before)), (sides[1], "ins", (english.after, french.after)),
        )
    ]  # fmt: skip
    telling.show(f'<div class="atlas-change atlas-sides">{"".join(parts)}</div>')


def seen(rooms: Rooms, sides: Sides, head: Two | None, drift: Drift) -> None:
    """The first line: how far the chosen row looks elsewhere, or where the change is felt."""
    if second.alike(sides[0].walk, sides[1].walk):
        return rooms.seen(_("A and B are the same sentence. Type another one as B."))
    if head is None:
        return far(rooms, drift)
    row = beside.chosen(head)[0]
    if np.isnan(head.moved[row]):
        whose = "A" if head.rows[row][1] is None else "B"
        return rooms.seen(_("{piece} is only in {side}: its row has no partner."), piece=head.chip(0, row), side=whose)
    mean = np.nanmean(head.moved)
    told = _("In B, {piece} looks elsewhere with {share} of its look; all that both have, with {mean} on average.")
    rooms.seen(told, piece=head.chip(0, row), share=f"{head.moved[row]:.2f}", mean=f"{mean:.2f}")


def far(rooms: Rooms, drift: Drift) -> None:
    """How far apart the pieces are that both have, at the bottom and at the top."""
    if np.isnan(drift.mean).any():
        return rooms.seen(_("The two sentences have no piece in common."))
    told = _(
        "The pieces that both have: {first} apart with their positions, {one} after layer 1, {last} after layer {count}."
    )
    numbers = [f"{each:.2f}" for each in drift.mean]
    rooms.seen(told, first=numbers[1], one=numbers[2], last=numbers[-1], count=len(numbers) - 2)


def maps(session: Session, head: Two) -> Picture:
    """Both maps and their difference."""
    row, column = beside.chosen(head)
    cell = head.down.index(row), head.across.index(column)
    first, other = head.drawn(head.first), head.drawn(head.second)
    pieces, names = head.pieces(), head.views[0].names
    moved = np.nan_to_num(head.moved)
    order = sorted(head.down, key=lambda at: -moved[at])[:6]
    told = "; ".join(f"{head.chip(0, at)} {moved[at]:.2f}" for at in order)
    rows = [
        [label(pieces[0][at]), label(pieces[1][to]), *(None if np.isnan(each) else float(each) for each in numbers)]
        for at, line in enumerate(zip(first, other, other - first, strict=True))
        for to, numbers in enumerate(zip(*line, strict=True))
    ]  # fmt: skip
    return Picture(
        title=head.asked.who, alt=f"{head.asked.who}. {_('Share of each row that lies elsewhere in B')}: {told}.",
        on_click=beside.chooser(head), tell=lambda: tell(head), table=([_("looks"), _("at"), "A", "B", "B − A"], rows),
        figure=two_sentences.maps(
            first, other, *pieces, names=names, title=head.asked.who, mode=session.mode, selected=cell,
            value_names=(_("weight"), "B − A"),
        ),
    )  # fmt: skip


def tell(head: Two) -> None:
    """The chosen cell: both numbers and their difference."""
    row, column = beside.chosen(head)
    a, b = (float(each[row, column]) for each in (head.first, head.second))
    query, key = head.chip(0, row), head.chip(1, column)
    if np.isnan(a) or np.isnan(b):
        told = _("{query} gives {key} {weight} in {side}. The other sentence has no such pair of pieces.")
        if np.isnan(a) and np.isnan(b):
            told = _("{query} and {key} are never in one sentence.")
        weight = "" if np.isnan(a) and np.isnan(b) else f"{b if np.isnan(a) else a:.3f}"
        return prose.cell(told, query=query, key=key, weight=weight, side="B" if np.isnan(a) else "A")
    told = _("{query} gives {key} {a} in A and {b} in B: B − A = {difference}.")
    prose.cell(told, query=query, key=key, a=f"{a:.3f}", b=f"{b:.3f}", difference=sums.number(b - a))


def why(head: Two | None, drift: Drift) -> None:
    """Where the change dies out, and the way to the sums behind the cell in both sentences."""
    links = [links_to(head, side) for side in (0, 1)] if head else []
    if np.isnan(drift.mean).any():
        return proof.show(_("The two sentences have no piece in common."), *filter(None, links))
    least = int(np.nanargmin(drift.far[:, -1]))
    told = _(
        "Does it die out? What both have is {one} apart on average after layer 1, and {last} after layer {count}. Least: {piece}, {least}."
    )
    proof.show(
        told, *filter(None, links), one=f"{drift.mean[2]:.2f}", last=f"{drift.mean[-1]:.2f}", count=drift.far.shape[1] - 2,
        piece=drift.chip(least), least=f"{drift.far[least, -1]:.2f}",
    )  # fmt: skip


def links_to(head: Two, side: int) -> proof.Link | None:
    """To the sum behind the chosen cell in one of the sentences; nothing if it has no such cell."""
    row, column = beside.chosen(head)
    query, key = head.rows[row][side], head.columns[column][side]
    if query is None or key is None:
        return None
    view, kind = head.views[side], head.asked.kind
    number = int(view.weights[:, query, key].argmax()) if head.asked.head is None else head.asked.head
    asks = {"kind": kind, "layer": str(head.asked.layer + 1), "head": str(number + 1)}
    looks, looked = (choice.LOOKED_AT, choice.KEY) if kind == "encoder" else (choice.WRITTEN, choice.KEY)
    looked = choice.LOOKED_AT if kind == "cross" else looked
    asks |= {looks: str(query + (kind != "decoder")), looked: str(key + 1)}
    if side:
        asks |= {"to_text": head.sides[1].walk.source_text, "target": "model"}
    page = "90_cross_attention" if kind == "cross" else "50_one_head"
    return proof.Link(page, _("{side}: head {head}").format(side="AB"[side], head=number + 1), asks)


def values(sides: Sides, head: Two | None, drift: Drift) -> dict[str, str]:
    """The numbers of the lesson."""
    mean = [f"{each:.3f}" for each in np.nan_to_num(drift.mean)]
    a, b = (each.walk for each in sides)
    alone = [sum(pair[side] is None for pair in drift.rows) for side in (1, 0)]
    found = {
        "a": a.source_text, "b": b.source_text, "common": str(sum(None not in pair for pair in drift.rows)),
        "alone_a": str(alone[0]), "alone_b": str(alone[1]), "embedding": mean[0], "position": mean[1], "one": mean[2], "last": mean[-1],
        "layers": str(len(mean) - 2), "piece": "–", "tex_piece": prose.tex("–"), "share": "–",
    }  # fmt: skip
    if head and not np.isnan(head.moved[row := beside.chosen(head)[0]]):
        who = head.chip(0, row)
        found |= {"piece": who, "tex_piece": prose.tex(who), "share": f"{head.moved[row]:.3f}"}
    return found
