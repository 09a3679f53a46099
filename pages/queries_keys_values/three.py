"""All that one head makes of two pieces: the query, the key and the value of each, and that asking is not the same as being asked."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from figures.numbers import bands
from pages.queries_keys_values.projections import Letter, Projection, projection
from ui.controls import in_head
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import DotProduct, double
from ui.session import attentions, choice
from ui.session.attentions import Attention, Cell, Numbers, Shown
from ui.session.kept import hold
from ui.show import live_plot, numpy_lines, proof, prose, sums, tables
from ui.text import Chip, filled
from ui.text import translate as _

BAND = "band"  # in the address: which vector a cell of was clicked last, from 1
Band = tuple[bool, Letter]  # whether it is the asking piece's, and which of its vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two pieces of one head; `one` asks, `other` answers, and in self-attention the other way round too."""

    view: Attention
    head: int
    one: int  # place of the query
    other: int  # place of the key

    @property
    def mutual(self) -> bool:
        """Whether both sides are the same sentence, so that each piece asks and answers."""
        return self.view.kind != "cross"

    @property
    def chips(self) -> tuple[Chip, Chip]:
        """Both as prose shows them."""
        return self.view.asking_chip(self.one), self.view.key_chip(self.other)

    @property
    def bands(self) -> list[Band]:
        """The vectors that are drawn, from above to below."""
        both: list[Band] = [(first, letter) for first in (True, False) for letter in ("Q", "K", "V")]
        return both if self.mutual else [(True, "Q"), (False, "K"), (False, "V")]

    def vector(self, band: Band) -> Numbers:
        """One of them (d_head)."""
        first, letter = band
        of = {"Q": self.view.queries, "K": self.view.keys, "V": self.view.values}[letter]
        vector: Numbers = of[self.head, self.one if first else self.other]
        return vector

    def asked(self, back: bool = False) -> DotProduct:
        """`one` asks `other`, or the other way round: the query of one times the key of the other."""
        asks, answers = (self.other, self.one) if back else (self.one, self.other)
        return DotProduct(double(self.view.queries[self.head, asks]), double(self.view.keys[self.head, answers]))

    def groups(self) -> list[tuple[str, list[str], Numbers]]:
        """The vectors by piece, for the picture."""
        names = {"Q": _("query"), "K": _("key"), "V": _("value")}
        made = []
        for first, chip in zip((True, False), self.chips, strict=True):
            mine = [band for band in self.bands if band[0] == first]
            made.append(
                (str(chip), [names[letter] for _first, letter in mine], np.stack([self.vector(band) for band in mine]))
            )
        return made


def show(rooms: Rooms, session: Session, view: Attention, head: int) -> dict[str, str]:
    """The picture and its words; answers with the values for the lesson."""
    shown, scope = pair(session, view, head), choice.scope(session.walk)
    title = _("layer {layer}, head {head}").format(layer=view.layer + 1, head=head + 1)
    figure = bands.bands(
        shown.groups(), names=("", _("dimension")), title=title, mode=session.mode, selected=chosen(shown)
    )
    seen(rooms, shown)
    with rooms.picture:
        live_plot.show(figure, "qkv_three", f"{title}. {described(shown)}", scope, on_click=choose)
        prose.look(session.lesson.look)
        tables.twin(*table(shown), "qkv_three")
    with rooms.words:
        tell(shown)
        why_three(shown)
    return values(shown)


def pair(session: Shown, view: Attention, head: int) -> Pair:
    """The chosen piece and what it looks at; unless chosen, the word that it asks most strongly, apart from itself."""
    hold(BAND)
    one, other = attentions.chosen(session, view)
    one = choice.telling(view.query_pieces) if one is None else one
    if other is None or (view.kind != "cross" and other == one):
        places = range(len(view.key_pieces))
        apart = [each for each in places if each != one or view.kind == "cross"]
        words = [each for each in apart if choice.is_word(view.key_pieces, each)] or apart or list(places)
        other = max(words, key=lambda key: float(view.scores[head, one, key]))
    return Pair(view=view, head=head, one=one, other=other)


def chosen(shown: Pair) -> tuple[int, int] | None:
    """The band and the dimension that were clicked."""
    band, dimension = choice.place(BAND, len(shown.bands)), in_head.dimension(shown.view.d_head)
    return None if band is None or dimension is None else (band, dimension)


def choose(cell: Cell) -> None:
    """A click on `[band, 0, dimension]`."""
    choice.set_place(BAND, int(cell[0] or 0))
    in_head.choose(int(cell[2] or 0))


def seen(rooms: Rooms, shown: Pair) -> None:
    """The first line: asking is not the same as being asked."""
    (one, other), there = shown.chips, sums.number(shown.asked().total, 2)
    if not shown.mutual:
        told = _("{one} brings the query, {other} a key and a value: the query fits the key with {there}.")
        return rooms.seen(told, one=one, other=other, there=there)
    back = sums.number(shown.asked(back=True).total, 2)
    rooms.seen(
        _("{one} asks {other}: {there}. {other} asks {one}: {back}."), one=one, other=other, there=there, back=back
    )


def described(shown: Pair) -> str:
    """For the alt text: how the two ask each other."""
    one, other = shown.chips
    told = [f"{one} → {other}: {sums.number(shown.asked().total, 2)}"]
    if shown.mutual:
        told.append(f"{other} → {one}: {sums.number(shown.asked(back=True).total, 2)}")
    return "; ".join(told)


def tell(shown: Pair) -> None:
    """Both dot products; or, if a cell was clicked, where its number comes from."""
    one, other = shown.chips
    if at := chosen(shown):
        (first, letter), dimension = shown.bands[at[0]], at[1]
        made: Projection = projection(shown.view, shown.head, letter)
        place, chip = (shown.one, one) if first else (shown.other, other)
        return sums.projection(made.cell(place, dimension), letter, chip, dimension)
    title = filled(_("The query of one times the key of the other:"))
    lines = [sums.Line(f"{one.html}<br>→ {other.html}", sums.summed(shown.asked()))]
    if shown.mutual:
        lines.append(sums.Line(f"{other.html}<br>→ {one.html}", sums.summed(shown.asked(back=True))))
    redo = numpy_lines.product(shown.asked(), sums.number(shown.asked().total), ("q", "k"))
    sums.show(title, lines, redo=redo)


def why_three(shown: Pair) -> None:
    """Why a query and a key, and not one vector for both: with one, the two would ask each other alike."""
    if not shown.mutual:
        return
    one, other = shown.chips
    one_for_both = float(shown.vector((True, "Q")) @ shown.vector((False, "Q")))
    told = _("Why two? Were each query its own key, {one} and {other} would ask each other alike: {same} both ways.")
    proof.show(
        told, proof.Link("210_attention_editor", _("What the value does: force a look")),
        one=one, other=other, same=sums.number(one_for_both, 2),
    )  # fmt: skip


def values(shown: Pair) -> dict[str, str]:
    """For the story."""
    one, other = shown.chips
    return {"one": one, "other": other, "there": sums.number(shown.asked().total, 2), "d_head": str(shown.view.d_head)}


def table(shown: Pair) -> tuple[list[str], list[list[Any]]]:
    """Every vector as a row."""
    columns = [_("piece"), "", *(str(place) for place in range(shown.view.d_head))]
    return columns, [
        [str(shown.chips[0 if band[0] else 1]), band[1], *shown.vector(band).tolist()] for band in shown.bands
    ]
