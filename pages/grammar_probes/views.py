"""Which picture is asked for, and what stands over and beside it."""

import streamlit as st

from figures.theme import Mode
from pages.grammar_probes import heads, pictures, readings, survey
from pages.grammar_probes.asked import Asked
from pages.grammar_probes.lines import lines
from pages.grammar_probes.readings import Read
from pages.grammar_probes.testimonies import Survey
from pages.grammar_probes.words import head_words, two
from transformer.what_if import every_head
from ui.frame.rooms import Rooms
from ui.show import tables
from ui.show.picture import Picture
from ui.text import Lesson, plain
from ui.text import translate as _

FLOWS = ("differ", "matter")  # pictures of pieces by stages; the others are of heads


def show(rooms: Rooms, asked: Asked, found: Read, lesson: Lesson, mode: Mode) -> None:
    """The first line, the picture, and what is said of it."""
    if asked.view in FLOWS:
        pair_line(rooms, asked, found)
        flow = (pictures.differ if asked.view == "differ" else pictures.matter)(found, mode)
        return drawn(rooms, asked, flow, lesson)
    if asked.view == "heads":
        with rooms.picture:
            guessed = heads.guessed()
        (head_line if guessed else pair_line)(rooms, asked, found)
        if guessed:
            drawn(rooms, asked, heads.picture(asked, found, mode), lesson)
            inside(rooms, asked, found, mode)
        return None
    with rooms.words:
        whole = survey.ask(asked)
    if whole is None:
        return pair_line(rooms, asked, found)
    all_line(rooms, found, whole)
    drawn(rooms, asked, survey.picture(asked, whole, mode), lesson)
    survey.tables_of(rooms, asked, whole)
    inside(rooms, asked, found, mode)
    return None


def drawn(rooms: Rooms, asked: Asked, picture: Picture, lesson: Lesson) -> None:
    """The picture with its table, and what its cell says."""
    with rooms.picture:
        picture.plot(
            "gp_flow" if asked.view in FLOWS else "gp_heads",
            str(asked.key),
            lesson.sections.get(f"Look at {asked.view}", lesson.look),
        )
        tables.twin(*picture.table, f"gp_{asked.view}")
    with rooms.words:
        picture.tell()


def inside(rooms: Rooms, asked: Asked, found: Read, mode: Mode) -> None:
    """The chosen head, below the picture of all."""
    if asked.head:
        one = heads.inside(found, asked.head, mode)
        with rooms.picture:
            one.plot("gp_inside", str(asked.key))
        with rooms.words:
            one.tell()


def pair_line(rooms: Rooms, asked: Asked, found: Read) -> None:
    """The first line: what both sentences need, or where it is kept."""
    (one, other), chances = found.probe.critical, found.passes.chances
    if asked.view == "matter":
        layout, given = lines(found, logits=False), readings.states(found)
        top = max(
            (each for each in given if each.stack == "encoder"), key=lambda each: (each.layer, each.sub == "feed")
        )
        place = int(given[top].argmax())
        told = _(
            "At the end of the encoder, the one vector of {piece} brings A {share} of the way from {one} to {other}."
        )
        return rooms.seen(told, piece=layout.english[place], share=two(given[top][place]), one=one, other=other)
    told = _("A needs {one} (probability {first}), B needs {other} ({second}): which way does the news take?")
    return rooms.seen(told, one=one, other=other, first=two(chances[0][0]), second=two(chances[1][1]))


def head_line(rooms: Rooms, _asked: Asked, found: Read) -> None:
    """The first line: what one head alone brings."""
    best, share = heads.ranked(every_head(found.passes.model), readings.heads(found)[0])[0]
    one, other = found.probe.critical
    told = _("Taken from B, {head} alone brings A {share} of the way from {one} to {other}.")
    rooms.seen(told, head=head_words(best), share=two(share), one=one, other=other)


def all_line(rooms: Rooms, found: Read, whole: Survey) -> None:
    """The first line: how often the model is right, and the head that brings most."""
    best, share = heads.ranked(every_head(found.passes.model), whole.restored)[0]
    told = _("Right in {right} of {count} sentences; over all pairs {head} brings most: {share} of the way.")
    rooms.seen(told, right=whole.right[0], count=2 * whole.pairs, head=head_words(best), share=two(share))


def nothing(asked: Asked | str) -> None:
    """Say why there is no picture."""
    st.info(
        plain(asked)
        if isinstance(asked, str)
        else _("In this model's pieces the two French words cannot be told apart. Try another word or another pair.")
    )
