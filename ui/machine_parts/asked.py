"""The controls of the page: each reads the changes out of the address' code and writes them back with one more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st

from transformer.config import Config
from transformer.what_if import Kind
from ui import attentions, controls
from ui.changed import undo
from ui.frame import Session
from ui.machine_parts import changes as codes
from ui.machine_parts import guess, masks, order
from ui.machine_parts.changes import SHIFTS, STACKS, TEMPERATURES, Changes, Sizes
from ui.text import translate as _

KEY, REFUSED = "mp_do", "_mp_refused"  # in the address; in the session alone
Lab = Literal["mask", "positions", "parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say. Layer and head count from 0; no head is the mean of all."""

    lab: Lab
    changes: Changes
    code: str
    sizes: Sizes
    kind: Kind
    layer: int
    head: int | None
    brush: str  # what a click turns: a cell, a row or a column
    guessing: bool  # whether the learner wants to guess first


def ask(session: Session) -> Asked:
    """Draw the controls and answer with what they say."""
    sizes = Sizes(len(session.walk.source), len(session.walk.read))
    now = codes.read(undo.hold_code(KEY), session.checkpoint.model.config, sizes)
    labs = {"mask": _("Mask"), "positions": _("Positions"), "parts": _("Parts")}
    with controls.row("atlas_controls_lab"):
        lab: Lab = controls.one_of(_("What to change"), "mp_lab", labs)  # type: ignore[assignment]
        undo.buttons(KEY)
        guessing = guess.wanted()
    with controls.row("atlas_controls_part"):
        brush = bench(lab, now, session.checkpoint.model.config)
    with controls.row():
        kind = which(lab)
        layer, head = controls.layer(attentions.layers(session, kind)), controls.head(session.walk.heads)
    return Asked(
        lab=lab,
        changes=now,
        code=codes.code(now),
        sizes=sizes,
        kind=kind,
        layer=layer,
        head=head,
        brush=brush,
        guessing=guessing,
    )


def bench(lab: Lab, now: Changes, config: Config) -> str:
    """The controls of what is changed; answers with what a click on a mask turns."""
    return mask(now) if lab == "mask" else positions(now) if lab == "positions" else parts(now, config)


def which(lab: Lab) -> Kind:
    """The attention whose map is drawn; on the mask's bench it is chosen above, with the mask."""
    if lab == "mask":
        return st.session_state["kind"]  # type: ignore[no-any-return]
    kind: Kind = controls.one_of(_("Attention"), "kind", kinds(), default="encoder")  # type: ignore[assignment]
    return kind


def kinds() -> dict[str, str]:
    """The three attentions."""
    return {"decoder": _("Decoder"), "encoder": _("Encoder"), "cross": _("Cross")}


def mask(now: Changes) -> str:
    """Whose mask, its pattern, and what a click turns."""
    kind: Kind = controls.one_of(_("Whose mask"), "kind", kinds(), default="decoder")  # type: ignore[assignment]
    patterns = {pattern: masks.words(pattern) for pattern in masks.PATTERNS[kind]}
    picked(_("Pattern"), "pattern", patterns, now.mask(kind).pattern, lambda pattern: take_pattern(now, kind, pattern))
    return controls.one_of(_("A click turns"), "mp_brush", {"cell": _("Cell"), "row": _("Row"), "column": _("Column")})


def positions(now: Changes) -> str:
    """Which positions the model is told."""
    names = {"own": _("As trained"), "off": _("Off"), "shuffled": _("Shuffled"), "shifted": _("Shifted")}
    picked(_("Positions"), "places", names, now.positions, lambda to: change(replace(now, positions=to)))
    if now.positions == "shuffled":
        again = replace(now, seed=now.seed % codes.SEEDS + 1)
        undo.button(_("Shuffle again"), "mp_again", lambda: change(again))
    if now.positions == "shifted":
        slider(_("Shifted by"), "shift", SHIFTS, now.shift, lambda to: change(replace(now, shift=to)))
    return ""


def parts(now: Changes, config: Config) -> str:
    """Which parts are switched off, the temperature, and which layer is taken out."""
    names = {"scaling": _("Scaling"), "residual": _("Residual"), "norm": _("LayerNorm")}
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
    picked(_("Layer taken out"), "layer", layers, gone, lambda to: take_out(now, to))
    slider(
        _("Temperature"), "temperature", TEMPERATURES, now.temperature, lambda to: change(replace(now, temperature=to))
    )
    return ""


def take_pattern(now: Changes, kind: Kind, pattern: str) -> None:
    """Paint a whole mask."""
    change(now.with_mask(masks.Painted(kind, pattern)))


def take_out(now: Changes, layer: str) -> None:
    """Take a layer out, such as `e1`; or none."""
    change(replace(now, removed=(STACKS[layer[0]], int(layer[1:]) - 1) if layer else None))


def change(to: Changes) -> None:
    """Make these the changes. Only in callbacks."""
    st.session_state.pop(REFUSED, None)
    undo.change(KEY, codes.code(to))


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


def slider(label: str, key: str, options: tuple[Any, ...], now: Any, act: Callable[[Any], None]) -> None:
    """A number of a few that is a part of the code."""
    pick = f"pick_mp_{key}"
    st.session_state[pick] = now
    st.select_slider(label, options, key=pick, on_change=lambda: act(st.session_state[pick]), width=260)


def reordering() -> str:
    """How the sentence of the check is reordered."""
    return controls.one_of(_("The same words"), "mp_order", {how: order.words(how) for how in ("reversed", "shuffled")})
