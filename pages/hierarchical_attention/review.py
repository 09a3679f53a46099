"""The view of one review: which sentence, which word has the look, the sum behind it, and what changes without it."""

import numpy as np
import streamlit as st

from figures.systems.looks import looks as drawn
from pages.hierarchical_attention import asking, looks, networks, telling, written
from pages.hierarchical_attention.asking import SENTENCE, VIEW, WORD, Part
from pages.hierarchical_attention.looks import Looks
from pages.hierarchical_attention.typed import Typed, typed
from ui import controls, frame
from ui.controls import dimension
from ui.frame import Rooms, Workshop
from ui.session.kept import address
from ui.show import live_plot, proof, prose, sums, tables
from ui.text import plain
from ui.text import translate as _

Doubles = looks.Doubles


def show(rooms: Rooms, session: Workshop, asked: asking.Asked) -> None:
    """Pictures and words; in place of them a sentence if there is nothing to look at."""
    dimension.remember()
    assert asked.network
    model = networks.network(asked.network)
    told = typed(asked.review, model.ids)
    with rooms.picture:
        say(told)
    if told.wrong:
        with rooms.line:
            return frame.heading(session.lesson)
    found = looks.looks(model, told, asking.without(told.words))
    row, place = cell(found)
    changes = looks.without_each(found)
    gold = decides(asked, told)
    first(rooms, found)
    with rooms.picture:
        written.show(found, gold, session.mode)
        sentences(session, found, changes[0], row, place, gold)
        words(session, found, changes[1], row, place, gold)
    with rooms.words:
        tell(found, row, place)
        beneath(found, changes, row, place)
        agree(found, changes, gold)
        prose.depths(session.lesson, values(found, row, place))


def say(told: Typed) -> None:
    """What is wrong, and what is to be known."""
    for note in told.notes:
        st.caption(plain(note))
    if told.wrong:
        st.info(plain(told.wrong))
        address()


def decides(asked: asking.Asked, told: Typed) -> frozenset[Part]:
    """The words that decide, of a held-out review as it was taken; of one's own nobody knows."""
    known = asking.known(asked.review)
    return (
        frozenset((known.sentence, place) for place in known.words)
        if known and len(told.words) == len(known.sentences)
        else frozenset()
    )


def cell(found: Looks) -> tuple[int, int | None]:
    """The sentence, by its place among those that were read, and the word of it that the learner points at.

    Until then the sentence that gets most, and of its words the one that gets most; `None` for the whole sentence.
    """
    starts = [where[0][0] for where in found.where]
    sentence = asking.chosen(SENTENCE, starts)
    if sentence is None:
        row = int(looks.sentence_weights(found).argmax())
        return row, int(looks.word_weights(found)[row].argmax())
    row = starts.index(sentence)
    places = [place for _sentence, place in found.where[row]]
    word = asking.chosen(WORD, places)
    return row, None if word is None else places.index(word)


def first(rooms: Rooms, found: Looks) -> None:
    """The sentence over everything."""
    over, inside = looks.sentence_weights(found), looks.word_weights(found)
    row = int(over.argmax())
    place = int(inside[row].argmax())
    if out := asking.without(found.typed.words):
        whole = looks.looks(found.model, found.typed)
        told = _("Without {out} the network says {label}: positive has {chance}. With everything {before}, {was}.")
        left_out = ", ".join(spoken(found.typed, part) for part in out)
        return rooms.seen(
            told, out=left_out, label=asking.called(found.label), chance=sums.number(found.positive, 3), before=asking.called(whole.label),
            was=sums.number(whole.positive, 3),
        )  # fmt: skip
    told = _(
        "The network says {label}: positive has {chance}. It looks most at sentence {sentence} ({weight}), and there at {word} ({share})."
    )
    chance = sums.number(found.positive, 3)
    return rooms.seen(
        told, label=asking.called(found.label), chance=chance, sentence=found.where[row][0][0] + 1, weight=sums.number(float(over[row]), 2),
        word=found.words[row][place], share=sums.number(float(inside[row][place]), 2),
    )  # fmt: skip


def spoken(told: Typed, part: Part) -> str:
    """A sentence by its number, a word as it is."""
    row, place = part
    return _("sentence {number}").format(number=row + 1) if place < 0 else told.words[row][place]


def sentences(
    session: Workshop, found: Looks, changes: Doubles, row: int, place: int | None, gold: frozenset[Part]
) -> None:
    """The map of the sentences: attention, and the probability without each."""
    typed_words = found.typed.words
    here = {where[0][0]: at for at, where in enumerate(found.where)}
    over = looks.sentence_weights(found)
    weights = np.array([[over[here[at]] if at in here else np.nan] for at in range(len(typed_words))])
    less = np.array([[changes[here[at]] if at in here else 0.0] for at in range(len(typed_words))])
    labels = [f"{at + 1} {text}" for at, text in enumerate(found.typed.sentences)]
    title, names = _("Sentences: attention, and leaving out"), (_("sentence"), _("measure"))
    chosen = (found.where[row][0][0], 0) if place is None else None
    texts = {(at, 1): _("put back") for at in range(len(typed_words)) if at not in here}
    figure = drawn(
        weights, labels, [_("attention")], changes=less, changed=[_("without it")], gold={at for at, _place in gold}, texts=texts,
        names=names, value_name=_("weight"), title=title, mode=session.mode, selected=chosen,
    )  # fmt: skip
    said = "; ".join(
        f"{label}: {number(weight[0])}, {number(change[0])}"
        for label, weight, change in zip(labels, weights, less, strict=True)
    )

    def take(clicked: live_plot.Cell) -> None:
        at = int(clicked[0] or 0)
        if clicked[1] == 1:
            asking.toggle((at, -1), typed_words)
        else:
            asking.point(at, None)

    live_plot.show(figure, "hat_sentences", f"{title}. {said}", scope(found), on_click=take, look=session.lesson.look)
    columns = [_("sentence"), _("attention"), _("change of p(positive) without it")]
    tables.twin(
        columns,
        [[label, *map(blank, (w[0], c[0]))] for label, w, c in zip(labels, weights, less, strict=True)],
        "hat_sentences",
    )


def words(
    session: Workshop, found: Looks, changes: list[Doubles], row: int, place: int | None, gold: frozenset[Part]
) -> None:
    """The map of the words of one sentence."""
    at = found.where[row][0][0]
    line = found.typed.words[at]
    here = {word: number_of for number_of, (_sentence, word) in enumerate(found.where[row])}
    inside = looks.word_weights(found)[row]
    weights = np.array([[inside[here[word]] if word in here else np.nan] for word in range(len(line))])
    less = np.array([[changes[row][here[word]] if word in here else 0.0] for word in range(len(line))])
    title = _("The words of sentence {number}").format(number=at + 1)
    texts = {(word, 1): _("put back") for word in range(len(line)) if word not in here}
    chosen = None if place is None else (found.where[row][place][1], 0)
    figure = drawn(
        weights, line, [_("attention")], changes=less, changed=[_("without it")], gold={word for sentence, word in gold if sentence == at},
        texts=texts, names=(_("word"), _("measure")), value_name=_("weight"), title=title, mode=session.mode, selected=chosen,
    )  # fmt: skip
    said = "; ".join(
        f"{word}: {number(weight[0])}, {number(change[0])}"
        for word, weight, change in zip(line, weights, less, strict=True)
    )

    def take(clicked: live_plot.Cell) -> None:
        word = int(clicked[0] or 0)
        if clicked[1] == 1:
            asking.point(at, None)
            asking.toggle((at, word), found.typed.words)
        else:
            asking.point(at, word)

    live_plot.show(figure, "hat_words", f"{title}. {said}", f"{scope(found)}{at}", on_click=take)
    columns = [_("word"), _("attention"), _("change of p(positive) without it")]
    tables.twin(
        columns,
        [[word, *map(blank, (w[0], c[0]))] for word, w, c in zip(line, weights, less, strict=True)],
        "hat_words",
    )


def scope(found: Looks) -> str:
    """What a click belongs to."""
    return " ".join(found.typed.sentences)


def number(value: float) -> str:
    """For the text alternative."""
    return "–" if np.isnan(value) else f"{value:.2f}"


def blank(value: float) -> float | str:
    """For a table."""
    return "" if np.isnan(value) else float(value)


def tell(found: Looks, row: int, place: int | None) -> None:
    """The sum of the chosen cell."""
    dim = dimension.chosen(2 * found.model.sizes.d_state)
    sentence = found.where[row][0][0] + 1
    if place is None:
        name = _("sentence {number}").format(number=sentence)
        if found.model.sizes.by == "sentences":
            return telling.tell(found, None, row, name, _("at sentences"), dim)
        place = int(looks.word_weights(found)[row].argmax())
    group, at = (row, place) if found.model.sizes.by == "sentences" else (0, level_of(found, row, place)[1])
    where = (
        _("in sentence {number}").format(number=sentence)
        if found.model.sizes.by == "sentences"
        else _("in the whole text")
    )
    return telling.tell(found, group, at, found.words[row][place], where, dim)


def level_of(found: Looks, row: int, place: int) -> tuple[looks.Level, int]:
    """What a word is weighed in, and its place there."""
    if found.model.sizes.by == "sentences":
        return found.levels[row], place
    return found.levels[0], sum(len(line) for line in found.words[:row]) + place


def beneath(found: Looks, changes: tuple[Doubles, list[Doubles]], row: int, place: int | None) -> None:
    """Below the sum: take it away, all back, and the dimension that is told in full."""
    sentence = found.where[row][0][0]
    part = (sentence, -1) if place is None else (sentence, found.where[row][place][1])
    change = changes[0][row] if place is None else changes[1][row][place]
    name = _("sentence {number}").format(number=sentence + 1) if place is None else found.words[row][place]
    if not np.isnan(change):
        now = sums.number(found.positive, 3)
        told = _("Without {name} the probability of “positive” would go from {now} to {then}.")
        prose.cell(told, name=name, now=now, then=sums.number(found.positive + float(change), 3))
    level, at = (found.top, row) if place is None else level_of(found, row, place)
    with controls.row("atlas_controls_part"):
        label = plain(_("Take {name} away").format(name=name if place is None else f"“{name[:30]}”"))
        st.button(
            label,
            key="hat_away",
            on_click=asking.toggle,
            args=(part, found.typed.words),
            disabled=bool(np.isnan(change)),
        )
        if asking.without(found.typed.words):
            st.button(_("Everything back"), key="hat_back", on_click=asking.all_back)
        dimension.slider(2 * found.model.sizes.d_state, telling.strongest(level, at))


def agree(found: Looks, changes: tuple[Doubles, list[Doubles]], gold: frozenset[Part]) -> None:
    """Do attention and leaving out name the same? In one line, with the way to the held-out reviews."""
    over = looks.sentence_weights(found)
    shares = np.array(
        [
            weight
            for weights, share in zip(looks.word_weights(found), scaled(found, over), strict=True)
            for weight in weights * share
        ]
    )
    every = np.concatenate(changes[1])
    links = (
        proof.Link("480_hierarchical_attention", _("Held-out reviews"), {VIEW: "gold"}),
        proof.Link("480_hierarchical_attention", _("Without attention"), {VIEW: "beside"}),
        proof.Link("250_explanation", _("Is attention an explanation?")),
    )
    if np.isnan(every).all():
        return proof.show(_("There is nothing to leave out: one word is all there is."), *links)
    named = [text for line in found.words for text in line]
    told = _(
        "Of all words {seen} gets most of the look, {needed} changes most if it is left out. The two orders agree with τ = {tau}."
    )
    if gold:
        told += " " + _("What decides: {gold}.")
    best = ", ".join(found.typed.words[row][place] for row, place in sorted(gold))
    return proof.show(
        told, *links, seen=named[int(shares.argmax())], needed=named[int(np.nanargmax(np.abs(every)))], tau=telling.rank(shares, every), gold=best
    )  # fmt: skip


def scaled(found: Looks, over: Doubles) -> Doubles:
    """What the weights within a sentence are multiplied by: the sentence's own weight, or 1 if the text was read at once."""
    return over if found.model.sizes.by == "sentences" else np.ones(len(found.words))


def values(found: Looks, row: int, place: int | None) -> dict[str, str]:
    """For the lesson."""
    level, at = (found.top, row) if place is None else level_of(found, row, place)
    cell = level.weighing(at)
    sizes = found.model.sizes
    return {
        "sentences": str(len(found.words)), "words": str(sum(map(len, found.words))), "positive": sums.number(found.positive, 3),
        "score": sums.number(cell.score), "weight": sums.number(float(level.weights[at]), 4), "d": str(2 * sizes.d_state), "half": str(sizes.d_state),
        "name": _("sentence {number}").format(number=row + 1) if place is None else found.words[row][place],
        "parameters": f"{found.model.number_of_parameters:,}", "vocabulary": str(len(found.model.words)),
    }  # fmt: skip
