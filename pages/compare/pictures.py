"""The maps on the page, and what is told of a chosen cell."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from figures import describe
from figures.changed import difference
from figures.heads import attention
from figures.labels import label
from pages.compare import maps
from pages.compare.maps import Both, Map
from pages.compare.sides import MOMENT, Side, related
from pages.compare.translations import chance, percent
from transformer.analysis.compare import unmatched
from ui import frame
from ui.controls.offers import offered
from ui.frame import Session
from ui.session import attentions, choice, state
from ui.session.state import OTHER
from ui.show import live_plot, prose, tables
from ui.text import plain
from ui.text import translate as _

SHORT = 34  # letters of a title, so that it takes one line, and the rows of the maps lie level
LONG = 160  # letters of a translation in the lesson
WIDE = 12  # keys beyond which three maps do not fit side by side
BESIDE = (1.0, 1.0, 1.35)  # widths of two maps and their difference, which has bars at its side
Cell = tuple[int, int] | None


def show(session: Session, both: Both) -> None:
    """The maps side by side, the line below them, the chosen cell in words, the numbers as a table."""
    first, second = maps.chosen(both)
    keys = len(both.a.view.pieces[1]) if both.a.view else 0
    places = st.columns(BESIDE if both.agree and keys <= WIDE else 2, gap="small")
    for place, each, cell in zip(places, (both.a, both.b), (first, second), strict=False):
        with place:
            show_map(session, both, each, whole(cell))
    if both.agree:
        with places[2] if len(places) > 2 else st.container():
            show_difference(session, both, whole(first))
    prose.look(line(session, both))
    tell(both, first, second)
    tables.twin(*table(both), "compare")


def whole(cell: tuple[int | None, int | None]) -> Cell:
    """A cell, if both its row and its column are chosen."""
    query, key = cell
    return None if query is None or key is None else (query, key)


def show_map(session: Session, both: Both, each: Map, cell: Cell) -> None:
    """One model's map, or the sentence that says why there is none."""
    if each.view is None or each.weights is None:
        st.info(plain(each.lacks))
        return
    view, seen = each.view, each.view.seen(each.weights)
    title = shortened(each.side.title)
    figure = attention.heatmap(
        seen, *view.pieces, names=view.names, title=title, mode=session.mode, selected=cell, origin=view.origin
    )
    alt = f"{each.side.title}. {both.asked.who}. {describe.sentence(seen, *view.pieces)}"
    key = f"compare_{each.side.letter.lower()}"
    live_plot.show(figure, key, alt, choice.scope(both.a.side.walk), on_click=chooser(both, each))


def shortened(title: str) -> str:
    """A title of one line."""
    return title if len(title) <= SHORT else f"{title[: SHORT - 1]}…"


def chooser(both: Both, each: Map) -> Callable[[live_plot.Cell], None]:
    """Choose the clicked cell; one of B's map is looked up among A's pieces."""
    view = both.a.view or each.view
    assert view is not None
    choose = attentions.chooser(view)

    def choose_partner(cell: live_plot.Cell) -> None:
        if each.view and view is not each.view:
            query, key = (None if place is None else int(place) for place in cell[:2])
            cell = [
                maps.partner(each.view.query_pieces, query, view.query_pieces),
                maps.partner(each.view.key_pieces, key, view.key_pieces),
            ]
        choose(cell)

    return choose_partner


def show_difference(session: Session, both: Both, cell: Cell) -> None:
    """What B has more than A, and how much of each row lies elsewhere."""
    view = both.a.view
    assert view is not None
    elsewhere = both.elsewhere[view.rows]
    figure = difference.difference(
        view.seen(both.difference), *view.pieces, elsewhere=elsewhere, names=view.names, title=_("B − A"), mode=session.mode,
        selected=cell, origin=view.origin, value_name=_("B − A"), elsewhere_name=_("elsewhere"),
    )  # fmt: skip
    told = _("{title}. On average {share} of a row’s attention lies elsewhere; most for {piece}, {most}.").format(
        title=_("B − A"), share=f"{elsewhere.mean():.2f}", most=f"{elsewhere.max():.2f}",
        piece=label(view.pieces[0][int(elsewhere.argmax())]),
    )  # fmt: skip
    live_plot.show(
        figure, "compare_difference", told, choice.scope(both.a.side.walk), on_click=attentions.chooser(view)
    )


def line(session: Session, both: Both) -> str:
    """What to look for; or why there is no difference to see; and that heads of strangers are strangers."""
    sections = session.lesson.sections
    if not both.agree:
        return sections["Look at two"] if both.a.view and both.b.view else sections["Look at one"]
    said = sections["Look at heads"] if both.asked.head is not None and not related(both.a.side, both.b.side) else ""
    return f"{session.lesson.look} {said}".strip()


Places = tuple[int | None, int | None]


def tell(both: Both, first: Places, second: Places) -> None:
    """The chosen cell: both numbers, and the difference."""
    query, key = first
    if query is None or key is None:
        return prose.cell(_("Click a cell to read what each model gives it."))
    view = both.a.view or both.b.view
    assert view is not None
    said = {
        "encoder": _("{query} looks at {key}: in A {a}, in B {b}."),
        "decoder": _("{query} looks back at {key}: in A {a}, in B {b}."),
        "cross": _("Before {query} is written, {key} gets in A {a}, in B {b}."),
    }[both.asked.kind]
    values = {"query": label(view.query_pieces[query]), "key": label(view.key_pieces[key])}
    values |= {"a": weight(both.a, first), "b": weight(both.b, second)}
    if both.agree:
        said += " " + _("B − A = {difference}. In this row {share} of the attention lies elsewhere (total variation).")
        values |= {"difference": signed(float(both.difference[query, key])), "share": f"{both.elsewhere[query]:.3f}"}
    return prose.cell(said, **values)


def weight(each: Map, places: Places) -> str:
    """The number of one map, or that it has none."""
    if each.weights is None:
        return _("no such map")
    cell = whole(places)
    return _("no such piece") if cell is None else f"{each.weights[cell]:.3f}"


def signed(number: float) -> str:
    """A difference as people write it."""
    return f"{number:+.3f}".replace("-", "−")


def first_line(both: Both) -> None:
    """How far the maps are apart, if that can be said."""
    if not both.agree:
        return frame.first_line(_("A and B cut the sentence or its French otherwise: compare by eye, piece by piece."))
    if both.a.side.origin == both.b.side.origin:
        return frame.first_line(_("A and B are the same model at the same moment. Choose another one as B."))
    said = _("From A to B, {share} of a row’s attention moves elsewhere on average.")
    return frame.first_line(said, share=f"{both.elsewhere.mean():.3f}")


def table(both: Both) -> tuple[list[str], list[list[Any]]]:
    """Every cell: both weights, their difference, the total variation of its row; or the cells of each map, if they differ."""
    if not both.agree:
        rows = [[each.side.letter, *cell] for each in (both.a, both.b) for cell in cells(each)]
        return [_("model"), _("looks"), _("at"), _("weight")], rows
    names = [_("looks"), _("at"), "A", "B", "B − A", _("total variation of the row")]
    width = len(both.a.view.key_pieces) if both.a.view else 1
    return names, [
        [*one, other[-1], other[-1] - one[-1], float(both.elsewhere[number // width])]
        for number, (one, other) in enumerate(zip(cells(both.a), cells(both.b), strict=True))
    ]


def cells(each: Map) -> list[list[Any]]:
    """Every cell of a map: its pieces, its weight."""
    if each.view is None or each.weights is None:
        return []
    return [
        [label(query), label(key), float(each.weights[row, column])]
        for row, query in enumerate(each.view.query_pieces)
        for column, key in enumerate(each.view.key_pieces)
    ]


def offer(a: Side, b: Side) -> None:
    """Where two moments of one training are not compared: a button that does, if some model has moments."""
    if a.origin.folder == b.origin.folder:
        return
    for name, origin in state.usable().items():
        if len(state.moments(origin)) > 1:
            offered(_("Compare two moments of {model}").format(model=plain(name)), "compare_moments", take, name)
            return


def take(name: str) -> None:
    """Put a model into the sidebar, as it is now, beside itself."""
    for key, value in (("checkpoint", name), ("moment", None), (OTHER, name), (MOMENT, None)):
        st.session_state[key] = value


def values(both: Both) -> dict[str, str]:
    """The numbers of the lesson: one row of the maps, the chosen one or the one that differs most."""
    a, b = both.a.side, both.b.side
    apart = unmatched(a.own.written, b.own.written)
    found = {
        "a": a.name, "b": b.name, "chance_a": percent(chance(a.own)), "chance_b": percent(chance(b.own)),
        "french_a": begun(a.own.target_text), "french_b": begun(b.own.target_text), "count_a": str(len(a.own.written)),
        "count_b": str(len(b.own.written)), "apart_a": str(len(apart[0])), "apart_b": str(len(apart[1])),
        "who": both.asked.who,
    }  # fmt: skip
    return found | row_values(both)


def begun(text: str) -> str:
    """A text, or the beginning of a long one."""
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"


def row_values(both: Both) -> dict[str, str]:
    """One row: its piece, its total variation, and the sum behind it. Without a difference, that there is none."""
    view = both.a.view
    if not both.agree or view is None:
        none = _("not to be had here: the maps have no rows and columns in common")
        return {"mean": none, "piece": "–", "share": "–", "sum": prose.tex("–"), "tex_piece": prose.tex("–")}
    query = attentions.chosen(both.a.side, view)[0]
    query = int(both.elsewhere.argmax()) if query is None else query
    sizes = np.abs(both.difference[query])
    most = np.argsort(-sizes, kind="stable")[:3]
    terms = [f"{sizes[key]:.3f}" for key in most]
    rest = float(sizes.sum() - sizes[most].sum())
    return {
        "mean": f"{both.elsewhere.mean():.3f}", "piece": label(view.query_pieces[query]),
        "tex_piece": prose.tex(label(view.query_pieces[query])), "share": f"{both.elsewhere[query]:.3f}",
        "sum": " + ".join([*terms, f"{rest:.3f}"]),
    }  # fmt: skip
