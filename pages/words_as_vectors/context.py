"""The view "In a sentence": the same word in two sentences, one vector against two, by layer."""

import numpy as np
import streamlit as st

from figures.numbers.curves import Panel, curves
from pages.words_as_vectors import asked, found, layers
from pages.words_as_vectors.asked import CELL, Asked
from pages.words_as_vectors.found import Numbers, chip
from systems import sentences
from ui import controls
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.session import pointed
from ui.session.state import Origin
from ui.show import live_plot, proof, prose, sums, tables
from ui.show.live_plot import Cell
from ui.text import filled, plain
from ui.text import translate as _

STATIONS = 8  # layers that an address can point at
Drawn = list[tuple[str, Origin, Numbers, Numbers]]  # kind, model, and the vectors of the word in both sentences


def names() -> dict[str, str]:
    """What the models are called."""
    return {"static": _("static"), "elmo": "ELMo", "bert": "BERT", "encoder": _("Transformer encoder")}


def show(rooms: Rooms, shop: Workshop, question: Asked) -> None:
    """The whole view."""
    word, _count = found.first_word(asked.text(asked.SAME))
    texts = [asked.text(key) for key in (asked.FIRST, asked.SECOND)]
    with rooms.picture, controls.row("atlas_controls_models"):
        there = layers.origins(question.origin)
    if why := refused(word, texts):
        return asked.refuse(rooms, shop, why)
    with rooms.picture:
        drawn = readings(there, word, texts)
    if not drawn:
        return asked.refuse(rooms, shop, _("None of the models here knows {word}.").format(word=plain(word)))
    picture(rooms, shop, word, texts, drawn)
    curve, layer = pointed_at(drawn)
    kind, _origin, one, other = drawn[curve]
    values = {"word": chip(word, 0), **lesson_values(drawn)}
    rooms.seen(_(
            "{word} has one row, the same in both sentences. In context it has two vectors: after {layers} layers of {model} "
            "their cosine is {last}."
        ),
               word=chip(word, 0), model=names()[kind_of_line(drawn)], layers=values["layers"], last=values["last"])  # fmt: skip
    with rooms.words:
        cosine = float(layers.cosines(one, other)[layer])
        title = filled(_("{word} in {model}, layer {layer}: cosine {cosine}"), word=chip(word, 0), model=names()[kind], layer=layer,
                       cosine=sums.number(cosine))  # fmt: skip
        sums.cosine(title, one[layer].tolist(), other[layer].tolist())
        apart(there)
        prose.depths(shop.lesson.of("context"), values)


def refused(word: str, texts: list[str]) -> str:
    """Why the word cannot be compared in these sentences; "" if it can."""
    if not word:
        return asked.refused([])
    for number, text in enumerate(texts, 1):
        words, name = sentences.words_and_signs(text), _("Sentence {number}").format(number=number)
        if why := asked.refused(words, name):
            return why
        if word not in words:
            return _("{name} does not have the word {word}.").format(name=name, word=plain(word))
    return ""


def readings(there: dict[str, Origin], word: str, texts: list[str]) -> Drawn:
    """The vectors of the word by each model that knows it; a sentence names those that do not."""
    found_, strangers = [], []
    for kind, origin in there.items():
        one, other = (layers.read(kind, origin, text, word) for text in texts)
        if one.vectors is None or other.vectors is None or not one.known:
            strangers.append(names()[kind])
        else:
            found_.append((kind, origin, one.vectors, other.vectors))
    if strangers:
        st.caption(_("{word} is unknown to: {models}.").format(word=plain(word), models=", ".join(strangers)))
    return found_


def picture(rooms: Rooms, shop: Workshop, word: str, texts: list[str], drawn: Drawn) -> None:
    """A curve for each model: the cosine of the two vectors, by layer."""
    most = max(len(one) for _kind, _origin, one, _other in drawn)
    lines = []
    for kind, _origin, one, other in drawn:
        values = np.full(most, np.nan)
        values[: len(one)] = layers.cosines(one, other)
        if kind == "static":
            values[:] = values[0]  # the same row, however far one reads
        lines.append((names()[kind], values))
    low = min(0.0, float(np.nanmin([values for _name, values in lines])) - 0.05)
    stations = [_("row"), *(_("layer {layer}").format(layer=layer) for layer in range(1, most))]
    title = _("{word} in two sentences: how alike are its vectors?").format(word=word)
    curve, layer = pointed_at(drawn)
    figure = curves([Panel(_("cosine"), lines, (low, 1.08))], stations, axis_title=_("after"), title=title, mode=shop.mode,
                    selected=(0, curve, layer))  # fmt: skip
    rows = [[name, *(None if np.isnan(each) else float(each) for each in values)] for name, values in lines]
    told = "; ".join(
        f"{name}: {', '.join(f'{each:.2f}' for each in values if not np.isnan(each))}" for name, values in lines
    )
    with rooms.picture:
        look = prose.line(shop.lesson.sections["Look at context"], {})
        live_plot.show(
            figure,
            "wv_layers",
            f"{title} {told}.",
            f"{word} {texts} {[kind for kind, *_rest in drawn]}",
            on_click=point,
            look=look,
        )
        tables.twin([_("Model"), *stations], rows, "wv_layers")


def point(cell: Cell) -> None:
    """Point at `[panel, curve, layer]`. Only in callbacks."""
    pointed.choose(CELL, int(cell[1] or 0) * STATIONS + int(cell[2] or 0))


def pointed_at(drawn: Drawn) -> tuple[int, int]:
    """The curve and the layer that are looked at: unless chosen, the last layer of the model whose vectors differ most there."""
    chosen = pointed.chosen(CELL, STATIONS * len(drawn))
    if chosen is not None:
        curve, layer = divmod(chosen, STATIONS)
        return curve, min(layer, len(drawn[curve][2]) - 1)
    curve = [kind for kind, *_rest in drawn].index(kind_of_line(drawn))
    return curve, len(drawn[curve][2]) - 1


def kind_of_line(drawn: Drawn) -> str:
    """The contextual model that the first line tells of; the static one if there is no other."""
    there = [kind for kind, *_rest in drawn]
    return next((kind for kind in ("bert", "elmo", "encoder") if kind in there), there[0])


def lesson_values(drawn: Drawn) -> dict[str, str]:
    """The numbers of the lesson."""
    last = {kind: layers.cosines(one, other)[-1] for kind, _origin, one, other in drawn}
    depth = {kind: len(one) - 1 for kind, _origin, one, _other in drawn}
    kind = kind_of_line(drawn)
    told = {
        f"{each}_last": f"{last[each]:.2f}" if each in last else "–" for each in ("static", "elmo", "bert", "encoder")
    }
    return {"layers": str(depth[kind]), "last": f"{last[kind]:.2f}", "model": names()[kind], **told}


def apart(there: dict[str, Origin]) -> None:
    """Whether the vectors of one meaning are more alike than those of two, over labelled sentences."""
    found_ = {kind: told for kind, origin in there.items() if (told := layers.told_apart(kind, origin))}
    kind = next((kind for kind in ("bert", "elmo", "encoder") if kind in found_), None)
    if kind is None:
        return
    same, different, count = found_[kind]
    layer = int((same - different).argmax())
    proof.show(
        _(
            "Is it meaning that parts them? In {count} pairs of sentences of six such words, layer {layer} of {model} gives one meaning "
            "{same}, two {other}; a static row 1.00 and 1.00."
        ),
        name="apart", count=count, layer=layer, model=names()[kind], same=f"{same[layer]:.2f}", other=f"{different[layer]:.2f}",
    )  # fmt: skip
    columns = [_("Model"), _("Layer"), _("One meaning"), _("Two meanings")]
    rows = [
        [names()[each], at, float(one[at]), float(two[at])]
        for each, (one, two, _n) in found_.items()
        for at in range(len(one))
    ]
    tables.folded(_("One meaning and two, by model and layer"), columns, rows, "wv_senses")
