"""The view "Against gold", of sentences that nobody learned from: the relative beside the best head of a Transformer and all its heads."""

import html
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from figures.heads import head_grid
from pages.alignment import beside, errors, telling
from pages.alignment.asked import COUNTING, RATE, YES, Shown
from pages.alignment.errors import Count
from pages.alignment.golden import meaning, rate_of, redo
from pages.alignment.looks import called
from transformer.corpora import Split
from ui.changed import measure
from ui.changed.measure import Work
from ui.frame import Visit
from ui.frame.rooms import Rooms
from ui.session import pointed, state
from ui.session.state import Origin
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

Job = tuple[Origin, Split, int]  # a model, the sentences, a batch of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One who looks."""

    name: str
    hits: NDArray[np.int64]  # by the row that predicts, and by the row that reads
    count: Count  # of all who look in the same model

    @property
    def rates(self) -> NDArray[np.float64]:
        """The two alignment error rates."""
        found: NDArray[np.float64] = 1 - 2 * self.hits / (self.count.proposed + self.count.gold)
        return found


def show(visit: Visit, rooms: Rooms, shown: Shown) -> None:
    """On a press, with progress; the answers are kept."""
    lesson = visit.lesson.of("corpus")
    other = beside.transformer(visit, shown.seen)
    with rooms.picture:
        rows = counted(shown, other)
    if rows:
        table(visit, rooms, shown, rows)
    else:
        told = _("How often does {model} look most at the wrong word, and the heads of a Transformer?")
        rooms.seen(told, model=called(shown.looks.kind))
    with rooms.words:
        telling.go_across(visit, shown)
        prose.depths(lesson, telling.values(shown))


def counted(shown: Shown, other: tuple[str, Origin] | None) -> list[Row]:
    """Who looks, once it is counted; until then nothing, and in its place the button or how far it is."""
    if st.session_state[COUNTING] != YES:
        st.button(_("Count on held-out sentences (some seconds)"), key="al_count", on_click=begin)
        return []
    jobs = jobs_of(shown.seen.origin, other[1] if other else None)
    found = measure.done(work(jobs))
    return rows_of(shown, jobs, found, other) if found else []


def begin() -> None:
    """A press of the button. Only in callbacks."""
    st.session_state[COUNTING] = YES


def jobs_of(origin: Origin, other: Origin | None) -> list[Job]:
    """The relative on the test sentences; the Transformer also on those for validation, where its best head is found."""
    with st.spinner(_("Opening the corpus …"), show_time=True):
        tests, checks = range(errors.batches("test")), range(errors.batches("validation"))
    jobs: list[Job] = [(origin, "test", batch) for batch in tests]
    if other:
        jobs += [(other, "validation", batch) for batch in checks]
        jobs += [(other, "test", batch) for batch in tests]
    return jobs


def tests(origins: list[Origin]) -> list[Count]:
    """Several models on the test sentences, once they are counted; until then none, and in their place how far it is."""
    with st.spinner(_("Opening the corpus …"), show_time=True):
        batches = range(errors.batches("test"))
    found = measure.done(work([(origin, "test", batch) for origin in origins for batch in batches]))
    return (
        [errors.total(found[at * len(batches) : (at + 1) * len(batches)]) for at in range(len(origins))]
        if found
        else []
    )


def work(jobs: list[Job]) -> Work[Count]:
    """All that is to be counted."""
    return Work(
        key=COUNTING, code=YES, label="", count=len(jobs), one=lambda place: errors.counted(*jobs[place]), pace="al_gold", scope=tuple(jobs)
    )  # fmt: skip


def rows_of(shown: Shown, jobs: list[Job], found: list[Count], other: tuple[str, Origin] | None) -> list[Row]:
    """The relative; the head that is best on the validation sentences, by either row; all heads on average."""

    def total(origin: Origin, split: Split) -> Count:
        return errors.total([each for job, each in zip(jobs, found, strict=True) if job[:2] == (origin, split)])

    mine = total(shown.seen.origin, "test")
    rows = [Row(name=called(shown.looks.kind), hits=mine.hits[0], count=mine)]
    if other is None:
        return rows
    checked, tested = total(other[1], "validation"), total(other[1], "test")
    heads = state.opened(other[1]).model.config.heads
    for best in dict.fromkeys(checked.rates[:-1].argmin(0).tolist()):
        name = _("Best head, layer {layer}, head {head}").format(layer=best // heads + 1, head=best % heads + 1)
        rows.append(Row(name=name, hits=tested.hits[best], count=tested))
    return [*rows, Row(name=_("Mean of all heads"), hits=tested.hits[-1], count=tested)]


def table(visit: Visit, rooms: Rooms, shown: Shown, rows: list[Row]) -> None:
    """The rates as a table, and the sum of the clicked one."""
    place = pointed.chosen(RATE, len(rows)) or 0
    names = [row.name for row in rows]
    values, columns = np.stack([row.rates for row in rows]), [_("predicts"), _("reads")]
    title = _("Alignment error rate on held-out sentences")
    figure = head_grid.measures(
        values, names, columns, names=(_("who looks"), _("which row")), title=title, mode=visit.mode, selected=place,
        value_name=_("alignment error rate"),
    )  # fmt: skip
    told = "; ".join(f"{row.name} {row.rates[0]:.2f}, {row.rates[1]:.2f}" for row in rows)
    with rooms.picture:
        live_plot.show(figure, "al_rates", f"{title}. {told}.", on_click=take, look=visit.lesson.of("corpus").look)
        tables.twin([_("who looks"), *columns], [[row.name, *row.rates.tolist()] for row in rows], "al_rates")
    if len(rows) > 1:
        rooms.seen(
            _("Alignment error rate on {count} held-out sentences: {model} {mine}, the best head of a Transformer {best}."),
            count=rows[0].count.sentences, model=rows[0].name, mine=number(rows[0].rates[0], 2), best=number(rows[1].rates[0], 2),
            mean=number(rows[-1].rates[0], 2),
        )  # fmt: skip
    else:
        rooms.seen(_("Alignment error rate on {count} held-out sentences: {model} {mine}."), count=rows[0].count.sentences,
                   model=rows[0].name, mine=number(rows[0].rates[0], 2))  # fmt: skip
    with rooms.words:
        tell(shown, rows[place], columns)


def tell(shown: Shown, row: Row, columns: list[str]) -> None:
    """Where the two rates come from."""
    proposed, gold = row.count.proposed, row.count.gold
    lines = [
        Line(html.escape(name), rate_of(int(hits), proposed, gold), not place)
        for place, (name, hits) in enumerate(zip(columns, row.hits, strict=True))
    ]
    foot = _(
        "{hits} of {proposed} French words look most at a word that the corpus links to them; it has {gold} links."
    )
    said = filled(foot, hits=f"{row.hits[0]:,}", proposed=f"{proposed:,}", gold=f"{gold:,}")
    means = meaning(shown.looks.kind) if row.name == called(shown.looks.kind) else ""
    sums.show(
        filled("{name}", name=row.name), lines, f"<p>{said}</p><p>{means}</p>", redo(int(row.hits[0]), proposed, gold)
    )


def take(cell: Cell) -> None:
    """A click on a row. Only in callbacks."""
    pointed.choose(RATE, int(cell[0] or 0))
