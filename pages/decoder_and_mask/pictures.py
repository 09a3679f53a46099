"""The four pictures of the page about the decoder, each with what is told below it."""

from figures import describe
from figures.heads import masks as mask_pictures
from figures.writing import forcing as lane_pictures
from pages.decoder_and_mask import asked as decoder
from pages.decoder_and_mask import forcing, masks
from pages.decoder_and_mask.asked import Asked
from ui.frame import Session
from ui.session import attentions, choice
from ui.show import live_plot, prose, tables
from ui.text import translate as _


def show(page: Session, asked: Asked) -> None:
    """The picture that is chosen."""
    {"causal": causal, "padding": padding, "forcing": forced, "leak": leak}[asked.picture](page, asked)


def causal(page: Session, asked: Asked) -> None:
    """The mask over the decoder's self-attention: scores, mask, weights."""
    view, words = attentions.attention(page, "decoder", asked.layer), decoder.words(page.lesson, asked)
    query, key = attentions.chosen(page, view)
    cell = None if query is None else (query, int(view.weights[asked.head, query].argmax()) if key is None else key)
    scores, weights = view.seen(view.scores[asked.head]), view.seen(view.weights[asked.head])
    drawn = mask_pictures.steps(
        scores, weights, view.seen(view.mask), *view.pieces, titles=words.titles, names=view.names, origin=view.origin,
        selected=cell, mode=page.mode,
    )  # fmt: skip
    steps = words.steps(drawn, describe.sentence(weights, *view.pieces))
    live_plot.show_steps(steps, "causal_mask", choice.scope(page.walk), attentions.chooser(view), start=1)
    decoder.tell_cell(view, asked.head, query, key)
    tables.twin(describe.column_names(view.pieces[1]), describe.table(weights, *view.pieces), "causal_mask")


def padding(page: Session, asked: Asked) -> None:
    """Two sentences in one batch, and the map of the one that was filled up."""
    if not asked.neighbour:
        return prose.look(_("There is no example that is shorter or longer than your sentence."))
    walk, words = page.walk, decoder.words(page.lesson, asked)
    found = masks.padding(page.origin, walk.source_ids, walk.read_ids, asked.neighbour)
    scores, weights = found.scores[asked.layer][asked.head], found.weights[asked.layer][asked.head]
    batch = mask_pictures.batch(
        found.rows, names=(_("sentence"), _("position")), row_names=(_("yours"), _("neighbour")), title=words.titles[0],
        mode=page.mode,
    )  # fmt: skip
    drawn = mask_pictures.steps(
        scores, weights, found.mask, *found.pieces, titles=words.titles, names=attentions.axis_names("encoder"),
        selected=decoder.chosen_source(walk, found), mode=page.mode,
    )  # fmt: skip
    steps = words.steps([batch, *drawn[1:]], describe.sentence(weights, *found.pieces))
    live_plot.show_steps(steps, "padding_mask", choice.scope(walk), decoder.choose_source(found))
    decoder.tell_padding(found)
    tables.twin(describe.column_names(found.pieces[1]), describe.table(weights, *found.pieces), "padding_mask")


def forced(page: Session, asked: Asked) -> None:
    """What the decoder reads in training, and what it reads at test time."""
    found, place = forcing.compare(page.origin, page.walk), choice.piece(page.walk)
    training, test = (
        lane_pictures.Lane(name, each.read, each.written, each.chances) for name, each in forcing.lanes(found)
    )
    figure = lane_pictures.lanes(
        training, test, found.own, found.own_chances, selected=place, parting=found.parting, parting_name=_("here they part"),
        own_name=_("own choice"), title=_("Read last → written next"), mode=page.mode,
    )  # fmt: skip
    alt = forcing.lanes_alt(found)
    live_plot.show(figure, asked.picture, alt, choice.scope(page.walk), on_click=decoder.choose_step)
    prose.look(page.lesson.sections["Look at forcing"])
    forcing.tell_forcing(found, place)
    forcing.offer_french(found)
    tables.twin(*forcing.lanes_table(found), asked.picture)


def leak(page: Session, asked: Asked) -> None:
    """The mask with some of its cells opened, and the probability of the right next piece with and without them."""
    walk, place = page.walk, choice.piece(page.walk)
    found = masks.leak(page.origin, walk, masks.opened(len(walk.read)))
    figure = mask_pictures.leak(
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
