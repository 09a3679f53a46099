"""The view "Your sentence": it grows clause by clause, and three models translate it side by side."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from figures.labels import label
from figures.numbers.measured import Axis, Series, measured
from pages.the_long_sentence.known import learned, short
from relatives.long.record import Record
from relatives.long.sentences import prolonged
from transformer.text import clean
from ui import controls, frame
from ui.frame import Rooms, Seen, Visit
from ui.session import relatives, state
from ui.session.kept import hold
from ui.session.walk import Passage, array
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

COUNT, SIDE, PIECE = "ls_clauses", "ls_side", "ls_piece"  # in the address: clauses more, and the point that was clicked
SIDES = ("ls_a", "ls_b", "ls_c")  # in the address: the three models
LIKE = (("gru", "lstm", "tanh"), ("bahdanau", "luong-dot"), ("transformer",))  # which kinds each side begins with
GREEDY, MOST, UNSURE, RIVALS, BODY = state.Search(1), 5, 0.5, 4, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the three, and what it wrote."""

    name: str  # as it is shown
    model: str  # the checkpoint's name
    origin: state.Origin
    walk: Passage
    right: tuple[bool, ...]  # of each clause that was added

    @property
    def words(self) -> list[tuple[str, float]]:
        """Each word with the chance of its least likely piece, without the end piece."""
        found: list[tuple[str, float]] = []
        for piece, chance in zip(self.walk.written, self.walk.chances, strict=True):
            if piece == "</s>":
                continue
            if piece.startswith("▁") or not found:
                found.append((piece.lstrip("▁"), chance))
            else:
                found[-1] = (found[-1][0] + piece, min(found[-1][1], chance))
        return found

    @property
    def unsure(self) -> int | None:
        """The place of the first piece that had a chance below `UNSURE`."""
        return next((place for place, chance in enumerate(self.walk.chances) if chance < UNSURE), None)


def names_of(visit: Visit, record: Record) -> list[str]:
    """The three models: as asked, or one of each way of translating, all of one corpus: the sidebar's if a recurrent model learned it."""
    corpora = {name: learned(origin) for name, origin in visit.models.items()}
    kinds = {name: state.kind(origin) for name, origin in visit.models.items()}
    own = learned(visit.question.origin)
    corpus = own if any(corpora[name] == own and kinds[name] in LIKE[0] for name in visit.models) else record.corpus
    found = []
    for key, like in zip(SIDES, LIKE, strict=True):
        fit = [name for kind in like for name in visit.models if kinds[name] == kind]
        first = next((name for name in fit if corpora[name] == corpus), (fit or list(visit.models))[0])
        hold(key, first)
        found.append(str(st.session_state[key]) if st.session_state[key] in visit.models else first)
    return found


def show(visit: Visit, record: Record, views: dict[str, str], view_key: str) -> None:
    """The whole view."""
    hold(COUNT, "1")
    asked = str(st.session_state[COUNT])
    count = int(asked) if asked in map(str, range(MOST + 1)) else 1
    text = prolonged(clean(visit.question.text), record.clauses, count)
    names = names_of(visit, record)
    found = [relatives.reading(visit.models[name], text, None, GREEDY) for name in names]
    last = visit.models[names[-1]]
    if isinstance(found[-1], str):
        rooms = frame.more_rooms()
    else:
        rooms = frame.rooms(
            Seen(name=names[-1], origin=last, checkpoint=state.any_opened(last), walk=found[-1], special=visit.special),
            sides=(),
        )
    with rooms.picture:
        ask(views, view_key)
    trouble = [each for each in found if isinstance(each, str)]
    if trouble:
        rooms.seen(_("Too long to be shown side by side."))
        with rooms.picture:
            st.info(trouble[0])
        with rooms.words:
            prose.depths(visit.lesson.of("yours"), dict.fromkeys(("names", "shares", "count", "pieces", "first"), "–"))
        return
    passages = [each for each in found if not isinstance(each, str)]
    seen_and_drawn(visit, rooms, made(visit, names, passages, record, count), count)


def ask(views: dict[str, str], view_key: str) -> None:
    """The controls above the picture."""
    with controls.row():
        controls.one_of(_("View"), view_key, views)
        controls.one_of(_("Clauses added"), COUNT, {str(each): str(each) for each in range(MOST + 1)}, "1")


def made(visit: Visit, names: Sequence[str], found: Sequence[Passage], record: Record, count: int) -> list[Side]:
    """The sides, and which of the clauses each has."""
    kinds = [state.kind(visit.models[name]) for name in names]
    sides = []
    for name, kind, walk in zip(names, kinds, found, strict=True):
        whole = tuple(f" et {french}" in clean(walk.target_text) for _english, french in record.clauses[:count])
        shown = short(kind) if kinds.count(kind) == 1 else name
        sides.append(Side(name=shown, model=name, origin=visit.models[name], walk=walk, right=whole))
    return sides


def seen_and_drawn(visit: Visit, rooms: Rooms, sides: Sequence[Side], count: int) -> None:
    """The first line, the three texts, the chances, the words."""
    pieces = len(sides[-1].walk.source) - 1
    shares = ", ".join(f"{each.name} {sum(each.right)}" for each in sides)
    if count:
        template = _("{pieces} pieces, clauses added: {count}. Of these arrive whole: {shares}.")
        rooms.seen(template, count=count, pieces=pieces, shares=shares)
    else:
        told = ", ".join(f"{each.name} {number(min(each.walk.chances), 2)}" for each in sides)
        rooms.seen(
            _("Your sentence alone, {pieces} pieces. The least sure piece of each: {told}."), pieces=pieces, told=told
        )
    side, piece = chosen(sides)
    with rooms.picture:
        beside(visit, sides)
        picture(visit, sides, (side, piece))
    with rooms.words:
        behind(sides[side], piece)
        prose.depths(visit.lesson.of("yours"), values(sides, count, pieces))


def part(sides: Sequence[Side]) -> int | None:
    """The place of the first word in which the translations differ."""
    words = [[word for word, _chance in each.words] for each in sides]
    most = max(map(len, words))
    return next((at for at in range(most) if len({tuple(each[at : at + 1]) for each in words}) > 1), None)


def beside(visit: Visit, sides: Sequence[Side]) -> None:
    """The three side by side, each below the menu that chooses its model."""
    options, at = {name: name for name in visit.models}, part(sides)
    titles = _("No look back"), _("A look back"), _("Transformer")
    for column, key, title, each in zip(st.columns(3, gap="small"), SIDES, titles, sides, strict=True):
        with column:
            controls.menu(title, key, options, each.model)
            st.html(text(each, at))


def text(side: Side, at: int | None) -> str:
    """What a model wrote, as HTML: `▸` where the three begin to differ, dots below what was unsure, and which clauses it has."""
    told = []
    for place, (word, chance) in enumerate(side.words):
        shown = html.escape(word)
        if chance < UNSURE:
            shown = f"<u style='text-decoration-style:dotted'>{shown}</u>"
        told.append(f"▸{shown}" if place == at else shown)
    if at is not None and len(told) <= at:
        told.append("▸")
    marks = " ".join("✓" if right else "✗" for right in side.right)
    return f'<p style="margin:0;line-height:1.35"><span lang="fr">{" ".join(told)}</span> {marks}</p>'


def chosen(sides: Sequence[Side]) -> tuple[int, int]:
    """The clicked piece; until then the first one that was unsure, of the first model that had one."""
    hold(SIDE)
    hold(PIECE)
    side, piece = st.session_state[SIDE], st.session_state[PIECE]
    if (
        isinstance(side, int)
        and isinstance(piece, int)
        and 0 < side <= len(sides)
        and 0 < piece <= len(sides[side - 1].walk.written)
    ):
        return side - 1, piece - 1
    return next(((place, each.unsure) for place, each in enumerate(sides) if each.unsure is not None), (0, 0))


def picture(visit: Visit, sides: Sequence[Side], selected: tuple[int, int]) -> None:
    """The chance of each piece that was written."""
    series = []
    for place, each in enumerate(sides):
        said = [f"{each.name}: {label(piece)}" for piece in each.walk.written]
        y = np.array(each.walk.chances, dtype=np.float64)
        series.append(Series(name=each.name, x=np.arange(1.0, len(y) + 1), y=y, said=said, style=place))
    title = _("The chance of each piece that was written")
    axes = Axis(title=_("piece of the translation")), Axis(title=_("chance"))
    figure = measured(series, axes, title=title, mode=visit.mode, selected=selected, body=BODY)
    least = "; ".join(f"{each.name}: {_('least')} {number(min(each.walk.chances), 2)}" for each in sides)

    def take(cell: Cell) -> None:
        st.session_state[SIDE], st.session_state[PIECE] = int(cell[0] or 0) + 1, int(cell[1] or 0) + 1

    scope = " ".join(each.walk.target_text for each in sides)
    live_plot.show(figure, "ls_yours", f"{title}. {least}.", scope, on_click=take, look=visit.lesson.of("yours").look)
    rows = [
        [each.name, at + 1, label(piece), float(each.walk.chances[at])]
        for each in sides
        for at, piece in enumerate(each.walk.written)
    ]
    tables.twin([_("model"), _("place"), _("piece"), _("chance")], rows, "ls_yours")


def behind(side: Side, at: int) -> None:
    """The clicked piece, and what else could have been written there."""
    logits = side.walk.trace.logits[0, at]  # type: ignore[attr-defined]
    chances = array(logits.softmax(-1).clone())
    order = np.argsort(-chances, kind="stable")[:RIVALS]
    title = filled(
        _("{name}, piece {place}: {piece}"), name=side.name, place=at + 1, piece=label(side.walk.written[at])
    )
    unsure = side.unsure
    first = _("none") if unsure is None else f"{label(side.walk.written[unsure])} ({unsure + 1})"
    lines = [Line(html.escape(_("chance")), f"<b>{number(side.walk.chances[at], 4)}</b>", True)]
    spelled = state.any_opened(side.origin).tokenizer.spelled([int(each) for each in order])
    told = [
        f"{html.escape(label(piece))} {number(float(chances[each]), 3)}"
        for piece, each in zip(spelled, order, strict=True)
    ]
    lines.append(Line(html.escape(_("most likely")), ", ".join(told)))
    lines.append(Line(html.escape(_("first unsure")), html.escape(first)))
    sums.show(title, lines)


def values(sides: Sequence[Side], count: int, pieces: int) -> dict[str, str]:
    """The numbers of the lesson."""
    told = []
    for each in sides:
        at = each.unsure
        told.append(
            f"{each.name}: "
            + (_("none") if at is None else f"{label(each.walk.written[at])} ({number(each.walk.chances[at], 2)})")
        )
    return {
        "names": ", ".join(each.name for each in sides), "count": str(count), "pieces": str(pieces), "first": "; ".join(told),
        "shares": ", ".join(f"{each.name} {sum(each.right)}/{count}" for each in sides),
    }  # fmt: skip
