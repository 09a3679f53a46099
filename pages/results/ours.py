"""Our models: what each cost by its card and the counts there are, and how well it did in its own exam."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from relatives.results import costs
from relatives.results.costs import Cost, Stage
from transformer import checkpoint
from transformer.checkpoint import CheckpointError
from transformer.corpora import CorpusError
from transformer.family import transforms
from ui.session import state
from ui.session.state import Origin
from ui.text import translate as _

MOST = 40  # models in the picture
KEPT = 200  # counts that the server remembers


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model that can be opened and was measured."""

    name: str
    origin: Origin
    bleu: float
    exact_match: float
    exam: str  # on what it was measured, in words
    kind: str  # by what it reads
    cost: Cost | None  # `None` if its card does not say how it was trained

    @property
    def flops(self) -> float | None:
        """Operations of training, as far as they are counted; `None` if none are."""
        return (self.cost.total or None) if self.cost else None

    @property
    def missing(self) -> list[Stage]:
        """The trainings whose cost was never counted."""
        return [stage for stage, step in self.cost.stages if step is None] if self.cost else []


def models() -> list[Model]:
    """All that were measured, those that ship first."""
    try:
        counts = [*costs.read(), *counted_here()]
    except ValueError:
        counts = counted_here()
    found = (model(name, origin, counts) for name, origin in state.readable().items())
    return [each for each in found if each][:MOST]


def trouble() -> str:
    """What is wrong with the recorded counts; "" if nothing is."""
    try:
        costs.read()
    except ValueError as error:
        return str(error)
    return ""


def model(name: str, origin: Origin, counts: list[dict[str, Any]]) -> Model | None:
    """One model; `None` if nobody measured it."""
    try:
        card = checkpoint.read_card(origin.folder)
    except CheckpointError:
        return None
    exam, where = measured(card)
    marks = [exam.get("bleu"), exam.get("exact_match")]
    if not all(isinstance(mark, int | float) and 0 <= mark <= 101 for mark in marks):
        return None
    try:
        cost = costs.cost(card, counts)
    except ValueError:
        cost = None
    return Model(
        name=name, origin=origin, bleu=float(exam["bleu"]), exact_match=float(exam["exact_match"]), exam=where,
        kind=kind(origin), cost=cost,
    )  # fmt: skip


def measured(card: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The newest evaluation of a card on the test pairs as they are, or else the one made while training; and on what, in words."""
    evaluations = card.get("evaluations")
    for each in reversed(evaluations if isinstance(evaluations, list) else []):
        if isinstance(each, dict) and each.get("split") == "test" and not each.get("typed"):
            told = _("{count} test sentences of {corpus}, beam {beam}")
            facts = {name: str(each.get(name, "?"))[:40] for name in ("corpus", "beam")}
            return each, told.format(count=each.get("sentences", "?"), **facts)
    training = card.get("training")
    validation = training.get("validation") if isinstance(training, dict) else None
    if not isinstance(validation, dict):
        return {}, ""
    return validation, _("{count} held-out sentences, while training").format(count=validation.get("sentences", "?"))


def kind(origin: Origin) -> str:
    """By what it reads, as the paper's peers are told apart."""
    return "self-attention" if transforms(state.kind(origin)) else "recurrence"


@st.cache_resource(show_spinner=False)
def counted_here() -> list[dict[str, Any]]:
    """What was counted since the server started, for everybody."""
    return []


def count(one: Model) -> str:
    """Count what is missing of a model's cost; a sentence if that cannot be, "" if it is done."""
    try:
        kept = state.any_opened(one.origin)
        for stage in one.missing:
            entry = costs.key(kept.card["config"], stage) | costs.recorded(costs.count(kept, stage))
            counted_here()[:] = [*counted_here(), entry][-KEPT:]
    except (CheckpointError, CorpusError, ValueError, KeyError, TypeError) as error:
        return str(error)
    return ""
