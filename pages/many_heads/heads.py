"""Many heads at once: what is chosen among them, and their maps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from figures.heads.head_grid import Tiles
from pages.many_heads import chosen_heads
from pages.many_heads.chosen_heads import Place
from ui import controls
from ui.frame import token_strip
from ui.session import attentions, chips
from ui.session.attentions import Attention, Kind, Shown
from ui.session.kept import kept
from ui.text import translate as _

KINDS: tuple[Kind, ...] = ("encoder", "decoder", "cross")
Table = tuple[list[str], list[list[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say."""

    picture: str  # "word", "maps", "mean", "mix", "roles" or "rollout"
    kinds: tuple[Kind, ...]  # whose maps are drawn
    kind: Kind
    layer: int
    head: int | None  # None is the mean of all
    layers: tuple[int, ...]  # whose heads are drawn, where one layer or all can be
    among: tuple[Place, ...] = ()  # the heads whose mean is drawn
    drawn: str = "map"  # how: "map" or "lines"; a rollout by "weights" or "lengths"

    @property
    def number(self) -> int:
        """The number of the attention among all three."""
        return KINDS.index(self.kind)

    @property
    def told(self) -> str:
        """Which of the page's stories belongs to it."""
        return self.picture if self.picture != "mean" or len(self.among) > 1 else "single" if self.among else "none"


def asked(session: Shown) -> Asked:
    """Draw the controls, two rows of them, and read them."""
    words = {
        "word": _("One word"), "maps": _("All heads"), "mean": _("Mean"), "mix": _("Concatenation"), "roles": _("Roles"),
        "rollout": _("Rollout"),
    }  # fmt: skip
    with controls.row("atlas_controls_picture"):
        picture = controls.one_of(_("Picture"), "heads", words)
        every = switch("every", _("All three")) if picture == "maps" else False
        whole = switch("every_layer", _("All layers")) if picture in ("word", "roles") else False
    names: dict[Kind, str] = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
    if picture == "rollout":
        del names["cross"]
    with controls.row():
        kind: Kind = controls.one_of(_("Attention"), "kind", names)  # type: ignore[assignment,arg-type]
        layers, heads = attentions.layers(session, kind), session.walk.heads
        if picture == "mean":
            drawn = controls.one_of(_("As"), "drawn", {"map": _("Map"), "lines": _("Lines")})
            return averaged(kind, chosen_heads.ask(kind, layers, heads), drawn)
        layer = controls.layer(layers, first=picture != "rollout")
        head = None if picture == "rollout" else a_head(heads, mean=picture == "maps")
        by = {"weights": _("Weights"), "lengths": _("Lengths")}
        drawn = controls.one_of(_("By"), "rolled", by) if picture == "rollout" else "map"
    return Asked(
        picture=picture, kinds=KINDS if every else (kind,), kind=kind, layer=layer, head=head,
        layers=tuple(range(layers)) if whole else (layer,), drawn=drawn,
    )  # fmt: skip


def averaged(kind: Kind, among: tuple[Place, ...], drawn: str) -> Asked:
    """The mean of some heads is asked for."""
    layer, head = among[0] if among else (0, 0)
    return Asked(
        picture="mean", kinds=(kind,), kind=kind, layer=layer, head=head, layers=(layer,), among=among, drawn=drawn
    )


def sides() -> tuple[str, ...]:
    """Which sentences' pieces the picture can show; asked before the controls are drawn."""
    every = st.session_state.get("every", st.query_params.get("every") == "true")
    return token_strip.BOTH if every else controls.sides_of_attention()


def asking(session: Shown, view: Attention, query: int) -> tuple[str, dict[str, object]]:
    """Who looks, as the beginning of a sentence, with its values: a piece, or the decoder at a position."""
    if view.kind == "encoder":
        return "{query}", {"query": view.query_chip(query)}
    walk = session.walk
    return _("Read {read}, about to write {written}"), {
        "read": chips.read(walk, query),
        "written": chips.written(walk, query),
    }


def switch(key: str, label: str) -> bool:
    """A switch that is off unless it is chosen; in the address."""
    with kept(key, False):
        return st.toggle(label, key=key, bind="query-params")


def a_head(heads: int, mean: bool) -> int | None:
    """A head, counted from 0, the first unless chosen; with `mean`, `None` is the mean of all."""
    if not mean:
        return controls.head_only(heads)
    options = {controls.MEAN: _("Mean")} | controls.numbers(heads)
    code = controls.one_of(_("Head"), "head", options, default="1")
    return None if code == controls.MEAN else int(code) - 1


def choose_head(kind: Kind, layer: int, head: int) -> None:
    """Point at a head. Only in callbacks."""
    st.session_state["kind"] = kind
    st.session_state["layer"], st.session_state["head"] = str(layer + 1), str(head + 1)


def named(asked: Asked) -> str:
    """`Encoder self-attention, layer 2, head 3`."""
    where = _("{attention}, layer {layer}").format(attention=attentions.words(asked.kind), layer=asked.layer + 1)
    who = _("mean of the heads") if asked.head is None else _("head {head}").format(head=asked.head + 1)
    return f"{where}, {who}"


def numbered(layer: int, head: int, layers: Sequence[int]) -> str:
    """`3`, or with its layer `2.3` where heads of several layers are told of."""
    return f"{layer + 1}.{head + 1}" if len(layers) > 1 else str(head + 1)


def stacked(session: Shown, kind: Kind) -> list[Attention]:
    """The attention of every layer."""
    return [attentions.attention(session, kind, layer) for layer in range(attentions.layers(session, kind))]


def tiles(session: Shown, kind: Kind) -> Tiles:
    """All heads of all layers of one attention."""
    views = stacked(session, kind)
    first = views[0]
    return Tiles(
        name=attentions.words(kind), number=KINDS.index(kind), axes=first.names, origin=first.origin,
        weights=np.stack([first.seen(view.weights) for view in views]), queries=first.pieces[0], keys=first.pieces[1],
    )  # fmt: skip
