"""How much of the look lies on what the word names: over held-out scenes, where the gold is known, and in this scene."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from figures.scenes import bars
from pages.visual_attention import asked as asking
from pages.visual_attention.asked import Asked
from pages.visual_attention.looked import captioner, share
from systems import records
from systems.scenes.measuring import looks, record
from systems.scenes.measuring.looks import SORTS
from systems.scenes.measuring.record import Captioner
from ui import controls, frame
from ui.frame import Workshop
from ui.scenes import editor
from ui.session.kept import hold
from ui.session.state import Origin
from ui.show import live_plot, proof, sums, tables
from ui.show.proof import Link
from ui.show.sums import Line
from ui.text import filled
from ui.text import translate as _

SERIES, GROUP, MEASURED = "va_series", "va_group", "_va_measured"
FEW = 100  # held-out scenes that a press of the button reads


def sorts() -> dict[str, str]:
    """The sorts of words, in words."""
    return {"kind": _("kind"), "colour": _("colour"), "size": _("size"), "number": _("number")}


def recorded() -> tuple[Captioner, Captioner] | None:
    """Soft and hard, if both were measured."""
    found = {each.kind: each for each in record.captioners()}
    if "captions-soft" not in found or "captions-hard" not in found:
        return None
    return found["captions-soft"], found["captions-hard"]


def table(pair: Sequence[Captioner]) -> np.ndarray:
    """Shares in per cent (soft, hard, chance; sort)."""
    chance = {each.sort: each.chance for each in pair[0].looked}
    rows = [{each.sort: each.share for each in one.looked} for one in pair] + [chance]
    return 100 * np.array([[row.get(sort, 0.0) for sort in SORTS] for row in rows])


def first(_asked: Asked) -> None:
    """What is to be seen."""
    pair = recorded()
    if pair is None:
        return frame.first_line(_("How much of the look lies on what the word names?"))
    values = table(pair)
    told = _(
        "Writing a kind, such as “circle”, soft attention lays {soft} of its look on what it names, hard "
        "attention {hard}; looking everywhere alike would give {chance}."
    )
    return frame.first_line(
        told, soft=f"{values[0, 0]:.0f} %", hard=f"{values[1, 0]:.0f} %", chance=f"{values[2, 0]:.0f} %"
    )


def picture(session: Workshop, asked: Asked) -> None:
    """The recorded shares; below it this scene, word by word."""
    pair = recorded()
    if pair is None:
        st.info(_("There are no results yet."))
    else:
        values, series = table(pair), [_("soft"), _("hard"), _("everywhere alike")]
        title, axes = _("Share of the look on what the word names"), (_("what sort of word"), _("per cent"))
        figure = bars.bars(
            values,
            series,
            list(sorts().values()),
            axes=axes,
            title=title,
            mode=session.mode,
            selected=chosen(),
            top=100,
        )
        told = "; ".join(
            f"{name}: " + ", ".join(f"{value:.0f} %" for value in row) for name, row in zip(series, values, strict=True)
        )
        look = session.lesson.sections["Look of share"]
        live_plot.show(figure, "va_share", f"{title}. {told}.", on_click=take, look=look)
        rows = [
            [name, sort, float(value)]
            for name, row in zip(series, values, strict=True)
            for sort, value in zip(sorts().values(), row, strict=True)
        ]
        tables.twin([_("captioner"), *axes], rows, "va_share")
    again(asked, pair)
    own(asked)


@st.cache_data(max_entries=8, show_spinner=False)
def measured(soft: Origin, hard: Origin) -> list[list[float]]:
    """Shares in per cent (soft, hard, chance; sort) of the chosen captioners, over the first held-out scenes."""
    examples = record.held_out(FEW)
    found = [looks.looked(captioner(origin), examples) for origin in (soft, hard)]
    rows = [{each.sort: each.share for each in one} for one in found] + [{each.sort: each.chance for each in found[0]}]
    return [[100 * row.get(sort, 0.0) for sort in SORTS] for row in rows]


def again(asked: Asked, pair: tuple[Captioner, Captioner] | None) -> None:
    """A button that measures the chosen captioners; and whether the record is about others."""
    chosen_ = [records.weights_of(origin.folder) for origin in (asked.soft, asked.hard)]
    if pair and [each.weights for each in pair] != chosen_:
        st.caption(_("The bars were recorded with other weights than those of the chosen captioners."))
    with controls.row("atlas_controls_again"):
        pressed = st.button(_("Measure on {count} scenes").format(count=FEW), icon=":material/speed:", key="va_measure")
    if pressed:
        with st.spinner(_("Reading held-out captions …")):
            st.session_state[MEASURED] = (str(asked.soft), str(asked.hard))
            measured(asked.soft, asked.hard)
    if st.session_state.get(MEASURED) == (str(asked.soft), str(asked.hard)):
        rows = measured(asked.soft, asked.hard)
        names = [_("soft"), _("hard"), _("everywhere alike")]
        table_ = [[name, *(round(value, 1) for value in row)] for name, row in zip(names, rows, strict=True)]
        tables.plain([_("measured just now, %"), *sorts().values()], table_, "va_measured")


def own(asked: Asked) -> None:
    """The same in the learner's scene."""
    left, beside = st.columns([1.7, 1], gap="small")
    with left:
        editor.show()
    with beside:
        st.markdown(_("In this scene, word by word:"))
        soft, hard = asked.panels[0], asked.panels[1:]
        rows = []
        for at, word in enumerate(soft.words):
            mine = share(soft, asked.scene, at)
            theirs = [each for each in (share(one, asked.scene, at) for one in hard) if each is not None]
            if mine is not None:
                rows.append([word, round(100 * mine, 1), f"{round(sum(theirs))}/{len(theirs)}" if theirs else "—"])
        tables.plain([_("word"), _("soft, %"), _("draws of hard")], rows, "va_own")


def chosen() -> tuple[int, int]:
    """The bar that was clicked."""
    hold(SERIES)
    hold(GROUP)
    series, group = (asking.within(key, count, 0) for key, count in ((SERIES, 3), (GROUP, len(SORTS))))
    return series, group


def take(cell: live_plot.Cell) -> None:
    """A click on a bar."""
    st.session_state[SERIES], st.session_state[GROUP] = int(cell[0] or 0), int(cell[1] or 0)


def tell(_asked: Asked) -> None:
    """How the clicked bar was counted."""
    pair = recorded()
    if pair is None:
        return None
    series, group = chosen()
    model = pair[min(series, 1)]
    looked = next((each for each in model.looked if each.sort == SORTS[group]), None)
    if looked is None:
        return None
    value = looked.chance if series == 2 else looked.share
    title = filled(_("{sort}: {value} of the look"), sort=list(sorts().values())[group], value=f"{100 * value:.1f} %")
    counted = filled(_("{words} words of held-out captions"), words=f"{looked.words:,}")
    rule = filled(_("a place counts if the shape covers at least {pixels} of its 64 pixels"), pixels=1)
    lines = [Line(filled(_("over")), counted), Line(filled(_("gold")), rule)]
    if series == 1:
        lines.append(
            Line(filled(_("draws")), filled(_("{draws} for each word: the share that lies on it"), draws=looks.DRAWS))
        )
    lines.append(Line(filled(_("weights")), filled("{hash}", hash=model.weights)))
    sums.show(title, lines)
    told = _(
        "Soft can spread its look, hard must bet on one place. Right to the last word: soft {soft} %, hard {hard} %."
    )
    return proof.show(
        told, Link("90_cross_attention", _("Gold links between words")), soft=f"{pair[0].exact.exact:.1f}", hard=f"{pair[1].exact.exact:.1f}"
    )  # fmt: skip
