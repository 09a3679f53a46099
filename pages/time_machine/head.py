"""The head at hand: which one the controls point at, and its maps at every moment."""

from dataclasses import dataclass

import streamlit as st

from pages.time_machine import film as films
from pages.time_machine.film import Film, Numbers
from transformer.analysis.forming import Formation
from ui import controls
from ui.session import attentions
from ui.session.attentions import Attention, Kind
from ui.text import translate as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say."""

    picture: str  # "play", "strip" or "heads"
    kind: Kind
    layer: int
    head: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One head: its view (pieces and mask), its maps at all moments and how it came to be."""

    film: Film
    asked: Asked
    view: Attention
    weights: Numbers  # snapshot query key, all of them
    formation: Formation

    @property
    def cell(self) -> tuple[int | None, int | None]:
        """The query and the key that the learner points at."""
        return attentions.chosen(self.film.session, self.view)


def ask(film: Film) -> Asked:
    """Draw the controls and read them."""
    pictures = {"play": _("Play"), "strip": _("Strip"), "heads": _("All heads")}
    picture = controls.one_of(_("Picture"), "tm_picture", pictures)
    kinds: dict[Kind, str] = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    kind: Kind = controls.one_of(_("Attention"), "kind", kinds, default="cross")  # type: ignore[assignment,arg-type]
    layer = controls.layer(attentions.layers(film.session, kind))
    return Asked(picture=picture, kind=kind, layer=layer, head=controls.head_only(film.session.walk.heads))


def shown(film: Film, asked: Asked) -> Head:
    """The head that the controls point at."""
    view = attentions.attention(film.session, asked.kind, asked.layer)
    return Head(
        film=film, asked=asked, view=view, weights=film.moments.weights(asked.kind, asked.layer)[:, asked.head],
        formation=films.formations(film, view)[asked.head],
    )  # fmt: skip


def choose(kind: Kind, layer: int, head: int) -> None:
    """Point at a head. Only in callbacks."""
    st.session_state["kind"] = kind
    st.session_state["layer"], st.session_state["head"] = str(layer + 1), str(head + 1)
