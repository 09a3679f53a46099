"""The four pictures of the page about the decoder, each with what is told below it. The page brings the drawing functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pages.decoder_and_mask import asked as decoder
from pages.decoder_and_mask import forcing, masks
from pages.decoder_and_mask.asked import Asked
from ui.session import attentions, choice, state
from ui.session.attentions import Shown
from ui.show import live_plot, prose, tables
from ui.text import Lesson
from ui.text import translate as _

Draw = Callable[..., Any]


class Page(Shown, Protocol):
    """What is asked of a page's session."""

    @property
    def origin(self) -> state.Origin:
        """What caches know the model by."""

    @property
    def lesson(self) -> Lesson:
        """The prose."""

    @property
    def mode(self) -> str:
        """Light or dark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawers:
    """The functions of `figures` that the pictures need."""

    steps: Draw
    batch: Draw
    leak: Draw
    lanes: Draw
    lane: Draw
    sentence: Draw
    columns: Draw
    table: Draw


def show(page: Page, asked: Asked, draw: Drawers) -> None:
    """The picture that is chosen."""
    {"causal": causal, "padding": padding, "forcing": forced, "leak": leak}[asked.picture](page, asked, draw)


def causal(page: Page, asked: Asked, draw: Drawers) -> None:
    """The mask over the decoder's self-attention: scores, mask, weights."""
    view, words = attentions.attention(page, "decoder", asked.layer), decoder.words(page.lesson, asked)
    query, key = attentions.chosen(page, view)
    cell = None if query is None else (query, int(view.weights[asked.head, query].argmax()) if key is None else key)
    scores, weights = view.seen(view.scores[asked.head]), view.seen(view.weights[asked.head])
    figures = draw.steps(
        scores, weights, view.seen(view.mask), *view.pieces, titles=words.titles, names=view.names, origin=view.origin,
        selected=cell, mode=page.mode,
    )  # fmt: skip
    steps = words.steps(figures, draw.sentence(weights, *view.pieces))
    live_plot.show_steps(steps, "causal_mask", choice.scope(page.walk), attentions.chooser(view), start=1)
    decoder.tell_cell(view, asked.head, query, key)
    tables.twin(draw.columns(view.pieces[1]), draw.table(weights, *view.pieces), "causal_mask")


def padding(page: Page, asked: Asked, draw: Drawers) -> None:
    """Two sentences in one batch, and the map of the one that was filled up."""
    if not asked.neighbour:
        return prose.look(_("There is no example that is shorter or longer than your sentence."))
    walk, words = page.walk, decoder.words(page.lesson, asked)
    found = masks.padding(page.origin, walk.source_ids, walk.read_ids, asked.neighbour)
    scores, weights = found.scores[asked.layer][asked.head], found.weights[asked.layer][asked.head]
    batch = draw.batch(
        found.rows, names=(_("sentence"), _("position")), row_names=(_("yours"), _("neighbour")), title=words.titles[0],
        mode=page.mode,
    )  # fmt: skip
    figures = draw.steps(
        scores, weights, found.mask, *found.pieces, titles=words.titles, names=attentions.axis_names("encoder"),
        selected=decoder.chosen_source(walk, found), mode=page.mode,
    )  # fmt: skip
    steps = words.steps([batch, *figures[1:]], draw.sentence(weights, *found.pieces))
    live_plot.show_steps(steps, "padding_mask", choice.scope(walk), decoder.choose_source(found))
    decoder.tell_padding(found)
    tables.twin(draw.columns(found.pieces[1]), draw.table(weights, *found.pieces), "padding_mask")


def forced(page: Page, asked: Asked, draw: Drawers) -> None:
    """What the decoder reads in training, and what it reads at test time."""
    found, place = forcing.compare(page.origin, page.walk), choice.piece(page.walk)
    lanes = [draw.lane(name, each.read, each.written, each.chances) for name, each in forcing.lanes(found)]
    figure = draw.lanes(
        *lanes, found.own, found.own_chances, selected=place, parting=found.parting, parting_name=_("here they part"),
        own_name=_("own choice"), title=_("Read last → written next"), mode=page.mode,
    )  # fmt: skip
    alt = forcing.lanes_alt(found)
    live_plot.show(figure, asked.picture, alt, choice.scope(page.walk), on_click=decoder.choose_step)
    prose.look(page.lesson.sections["Look at forcing"])
    forcing.tell_forcing(found, place)
    forcing.offer_french(found)
    tables.twin(*forcing.lanes_table(found), asked.picture)


def leak(page: Page, asked: Asked, draw: Drawers) -> None:
    """The mask with some of its cells opened, and the probability of the right next piece with and without them."""
    walk, place = page.walk, choice.piece(page.walk)
    found = masks.leak(page.origin, walk, masks.opened(len(walk.read)))
    figure = draw.leak(
        found.mask, found.usual, found.leaked, walk.read, walk.written, selected=place, mode=page.mode,
        names=(_("reads → must write"), _("French piece that it may look at")),
        bar_names=(_("with the mask"), _("with the open cells")), axis_title=_("probability"),
        title=_("What is seen, and what comes of it"),
    )  # fmt: skip
    live_plot.show(
        figure, asked.picture, decoder.leak_alt(found), choice.scope(walk), on_click=masks.toggle(len(walk.read))
    )
    prose.look(page.lesson.sections["Look at leak"])
    decoder.tell_leak(found, walk, place)
    tables.twin(*decoder.leak_table(found, walk), asked.picture)
