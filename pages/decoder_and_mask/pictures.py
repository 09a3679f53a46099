"""The four pictures of the page about the decoder, each with its first line and what is told beside it."""

import numpy as np

from figures import describe
from figures.heads import masks as mask_pictures
from figures.writing import forcing as lane_pictures
from pages.decoder_and_mask import asked as decoder
from pages.decoder_and_mask import forcing, masks, swap, telling, unmasked
from pages.decoder_and_mask.asked import Asked
from pages.decoder_and_mask.unmasked import Pair
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import attentions, choice
from ui.show import live_plot, prose, tables
from ui.text import translate as _


def show(page: Session, rooms: Rooms, asked: Asked) -> None:
    """The picture that is chosen, what is told about it, and the story that belongs to it."""
    {"causal": causal, "padding": padding, "forcing": forced, "leak": leak}[asked.picture](page, rooms, asked)
    with rooms.words:
        prose.depths(page.lesson.of(asked.picture), decoder.values(page, asked))


def causal(page: Session, rooms: Rooms, asked: Asked) -> None:
    """The mask over the decoder's self-attention: scores, mask, weights."""
    view, words = attentions.attention(page, "decoder", asked.layer), decoder.words(page.lesson, asked)
    query, key = attentions.chosen(page, view)
    telling.see_row(rooms, page.walk, view, query)
    cell = None if query is None else (query, int(view.weights[asked.head, query].argmax()) if key is None else key)
    scores, weights = view.seen(view.scores[asked.head]), view.seen(view.weights[asked.head])
    drawn = mask_pictures.steps(
        scores, weights, view.seen(view.mask), *view.pieces, titles=words.titles, names=view.names, origin=view.origin,
        selected=cell, mode=page.mode,
    )  # fmt: skip
    steps, step = words.steps(drawn, describe.sentence(weights, *view.pieces)), decoder.step(1)
    with rooms.picture:
        scope, click = choice.scope(page.walk), attentions.chooser(view)
        live_plot.show_steps(steps, "causal_mask", scope, click, start=step, on_step=decoder.stand_at)
        tables.twin(describe.column_names(view.pieces[1]), describe.table(weights, *view.pieces), "causal_mask")
    with rooms.words:
        telling.cell(view, asked.head, query, key, step)
        telling.why_mask(page.walk)


def padding(page: Session, rooms: Rooms, asked: Asked) -> None:
    """Two sentences in one batch, and the map of the one that was filled up."""
    if not asked.neighbour:
        return rooms.seen(_("There is no example that is shorter or longer than your sentence."))
    walk, words = page.walk, decoder.words(page.lesson, asked)
    found = masks.padding(page.origin, walk.source_ids, walk.read_ids, asked.neighbour)
    scores, weights = found.scores[asked.layer][asked.head], found.weights[asked.layer][asked.head]
    rooms.seen(
        _("Two sentences in one batch: {count} places of the shorter one are only padding."),
        count=len(found.rows[found.padded]) - len(found.mask),
    )
    batch = mask_pictures.batch(
        found.rows, names=(_("sentence"), _("position")), row_names=(_("yours"), _("neighbour")), title=words.titles[0],
        mode=page.mode,
    )  # fmt: skip
    drawn = mask_pictures.steps(
        scores, weights, found.mask, *found.pieces, titles=words.titles, names=attentions.axis_names("encoder"),
        selected=decoder.chosen_source(walk, found), mode=page.mode,
    )  # fmt: skip
    steps = words.steps([batch, *drawn[1:]], describe.sentence(weights, *found.pieces))
    with rooms.picture:
        scope, click = choice.scope(walk), decoder.choose_source(found)
        live_plot.show_steps(steps, "padding_mask", scope, click, start=decoder.step(0), on_step=decoder.stand_at)
        tables.twin(describe.column_names(found.pieces[1]), describe.table(weights, *found.pieces), "padding_mask")
    with rooms.words:
        telling.padding(found)


def forced(page: Session, rooms: Rooms, asked: Asked) -> None:
    """What the decoder reads in training, and what it reads at test time."""
    found, place = forcing.compare(page.origin, page.walk), choice.piece(page.walk)
    forcing.see(rooms, found, place)
    training, test = (
        lane_pictures.Lane(name, each.read, each.written, each.chances) for name, each in forcing.lanes(found)
    )
    figure = lane_pictures.lanes(
        training, test, found.own, found.own_chances, selected=place, parting=found.parting, parting_name=_("here they part"),
        title=_("Read last → written next"), mode=page.mode,
    )  # fmt: skip
    with rooms.picture:
        alt = forcing.lanes_alt(found)
        live_plot.show(figure, asked.picture, alt, choice.scope(page.walk), on_click=decoder.choose_step)
        prose.look(page.lesson.sections["Look at forcing"])
        tables.twin(*forcing.lanes_table(found), asked.picture)
    with rooms.words:
        forcing.tell_forcing(found, place)
        prose.look(forcing.whose(found))
        swap.offer(page.origin, page.walk)


def leak(page: Session, rooms: Rooms, asked: Asked) -> None:
    """The mask with some of its cells opened, and the probability of the right next piece with and without them."""
    if asked.pair:
        return trained_without(page, rooms, asked.pair)
    walk, place = page.walk, choice.piece(page.walk)
    found = masks.leak(page.origin, walk, masks.opened(len(walk.read)))
    telling.see_leak(rooms, found, walk, place)
    figure = mask_pictures.leak(
        found.mask, found.usual, found.leaked, walk.read, walk.written, selected=place, mode=page.mode,
        names=(_("reads → must write"), _("French piece that it may look at")),
        bar_names=(_("with the mask"), _("with the open cells")), axis_title=_("probability"),
        title="",
    )  # fmt: skip
    with rooms.picture:
        scope, click = choice.scope(walk), masks.toggle(len(walk.read))
        live_plot.show(figure, "leak", telling.leak_alt(found), scope, on_click=click)
        prose.look(page.lesson.sections["Look at leak"])
        tables.twin(*telling.leak_table(found, walk), "leak")
    with rooms.words:
        telling.leak(found, walk, place)
        telling.why_mask(walk)


def trained_without(page: Session, rooms: Rooms, pair: Pair) -> None:
    """The same picture of the model that was trained without the mask: all it saw, and how it does beside its twin."""
    found, place = unmasked.read(pair, page.walk), choice.piece(page.walk)
    if not found:
        return rooms.seen(_("This sentence is too long for the small models that show it."))
    read, right = found.pieces
    place = unmasked.same_place(page.walk.written, place, right)
    telling.see_unmasked(rooms, found, place)
    title = _("Trained with the mask, and without it")
    figure = mask_pictures.leak(
        np.ones((len(read), len(read)), dtype=bool), found.masked, found.unmasked, read, right, selected=place, mode=page.mode,
        names=(_("reads → must write"), _("French piece that it may look at")),
        bar_names=(_("trained with the mask"), _("trained without it")), axis_title=_("probability"), title="",
    )  # fmt: skip
    means = [f"{mean:.2f}" for mean in found.means]
    alt = f"{title}: {_('on average {one} and {other}.').format(one=means[0], other=means[1])}"
    with rooms.picture:
        live_plot.show(figure, "unmasked", alt, choice.scope(page.walk), on_click=decoder.choose_same(page.walk, right))
        prose.look(page.lesson.sections["Look at unmasked"])
        tables.twin(*telling.unmasked_table(found), "unmasked")
    with rooms.words:
        telling.without_mask(found)
