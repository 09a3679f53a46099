"""The view of held-out stories: how much each hop gives to the facts that decide, and how many answers are right."""

import numpy as np
import streamlit as st

from figures.systems.looks import looks as drawn
from pages.memory import asking, networks
from systems import records
from systems.stories import exam
from systems.stories.corpus import load
from systems.stories.world import QUESTIONS
from ui import controls
from ui.frame import Rooms, Workshop
from ui.session import systems
from ui.session.kept import address
from ui.session.state import Origin
from ui.show import live_plot, prose, tables
from ui.text import translate as _

ROW, COLUMN = "mem_row", "mem_column"  # in session state: the cell


def show(rooms: Rooms, session: Workshop) -> None:
    """The figures of the chosen network: recorded, or measured at a press."""
    with rooms.picture, controls.row("atlas_controls_network"):
        origin = networks.choose()
    if origin is None:
        return
    found = figures(rooms, origin)
    if found is None:
        return
    two = exam.facts(found, 2)
    names = asking.kinds()
    counts = sum(each["stories"] for each in found.values())
    told = _("Of {count} held-out stories {name} answers {right} right; with two facts {two}.")
    right = sum(each["right"] * each["stories"] for each in found.values()) / counts
    called = networks.called(systems.opened(origin).kind)
    rooms.seen(told, count=counts, name=called, right=percent(right), two=percent(two) if two is not None else "–")
    rows = [(kind, place) for kind in QUESTIONS if kind in found for place in range(QUESTIONS[kind][1])]
    with rooms.picture:
        picture(session, found, rows)
    with rooms.words:
        say(found, rows)
        st.caption(systems.about(origin))
        table = [
            [
                names[kind],
                each["stories"],
                *(round(100 * each[what], 1) for what in ("right", "chance")),
                " · ".join(percent(best) for best in each["best"]),
            ]
            for kind, each in found.items()
        ]
        columns = [_("question"), _("stories"), _("right, %"), _("by lot, %"), _("largest weight is gold, by hop")]
        tables.folded(_("Right answers by question"), columns, table, "mem_right")
        prose.depths(session.lesson.of("gold"), {"count": str(counts), "two": percent(two) if two is not None else "–"})


def figures(rooms: Rooms, origin: Origin) -> dict[str, records.Figures] | None:
    """Recorded, or measured; `None` as long as nobody pressed."""
    try:
        known = exam.read()
    except ValueError as error:
        known, trouble = {}, str(error)
        with rooms.words:
            st.caption(trouble)
    recorded = known.get(records.weights_of(origin.folder))
    with rooms.words:
        again = st.button(_("Measure again") if recorded else _("Measure (a few seconds)"), key="mem_measure")
    if again or (origin in measured_now()):
        measured_now().add(origin)
        return measured(origin)
    if recorded is None:
        with rooms.picture:
            st.info(_("Nobody measured this network yet. Press Measure: it answers the held-out stories."))
        address()
    return recorded


@st.cache_resource(show_spinner=False)
def measured_now() -> set[Origin]:
    """The networks that somebody measured since the app was started."""
    return set()


@st.cache_data(max_entries=16, show_spinner=False)
def measured(origin: Origin) -> dict[str, records.Figures]:
    """The held-out stories, answered now."""
    return exam.exam(networks.network(origin), load().split("test"))


def picture(session: Workshop, found: dict[str, records.Figures], rows: list[tuple[str, int]]) -> None:
    """Gold facts down, hops to the right."""
    kinds = asking.kinds()
    labels = [f"{kinds[kind].split('?')[0]}? {ordinal(place)}" for kind, place in rows]
    hops = len(next(iter(found.values()))["best"])
    columns = [_("hop {number}").format(number=number) for number in range(1, hops + 1)]
    values = np.array([[found[kind]["looks"][hop][place] for hop in range(hops)] for kind, place in rows])
    title = _("What the facts that decide get of each hop's look")
    figure = drawn(
        values, labels, columns, names=(_("fact that decides"), _("hop")), value_name=_("mean weight"), title=title, mode=session.mode,
        selected=chosen(rows, hops),
    )  # fmt: skip
    said = "; ".join(
        f"{label}: {', '.join(f'{value:.2f}' for value in line)}" for label, line in zip(labels, values, strict=True)
    )

    def take(clicked: live_plot.Cell) -> None:
        st.session_state[ROW], st.session_state[COLUMN] = int(clicked[0] or 0), int(clicked[1] or 0)

    live_plot.show(
        figure, "mem_gold", f"{title}. {said}", f"{hops}", on_click=take, look=session.lesson.of("gold").look
    )
    table = [[label, *map(float, line)] for label, line in zip(labels, values, strict=True)]
    tables.twin([_("fact that decides"), *columns], table, "mem_gold")


def ordinal(place: int) -> str:
    """Which link of the chain of reasons."""
    return (_("1st fact"), _("2nd fact"), _("3rd fact"))[place]


def chosen(rows: list[tuple[str, int]], hops: int) -> tuple[int, int]:
    """The cell that was clicked; until then the first fact of a thing's place in the first hop."""
    row, column = st.session_state.get(ROW), st.session_state.get(COLUMN)
    if isinstance(row, int) and isinstance(column, int) and row < len(rows) and column < hops:
        return row, column
    return (rows.index(("thing", 0)) if ("thing", 0) in rows else 0), 0


def say(found: dict[str, records.Figures], rows: list[tuple[str, int]]) -> None:
    """The clicked cell in words."""
    hops = len(next(iter(found.values()))["best"])
    row, hop = chosen(rows, hops)
    kind, place = rows[row]
    each = found[kind]
    told = _(
        "{kind} Over {count} stories hop {hop} gives the {which} {weight} of its look on average. The fact that it looks at most decides "
        "in {best} of them; drawn by lot, one would in {chance}."
    )
    prose.cell(
        told, kind=asking.kinds()[kind].split("?")[0] + "?", count=each["stories"], hop=hop + 1, which=ordinal(place),
        weight=f"{each['looks'][hop][place]:.2f}", best=percent(each["best"][hop]), chance=percent(each["chance"]),
    )  # fmt: skip


def percent(share: float) -> str:
    """In per cent."""
    return f"{100 * share:.0f} %"
