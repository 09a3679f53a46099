"""The view "A new word": fastText makes a row of the parts of a word that it never read; the others have none."""

import html

import numpy as np
import streamlit as st

from figures.writing.distributions import bars
from pages.words_as_vectors import asked, found, near, proofs
from pages.words_as_vectors.asked import PART, POINT, Asked
from pages.words_as_vectors.found import Found, Numbers, chip
from systems.vectors.fasttext import hashed
from systems.vectors.windows import SPECIAL
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.session import pointed
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

COUNT, MOST = 6, 8  # neighbours; parts that are drawn


def show(rooms: Rooms, shop: Workshop, question: Asked) -> None:
    """The whole view."""
    assert question.origin is not None
    model = found.found(question.origin)
    word, _count = found.first_word(asked.text(asked.UNKNOWN))
    row = found.row_of(model, word) if word else None
    if row is None or model.parts is None:
        return asked.refuse(rooms, shop, asked.refused([]))
    best = found.nearest(model, row, (word,), COUNT)
    grams, vectors = pieces(model, word)
    pictures(rooms, shop, model, word, best, shares(vectors, row), grams)
    known = word in model.model.places
    told = (
        _("{word} is a word that the model knows; made of {parts} parts, it stands nearest to {nearest}: cosine {cosine}.")
        if known else _("{word} was never read. Made of {parts} parts, it stands nearest to {nearest} all the same: cosine {cosine}.")
    )  # fmt: skip
    chance(rooms, model, grams)
    place = pointed.chosen(POINT, len(best)) or 0
    values = {
        "word": chip(word, 0),
        "parts": str(len(grams)),
        "nearest": chip(model.words[best[0][0]], 1),
        "cosine": f"{best[0][1]:.3f}",
    }
    rooms.seen(told, **values)
    part = pointed.chosen(PART, len(grams))
    with rooms.words:
        if part is None:
            near.cosine(model, word, row, best[place][0])
        else:
            of_part(model, word, row, grams[part], vectors[part])
        others(model, word)
        proofs.subwords(question.origin)
        extra = {"buckets": f"{model.model.sizes.buckets:,}", "example": grams[0], "hash": f"{hashed(grams[0]):,}",
                 "bucket": f"{hashed(grams[0]) % model.model.sizes.buckets:,}", "grams": ", ".join(grams[:6])}  # fmt: skip
        prose.depths(shop.lesson.of("parts"), {**values, **extra})


def chance(rooms: Rooms, model: Found, grams: list[str]) -> None:
    """That nothing is known of the parts, if no word that was read has any of them."""
    if not any(gram in f"<{each}>" for gram in grams for each in model.words):
        told = _(
            "No word that was read has any of these parts: they share rows with others by chance, and so does what is near."
        )
        with rooms.picture:
            st.caption(told)


def pieces(model: Found, word: str) -> tuple[list[str], Numbers]:
    """The parts of a word and their rows, as they are summed: the word itself first, if it is known."""
    assert model.parts is not None
    names = ([word] if model.model.places.get(word, 0) >= SPECIAL else []) + found.made_of(model, word)
    return names, model.parts.made(word).rows.detach().double().numpy()


def shares(vectors: Numbers, row: Numbers) -> Numbers:
    """What each part adds to the length of the sum: its product with the direction of the sum."""
    return np.asarray(vectors @ (row / max(float(np.linalg.norm(row)), 1e-12)))


def pictures(
    rooms: Rooms,
    shop: Workshop,
    model: Found,
    word: str,
    best: list[tuple[int, float]],
    given: Numbers,
    grams: list[str],
) -> None:
    """The neighbours, and what the parts add."""
    names, values = [model.words[place] for place, _value in best], [value for _place, value in best]
    title = _("The rows nearest to what the parts of {word} make").format(word=word)
    part = pointed.chosen(PART, len(grams))
    upper = bars(names, values, title=title, axis_title=_("cosine"), mode=shop.mode, limit=1.0, row=34,
                 selected=(pointed.chosen(POINT, len(best)) or 0) if part is None else None)  # fmt: skip
    order = np.argsort(-np.abs(given), kind="stable")[:MOST]
    second = _("What each part adds along the row that they make")
    lower = bars([grams[place] for place in order], given[order], title=second, axis_title=_("length"), mode=shop.mode, row=34,
                 selected=None if part is None or part not in order else order.tolist().index(part))  # fmt: skip

    def clicked(cell: Cell) -> None:
        pointed.choose(PART, int(order[int(cell if isinstance(cell, int | float) else cell[0] or 0)]))

    def nearest(cell: Cell) -> None:
        pointed.choose(PART, None)
        asked.point(cell)

    scope = f"{model.name} {word}"
    with rooms.picture:
        look = prose.line(shop.lesson.sections["Look at parts"], {})
        said = "; ".join(f"{name} {value:.2f}" for name, value in zip(names, values, strict=True))
        live_plot.show(upper, "wv_made", f"{title}. {said}.", scope, on_click=nearest, look=look)
        said = "; ".join(f"{grams[place]} {given[place]:.2f}" for place in order)
        live_plot.show(lower, "wv_parts", f"{second}. {said}.", scope, on_click=clicked)
        sizes = model.model.sizes
        rows = [[gram, hashed(gram) % sizes.buckets, float(value)] for gram, value in zip(grams, given, strict=True)]
        tables.twin([_("Part"), _("Bucket"), _("What it adds")], rows, "wv_parts")


def of_part(model: Found, word: str, row: Numbers, gram: str, vector: Numbers) -> None:
    """Where a part's row comes from, and what it adds."""
    sizes, unit = model.model.sizes, row / max(float(np.linalg.norm(row)), 1e-12)
    lines = [Line("row", sums.term(sums.vector(vector.tolist()), _("the word's own")))]
    if gram != word:
        at = f"{hashed(gram):,} mod {sizes.buckets:,} = <b>{hashed(gram) % sizes.buckets:,}</b>"
        lines = [Line(html.escape(_("bucket")), at), Line("z", sums.vector(vector.tolist()))]
    lines.append(Line(html.escape(_("adds")), f"z · v / |v| = <b>{number(float(vector @ unit))}</b>", True))
    sums.show(filled(_("{part}, one part of {word}"), part=gram, word=chip(word, 0)), lines)


def others(model: Found, word: str) -> None:
    """Which models of the same text have a row for the word."""
    rows = []
    for origin in found.same_text(model.corpus):
        other = found.found(origin)
        has = found.row_of(other, word) is not None
        way = (
            _("its own row")
            if word in other.model.places
            else _("made of its parts")
            if has
            else _("none: it was never read")
        )
        rows.append((other.name, way))
    cells = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(way)}</td></tr>' for name, way in rows
    )
    caption = filled(_("Who has a row for {word}?"), word=chip(word, 0))
    st.html(f'<div class="atlas-sum"><table><caption>{caption}</caption>{cells}</table></div>')
