"""Why divide by sqrt(d_k): random vectors, trained models and this model's own heads, by d_k, in one picture."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from figures.numbers.measured import Series
from pages.score_functions.asked import MOST_SEED, SEED, Asked
from relatives.scaling import recorded, sharpness, vectors
from relatives.scaling.heads import HeadFigures, measured
from relatives.scaling.recorded import Model, RecordError
from relatives.scaling.sharpness import Doubles
from relatives.scaling.vectors import SIZES, Drawn
from ui.frame import Session
from ui.text import translate as _

Code = Literal["random", "raw", "before", "scaled", "unscaled", "scaled_slow", "unscaled_slow", "own"]
STYLES: dict[Code, int] = {  # in every picture alike
    "random": 0, "raw": 1, "before": 1, "scaled": 2, "unscaled": 3, "own": 4, "scaled_slow": 0, "unscaled_slow": 5,
}  # fmt: skip
Lines = list[tuple[Code | None, Series]]  # a code of the address, or None for what cannot be clicked
MOST_KEYS = 24  # of a random row; more would make the page wait
LOW, HIGH = 10, 90  # per cent of the draws, or of the heads, between which the band lies


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """All that the view shows. `count` keys are in a random row, as many as the sentence has pieces, but for long ones."""

    measure: str  # spread, entropy, gradient, learned
    count: int
    seed: int
    d_k: int  # of the sidebar's model
    drawn: tuple[Drawn, ...]  # by `SIZES`
    here: Drawn  # with this model's d_k
    models: tuple[Model, ...]
    trouble: str  # why there are no trained models to show
    own: tuple[HeadFigures, ...]

    @property
    def rates(self) -> list[float]:
        """The peak learning rates on record, that of the corpus's own recipe first."""
        return sorted({each.rate for each in self.models}, reverse=True)

    def trained(self, scaled: bool, rate: int = 0) -> list[Model]:
        """The trained models with the division, or those without, by d_k; of the rates the first unless asked for another."""
        chosen = [each for each in self.models if each.scaled == scaled and each.rate == self.rates[rate]]
        return sorted(chosen, key=lambda each: each.d_k)

    @property
    def complete(self) -> bool:
        """Whether there are models of both kinds to compare."""
        return all(self.trained(scaled) for scaled in (True, False)) if self.models else False

    def of(self, code: str) -> list[Model]:
        """The models that a series is made of."""
        return self.trained(not code.startswith("unscaled"), int(code.endswith("_slow")))

    def owns(self) -> list[HeadFigures]:
        """The heads of this model that have a value that can be drawn."""
        if self.measure == "learned":
            return []
        least = 0 if self.measure == "spread" else -1
        return [
            head
            for head in self.own
            if np.isfinite(getattr(head, self.measure)) and getattr(head, self.measure) > least
        ]


def divided(session: Session, asked: Asked) -> Divided:
    """Draw the vectors and measure this model's heads on this sentence."""
    count, seed, d_k = (
        max(2, min(MOST_KEYS, len(session.walk.source))),
        seed_now(),
        session.checkpoint.model.config.d_head,
    )
    try:
        models, trouble = recorded_models(), ""
    except RecordError as error:
        models, trouble = (), str(error)
    return Divided(
        measure=asked.measure, count=count, seed=seed, d_k=d_k, drawn=tuple(drawn(each, count, seed) for each in SIZES),
        here=drawn(d_k, count, seed), models=models, trouble=trouble, own=tuple(measured([session.walk.trace])),
    )  # fmt: skip


@st.cache_data(max_entries=256, show_spinner=False)
def drawn(d_k: int, count: int, seed: int) -> Drawn:
    """The random vectors of one d_k, measured."""
    return vectors.drawn(d_k, count, seed)


def recorded_models() -> tuple[Model, ...]:
    """The shipped record, read once for each time that it was written. Raises `RecordError`."""
    path = recorded.TRAINED
    return read(str(path), path.stat().st_mtime_ns if path.exists() else 0)


@st.cache_data(max_entries=2, show_spinner=False)
def read(_path: str, written: int) -> tuple[Model, ...]:  # noqa: ARG001
    """The models of a record, known by when it was written."""
    return recorded.models(recorded.TRAINED)


def seed_now() -> int:
    """The seed of the draws; the first unless chosen."""
    found = st.session_state.get(SEED)
    return found if isinstance(found, int) and 1 <= found <= MOST_SEED else 1


def series(found: Divided) -> Lines:
    """What is drawn, with the code that the address knows it by; `None` for what cannot be clicked."""
    if found.measure == "learned":
        return learned_lines(found)
    lines = random_lines(found) + before_lines(found) + trained_lines(found)
    if own := found.owns():
        values = np.array([getattr(each, found.measure) for each in own])
        said = tuple(head_name(each) for each in own)
        lines.append(
            (
                "own",
                Series(
                    name=_("this model's heads"),
                    x=np.full(len(own), found.d_k),
                    y=values,
                    look="points",
                    said=said,
                    style=STYLES["own"],
                ),
            )
        )
    return [*lines, (None, theory(found))]


def random_lines(found: Divided) -> Lines:
    """Random vectors with the division, and without it, which makes no difference to q . k itself."""
    names = {"": _("random"), "_raw": _("random, not divided")}
    if found.measure == "spread":
        names = {"": _("random")}
    lines: Lines = []
    for end, name in names.items():
        values = [getattr(each, found.measure + end) for each in found.drawn]
        code: Code = "raw" if end else "random"
        lines.append((code, banded(code, name, np.array(SIZES), values)))
    return lines


def before_lines(found: Divided) -> Lines:
    """The recorded models before their first step: where the theory's assumption is made true by how weights are drawn."""
    models = found.trained(True)
    if not models or found.measure != "spread":
        return []
    values = [column(each.before, found.measure) for each in models]
    return [("before", banded("before", _("untrained"), sizes(models), values))]


def trained_lines(found: Divided) -> Lines:
    """The recorded models after training."""
    names: dict[Code, str] = {"scaled": _("trained"), "unscaled": _("trained, not divided")}
    lines: Lines = []
    for code, name in names.items():
        if models := found.of(code):
            values = [column(each.after, found.measure) for each in models]
            lines.append((code, banded(code, name, sizes(models), values)))
    return lines


def learned_lines(found: Divided) -> Lines:
    """How well the recorded models translate, at each of the learning rates."""
    lines: Lines = []
    codes: tuple[Code, ...] = ("scaled", "unscaled", "scaled_slow", "unscaled_slow")
    for code in codes[: 2 * len(found.rates)]:
        if models := found.of(code):
            name = _("not divided, rate {rate}") if code.startswith("unscaled") else _("divided, rate {rate}")
            exact = np.array([each.exact_match for each in models])
            told = name.format(rate=f"{models[0].rate:g}")
            lines.append((code, Series(name=told, x=sizes(models), y=exact, style=STYLES[code])))
    return lines


def sizes(models: list[Model]) -> Doubles:
    """Their d_k."""
    return np.array([float(each.d_k) for each in models])


def column(heads: tuple[HeadFigures, ...], measure: str) -> Doubles:
    """One figure of every head."""
    return np.array([getattr(each, measure) for each in heads])


def banded(code: Code, name: str, x: Doubles, values: list[Doubles]) -> Series:
    """The means of `values`, one group for each x, with the band in which most of a group lie."""
    low, high = (np.array([np.percentile(each, share) for each in values]) for share in (LOW, HIGH))
    return Series(name=name, x=x, y=np.array([each.mean() for each in values]), band=(low, high), style=STYLES[code])


def theory(found: Divided) -> Series:
    """The theory's line: sqrt(d_k), or a row that gives every key the same."""
    ends = np.array(SIZES, dtype=np.float64)
    if found.measure == "spread":
        return Series(name=_("theory: √d_k"), x=ends, y=np.sqrt(ends), look="theory")
    even = 1.0 if found.measure == "entropy" else sharpness.alike(found.count)[1]
    return Series(
        name=_("all {count} keys alike").format(count=found.count), x=ends, y=np.full(len(ends), even), look="theory"
    )


def head_name(head: HeadFigures) -> str:
    """`encoder, layer 1, head 2`."""
    kinds = {"encoder": _("encoder"), "decoder": _("decoder"), "cross": _("cross")}
    return _("{kind}, layer {layer}, head {head}").format(
        kind=kinds[head.kind], layer=head.layer + 1, head=head.head + 1
    )
