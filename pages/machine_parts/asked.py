"""The controls of the page: each reads the changes out of the address' code and writes them back with one more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st

from pages.machine_parts import order
from transformer.config import Config
from transformer.what_if import Kind
from ui import controls
from ui.changed import guess, machine, masks, undo
from ui.changed.machine import SHIFTS, STACKS, TEMPERATURES, Changes, Sizes
from ui.frame import Session
from ui.session import attentions
from ui.session.kept import hold
from ui.text import translate as _

PREFIX, KEY, REFUSED = "mp", "mp_do", "_mp_refused"  # in the address; in the session alone
Lab = Literal["mask", "positions", "parts"]
USUAL: dict[Lab, Kind] = {"mask": "decoder", "positions": "encoder", "parts": "encoder"}  # whose map is shown first


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say. Layer and head count from 0; no head is the mean of all."""

    lab: Lab
    view: str  # one of `views`
    changes: Changes
    code: str
    sizes: Sizes
    kind: Kind
    layer: int
    head: int | None
    brush: str  # what a click turns: a cell, a row or a column


def ask(session: Session) -> Asked:
    """Draw the controls and answer with what they say."""
    sizes, config = Sizes(len(session.walk.source), len(session.walk.read)), session.checkpoint.model.config
    guess.told_before(PREFIX, KEY)
    now = machine.read(undo.hold_code(KEY), config, sizes)
    labs = {"mask": _("Mask"), "positions": _("Positions"), "parts": _("Parts")}
    with controls.row("atlas_controls_lab"):
        lab: Lab = controls.one_of(_("What to change"), "mp_lab", labs)  # type: ignore[assignment]
        view = controls.one_of(_("Picture"), "mp_view", views(lab))
        undo.buttons(KEY)
    with controls.row("atlas_controls_part"):
        brush = bench(lab, now, config)
    kind, layer, head = viewed(session, lab, view)
    return Asked(
        lab=lab, view=view, changes=now, code=machine.code(now), sizes=sizes, kind=kind, layer=layer, head=head, brush=brush
    )  # fmt: skip


def views(lab: Lab) -> dict[str, str]:
    """The pictures of a bench, its own first."""
    names = {
        "paint": _("Paint"), "out": _("Chances"), "maps": _("Maps"), "order": _("Order"), "sharp": _("Sharpness"),
    }  # fmt: skip
    of_lab: dict[Lab, tuple[str, ...]] = {
        "mask": ("paint", "out", "maps"), "positions": ("out", "maps", "order"), "parts": ("out", "maps", "sharp"),
    }  # fmt: skip
    return {view: names[view] for view in of_lab[lab]}


def held(key: str, options: Mapping[str, str], default: str) -> str:
    """What a control that is drawn later holds."""
    hold(key, default)
    code = str(st.session_state[key])
    return code if code in options else default


def viewed(session: Session, lab: Lab, view: str) -> tuple[Kind, int, int | None]:
    """Whose map, its layer and its head; where the picture shows them, right above it. The mask's attention is chosen with the mask."""
    kind: Kind = held("kind", kinds(), USUAL[lab])  # type: ignore[assignment]
    if view not in ("maps", "sharp"):
        layers, heads = attentions.layers(session, kind), controls.numbers(session.walk.heads)
        layer, head = held("layer", controls.numbers(layers), str(layers)), held("head", heads, controls.MEAN)
        return kind, int(layer) - 1, None if head == controls.MEAN else int(head) - 1
    with controls.row():
        if lab != "mask":
            kind = controls.one_of(_("Attention"), "kind", kinds(), USUAL[lab])  # type: ignore[assignment]
        return kind, controls.layer(attentions.layers(session, kind)), controls.head(session.walk.heads)


def bench(lab: Lab, now: Changes, config: Config) -> str:
    """The controls of what is changed; answers with what a click on the mask turns."""
    if lab == "mask":
        return mask(now)
    if lab == "positions":
        positions(now)
    else:
        parts(now, config)
    return "cell"


def brushes() -> dict[str, str]:
    """What a click on a mask turns."""
    return {"cell": _("Cell"), "row": _("Row"), "column": _("Column")}


def kinds() -> dict[str, str]:
    """The three attentions."""
    return {"decoder": _("Decoder"), "encoder": _("Encoder"), "cross": _("Cross")}


def mask(now: Changes) -> str:
    """Whose mask, its pattern, and what a click turns."""
    kind: Kind = controls.one_of(_("Whose mask"), "kind", kinds(), USUAL["mask"])  # type: ignore[assignment]
    patterns = {pattern: masks.words(pattern) for pattern in masks.PATTERNS[kind]}
    painted = now.mask(kind)
    own = (
        None if painted.flipped else painted.pattern
    )  # painted by hand: then a click on its pattern makes it whole again
    listed(_("Pattern"), "pattern", patterns, own, lambda pattern: take_pattern(now, kind, pattern), 165)
    return controls.one_of(_("A click turns"), "mp_brush", brushes())


def positions(now: Changes) -> None:
    """Which positions the model is told."""
    names = {"own": _("As trained"), "off": _("Off"), "shuffled": _("Shuffled"), "shifted": _("Shifted")}
    picked(_("Positions"), "places", names, now.positions, lambda to: change(replace(now, positions=to)))
    if now.positions == "shuffled":
        again = replace(now, seed=now.seed % machine.SEEDS + 1)
        undo.button(_("Shuffle again"), "mp_again", lambda: change(again))
    if now.positions == "shifted":
        slider(_("Shifted by"), "shift", SHIFTS, now.shift, lambda to: change(replace(now, shift=to)), 160)


def parts(now: Changes, config: Config) -> None:
    """Which parts are switched off, the temperature, and which layer is taken out."""
    names = {
        "scaling": _("Scaling"),
        "residual": _("Residual"),
        "norm": _("LayerNorm"),
        "feed_forward": _("Feed-forward"),
    }
    off = [name for name in names if not getattr(now, name)]

    def turn(to: list[str]) -> None:
        change(replace(now, **{name: name not in to for name in names}))  # type: ignore[arg-type]

    picked(_("Switched off"), "off", names, off, turn, many=True)
    counts = {"e": config.encoder_layers, "d": config.decoder_layers}
    layers = {"": _("None")} | {
        f"{letter}{layer}": {"e": _("Enc. {layer}"), "d": _("Dec. {layer}")}[letter].format(layer=layer)
        for letter, count in counts.items()
        for layer in range(1, count + 1)
    }
    gone = f"{now.removed[0][0]}{now.removed[1] + 1}" if now.removed else ""
    listed(_("Layer taken out"), "layer", layers, gone, lambda to: take_out(now, to), 95)
    slider(
        _("Temperature"),
        "temperature",
        TEMPERATURES,
        now.temperature,
        lambda to: change(replace(now, temperature=to)),
        90,
    )


def take_pattern(now: Changes, kind: Kind, pattern: str) -> None:
    """Paint a whole mask."""
    change(now.with_mask(masks.Painted(kind, pattern or masks.TRAINED)))


def take_out(now: Changes, layer: str) -> None:
    """Take a layer out, such as `e1`; or none."""
    change(replace(now, removed=(STACKS[layer[0]], int(layer[1:]) - 1) if layer else None))


def change(to: Changes) -> None:
    """Make these the changes. Only in callbacks."""
    st.session_state.pop(REFUSED, None)
    undo.change(KEY, machine.code(to))


def paint(session: Session, asked: Asked) -> Callable[[Any], None]:
    """For a click on a cell of the mask, `[query, key]`."""

    def painted(cell: Any) -> None:
        if cell[0] is None or cell[1] is None:
            return
        rows, columns = asked.sizes.of(asked.kind)
        where = min(int(cell[0]), rows - 1), min(int(cell[1]), columns - 1)
        new, blind = masks.brushed(asked.changes.mask(asked.kind), asked.brush, where, rows, columns)
        change(asked.changes.with_mask(new))
        if blind:
            pieces = session.walk.source if asked.kind == "encoder" else session.walk.read
            st.session_state[REFUSED] = [pieces[place] for place in blind]

    return painted


def picked(
    label: str, key: str, options: Mapping[str, str], now: Any, act: Callable[[Any], None], many: bool = False
) -> None:
    """A choice whose state is a part of the code."""
    pick = f"pick_mp_{key}"
    st.session_state[pick] = now
    more: dict[str, Any] = {"selection_mode": "multi"} if many else {"required": True}
    st.segmented_control(
        label, list(options), format_func=options.__getitem__, key=pick, wrap=True,
        on_change=lambda: act(st.session_state[pick]), **more,
    )  # fmt: skip


def listed(
    label: str, key: str, options: Mapping[str, str], now: str | None, act: Callable[[str], None], width: int
) -> None:
    """The same in a box that opens; `None` is none of them, "" a choice like any other."""
    pick = f"pick_mp_{key}"
    st.session_state[pick] = now
    st.selectbox(
        label, list(options), index=0 if "" in options else None, format_func=options.__getitem__, key=pick, width=width, placeholder=_("by hand"),
        on_change=lambda: act(st.session_state[pick] or ""),
    )  # fmt: skip


def slider(label: str, key: str, options: tuple[Any, ...], now: Any, act: Callable[[Any], None], width: int) -> None:
    """A number of a few that is a part of the code."""
    pick = f"pick_mp_{key}"
    st.session_state[pick] = now
    st.select_slider(label, options, key=pick, on_change=lambda: act(st.session_state[pick]), width=width)


def reordering() -> str:
    """How the sentence of the check is reordered."""
    return controls.one_of(_("The same words"), "mp_order", {how: order.words(how) for how in ("reversed", "shuffled")})
