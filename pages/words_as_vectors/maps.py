"""The view "Map": rows of many numbers on two directions, those along which the marked words differ most."""

import numpy as np
import streamlit as st
import torch

from figures.numbers.scatter import Mark, plane
from pages.words_as_vectors import asked, found
from pages.words_as_vectors.asked import POINT, Asked
from pages.words_as_vectors.found import Found, Numbers, chip
from systems.vectors import space
from systems.vectors.space import MapTrace
from systems.vectors.windows import SPECIAL
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import DotProduct
from ui.session import pointed
from ui.show import live_plot, prose, sums, tables
from ui.show.sums import Line, number
from ui.text import filled, plain
from ui.text import translate as _

LEAST = 3  # words that a plane needs
CLOUD = 500  # other words, the most frequent


def show(rooms: Rooms, shop: Workshop, question: Asked) -> None:
    """The whole view."""
    assert question.origin is not None
    model = found.found(question.origin)
    words = list(dict.fromkeys(asked.words(asked.LIST)))
    known = [word for word in words if found.row_of(model, word) is not None]
    if why := asked.refused(words):
        return asked.refuse(rooms, shop, why)
    if strangers := [word for word in words if word not in known]:
        with rooms.picture:
            st.caption(_("Without a row in this model: {words}.").format(words=", ".join(map(plain, strangers[:12]))))
    if len(known) < LEAST:
        told = _("A map needs at least three words that the model knows; there are {count}.")
        return asked.refuse(rooms, shop, told.format(count=len(known)))
    rows = np.stack([unit(row) for word in known if (row := found.row_of(model, word)) is not None])
    trace = space.flat_map(torch.from_numpy(rows))
    at = pointed.chosen(POINT, len(known)) or 0
    picture(rooms, shop, model, known, trace, at)
    shares = [100 * float(each) for each in trace.shares]
    closest = closest_pair(trace.places.numpy())
    one, other = (chip(known[place], place) for place in closest)
    rooms.seen(_("{one} and {other} lie closest on this map, which keeps {share} % of the differences between these {count} words."),
               one=one, other=other, share=f"{sum(shares):.0f}", count=len(known))  # fmt: skip
    with rooms.words:
        coordinates(known, rows, trace, at)
        values = {"count": str(len(known)), "first": f"{shares[0]:.0f}", "second": f"{shares[1]:.0f}", "share": f"{sum(shares):.0f}",
                  "dimensions": str(rows.shape[1]), "lost": f"{100 - sum(shares):.0f}"}  # fmt: skip
        prose.depths(shop.lesson.of("map"), values)


def unit(row: Numbers) -> Numbers:
    """A row made 1 long, as the cosine sees it."""
    return np.asarray(row / max(float(np.linalg.norm(row)), 1e-12))


def closest_pair(places: Numbers) -> tuple[int, int]:
    """The two points that lie closest."""
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    apart[np.diag_indices(len(apart))] = np.inf
    one, other = np.unravel_index(int(apart.argmin()), apart.shape)
    return int(one), int(other)


def picture(rooms: Rooms, shop: Workshop, model: Found, known: list[str], trace: MapTrace, at: int) -> None:
    """The marked words, and the most frequent others in the same two directions."""
    others = [
        place for place in range(SPECIAL, min(len(model.words), CLOUD + SPECIAL)) if model.words[place] not in known
    ]
    cloud = (np.stack([unit(model.rows[place]) for place in others]) - trace.mean.numpy()) @ trace.directions.numpy().T
    marks = [
        Mark(f"▁{word}", 0 if word in model.model.places else 1, place, (0, place), place == at) for place, word in enumerate(known)
    ]  # fmt: skip
    groups = (_("a marked word"), _("made of parts"), "", _("other frequent words"))
    axes = [
        _("direction {number} ({share} % of the differences)").format(number=number, share=f"{100 * float(share):.0f}")
        for number, share in enumerate(trace.shares, 1)
    ]
    title = _("Words as points")
    figure = plane(trace.places.numpy(), marks, cloud, [f"▁{model.words[place]}" for place in others], title=title, axes=axes,
                   groups=groups, mode=shop.mode)  # fmt: skip
    table = [[word, *map(float, place)] for word, place in zip(known, trace.places.tolist(), strict=True)]
    told = "; ".join(f"{word} ({x:.2f}, {y:.2f})" for word, x, y in table)
    with rooms.picture:
        look = prose.line(shop.lesson.sections["Look at map"], {})
        live_plot.show(
            figure,
            "wv_map",
            f"{title}. {told}.",
            f"{model.name} {known}",
            on_click=lambda cell: asked.point([cell[1]]),
            look=look,
        )
        tables.twin([_("Word"), *axes], table, "wv_map")


def coordinates(known: list[str], rows: Numbers, trace: MapTrace, at: int) -> None:
    """Where a word lies: its row, less the mean, times each direction."""
    centred = rows[at] - trace.mean.numpy()
    lines = [
        Line(str(axis + 1), sums.summed(DotProduct(centred, trace.directions[axis].numpy())), axis == 0)
        for axis in range(len(trace.directions))
    ]
    x, y = (number(float(each)) for each in trace.places[at])
    sums.show(
        filled(_("{word} lies at ({x}, {y}): (row − mean) · direction"), word=chip(known[at], at), x=x, y=y), lines
    )
