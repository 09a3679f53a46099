"""The view "Neighbours": whose rows point the same way as that of the learner's word."""

import numpy as np
import streamlit as st

from figures.writing.distributions import bars
from pages.words_as_vectors import asked, beside, found, proofs
from pages.words_as_vectors.asked import POINT, Asked
from pages.words_as_vectors.found import Found, Numbers, chip
from systems.vectors.windows import SPECIAL
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.session import pointed
from ui.show import live_plot, prose, sums, tables
from ui.text import filled
from ui.text import translate as _

COUNT = 8  # neighbours


def show(rooms: Rooms, shop: Workshop, question: Asked) -> None:
    """The whole view."""
    assert question.origin is not None
    model = found.found(question.origin)
    word, count = found.first_word(asked.text(asked.WORD))
    row = found.row_of(model, word) if word else None
    if row is None:
        return asked.unknown(rooms, shop, word, len(model.words) - SPECIAL)
    if st.session_state[asked.WITH] == "beside":
        return beside.show(rooms, shop, model, question.origin, word, row)
    best = found.nearest(model, row, (word,), COUNT)
    picture(rooms, shop, model, word, best, count)
    place = pointed.chosen(POINT, len(best)) or 0
    with rooms.words:
        cosine(model, word, row, best[place][0])
        proofs.noise(question.origin)
    first, share = best[0]
    near = {"word": chip(word, 0), "nearest": chip(model.words[first], 1), "cosine": f"{share:.3f}"}
    rooms.seen(_("{word} stands nearest to {nearest}: the cosine of their rows is {cosine}."), **near)
    chosen = model.rows[best[place][0]]
    values = {
        **near, "dimensions": str(len(row)),
        "count": f"{model.counts[model.model.places.get(word, 0)]:,.0f}", "words": f"{len(model.words) - SPECIAL:,}",
        "dot": f"{float(row @ chosen):.3f}",
        "chosen": f"{best[place][1]:.3f}", "one": f"{np.linalg.norm(row):.3f}", "other": f"{np.linalg.norm(chosen):.3f}",
    }  # fmt: skip
    with rooms.words:
        prose.depths(shop.lesson.of("near").of(model.kind), values)


def picture(rooms: Rooms, shop: Workshop, model: Found, word: str, best: list[tuple[int, float]], count: int) -> None:
    """A bar for each neighbour."""
    names, values = [model.words[place] for place, _value in best], [value for _place, value in best]
    title = _("The rows nearest to that of {word}").format(word=word)
    figure = bars(names, values, title=title, axis_title=_("cosine"), mode=shop.mode, limit=1.0, row=38,
                  selected=pointed.chosen(POINT, len(best)) or 0)  # fmt: skip
    told = "; ".join(f"{name} {value:.2f}" for name, value in zip(names, values, strict=True))
    with rooms.picture:
        if count > 1:
            st.caption(_("Of {count} words the first is looked up.").format(count=count))
        look = prose.line(shop.lesson.sections["Look"], {})
        live_plot.show(figure, "wv_near", f"{title}. {told}.", f"{model.name} {word}", on_click=asked.point, look=look)
        tables.twin([_("Word"), _("Cosine")], [list(each) for each in zip(names, values, strict=True)], "wv_near")


def cosine(model: Found, word: str, row: Numbers, other: int) -> None:
    """The sum behind a bar."""
    theirs = model.rows[other]
    value = float(row @ theirs) / max(float(np.linalg.norm(row) * np.linalg.norm(theirs)), 1e-12)
    title = filled(_("{one} and {other}: cosine {cosine}"), one=chip(word, 0), other=chip(model.words[other], 1),
                   cosine=sums.number(value))  # fmt: skip
    sums.cosine(title, row.tolist(), theirs.tolist())
