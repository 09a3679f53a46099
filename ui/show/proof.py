"""A "why", answered: what comes of leaving the thing out, in one line with this sentence's own numbers, and the way to the proof."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from ui.session.kept import BACK, VIEW, here
from ui.show import terms
from ui.text import lesson
from ui.text import translate as _


@dataclass(frozen=True, slots=True)
class Link:
    """The page of the proof, what the link says, and what the page shall show: keys and codes of its address."""

    page: str
    says: str = ""
    asks: Mapping[str, str] = field(default_factory=dict)


def show(
    template: str, *links: Link, name: str = "", control: Callable[[], object] | None = None, **values: object
) -> None:
    """The line, its values as in `ui.text.filled`, and below it a link to each proof, where the way back is offered.

    A `control` that is the experiment itself stands beside the links; `name` tells several proofs of a page apart.
    """
    with st.container(key=f"atlas_proof{name}", gap=None):
        st.html(f'<p class="atlas-why">{terms.filled(template, **values)}</p>')
        ways(*links, name=name, control=control)


def ways(*links: Link, name: str = "", control: Callable[[], object] | None = None) -> None:
    """The links alone, side by side."""
    with st.container(key=f"atlas_proof_links{name}", horizontal=True, vertical_alignment="center"):
        if control:
            control()
        for link in links:
            says = link.says or _("See it on {page}").format(page=lesson(link.page).name)
            asked = {VIEW: "1", BACK: here(), **link.asks}
            st.page_link(f"pages/{link.page}.py", label=f"{says} →", query_params=asked)


def another_sentence(kind: str, layer: int, head: int | None) -> Link:
    """To the same head, or the mean of a layer's, in two sentences side by side; layer and head are counted from 0."""
    asks = {"kind": kind, "layer": str(layer + 1), "head": "mean" if head is None else str(head + 1)}
    return Link("330_compare", _("Beside another sentence"), {"cmp_view": "sentences", "cmp_picture": "maps", **asks})
