"""The view "Named entities": a tag for each word of the learner's sentence, and what pre-training is worth, by the number of sentences."""

import html
import math
from functools import cache

import numpy as np
import streamlit as st
import torch

from figures.heads.attention import heatmap
from figures.numbers.measured import Axis, Series, measured
from pages.masked_words import asked
from pages.masked_words.asked import CELL, POINT
from pages.masked_words.models import Numbers, chip
from systems import sentences
from systems.masked import entities, recorded
from systems.masked.entities import TAGS, spans
from systems.masked.reader import FIRST
from systems.masked.tagger import Tagger
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.measures.arithmetic import DotProduct
from ui.session import pointed, systems
from ui.session.state import Origin
from ui.show import live_plot, numpy_lines, proof, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled, plain
from ui.text import translate as _

MODEL = "mw_tagger"


def kinds() -> dict[str, str]:
    """What the kinds of names are called."""
    return {"person": _("person"), "place": _("place"), "date": _("date")}


def show(rooms: Rooms, shop: Workshop) -> None:
    """The whole view."""
    with rooms.picture:
        origin = systems.choose(("tagger",), MODEL)
    if origin is None:
        return curve(rooms, shop)
    with rooms.picture:
        asked.field(_("Sentence"), asked.NAMES, asked.NAMED)
    words = sentences.words_and_signs(str(st.session_state.get(asked.NAMES) or ""))
    if why := asked.refused(words):
        return asked.refuse(rooms, shop, why)
    tagger = systems.opened(origin).model
    assert isinstance(tagger, Tagger)
    output, logits = tagged(origin, tuple(words))
    chances = softmax(logits)
    best = [TAGS[int(each)] for each in logits.argmax(-1)]
    first_line(rooms, words, best)
    cell = pointed.chosen(CELL, chances.size)
    tag, place = divmod(cell, len(words)) if cell is not None else telling(best)
    picture(rooms, shop, origin, words, chances, best, (tag, place))
    with rooms.words:
        logit(tagger, words[place], place, tag, output[place], logits[place])
        worth()
        found = sorted(spans(best))
        values = {
            "names": str(len(found)), "word": chip(words[place], place), "tag": TAGS[tag], "chance": f"{100 * chances[place, tag]:.1f}",
            "tags": str(len(TAGS)), **numbers(),
        }  # fmt: skip
        systems.way_to_train("tagger", "entities")
        lesson = shop.lesson.of("names")
        prose.depths(lesson.of("names in tagged") if words[place] in of_tagged() else lesson, values)
    curve(rooms, shop)
    with rooms.picture:
        if strangers := [word for word in dict.fromkeys(words) if word not in tagger.words[FIRST:]]:
            st.caption(
                _("Words that the model does not know, all read as one: {words}.").format(
                    words=", ".join(map(plain, strangers[:12]))
                )
            )
        st.caption(systems.about(origin))


@cache
def of_tagged() -> frozenset[str]:
    """The words of the tagged sentences that a tagger learns from."""
    return frozenset(word for each in entities.load().split("train") for word in each.words)


@st.cache_data(max_entries=128, show_spinner=False)
def tagged(origin: Origin, words: tuple[str, ...]) -> tuple[Numbers, Numbers]:
    """The encoder's outputs of the words and the logits of their tags: (word, d_model), (word, tag)."""
    model = systems.opened(origin).model
    assert isinstance(model, Tagger)
    with torch.inference_mode():
        trace = model(torch.tensor([model.framed(words)]))
    return trace.encoder.output[0, 1:-1].double().numpy(), trace.logits[0, 1:-1].double().numpy()


def softmax(logits: Numbers) -> Numbers:
    """Shares of each row."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def telling(best: list[str]) -> tuple[int, int]:
    """The tag and the place that are told of at first: the first name, or the first word."""
    place = next((place for place, tag in enumerate(best) if tag != "O"), 0)
    return TAGS.index(best[place]), place


def first_line(rooms: Rooms, words: list[str], best: list[str]) -> None:
    """The names that were found."""
    found = sorted(spans(best))
    if not found:
        rooms.seen(_("Among {count} words the model finds no name."), count=len(words))
        return
    told = ", ".join(f"{' '.join(words[first:end])} ({kinds()[kind]})" for first, end, kind in found)
    rooms.seen(_("{count} names in {words} words: {names}."), count=len(found), words=len(words), names=told)


def picture(
    rooms: Rooms,
    shop: Workshop,
    origin: Origin,
    words: list[str],
    chances: Numbers,
    best: list[str],
    cell: tuple[int, int],
) -> None:
    """How likely each tag is for each word."""
    title = _("How likely each tag is, word by word")
    figure = heatmap(chances.T, [f"▁{tag}" for tag in TAGS], [f"▁{word}" for word in words], names=(_("tag"), _("word")), title=title,
                     mode=shop.mode, selected=cell, value_name=_("probability"))  # fmt: skip
    told = "; ".join(f"{word}: {tag}" for word, tag in zip(words, best, strict=True))

    def clicked(at: Cell) -> None:
        pointed.choose(CELL, int(at[0] or 0) * len(words) + int(at[1] or 0))

    with rooms.picture:
        look = prose.line(shop.lesson.sections["Look at names"], {})
        live_plot.show(figure, "mw_tags", f"{title}. {told}.", f"{origin} {words}", on_click=clicked, look=look)
        rows = [[word, tag, *map(float, each)] for word, tag, each in zip(words, best, chances, strict=True)]
        tables.twin([_("Word"), _("Tag"), *TAGS], rows, "mw_tags")


def logit(tagger: Tagger, word: str, place: int, tag: int, output: Numbers, logits: Numbers) -> None:
    """The sum behind a cell: the logit of a tag term by term, and its share."""
    dot = DotProduct(output, tagger.W_tag.weight[tag].double().numpy(), float(tagger.W_tag.bias[tag]))
    largest = float(logits.max())
    power, total = math.exp(dot.total - largest), float(np.exp(logits - largest).sum())
    lines = [
        Line("h · W + b", sums.summed(dot, bias=True)),
        Line("exp", f"exp({number(dot.total)} − {sums.bracketed(largest)}) = <b>{number(power, 4)}</b>"),
        Line("softmax", f"{number(power, 4)} / {number(total, 4)} = <b>{number(power / total, 4)}</b>", True),
    ]
    title = filled(
        _("{word} as {tag}: {chance} %"), word=chip(word, place), tag=TAGS[tag], chance=f"{100 * power / total:.1f}"
    )
    sums.show(title, lines, redo=numpy_lines.product(dot, number(dot.total), ("output", "W"), bias=True))


def worth() -> None:
    """What pre-training is worth with few sentences."""
    record = recorded.of_curve()
    if record is None:
        return
    few = next((each for each in record.points if each.sentences >= 100), record.points[0])
    proof.show(
        _(
            "Is pre-training worth it? On {count} tagged sentences a tagger from nothing reaches F1 {nothing}, one that has read before "
            "{pretrained}; the test has only new names."
        ),
        name="worth", count=few.sentences, nothing=f"{few.nothing:.0f}", pretrained=f"{few.pretrained:.0f}",
    )  # fmt: skip


def numbers() -> dict[str, str]:
    """The record, for the lesson."""
    record = recorded.of_curve()
    if record is None:
        return dict.fromkeys(("least", "most", "nothing_least", "nothing_most", "pre_least", "pre_most"), "–")
    first, last = record.points[0], record.points[-1]
    return {
        "least": f"{first.sentences:,}", "most": f"{last.sentences:,}", "nothing_least": f"{first.nothing:.0f}",
        "nothing_most": f"{last.nothing:.0f}",
        "pre_least": f"{first.pretrained:.0f}", "pre_most": f"{last.pretrained:.0f}",
    }  # fmt: skip


def curve(rooms: Rooms, shop: Workshop) -> None:
    """F1 by the number of sentences, from nothing and from BERT."""
    record = recorded.of_curve()
    if record is None:
        return
    across = np.array([each.sentences for each in record.points], dtype=float)
    series = [
        Series(name=_("begun from BERT"), x=across, y=np.array([each.pretrained for each in record.points])),
        Series(name=_("begun from nothing"), x=across, y=np.array([each.nothing for each in record.points])),
    ]
    title = _("New names found, by the number of tagged sentences")
    at = pointed.chosen(POINT, 2 * len(record.points))
    axes = (Axis(title=_("tagged sentences"), log=True, ticks=across.tolist()), Axis(title="F1 (%)"))
    figure = measured(
        series, axes, title=title, mode=shop.mode, selected=None if at is None else divmod(at, len(record.points))
    )
    told = "; ".join(f"{each.sentences}: {each.pretrained:.0f}, {each.nothing:.0f}" for each in record.points)

    def clicked(cell: Cell) -> None:
        pointed.choose(POINT, int(cell[0] or 0) * len(record.points) + int(cell[1] or 0))

    with rooms.picture:
        live_plot.show(figure, "mw_curve", f"{title}. {told}.", "curve", on_click=clicked)
        if at is not None:
            kind, place = divmod(at, len(record.points))
            point, name = record.points[place], series[kind].name
            said = _("{name}, {count} sentences: F1 {value} %, from {command}.").format(
                name=name, count=f"{point.sentences:,}", value=f"{(point.pretrained, point.nothing)[kind]:.1f}",
                command=recorded.COMMANDS[recorded.CURVE]
            )  # fmt: skip
            st.html(f'<p class="atlas-cell" role="status">{html.escape(said)}</p>')
        rows = [[each.sentences, each.pretrained, each.nothing] for each in record.points]
        tables.twin([_("Sentences"), _("From BERT: F1"), _("From nothing: F1")], rows, "mw_curve")
