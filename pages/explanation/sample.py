"""Does it hold in general? Each method beside leave-one-out, on held-out sentences."""

import html
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from pages.explanation import methods as method
from pages.explanation.asked import Asked
from pages.explanation.methods import FEWEST, METHODS
from transformer.analysis import attributions
from transformer.analysis.attributions import Question
from transformer.analysis.effects import traced
from ui.changed import measure
from ui.changed import outcome as outcomes
from ui.changed.telling import show, table_of
from ui.frame import Session
from ui.measures.words import Numbers, words_of
from ui.session import state
from ui.session.state import Origin
from ui.show.sums import number
from ui.text import filled
from ui.text import translate as _

MEASURED = "ex_sample"  # in the address: whether the held-out sentences are measured
PACE = "explanation"  # under which the pace of one sentence is known
POINTS = 29  # on the way of the integral: enough for a ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """All that is known of one held-out sentence. Not to be written to."""

    words: int
    attention: Numbers  # layer head place word
    others: dict[str, Numbers]  # place word

    def values(self, code: str, layer: int, head: int | None) -> Numbers:
        """What a method gives, `(place, word)`."""
        if code != "attention":
            return self.others[code]
        heads = self.attention[layer]
        return np.asarray(heads.mean(0) if head is None else heads[head])


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One method against leave-one-out."""

    hits: float  # share of the French pieces where both name the same word
    tau: float  # mean over the sentences
    spread: float  # standard deviation over the sentences


@st.cache_resource(max_entries=128, show_spinner=False)
def sentence(origin: Origin, number: int) -> Sentence | None:
    """One held-out sentence, its French the corpus's own; none if it has too few words, or no French piece with a letter."""
    with measure.timed((PACE, origin)):
        return measured(origin, number)


def measured(origin: Origin, number: int) -> Sentence | None:
    """The same, not remembered."""
    checkpoint = state.opened(origin)
    source, target = outcomes.held_out(origin)[1][number]
    words = words_of(checkpoint.tokenizer, checkpoint.tokenizer.decode(source), source)
    pieces = [checkpoint.tokenizer.piece(id).piece for id in target[:-1]]
    places = tuple(place for place, piece in enumerate(pieces) if any(map(str.isalpha, piece)))
    if len(words) < FEWEST or not places:
        return None
    question = Question(source=source, target=target, places=places)
    gradient, integrated = attributions.gradients(checkpoint.model, question, POINTS)
    left = attributions.leave_out(checkpoint.model, question, words.pieces)
    with torch.inference_mode():
        trace = traced(checkpoint.model, source, target[:-1])
    cross = np.stack([layer.cross_attention.weights[0].double().numpy() for layer in trace.decoder.layers])
    rolled, chosen = attributions.rollout(trace).source, list(places)
    return Sentence(
        words=len(words), attention=words.summed(cross[:, :, chosen])[..., :-1],
        others={
            "rollout": words.summed(rolled[chosen])[:, :-1], "gradient": words.summed(gradient.values)[:, :-1],
            "integrated": words.summed(integrated.values)[:, :-1], "left": left.values,
        },
    )  # fmt: skip


def sentences(session: Session) -> tuple[str, list[Sentence] | None]:
    """The corpus and its held-out sentences; `None` until they are measured."""
    label = _("Does it hold in general? Measure on {count} held-out sentences")
    corpus, found = measure.held_out(MEASURED, label, session.origin, sentence, PACE)
    return corpus, None if found is None else [each for each in found if each]


def results(found: list[Sentence], layer: int, head: int | None) -> dict[str, Result]:
    """Each method but leave-one-out itself."""
    told = {}
    for code in METHODS[:-1]:
        hits: list[bool] = []
        taus: list[float] = []
        for each in found:
            one, other = np.abs(each.values(code, layer, head)), np.abs(each.values("left", layer, head))
            hits += (one.argmax(1) == other.argmax(1)).tolist()
            pairs = [attributions.agreement(*pair).tau for pair in zip(one, other, strict=True)]
            known = [tau for tau in pairs if not np.isnan(tau)]
            taus += [float(np.mean(known))] if known else []
        told[code] = Result(
            hits=float(np.mean(hits)), tau=float(np.mean(taus)) if taus else float("nan"),
            spread=float(np.std(taus)) if taus else float("nan"),
        )  # fmt: skip
    return told


def chance(found: list[Sentence]) -> float:
    """How often a word picked blindly would be leave-one-out's."""
    return float(np.mean([1 / each.words for each in found for _place in each.others["left"]]))


def tell(session: Session, asked: Asked) -> None:
    """What the held-out sentences say, as one table."""
    corpus, found = sentences(session)
    if found is None:
        return
    if not found:
        show(f'<p class="atlas-cell">{html.escape(_("There is no held-out sentence with enough words."))}</p>')
        return
    told, names = results(found, asked.layer, asked.head), method.names()
    names |= {"attention": method.attention_name(asked.layer, asked.head)}
    order = sorted(told, key=lambda code: -told[code].hits)
    head = (_("method"), _("same strongest word"), _("mean τ"), _("spread"))
    rows = [
        [names[code], f"{told[code].hits:.0%}", number(told[code].tau, 2), f"± {told[code].spread:.2f}"]
        for code in order
    ]
    pieces = sum(len(each.others["left"]) for each in found)
    title = _("Beside leave-one-out: {pieces} French pieces in {count} held-out sentences of {corpus}").format(
        pieces=pieces, count=len(found), corpus=corpus or _("the grammar's showcase")
    )
    foot = filled(
        _("{best} comes closest: in {hits} of the pieces it names leave-one-out's word."), best=names[order[0]],
        hits=f"{told[order[0]].hits:.0%}",
    )  # fmt: skip
    if order[0] != "attention":
        foot += " " + filled(
            _("{attention}: in {own}."), attention=names["attention"], own=f"{told['attention'].hits:.0%}"
        )
    foot += " " + filled(_("A word picked blindly: in {chance}."), chance=f"{chance(found):.0%}")
    if these := outcomes.why_these(session.checkpoint, corpus):
        foot += f"<br>{html.escape(these)}"
    table_of(title, head, rows, foot)
