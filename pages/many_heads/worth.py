"""Why there are several heads: how probable the translation is without one of them, and if each attention had this one alone."""

import math
from dataclasses import asdict, dataclass

import numpy as np
import streamlit as st
import torch

from pages.many_heads.heads import Asked
from transformer.analysis.effects import log_probability
from transformer.model import Transformer
from transformer.what_if import Head, How, WhatIf, apply, every_head
from ui.changed import names
from ui.frame import Session
from ui.session import state
from ui.session.state import Origin
from ui.show import proof, sums
from ui.text import translate as _

BOARD = "200_head_switchboard"


@dataclass(frozen=True, slots=True)
class Worth:
    """The log-probability of the translation as it is, without one head, and with the heads of its number alone in every attention."""

    whole: float
    without: float
    alone: float


def others(head: Head, model: Transformer) -> list[Head]:
    """The heads of other numbers, in every layer of every attention."""
    return [each for each in every_head(model) if each.head != head.head]


@st.cache_data(max_entries=512, show_spinner=False)
def probable(origin: Origin, text: str, reference: tuple[int, ...], off: tuple[Head, ...]) -> float:
    """The log-probability of the `reference`, ids with the end piece, while these heads say nothing; a forward pass."""
    checkpoint = state.opened(origin)
    silent: tuple[tuple[Head, How], ...] = tuple((head, "off") for head in off)
    return log_probability(apply(checkpoint.model, WhatIf(heads=silent)), checkpoint.tokenizer.encode(text), reference)


def worth(session: Session, head: Head) -> Worth:
    """What a head is worth for the translation on the page."""
    walk, model = session.walk, session.checkpoint.model
    asked = (session.origin, walk.source_text, walk.written_ids)
    off: tuple[list[Head], ...] = ([head], others(head, model))
    chances = walk.trace.logits[0].log_softmax(-1)[torch.arange(len(walk.written_ids)), torch.tensor(walk.written_ids)]
    return Worth(float(chances.sum()), *(probable(*asked, tuple(each)) for each in off))


def probability(log: float) -> str:
    """A probability out of its natural logarithm, with digits that matter however small it is."""
    if log > math.log(0.001):
        return f"{math.exp(log):.3f}"
    power = math.floor(log / math.log(10))
    return f"{10 ** (log / math.log(10) - power):.1f}×10{sums.superscript(power)}"


def why(session: Session, asked: Asked) -> None:
    """The line, with links to the switchboard; nothing if there is only one head."""
    if session.walk.heads < 2:
        return
    head = Head(asked.kind, asked.layer, asked.head or 0)
    told: dict[str, object] = {name: probability(value) for name, value in asdict(worth(session, head)).items()}
    template = _(
        "Why several? Were head {head} alone in every attention, the translation would have the probability {alone}, not {whole}. "
        "Without this one only: {without}."
    )
    by_part = [proof.Link("70_the_stack", _("Part by part"), {"stack": "flow"})] if asked.picture == "rollout" else []
    proof.show(
        template, *by_part, link(_("Without it"), [head]), link(_("With it alone"), others(head, session.checkpoint.model)),
        *([proof.another_sentence(asked.kind, asked.layer, asked.head)] if asked.picture == "word" else []),
        head=head.head + 1, **told,  # type: ignore[arg-type]
    )  # fmt: skip


def why_these(session: Session, asked: Asked) -> None:
    """What the heads that are averaged are worth together: the translation without them; nothing if none is chosen."""
    off = [Head(asked.kind, layer, head) for layer, head in asked.among]
    if not off:
        return
    walk = session.walk
    whole = float(np.log(np.array(walk.chances, dtype=np.float64)).sum())
    without = probable(session.origin, walk.source_text, walk.written_ids, tuple(off))
    told = _(
        "What are they for? Without these {count} heads the translation would have the probability {without}, not {whole}."
    )
    if len(off) == 1:
        told = _("What is it for? Without this head the translation would have the probability {without}, not {whole}.")
    says = _("Without it") if len(off) == 1 else _("Without them")
    proof.show(told, link(says, off), count=len(off), without=probability(without), whole=probability(whole))


def link(says: str, off: list[Head]) -> proof.Link:
    """To the switchboard with these heads switched off."""
    switched: dict[Head, How] = dict.fromkeys(off, "off")
    return proof.Link(BOARD, says, {"sw_heads": names.codes(switched), "sw_picture": "switches"})
