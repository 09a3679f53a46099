"""The learned positions: how like each other the rows of the 36 places are. Nobody told the model that they form a grid."""

import numpy as np
import streamlit as st

from figures.scenes import patches
from pages.vision_transformer import asked as asking
from pages.vision_transformer import seen
from pages.vision_transformer.asked import Asked
from systems.scenes.vit import PATCHES
from ui import frame
from ui.frame import Workshop
from ui.measures import arithmetic
from ui.scenes.words import lies
from ui.session.kept import hold
from ui.show import live_plot, proof, sums, tables
from ui.show.proof import Link
from ui.text import filled
from ui.text import translate as _


def rows(asked: Asked) -> seen.Doubles:
    """The rows of the places, `(patch, d_model)`."""
    return arithmetic.double(asked.model.positions.numpy(force=True)[1 : 1 + PATCHES])


def alike(asked: Asked) -> seen.Doubles:
    """Their cosines."""
    found = rows(asked)
    unit = found / np.linalg.norm(found, axis=-1, keepdims=True)
    cosines: seen.Doubles = np.clip(unit @ unit.T, -1, 1)
    return cosines


def neighbours() -> tuple[np.ndarray, np.ndarray]:
    """Which pairs of places touch side by side, and which lie at least three apart: `(patch, patch)`, True or False."""
    where = np.array([divmod(place, seen.ACROSS) for place in range(PATCHES)])
    apart = np.abs(where[:, None] - where[None]).sum(-1)
    return apart == 1, apart >= 3


def first(asked: Asked) -> None:
    """What is to be seen."""
    near, far = neighbours()
    found = alike(asked)
    told = _(
        "Places side by side have rows with a cosine of {near} on average, places three or more apart {far}: "
        "the model has found out that the patches form a grid."
    )
    frame.first_line(told, near=f"{found[near].mean():.2f}", far=f"{found[far].mean():.2f}")


def picture(session: Workshop, asked: Asked) -> None:
    """A small map for each place."""
    title = _("For each place: how like it all places are")
    found = alike(asked)
    figure = patches.mosaic(
        found, seen.ACROSS, value_name=_("cosine"), title=title, mode=session.mode, selected=asked.patch
    )
    nearest = int(np.where(np.arange(PATCHES) == asked.patch, -2, found[asked.patch]).argmax())
    told = _("{title}. {place} is most like {nearest}.").format(
        title=title, place=lies(asked.patch), nearest=lies(nearest)
    )
    live_plot.show(figure, "vt_positions", told, on_click=take, look=session.lesson.sections["Look of positions"])
    table = [[lies(one), lies(two), float(found[one, two])] for one in range(PATCHES) for two in range(PATCHES)]
    tables.twin([_("place"), _("other place"), _("cosine")], table, "vt_positions")


def take(cell: live_plot.Cell) -> None:
    """A click on a cell of a small map: whose map, and which place in it."""
    row, column, other_row, other_column = (int(each or 0) for each in cell)
    st.session_state[asking.PATCH] = seen.ACROSS * row + column
    st.session_state[asking.OTHER] = seen.ACROSS * other_row + other_column


def tell(asked: Asked) -> None:
    """The cosine of two places."""
    hold(asking.OTHER)
    beside = asked.patch + 1 if asked.patch % seen.ACROSS < seen.ACROSS - 1 else asked.patch - 1
    other = asking.within(asking.OTHER, PATCHES, beside)
    found = rows(asked)
    sums.cosine(
        filled(_("{one} and {other}"), one=lies(asked.patch), other=lies(other)), found[asked.patch].tolist(), found[other].tolist()
    )  # fmt: skip
    told = _(
        "The 2017 Transformer was given its positions, sinusoids. These were learned, from nothing, with everything else."
    )
    proof.show(told, Link("30_positions", _("Sinusoids")))
