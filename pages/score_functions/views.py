"""The three views: what stands in the first line, the picture, and the words beside it."""

from pages.score_functions import asked as controls
from pages.score_functions import cost, pictures, scaling, telling, words
from pages.score_functions.asked import POINT, Asked
from pages.score_functions.three import FUNCTIONS, Three, three
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import attentions, choice
from ui.show import live_plot, proof, prose, tables
from ui.text import translate as _


def show(rooms: Rooms, session: Session, asked: Asked) -> None:
    """The chosen view."""
    if asked.view == "scaling":
        return scaling.show(rooms, session, asked)
    if asked.view == "cost":
        return cost.show(rooms, session, asked)
    return functions(rooms, session, asked)


def functions(rooms: Rooms, session: Session, asked: Asked) -> None:
    """Three scores of the same queries and keys."""
    found = three(attentions.attention(session, asked.kind, asked.layer), asked.head)
    view = found.view
    query, key = controls.cell(session, view, found.weights[FUNCTIONS.index(found.own)])
    shares = {
        each: words.two(float(weights[query, key])) for each, weights in zip(FUNCTIONS, found.weights, strict=True)
    }
    told = _(
        "{query} gives {key} {additive} of its look by the additive score, {dot} by q · k, {scaled} by q · k ÷ √{d_k}."
    )
    rooms.seen(told, query=view.asking_chip(query), key=view.key_chip(key), d_k=view.d_head, **shares)
    if asked.picture == "row":
        row(rooms, session, found, query, key)
    else:
        curve(rooms, session, asked, found, query, key)
    with rooms.words:
        against(found)
        lesson = session.lesson if asked.picture == "row" else session.lesson.of(asked.picture)
        prose.depths(lesson, telling.values(found, query, key))


def against(found: Three) -> None:
    """Additive against dot product: what each has to compute for this map, and how long it takes where it was measured."""
    tanh = f"{found.view.mask.size * found.view.d_head:,}"
    link = proof.Link("50_one_head", _("Step by step"))
    if times := cost.ratio():
        told = _(
            "Which one? The additive score needs {tanh} tanh for this one map; at {n} positions it takes {times} times as long as q · k."
        )
        return proof.show(told, link, tanh=tanh, n=times[0], times=f"{times[1]:.0f}")
    return proof.show(
        _("Which one? The additive score needs {tanh} tanh for this one map; q · k needs none."), link, tanh=tanh
    )


def row(rooms: Rooms, session: Session, found: Three, query: int, key: int) -> None:
    """The query's row by all three."""
    function = controls.function(found.own)
    figure, alt, table = pictures.row(found, function, query, key, session.mode)
    with rooms.picture:
        live_plot.show(
            figure, "score_rows", alt, choice.scope(session.walk),
            on_click=lambda clicked: pictures.take_row(found, query, clicked), look=provenance(found),
        )  # fmt: skip
        tables.twin(*table, "score_rows")
    with rooms.words:
        telling.tell(found, function, query, key)


def curve(rooms: Rooms, session: Session, asked: Asked, found: Three, query: int, key: int) -> None:
    """The scores along a curve."""
    function, along = controls.function(found.own), pictures.curve(found, asked.picture, query, key)
    point = controls.number(POINT, len(along.x))
    point = along.own if point is None else point
    figure, alt, table = pictures.curves(found, along, asked.picture, function, point, session.mode)
    looked = prose.line(session.lesson.sections[f"Look at {asked.picture}"], {})
    with rooms.picture:
        live_plot.show(
            figure, f"score_{asked.picture}", alt, choice.scope(session.walk), on_click=pictures.take_point, look=looked
        )  # fmt: skip
        tables.twin(*table, f"score_{asked.picture}")
    x = float(along.x[point])
    what = _("{query} × {times}") if asked.picture == "length" else _("{query} at {times}°")
    with rooms.words:
        told = what.format(query=found.view.asking_chip(query), times=f"{x:g}")
        telling.tell_point(found, function, along.queries[point], key, told)


def provenance(found: Three) -> str:
    """Where the v of the additive score comes from."""
    if found.explained is None:
        return _("The v of the additive score was learned in training. Click a bar for its sum.")
    told = _("This model has no v: one is fitted here, and explains {share} % of its scores. Click a bar.")
    return told.format(share=f"{100 * found.explained:.0f}")
