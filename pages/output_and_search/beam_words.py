"""Room 4 of the searches: the score of a node of the tree, what a forced piece costs, and greedy search beside beam search."""

import html
from collections.abc import Sequence

import streamlit as st

from figures.labels import label
from pages.output_and_search.beam import Node, Place, Tree
from pages.output_and_search.greedy import Path, decoded
from pages.output_and_search.why import noted
from transformer.decoding.hypotheses import penalty_of_length
from ui.frame import Session
from ui.show import sums
from ui.show.numpy_lines import Redo
from ui.show.sums import Line, number, why
from ui.text import filled
from ui.text import translate as _

TERMS = 3  # log-probabilities that are written out


def addends(values: Sequence[float], names: Sequence[str]) -> str:
    """Log-probabilities, each over its piece; the first ones in one number if they are many."""
    first = len(values) - TERMS if len(values) > TERMS + 1 else 0
    early, shown = values[:first], list(zip(values, names, strict=True))[first:]
    terms = [
        f'<span class="term">{sums.bracketed(value)}<small>{html.escape(name)}</small></span>' for value, name in shown
    ]
    if early:
        more = html.escape(_("the first {count}").format(count=len(early)))
        terms.insert(0, f'<span class="term">{sums.bracketed(sum(early))}<small>{more}</small></span>')
    return " + ".join(terms)


def node(session: Session, found: Tree, place: Place) -> None:
    """The sum of log-probabilities of a hypothesis, its length penalty, its score, and what became of it."""
    here, path = found.at[place], found.path(place)
    title = filled(
        _("Step {step}, rank {rank}: {text}"), step=here.step, rank=here.rank + 1, text=decoded(session, here.ids)
    )
    total = addends([each.log_probability for each in path], [each.label for each in path])
    penalty = penalty_of_length(here.step, found.alpha)
    lines = [
        Line(html.escape(_("sum of log p")), f"{total} = <b>{number(here.total)}</b>"),
        Line(
            html.escape(_("length penalty")),
            f"((5 + {here.step}) / 6)<sup>{found.alpha:.1f}</sup> = <b>{number(penalty, 4)}</b>",
        ),
        Line(html.escape(_("score")), f"{number(here.total)} / {number(penalty, 4)} = <b>{number(here.score)}</b>"),
        Line(html.escape(_("so it was")), fate(found, here)),
    ]
    redo = Redo(
        numbers={"log_p": [each.log_probability for each in path], "alpha": found.alpha},
        result="log_p.sum() / ((5 + len(log_p)) / 6) ** alpha", shows=number(here.score),
    )  # fmt: skip
    sums.show(title, lines, redo=redo)


def fate(found: Tree, here: Node) -> str:
    """Kept, pruned or finished, and why."""
    before = found.steps[here.step - 2].finished if here.step > 1 else ()
    places = found.width - len(before)
    count = len(found.steps[here.step - 1].candidates)
    words = {"kept": _("kept"), "pruned": _("pruned"), "finished": _("finished")}
    told = _("Rank {rank} of {count} candidates; {places} places were free.").format(
        rank=here.rank + 1, count=count, places=places
    )
    return f"<b>{html.escape(words[here.fate])}</b>{why(told)}"


def translations(session: Session, rows: Sequence[tuple[str, Sequence[int], float, float | None]], told: str) -> None:
    """Translations one over the other: name, ids, log-probability and, if there is one, score; and a sentence (HTML)."""
    lines = "".join(
        f'<div style="margin-bottom:0.35rem"><span style="display:inline-block;min-width:5rem">{html.escape(name)}</span>'
        f'<b lang="fr">{html.escape(noted(session, ids))}</b> <span style="white-space:nowrap">({marks(total, score)})</span></div>'
        for name, ids, total, score in rows
    )
    st.html(f'<div class="atlas-cell" role="status">{lines}{told}</div>')


def marks(total: float, score: float | None) -> str:
    """The log-probability and the score in a few words."""
    words = _("log p {total}").format(total=number(total))
    return html.escape(words if score is None else f"{words}, " + _("score {score}").format(score=number(score)))


def forced(session: Session, free: Path, mine: Path) -> None:
    """The free translation over the forced one, and what the forced piece cost."""
    if not mine.forced:
        told = _("The model is free: every step takes the first row. Click another piece to force it.")
        return translations(session, [(_("Greedy"), free.ids, free.total, None)], html.escape(told))
    place = mine.forced - 1
    name = label(session.checkpoint.tokenizer.piece(mine.ids[place]).piece)
    told = filled(
        _("At step {step} you forced {piece} (rank {rank}, log p {p}). Then the model chose again. The whole is less probable by {cost}."),
        step=place + 1, piece=name, rank=mine.ranks[place] + 1, p=number(float(mine.taken[place])), cost=number(free.total - mine.total),
    )  # fmt: skip
    if mine.total > free.total:
        told = filled(
            _("At step {step} you forced {piece}, rank {rank} there. The whole is now more probable, by {gain}: greedy search had missed it."),
            step=place + 1, piece=name, rank=mine.ranks[place] + 1, gain=number(mine.total - free.total),
        )  # fmt: skip
    rows = [(_("Greedy"), free.ids, free.total, None), (_("With your piece"), mine.ids, mine.total, None)]
    return translations(session, rows, told)


def table(found: Tree) -> list[list[str | float]]:
    """Every candidate of every step, not rounded."""
    words = {"kept": _("kept"), "pruned": _("pruned"), "finished": _("finished")}
    return [
        [each.step, each.rank + 1, each.label, "" if each.parent is None else each.parent + 1, each.log_probability,
         each.total, each.score, words[each.fate]]
        for each in found.nodes
    ]  # fmt: skip


def table_columns() -> list[str]:
    """What is in them."""
    names = (_("Step"), _("Rank"), _("Piece"), _("Goes on with rank"), _("Log-probability"), _("Sum"), _("Score"))
    return [*names, _("Kept or pruned")]
