"""The comparison where one of the two is no Transformer: what each writes, how sure it is, and where it looks, if it does."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures import describe
from figures.heads import attention
from figures.labels import label
from pages.compare import translations
from pages.compare.sides import AnySide
from pages.compare.translations import chance, percent
from transformer.analysis.compare import unmatched
from ui import frame
from ui.session import choice
from ui.show import live_plot, prose, tables
from ui.text import filled
from ui.text import translate as _


def show(session: frame.Guest, a: AnySide, b: AnySide, line: DeltaGenerator) -> None:
    """The translations, and below them where each looked."""
    with line:
        apart = unmatched(a.own.written, b.own.written)
        told = _("{a} gives its own translation {first}, {b} gives its own {second}; {count} pieces are not in both.")
        frame.first_line(
            told, a=a.title, first=percent(chance(a.own)), b=b.title, second=percent(chance(b.own)),
            count=len(apart[0]) + len(apart[1]),
        )  # fmt: skip
    translations.show(a, b)
    for each, place in zip((a, b), st.columns(2, gap="small"), strict=True):
        with place:
            look(session, each)
    read_alike(a, b)
    tables.twin(*table(a, b), "compare")
    prose.depths(session.lesson.of("kinds"), values(a, b))


def look(session: frame.Guest, side: AnySide) -> None:
    """Where one looked before it wrote each piece, on the whole; or that it does not."""
    weights, pieces = side.walk.look, (side.walk.written, side.walk.source)
    if weights is None:
        told = _("{model} looks nowhere: all that it knows of the sentence is its one state.")
        st.html(f'<p class="atlas-seen">{filled(told, model=side.title)}</p>')
        frame.links(["400_one_hidden_state"])
        return
    title = _("{model}: where it looks").format(model=side.title)
    figure = attention.heatmap(weights, *pieces, title=side.title, mode=session.mode)
    key = f"compare_{side.letter.lower()}"
    live_plot.show(figure, key, f"{title}. {describe.sentence(weights, *pieces)}", choice.scope(side.walk))


def read_alike(a: AnySide, b: AnySide) -> None:
    """What both think of the very same French, piece by piece, in one number each."""
    if a.walk.target_text == b.walk.target_text:
        told = _("Given the same French, “{french}”, {a} pays {first} nats a piece, {b} pays {second}.")
        prose.cell(
            told,
            french=a.walk.target_text,
            a=a.title,
            first=f"{a.walk.loss:.3f}",
            b=b.title,
            second=f"{b.walk.loss:.3f}",
        )


def table(a: AnySide, b: AnySide) -> tuple[list[str], list[list[Any]]]:
    """Each piece of what both read, with the chance that each model gave to it."""
    rows = [
        [side.letter, place + 1, label(piece), side.walk.chances[place]]
        for side in (a, b)
        for place, piece in enumerate(side.walk.written)
    ]
    return [_("model"), _("place"), _("piece"), _("chance")], rows


def values(a: AnySide, b: AnySide) -> dict[str, str]:
    """The numbers of the lesson."""
    sizes = [f"{side.checkpoint.model.number_of_parameters:,}" for side in (a, b)]
    return {
        "a": a.name, "b": b.name, "french_a": a.own.target_text, "french_b": b.own.target_text, "parameters_a": sizes[0],
        "parameters_b": sizes[1], "chance_a": percent(chance(a.own)), "chance_b": percent(chance(b.own)),
    }  # fmt: skip
