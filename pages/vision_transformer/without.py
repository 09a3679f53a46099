"""Patches left out: how the answer changes if the Vision Transformer never gets one, or several."""

import numpy as np
import streamlit as st

from figures.scenes import over
from pages.vision_transformer import asked as asking
from pages.vision_transformer import seen
from pages.vision_transformer.asked import Asked
from systems.scenes.questions import ANSWERS
from systems.scenes.vit import PATCHES
from ui import controls, frame
from ui.frame import Workshop
from ui.scenes.words import lies, twin
from ui.show import live_plot, proof, sums, tables
from ui.show.proof import Link
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _


def whole(asked: Asked) -> int:
    """Which of `ANSWERS` it gives when it has the whole picture: that answer's chance is followed."""
    return int(seen.answer(asked.vit, asked.scene, asked.text).probabilities.argmax())


def change(asked: Asked) -> seen.Doubles:
    """How much the chance of that answer changes if one patch more is left out, `(patch,)`."""
    now = seen.answer(asked.vit, asked.scene, asked.text, asked.out).probabilities[whole(asked)]
    found: seen.Doubles = seen.without_each(asked.vit, asked.scene, asked.text, asked.out)[:, whole(asked)] - now
    return found


def first(asked: Asked) -> None:
    """What is to be seen."""
    found, said = change(asked), ANSWERS[whole(asked)]
    if asked.out:
        now = seen.answer(asked.vit, asked.scene, asked.text, asked.out)
        told = _("Without {count} patches the answer is {answer}; “{before}” still has {chance}.")
        chance = f"{100 * float(now.probabilities[whole(asked)]):.0f} %"
        return frame.first_line(told, count=len(asked.out), answer=now.said, before=said, chance=chance)
    worst = int(found.argmin())
    sure = seen.answer(asked.vit, asked.scene, asked.text).sure
    told = _(
        "Leave out {place}, and the chance of {answer} falls from {before} to {after}: no other patch counts so much."
    )
    return frame.first_line(
        told, place=lies(worst), answer=said, before=f"{100 * sure:.0f} %", after=f"{100 * (sure + float(found[worst])):.0f} %"
    )  # fmt: skip


def picture(session: Workshop, asked: Asked) -> None:
    """The change by patch over the picture; a click leaves a patch out."""
    if asked.out:
        with controls.row("atlas_controls_part"):
            st.button(_("Put all patches back"), on_click=asking.put_back, icon=":material/undo:", key="vt_back")
    found = change(asked)
    title = _("What the chance of “{answer}” loses without each patch").format(answer=ANSWERS[whole(asked)])
    pixels = seen.picture(asked.scene).copy()
    for place in asked.out:
        row, column = divmod(place, seen.ACROSS)
        pixels[8 * row : 8 * row + 8, 8 * column : 8 * column + 8] = 0.5
    figure = over.changes(
        pixels, found.reshape(1, seen.ACROSS, seen.ACROSS), [_("change of chance")], columns=1, value_name=_("change"), title=title,
        mode=session.mode, selected=(0, *divmod(asked.patch, seen.ACROSS)),
        marked=[divmod(place, seen.ACROSS) for place in asked.out], cell=44,
    )  # fmt: skip
    told = _("{title}: most at {place}, {value}. The scene: {scene}.").format(
        title=title, place=lies(int(found.argmin())), value=number(float(found.min())), scene=twin(asked.shapes)
    )
    live_plot.show(
        figure, "vt_without", told, asked.scene, on_click=take, look=session.lesson.sections["Look of without"]
    )
    tables.twin(
        [_("patch"), _("change of chance")],
        [[lies(place), float(found[place])] for place in range(PATCHES)],
        "vt_without",
    )


def take(cell: live_plot.Cell) -> None:
    """A click leaves a patch out, or puts it back."""
    patch = seen.ACROSS * int(cell[1] or 0) + int(cell[2] or 0)
    st.session_state[asking.PATCH] = patch
    asking.toggle(patch)


def tell(asked: Asked) -> None:
    """The chances of all answers, with and without."""
    before = seen.answer(asked.vit, asked.scene, asked.text).probabilities
    after = seen.answer(asked.vit, asked.scene, asked.text, asked.out).probabilities
    order = np.argsort(-(before + after))[:4]
    title = filled(_("{question} Without {count} patches"), question=asked.text, count=len(asked.out))
    logits = [
        seen.trace(asked.vit, asked.scene, asked.text, out).logits[0, 0].double().numpy() for out in ((), asked.out)
    ]
    lines = [
        Line(filled("{answer}", answer=ANSWERS[at]), f"{number(float(before[at]))} → <b>{number(float(after[at]))}</b>", bool(at == after.argmax()))
        for at in order
    ]  # fmt: skip
    at = whole(asked)
    exponentials = np.exp(logits[1] - logits[1].max())
    power = f"exp({number(float(logits[1][at]))} − {sums.bracketed(float(logits[1].max()))})"
    share = f"{power} / {number(float(exponentials.sum()))} = <b>{number(float(after[at]), 4)}</b>"
    lines.append(Line("softmax", share))
    sums.show(title, lines)
    told = _("Leaving out is an experiment; attention is only a look. Where they disagree, believe the experiment.")
    proof.show(told, Link("250_explanation", _("Five methods on a sentence")))
