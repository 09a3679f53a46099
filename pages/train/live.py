"""What is seen of one training while it goes on: how far it is, its curves, what it makes of the learner's sentence by now."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from figures.learning.training import Curve, Panel
from transformer import checkpoint
from transformer.jobs import Job
from transformer.text import clean
from transformer.training.history import Entry
from ui.frame import sidebar
from ui.session import relatives, state
from ui.session.kept import hold
from ui.session.walk import Passage
from ui.text import translate as _
from ui.training import corpora, runs
from ui.training.start import WATCHED

MOST = 200  # points of a curve
OTHERS = 2  # sentences of the corpus, after the learner's own
LONGEST = 90  # letters of a translation that are shown
GREEDY = state.Search(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forming:
    """The cross-attention of a sentence at one snapshot."""

    moment: int
    walk: Passage

    @property
    def title(self) -> str:
        """Which snapshot."""
        if not self.moment:
            return _("Cross-attention before the first step")
        return _("Cross-attention after {step:,} steps").format(step=self.moment)


def chosen(found: Sequence[Job]) -> Job:
    """The training that is looked at: the one chosen, otherwise one's own that moves, any that moves, the newest."""
    hold(WATCHED, "")
    names = {job.name: job for job in found}
    moving = [*runs.mine(), *runs.moving(), *found]
    if st.session_state[WATCHED] not in names:
        st.session_state[WATCHED] = moving[0].name
    if len(found) > 1:
        pick = f"pick_{WATCHED}"
        st.session_state[pick] = st.session_state[WATCHED]

        def picked() -> None:
            st.session_state[WATCHED] = st.session_state[pick]

        def told(name: str) -> str:
            return f"{name}: {runs.phase(names[name])}"

        st.selectbox(_("Training"), list(names), format_func=told, key=pick, on_change=picked, width=420)
    return names[st.session_state[WATCHED]]


def panels(entries: Sequence[Entry], rival: str = "", theirs: Sequence[Entry] = ()) -> list[Panel]:
    """The curves: losses, scores, the learning rate, the gradient; and of a `rival` training what says who is better."""
    thin = [*entries[:: max(1, len(entries) // MOST)], *entries[-1:]]
    measured = [entry for entry in entries if entry.validation_loss is not None or entry.bleu is not None]

    def curve(name: str, field: str, among: Sequence[Entry]) -> Curve:
        points = {entry.step: getattr(entry, field) for entry in among if getattr(entry, field) is not None}
        return Curve(name, list(points), [float(value) for value in points.values()], among is not thin)

    training, held_out = curve(_("training"), "loss", thin), curve(_("held out"), "validation_loss", measured)
    bleu, exact = curve("BLEU", "bleu", measured), curve(_("exact match"), "exact_match", measured)
    named = f"{rival}: {{}}".format
    losses = [curve(named(_("held out")), "validation_loss", theirs)] if theirs else []
    scores = [curve(named(_("exact match")), "exact_match", theirs)] if theirs else []
    return [
        Panel(_("Loss, nats per piece"), [training, held_out, *losses]),
        Panel(_("Held-out sentences, per cent"), [bleu, exact, *scores], (0.0, 102.0)),
        Panel(_("Learning rate"), [curve(_("learning rate"), "learning_rate", thin)]),
        Panel(_("Gradient norm"), [curve(_("gradient norm"), "gradient_norm", thin)]),
    ]


def until(entries: Sequence[Entry]) -> int:
    """About how many steps the run will have."""
    last = entries[-1]
    return max(last.step, round(last.step / last.share)) if last.share > 0.02 else max(100, 50 * last.step)


def alt(entries: Sequence[Entry]) -> str:
    """The curves in a sentence."""
    last, scored = entries[-1], [entry for entry in entries if entry.bleu is not None]
    said = _("After {step:,} steps the training loss is {loss:.2f} nats per piece.").format(
        step=last.step, loss=last.loss
    )
    if scored:
        said += " " + _("BLEU on held-out sentences is {bleu:.0f}.").format(bleu=scored[-1].bleu)
    return said


def watched(job: Job, question: sidebar.Question | None) -> list[tuple[str, str]]:
    """The sentences that are watched, with their French: the learner's and two of the corpus.

    The learner's French is their own, or that of the model in the sidebar; "" if there is neither.
    """
    mine = sentence(question)
    others = corpora.samples(job.arguments[0] if job.arguments else "")
    return [mine, *[each for each in others if each[0] != mine[0]][:OTHERS]]


def sentence(question: sidebar.Question | None) -> tuple[str, str]:
    """The learner's English and its French."""
    if question is None:
        return sidebar.EXAMPLES[0], ""
    text = clean(question.text)
    if question.french is not None:
        return text, clean(question.french)
    opened = state.any_opened(question.origin)
    if not 0 < len(opened.tokenizer.encode(text)) <= min(state.MOST_SOURCE, opened.model.config.max_positions - 2):
        return text, ""
    return text, opened.tokenizer.decode(relatives.written(question.origin, text, question.search))


def newest(job: Job) -> state.Origin | None:
    """Its newest snapshot that can be opened; None as long as there is none."""
    for moment in reversed(checkpoint.moments(job.folder)[-2:]):
        origin = state.at(state.origin(job.folder), moment)
        if not state.problem(origin):
            return origin
    return None


def forming(origin: state.Origin, english: str, french: str) -> Forming | None:
    """The sentence as a snapshot reads it, None if it is too long to be drawn.

    Every snapshot is given the same French, so that the rows stay while the weights form. Without any it writes its own.
    """
    tokenizer = state.any_opened(origin).tokenizer
    if not 0 < len(tokenizer.encode(english)) <= state.MOST_SOURCE:
        return None
    given = 0 < len(tokenizer.encode(french)) <= state.MOST_SOURCE
    forced, own = (state.forced_walk, state.own_walk) if state.walks(origin) else (relatives.forced, relatives.own)
    walk: Passage = forced(origin, english, french) if given else own(origin, english, GREEDY)
    return Forming(moment=origin.moment or 0, walk=walk)


def sentences(origin: state.Origin, told: Sequence[tuple[str, str]], mine: bool) -> str:
    """HTML: each sentence, what a snapshot makes of it, and what is right. Of the learner's own (`mine`) nobody knows that."""
    rows = (row(origin, english, "" if mine and not place else french) for place, (english, french) in enumerate(told))
    return f'<div class="atlas-told" role="status">{"".join(rows)}</div>'


def row(origin: state.Origin, english: str, french: str) -> str:
    """One sentence, in three lines."""
    opened = state.any_opened(origin)
    if not 0 < len(opened.tokenizer.encode(english)) <= state.MOST_SOURCE:
        return ""
    found = opened.tokenizer.decode(relatives.written(origin, english, GREEDY))
    written = f"{found[:LONGEST]}…" if len(found) > LONGEST else found or "…"
    right = _("✓ right") if found == french else _("right: {french}").format(french=french)
    last = f"<small>{html.escape(right)}</small>" if french else ""
    return f'<p><span>{html.escape(english)}</span><span lang="fr">{html.escape(written)}</span>{last}</p>'
