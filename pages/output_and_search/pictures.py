"""The pictures of the page about output and search, each with its controls, its arithmetic and its table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from figures.labels import label
from figures.writing import lens as lens_pictures
from figures.writing import output as candidates
from figures.writing import tree
from pages.output_and_search import beam as beam_view
from pages.output_and_search import beam_words, draws, output, player, race, race_words, seen, why
from pages.output_and_search import greedy as search_view
from pages.output_and_search import sums as output_sums
from pages.output_and_search.sums import whole
from ui import controls
from ui.controls import cuts
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import choice
from ui.session.state import Origin
from ui.show import live_plot, prose, tables
from ui.text import language
from ui.text import translate as _


def show(session: Session, rooms: Rooms) -> None:
    """The picture that the learner chose, and what belongs to it."""
    remember(session)
    width, alpha = beam_view.asked_width(), beam_view.asked_alpha()
    with rooms.picture, controls.row("atlas_controls_views"):
        what = controls.one_of(_("Picture"), "output", views())
    with rooms.picture, controls.row():
        if what in ("next", "draws") and not session.search.draws:
            cuts.sliders(width=100)
        if what == "draws":
            draws.button()
        elif what == "steps":
            search_view.buttons(search_view.asked(session))
        elif what == "beam":
            width, alpha = beam_view.settings()
        elif what == "race":
            race.buttons(session)
    if what == "beam":
        beam(session, rooms, width, alpha)
    else:
        {
            "next": next_piece, "lens": lens, "steps": steps, "player": player.show, "draws": draws.show, "race": race_words.show,
        }[what](session, rooms)  # fmt: skip
    with rooms.words:
        if what in ("steps", "beam", "draws", "race") and session.walk.forced:
            st.caption(_("This is the model's own search, not your French."))
        prose.depths(session.lesson.of(what), values(session, width, alpha))


def remember(session: Session) -> None:
    """Hold what was chosen in every picture."""
    output.remember()
    search_view.remember(session)
    beam_view.remember()
    draws.remember()
    race.remember(session)


def views() -> dict[str, str]:
    """The pictures of the page and their names."""
    return {
        "next": _("Next piece"), "lens": _("Layers"), "steps": _("Steps"), "beam": _("Beam"), "player": _("Player"),
        "draws": _("100 draws"), "race": _("Race"),
    }  # fmt: skip


def next_piece(session: Session, rooms: Rooms) -> None:
    """The candidates for one place: logits, temperature, softmax, cuts."""
    walk, place, how = session.walk, output.place_of(session.walk), cuts.asked()
    found = output.next_piece(session, place, how)
    row = output.chosen(found, walk)
    seen.next_piece(rooms, session, found, row)
    exp, probability, chance = found.rest
    others = _("{count} others").format(count=whole(found.vocabulary - len(found.ids)))
    rest = candidates.Sum(label=others, exp=exp, probability=probability, chance=chance)
    total = candidates.Sum(label=_("total"), exp=found.total, probability=1.0, chance=1.0)
    heads = (_("piece"), _("logit"), f"÷ {how.temperature:.1f}", _("exp"), _("softmax"), _("after cuts"))
    numbers = (found.logits, found.scaled, found.exps, found.probabilities, found.chances)
    figure = candidates.candidates(
        found.labels, *numbers, heads=heads, sums=(rest, total), title="", mode=session.mode, selected=row
    )
    title = _("What may follow {read}").format(read=label(walk.read[place]))
    told = "; ".join(f"{name} {value:.3f}" for name, value in zip(found.labels, found.probabilities, strict=True))
    with rooms.picture:
        live_plot.show(figure, "next", f"{title}. {told}.", choice.scope(walk), on_click=output.choose(found))
        prose.look(session.lesson.look)
        tables.twin(output.table_columns(), output.table(found), "next_piece")
    with rooms.words:
        output_sums.next_piece(session, found, row, how)
        draws.offer(session)


def lens(session: Session, rooms: Rooms) -> None:
    """What each layer would write, at every place."""
    walk, found = session.walk, output.lens(session)
    place, depth = output.place_of(walk), output.chosen_depth(len(found.rows))
    seen.layers(rooms, session, found, place)
    columns, shown = [label(piece) for piece in walk.written[found.columns]], found.probabilities[:, found.columns]
    same = [(row, column) for row, column in np.argwhere(found.ids == np.array(walk.written_ids)).tolist()]
    figure = lens_pictures.named(
        shown, [line[found.columns] for line in found.names], found.rows, columns, title="", mode=session.mode,
        axes=(_("decoder"), _("French piece about to be written")), selected=(depth, place), marked=same,
        origin=(0, found.columns.start),
    )  # fmt: skip
    told = "; ".join(f"{row}: {' '.join(line)}" for row, line in zip(found.rows, found.names, strict=True))
    with rooms.picture:
        alt = f"{_('What each layer would write')}. {told}."
        live_plot.show(figure, "lens", alt, choice.scope(walk), on_click=output.choose_depth)
        prose.look(session.lesson.sections["Look at layers"])
        tables.twin([_("Layer"), *described(columns)], [
            [row, *(f"{name} {value:.6f}" for name, value in zip(line[found.columns], values, strict=True))]
            for row, line, values in zip(found.rows, found.names, shown.tolist(), strict=True)
        ], "lens")  # fmt: skip
    with rooms.words:
        output_sums.layer_guesses(session, found, depth, place)


def described(columns: list[str]) -> list[str]:
    """Names of columns that all differ."""
    return [f"{place}. {name}" for place, name in enumerate(columns, 1)]


def steps(session: Session, rooms: Rooms) -> None:
    """Greedy search, what else each step could have written, and another piece forced."""
    walk, mine = session.walk, search_view.asked(session)
    free = search_view.path(session.origin, walk.source_text, ())
    seen.steps(rooms, free, mine)
    names = search_view.names(session, mine.others)
    columns = [str(step) for step in range(1, len(mine.ids) + 1)]
    rows = [_("best"), *(_("{rank}.").format(rank=rank) for rank in range(2, len(names) + 1))]
    marked = [(row, step) for step, row in enumerate(mine.rows) if row is not None]
    figure = lens_pictures.named(
        np.exp(mine.log_probabilities), names, rows, columns, axes=(_("rank"), _("step")), title="",
        mode=session.mode, marked=marked, selected=search_view.framed(mine),
    )  # fmt: skip
    written = search_view.decoded(session, mine.ids)
    with rooms.picture:
        alt = f"{_('Greedy search, one piece per step')}: {written}"
        live_plot.show(figure, "steps", alt, choice.scope(walk), on_click=search_view.choose(mine))
        prose.look(session.lesson.sections["Look at steps"])
        tables.twin(search_view.table_columns(), search_view.table(mine, session), "steps")
    with rooms.words:
        beam_words.forced(session, free, mine)


def beam(session: Session, rooms: Rooms, width: int, alpha: float) -> None:
    """The tree of beam search, the sum behind the chosen box, and greedy search beside it."""
    found = beam_view.tree(session, width, alpha)
    place = beam_view.chosen(found)
    seen.beam(rooms, session, found, found.at[place])
    known_by = (session.origin, session.walk.source_text, width, alpha, session.mode, language())
    pages = [page.framed(framed(session, found, place, page)) for page in drawn(*known_by, found, session)]
    start = beam_view.shown(found, place)
    with rooms.picture:
        live_plot.show_steps(
            pages, "beam", choice.scope(session.walk), on_click=beam_view.chooser(start), start=start, pace=1200,
            on_step=beam_view.stand_at,
        )  # fmt: skip
        prose.look(session.lesson.sections["Look at the beam"])
        if len(found.steps) > found.last:
            told = _("The search took {count} steps; the first {drawn} are drawn.")
            st.caption(told.format(count=len(found.steps), drawn=found.last))
        tables.twin(beam_words.table_columns(), beam_words.table(found), "beam")
    with rooms.words:
        beam_words.node(session, found, place)
        why.show(session, found)


def framed(session: Session, found: beam_view.Tree, place: beam_view.Place, page: "Page") -> list[dict[str, Any]]:
    """The frame of the chosen box on a page; none where it is not drawn."""
    there = {(node.step, node.rank) for node in page.nodes}
    return tree.frame(place, page.window, found.rows, session.mode) if place in there else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A picture of the tree, drawn once; what is chosen in it is framed anew at each click."""

    name: str
    look: str
    window: tuple[int, int]
    nodes: tuple[beam_view.Node, ...]  # that are drawn
    picture: dict[str, Any]
    alt: str

    def framed(self, shapes: list[dict[str, Any]]) -> live_plot.Step:
        """The picture with a frame."""
        return live_plot.Step(self.name, Framed(self.picture, shapes), self.alt, self.look)


@dataclass(frozen=True, slots=True)
class Framed:
    """A picture that is ready, and the shapes on it."""

    picture: dict[str, Any]
    shapes: list[dict[str, Any]]

    def to_json(self, *, validate: bool) -> str:
        """As `live_plot.Figure` asks; there is nothing left to validate."""
        del validate
        return json.dumps(self.picture | {"layout": self.picture["layout"] | {"shapes": self.shapes}})


@st.cache_resource(max_entries=64, show_spinner=False)
def drawn(
    origin: Origin, text: str, width: int, alpha: float, mode: str, language: str, _found: beam_view.Tree,
    _session: Session,
) -> list[Page]:  # fmt: skip
    """The tree after each step, and at last the whole of it."""
    del origin, text, width, alpha, mode, language  # what the answer is known by
    windows = beam_view.windows(_found)
    return [page(_session, _found, step, window) for step, window in enumerate(windows, 1)]


def page(session: Session, found: beam_view.Tree, number: int, window: tuple[int, int]) -> Page:
    """The tree after so many steps; the last page is the whole tree with its winner."""
    whole, step = number > found.last, min(number, found.last)
    best = {(node.step, node.rank) for node in found.winner()} if whole else set()
    names = (_("step"), _("rank, best score on top"))
    after = _("After step {step}").format(step=step)
    title = _("The whole tree, {width} wide").format(width=found.width) if whole else after
    nodes = found.drawn(step)
    figure = tree.tree(
        nodes, window=window, rows=found.rows, alive=found.alive(step),
        best=best, names=names, title=title, mode=session.mode, follow=not whole,
    )  # fmt: skip
    name = search_view.decoded(session, found.best.ids) if whole else beam_view.step_name(found, step, session)
    look = _("The winner is the thick line.") if whole else beam_view.step_look(found, step)
    picture = json.loads(figure.to_json(validate=False))
    return Page(
        name=name, look=look, window=window, nodes=tuple(nodes), picture=picture, alt=f"{title}. {name}. {look}"
    )


def values(session: Session, width: int, alpha: float) -> Mapping[str, str]:
    """What the lesson is filled with."""
    how = cuts.asked()
    found = output.next_piece(session, output.place_of(session.walk), how)
    row = output.chosen(found, session.walk)
    return {**output_sums.values(session, found, row, how, alpha), "beam_width": str(width)}
