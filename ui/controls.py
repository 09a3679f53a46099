"""The controls above the pictures: each draws itself, is bound to the address, and answers with a plain value.

Keys and values in the address are codes, the same in every language; words come from `format_func`. What an address asks
for and the model does not have (`?layer=99`) is dropped.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import streamlit as st

from ui.text import translate as _

T = TypeVar("T")

MEAN = "mean"


def row(key: str = "atlas_controls") -> AbstractContextManager[Any]:
    """A row for controls, right above their picture; on a telephone it folds."""
    return st.container(key=key, horizontal=True, gap="medium", vertical_alignment="bottom")


def one_of(label: str, key: str, options: Sequence[T], words: Callable[[T], str] = str, default: int = 0) -> T:
    """One of `options`; `words` names each on the screen."""
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]
    chosen = st.segmented_control(
        label, options, default=options[default], format_func=words, required=True, key=key, bind="query-params", width="content"
    )
    return options[default] if chosen is None else chosen


def layer(count: int) -> int:
    """A layer, counted from 0; the last one unless chosen. The address counts from 1."""
    return one_of(_("Layer"), "layer", range(1, count + 1), default=count - 1) - 1


def head(count: int) -> int | None:
    """A head, counted from 0, or `None` for the mean of all. The address has `mean` or counts from 1."""
    codes = [MEAN, *(str(number) for number in range(1, count + 1))]
    chosen = one_of(_("Head"), "head", codes, lambda code: _("Mean") if code == MEAN else code)
    return None if chosen == MEAN else int(chosen) - 1


def view() -> str:
    """How attention is drawn: `map`, `lines`, or `all` heads side by side."""
    words = {"map": _("Map"), "lines": _("Lines"), "all": _("All heads")}
    return one_of(_("Picture"), "view", tuple(words), words.__getitem__)


def side() -> str:
    """Which sentence: `source` or `target`."""
    words = {"source": _("English"), "target": _("French")}
    return one_of(_("Sentence"), "side", tuple(words), words.__getitem__)


def find() -> str:
    """What to look for in the vocabulary."""
    label, hint = _("Find in the vocabulary"), _("part of a piece, or an id")
    return st.text_input(label, key="find", placeholder=hint, bind="query-params").strip()
