"""The four pictures of the page about output and search, each with its controls, its arithmetic and its table."""

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
from pages.output_and_search import beam_words, output
from pages.output_and_search import greedy as search_view
from pages.output_and_search import sums as output_sums
from ui import controls
from ui.frame import Session
from ui.session import choice
from ui.session.state import Origin
from ui.show import live_plot, prose, tables
from ui.text import language
from ui.text import translate as _


def show(session: Session) -> None:
    """The picture that the learner chose."""
    output.remember()
    search_view.remember(session)
    beam_view.remember()
    names = {"next": _("Next piece"), "lens": _("Layer by layer"), "steps": _("Step by step"), "beam": _("Beam")}
    with controls.row():
        what = controls.one_of(_("Picture"), "output", names)
        if what == "next":
            with st.container(horizontal=True, width="content", key="atlas_output_settings"):
                how = output.settings()
        elif what == "steps":
            mine = search_view.asked(session)
            search_view.buttons(mine)
        elif what == "beam":
            width, alpha = beam_view.settings()
    if what == "next":
        next_piece(session, how)
    elif what == "lens":
        lens(session)
    elif what == "steps":
        steps(session, mine)
    else:
        beam(session, width, alpha)
    if what in ("steps", "beam") and session.walk.forced:
        st.caption(_("This is the model's own search, not your French."))


def next_piece(session: Session, how: output.Settings) -> None:
    """The candidates for one place: logits, temperature, softmax, cuts."""
    walk, place = session.walk, output.place_of(session.walk)
    found = output.next_piece(session, place, how)
    row = output.chosen(found, walk)
    exp, probability, chance = found.rest
    others = _("{count} others").format(count=found.vocabulary - len(found.ids))
    rest = candidates.Sum(label=others, exp=exp, probability=probability, chance=chance)
    total = candidates.Sum(label=_("total"), exp=found.total, probability=1.0, chance=1.0)
    heads = (_("piece"), _("logit"), f"÷ {how.temperature:.1f}", _("exp"), _("softmax"), _("after cuts"))
    title = _("Place {place}: what may follow {read}").format(place=place + 1, read=label(walk.read[place]))
    numbers = (found.logits, found.scaled, found.exps, found.probabilities, found.chances)
    figure = candidates.candidates(
        found.labels, *numbers, heads=heads, sums=(rest, total), title=title, mode=session.mode, selected=row
    )
    told = "; ".join(f"{name} {value:.3f}" for name, value in zip(found.labels, found.probabilities, strict=True))
    live_plot.show(figure, "next", f"{title}. {told}.", choice.scope(walk), on_click=output.choose(found))
    prose.look(session.lesson.look)
    output_sums.next_piece(session, found, row, how)
    tables.twin(output.table_columns(), output.table(found), "next_piece")


def lens(session: Session) -> None:
    """What each layer would write, at every place."""
    walk, seen = session.walk, output.lens(session)
    place, depth = output.place_of(walk), output.chosen_depth(len(seen.rows))
    columns, shown = [label(piece) for piece in walk.written[seen.columns]], seen.probabilities[:, seen.columns]
    same = [(row, column) for row, column in np.argwhere(seen.ids == np.array(walk.written_ids)).tolist()]
    title = _("What each layer would write")
    figure = lens_pictures.named(
        shown, [line[seen.columns] for line in seen.names], seen.rows, columns, title=title, mode=session.mode,
        axes=(_("decoder"), _("French piece about to be written")), selected=(depth, place), marked=same,
        origin=(0, seen.columns.start),
    )  # fmt: skip
    told = "; ".join(f"{row}: {' '.join(line)}" for row, line in zip(seen.rows, seen.names, strict=True))
    live_plot.show(figure, "lens", f"{title}. {told}.", choice.scope(walk), on_click=output.choose_depth)
    prose.look(session.lesson.sections["Look at layers"])
    output_sums.layer_guesses(session, seen, depth, place)
    tables.twin([_("Layer"), *described(columns)], [
        [row, *(f"{name} {value:.6f}" for name, value in zip(line[seen.columns], values, strict=True))]
        for row, line, values in zip(seen.rows, seen.names, shown.tolist(), strict=True)
    ], "lens")  # fmt: skip


def described(columns: list[str]) -> list[str]:
    """Names of columns that all differ."""
    return [f"{place}. {name}" for place, name in enumerate(columns, 1)]


def steps(session: Session, mine: search_view.Path) -> None:
    """Greedy search, what else each step could have written, and another piece forced."""
    walk = session.walk
    free = search_view.path(session.origin, walk.source_text, ())
    names = search_view.names(session, mine.others)
    columns = [str(step) for step in range(1, len(mine.ids) + 1)]
    rows = [_("best"), *(_("{rank}.").format(rank=rank) for rank in range(2, len(names) + 1))]
    marked = [(row, step) for step, row in enumerate(mine.rows) if row is not None]
    title = _("Greedy search, one piece per step")
    figure = lens_pictures.named(
        np.exp(mine.log_probabilities), names, rows, columns, axes=(_("rank"), _("step")), title=title,
        mode=session.mode, marked=marked, selected=search_view.framed(mine),
    )  # fmt: skip
    written = search_view.decoded(session, mine.ids)
    live_plot.show(figure, "steps", f"{title}: {written}", choice.scope(walk), on_click=search_view.choose(mine))
    prose.look(session.lesson.sections["Look at steps"])
    beam_words.forced(session, free, mine)
    tables.twin(search_view.table_columns(), search_view.table(mine, session), "steps")


def beam(session: Session, width: int, alpha: float) -> None:
    """The tree of beam search, and greedy search beside it."""
    found = beam_view.tree(session, width, alpha)
    place = beam_view.chosen(found)
    known_by = (session.origin, session.walk.source_text, width, alpha, session.mode, language())
    pages = [
        page.framed(tree.frame(place, page.window, found.rows, session.mode))
        for page in drawn(*known_by, found, session)
    ]
    live_plot.show_steps(
        pages, "beam", choice.scope(session.walk), on_click=beam_view.choose, start=len(pages) - 1, pace=1200
    )
    prose.look(session.lesson.sections["Look at the beam"])
    if len(found.steps) > found.last:
        told = _("The search took {count} steps; the first {drawn} are drawn.")
        st.caption(told.format(count=len(found.steps), drawn=found.last))
    beam_words.node(session, found, place)
    greedy = search_view.path(session.origin, session.walk.source_text, ())
    beam_words.side_by_side(session, found, greedy)
    tables.twin(beam_words.table_columns(), beam_words.table(found), "beam")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A picture of the tree, drawn once; what is chosen in it is framed anew at each click."""

    name: str
    look: str
    window: tuple[int, int]
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
    figure = tree.tree(
        [node for node in found.drawn() if node.step <= step], window=window, rows=found.rows, alive=found.alive(step),
        best=best, names=names, title=title, mode=session.mode,
    )  # fmt: skip
    name = search_view.decoded(session, found.best.ids) if whole else beam_view.step_name(found, step, session)
    look = _("The winner is the thick line.") if whole else beam_view.step_look(found, step)
    picture = json.loads(figure.to_json(validate=False))
    return Page(name=name, look=look, window=window, picture=picture, alt=f"{title}. {name}. {look}")


def values(session: Session) -> Mapping[str, str]:
    """What the lesson is filled with."""
    how = output.asked()
    found = output.next_piece(session, output.place_of(session.walk), how)
    row = output.chosen(found, session.walk)
    return output_sums.values(session, found, row, how, beam_view.asked_alpha())
