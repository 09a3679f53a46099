"""The controls above the pictures: each draws itself, is bound to the address, and answers with a plain value.

Keys and values in the address are codes, the same in every language. What an address asks for and the model does not have
(`?layer=99`) counts as not asked.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from ui.session.attentions import Kind, Shown, layers
from ui.session.kept import hold, kept
from ui.text import translate as _

MEAN = "mean"


def row(key: str = "atlas_controls") -> AbstractContextManager[Any]:
    """A row for controls, right above their picture; on a telephone it folds."""
    return st.container(key=key, horizontal=True, gap="small", vertical_alignment="bottom")


def one_of(label: str, key: str, options: Mapping[str, str], default: str = "") -> str:
    """One of `options`, codes with their words; the first unless `default` or the learner says otherwise.

    Streamlit would write the words into the address, and a link from a Korean class would not open in a French one. So the
    code is held apart (`st.session_state[key]`, which callbacks may set), and what is seen only reads and writes it.
    """
    pick, picked = coded(key, options, default)
    st.segmented_control(
        label, list(options), format_func=options.__getitem__, required=True, key=pick, on_change=picked, wrap=True
    )
    return str(st.session_state[key])


def menu(
    label: str, key: str, options: Mapping[str, str], default: str = "", then: Callable[[], None] | None = None, width: int = 260
) -> str:  # fmt: skip
    """The same in a box that opens, for many options. `then` is called after another one was picked."""
    pick, picked = coded(key, options, default, then)
    st.selectbox(label, list(options), format_func=options.__getitem__, key=pick, on_change=picked, width=width)
    return str(st.session_state[key])


def coded(
    key: str, options: Mapping[str, str], default: str, then: Callable[[], None] | None = None
) -> tuple[str, Callable[[], None]]:
    """The key of the widget that shows a choice of codes, set to what is chosen; and what it does when another is picked.

    What is chosen is read from what is held, not from the widget: where pages turn quickly, Streamlit may have forgotten the widget.
    """
    default, pick = default or next(iter(options)), f"pick_{key}"
    hold(key, default)
    if st.session_state[key] not in options:
        st.session_state[key] = default
    st.session_state[pick] = st.session_state[key]

    def picked() -> None:
        st.session_state[key] = st.session_state[pick]
        if then:
            then()

    return pick, picked


def numbers(count: int) -> dict[str, str]:
    """Codes and words of things that are numbered from 1."""
    return {str(number): str(number) for number in range(1, count + 1)}


def layer(count: int, first: bool = False) -> int:
    """A layer, counted from 0; unless chosen the last, or the `first` where the learner does not know layers yet. The address counts from 1."""
    return int(one_of(_("Layer"), "layer", numbers(count), default="1" if first else str(count))) - 1


def head(count: int) -> int | None:
    """A head, counted from 0, or `None` for the mean of all. The address has `mean` or counts from 1."""
    chosen = one_of(_("Head"), "head", {MEAN: _("Mean")} | numbers(count))
    return None if chosen == MEAN else int(chosen) - 1


def head_only(count: int) -> int:
    """A head, counted from 0; the first unless chosen. The mean counts as not chosen."""
    hold("head", "1")
    if st.session_state["head"] == MEAN:
        st.session_state["head"] = "1"
    return int(one_of(_("Head"), "head", numbers(count))) - 1


def attention(session: Shown) -> tuple[Kind, int, int]:
    """One of the three attentions, its layer and its head, both counted from 0; the first unless chosen."""
    kinds: dict[Kind, str] = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    kind: Kind = one_of(_("Attention"), "kind", kinds)  # type: ignore[assignment,arg-type]
    return kind, layer(layers(session, kind), first=True), head_only(session.walk.heads)


def sides_of_attention() -> tuple[str, ...]:
    """Which sentences' pieces the picture of the chosen attention can show; asked before its controls are drawn."""
    hold("kind", "encoder")
    return {"decoder": ("target",), "cross": ("source", "target")}.get(st.session_state["kind"], ("source",))


def view() -> str:
    """How attention is drawn: `map`, `lines`, or `all` heads side by side."""
    return one_of(_("Picture"), "view", {"map": _("Map"), "lines": _("Lines"), "all": _("All heads")})


def side() -> str:
    """Which sentence: `source` or `target`."""
    return one_of(_("Sentence"), "side", {"source": _("English"), "target": _("French")})


def find() -> str:
    """What to look for in the vocabulary."""
    label, hint = _("Find in the vocabulary"), _("part of a piece, or an id")
    with kept("find", ""):
        return st.text_input(label, key="find", placeholder=hint, bind="query-params").strip()
