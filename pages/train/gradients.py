"""Gradients of one training, by layer and matrix: what vanishes on the way from the loss to the embedding, and what was clipped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from figures.learning import gradients as pictures
from transformer.jobs import Job
from transformer.training.course.descent import CLIP
from transformer.training.history import Gradients
from ui.frame import Workshop
from ui.session import pointed
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.text import translate as _
from ui.training import runs

MATRIX, STEP = "grad_matrix", "grad_step"  # in the address: the row of the map, from 0, and the step
MOST = 110  # columns of the map
MODULE = re.compile(r"(encoder|decoder)_layers\.(\d{1,2})\.(\w+)\.(W_[QKVO12]|norm)")
EMBEDDING = "matrix"
RECURRENT = (
    "W_c",
    "W_o",
    "decoder",
    "score",
    "score.W",
    "score.U",
    "W_p",
    "v_p",
    "W_s",
    "encoder",
    "forwards",
    "backwards",
)  # likewise
PARTS = {  # of a layer, by the modules in it; from the loss to the input
    "feed": ("after_feed_forward", "feed_forward"),
    "cross": ("after_cross_attention", "cross_attention"),
    "self": ("after_self_attention", "after_attention", "self_attention"),
}
ROWS = ("norm", "W_2", "W_1", "W_O", "W_V", "W_K", "W_Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """What is drawn: a row for each matrix, from the loss to the embedding, a column for each look."""

    looks: Sequence[Gradients]
    groups: list[tuple[str, list[str]]]
    modules: list[str]  # of the rows: their names in the model
    sizes: NDArray[np.float64]  # matrix look; NaN where a matrix has no gradient

    @property
    def rows(self) -> list[str]:
        """What the rows are called."""
        return [f"{group}, {name}" for group, inside in self.groups for name in inside]

    def layer(self, module: str, look: int) -> float:
        """The norm of everything in the layer of a module."""
        layer = re.match(r"\w+_layers\.\d+\.|\w+", module)
        own = [row for row, name in enumerate(self.modules) if layer and name.startswith(layer[0])]
        return float(np.sqrt(np.nansum(self.sizes[own, look] ** 2)))


def place(module: str) -> tuple[int, int, int, int] | None:
    """Where a module stands between the loss and the embedding; `None` if it is none of the model's."""
    if module == EMBEDDING:
        return 2, 0, 0, 0
    if module in RECURRENT:
        return 0, RECURRENT.index(module), 0, 0
    found = MODULE.fullmatch(module)
    part = next((number for number, names in enumerate(PARTS.values()) if found and found[3] in names), None)
    return (
        (int(found[1] == "encoder"), -int(found[2]), part, ROWS.index(found[4])) if found and part is not None else None
    )


def called(module: str) -> tuple[str, str]:
    """The name of a module's part of a layer, and of its matrix in it."""
    if module in RECURRENT:
        return recurrent(module)
    if not (found := MODULE.fullmatch(module)):
        return _("Embedding"), "E"
    side = {"encoder": _("Encoder"), "decoder": _("Decoder")}[found[1]]
    part = next(name for name, names in PARTS.items() if found[3] in names)
    words = {"feed": _("FFN"), "cross": _("Cross"), "self": _("Self")}
    return f"{side} {int(found[2]) + 1}, {words[part]}", _("LayerNorm") if found[4] == "norm" else found[4]


def recurrent(module: str) -> tuple[str, str]:
    """The same of a recurrent model; the matrices of a cell, with its biases, are one."""
    groups = {"W_c": _("Output"), "W_o": _("Output"), "decoder": _("Decoder"), "W_s": _("Decoder")}
    group = groups.get(module, _("Encoder") if module in ("encoder", "forwards", "backwards") else _("Score"))
    names = {
        "decoder": _("cell"),
        "encoder": _("cell"),
        "forwards": _("cell →"),
        "backwards": _("cell ←"),
        "score": "v",
    }
    return group, names.get(module, module.rpartition(".")[2])


def mapped(looks: Sequence[Gradients]) -> Map | None:
    """The map of some looks; `None` if they know no matrix of the model."""
    thin = [*looks[: -1 : max(1, -(-len(looks) // MOST))], *looks[-1:]]
    modules = sorted({name for look in thin for name in look.parts if place(name)}, key=lambda name: place(name) or ())
    if not modules:
        return None
    groups: list[tuple[str, list[str]]] = []
    for module in modules:
        group, name = called(module)
        if not groups or groups[-1][0] != group:
            groups.append((group, []))
        groups[-1][1].append(name)
    sizes = np.array([[look.parts.get(module, np.nan) for look in thin] for module in modules], dtype=np.float64)
    return Map(looks=thin, groups=groups, modules=modules, sizes=np.where(np.isfinite(sizes), sizes, np.nan))


def show(shop: Workshop, job: Job, words: DeltaGenerator) -> None:
    """The map, and in `words` what the chosen cell says; or why there is none."""
    pointed.remember(MATRIX, STEP)
    shown = mapped(runs.gradients(job))
    if shown is None:
        st.caption(
            _("The first look at the gradients comes with the first step.") if job.phase in ("waiting", "running")
            else _("No gradients were recorded: this model was trained before the app kept them.")
        )  # fmt: skip
        return
    cell, steps = chosen(shown), [look.step for look in shown.looks]
    names = (_("from the loss (above) to the embedding"), _("step"))
    line, value = _("all together; dashed: the limit"), _("norm of the gradient")
    figure = pictures.gradients(
        shown.sizes, steps, shown.groups, [look.norm for look in shown.looks], CLIP, title="", mode=shop.mode, names=names,
        line_name=line, value_name=value, selected=cell,
    )  # fmt: skip
    alt = _("Norms of the gradient of {count} matrices over {steps} steps. {told}").format(
        count=len(shown.modules), steps=f"{steps[-1]:,}", told=summary(shown)
    )
    live_plot.show(figure, "train_gradients", alt, job.name, on_click=lambda cell: choose(shown, cell), height=640)
    prose.look(shop.lesson.sections["Look at gradients"])
    with words:
        tell(shown, cell)
    columns = [_("matrix"), *(_("step {step}").format(step=f"{step:,}") for step in steps)]
    numbers = [[None if np.isnan(size) else size for size in line] for line in shown.sizes.tolist()]
    tables.twin(columns, [[row, *line] for row, line in zip(shown.rows, numbers, strict=True)], "train_gradients")


def chosen(shown: Map) -> tuple[int, int] | None:
    """The cell that was clicked: its matrix, and the last look that was not after its step."""
    row, step = pointed.chosen(MATRIX, len(shown.modules)), st.session_state.get(STEP)
    if row is None or not isinstance(step, int):
        return None
    return row, max(0, sum(look.step <= step for look in shown.looks) - 1)


def choose(shown: Map, cell: Cell) -> None:
    """Point at `[matrix, look]`. Only in callbacks."""
    pointed.choose(MATRIX, int(cell[0] or 0))
    pointed.choose(STEP, shown.looks[int(cell[1] or 0)].step)


def summary(shown: Map) -> str:
    """How much of the gradient arrives below, at the last look, and how often it was clipped."""
    first, last, look = *ends(shown), shown.looks[-1]
    told = _("At step {step} {top} has {above}, {bottom} {below}. Clipped: {clipped} of {count} looks.")
    return told.format(
        step=f"{look.step:,}", top=first[0], above=brief(first[1]), bottom=last[0], below=brief(last[1]),
        clipped=sum(each.clipped for each in shown.looks), count=len(shown.looks),
    )  # fmt: skip


def ends(shown: Map) -> tuple[tuple[str, float], tuple[str, float]]:
    """The layer next to the loss and the one next to the embedding: their names and their norms at the last look."""
    inside = [module for module in shown.modules if module != EMBEDDING] or shown.modules
    first, last = ((called(module)[0].partition(",")[0], shown.layer(module, -1)) for module in (inside[0], inside[-1]))
    return first, last


def tell(shown: Map, cell: tuple[int, int] | None) -> None:
    """The clicked number, and what clipping made of it; without one, what arrives below."""
    if cell is None:
        return prose.cell("{told}", told=summary(shown))
    row, column = cell
    look, size = shown.looks[column], float(shown.sizes[cell])
    if np.isnan(size):
        return prose.cell(_("{matrix} has no gradient at step {step}."), matrix=shown.rows[row], step=f"{look.step:,}")
    told = _("{matrix} at step {step}: {size}. All together {norm}, below the limit of {limit}: not clipped.")
    if look.clipped:
        told = _(
            "{matrix} at step {step}: {size}. All together {norm}, over the limit of {limit}: every gradient was multiplied by {factor}."
        )
    prose.cell(
        told, matrix=shown.rows[row], step=f"{look.step:,}", size=brief(size), norm=brief(look.norm), limit=f"{CLIP:g}",
        factor=sums.number(CLIP / look.norm if look.norm else 1.0),
    )  # fmt: skip


def brief(size: float) -> str:
    """A norm, however small."""
    return sums.number(size, 4) if size < 1 else sums.number(size, 2)
