"""One of our models: the operations of a step of its training, part by part, times its steps."""

import html

import streamlit as st

from pages.results import ours
from pages.results.asked import Asked
from pages.results.ours import Model
from relatives.results import flops
from relatives.results.costs import Cost, Stage
from relatives.results.flops import Step
from relatives.results.paper import Paper
from ui.frame.rooms import Rooms
from ui.session import state
from ui.show import prose, sums
from ui.show.sums import Line, number
from ui.text import filled, plain
from ui.text import translate as _


def tell(rooms: Rooms, asked: Asked, model: Model, paper: Paper) -> None:
    """The first line, and the sum; where nothing was counted, the way to do it."""
    named = {
        "name": model.name,
        "score": f"{model.bleu:.1f} BLEU" if asked.mark == "bleu" else f"{model.exact_match:.1f} %",
    }
    if model.cost is None or model.flops is None:
        rooms.seen(_("{name}: {score}; what its training cost was not counted yet."), **named)
    else:
        base = next(each for each in paper.results if each.kind == "self-attention").flops["en_de"]
        told = _("{name}: {score} for {cost} operations, {share} of the paper's base.")
        rooms.seen(told, **named, cost=total(model), share=share(model.flops / base))
        sums.show(filled("{name}: {cost}", name=model.name, cost=total(model)), lines(model, model.cost), foot(model))
    if model.missing or not model.cost:
        uncounted(model)


def total(model: Model) -> str:
    """Its cost, with `≥` if that is not all."""
    whole = bool(model.cost and model.cost.whole)
    return ("" if whole else "≥ ") + number(model.flops or 0.0)


def share(part: float) -> str:
    """A small share as one in so many."""
    return f"1/{float(f'{1 / part:.3g}'):,.0f}" if part < 1 else number(part, 1)


def lines(model: Model, cost: Cost) -> list[Line]:
    """The sum: a step of the last training, its steps, the trainings before it; a check, the time, the exam."""
    stage, step = cost.stages[-1]
    found = [*one_step(step), trained(stage, step)] if step else []
    if len(cost.stages) > 1:
        found.append(earlier(model, cost))
    if step:
        found.append(check(model, step))
    if seconds := sum(stage.seconds for stage, _step in cost.stages):
        told = _("{seconds} s, {speed} operations in each")
        speed = number((model.flops or 0.0) / seconds)
        found.append(Line(html.escape(_("time")), filled(told, seconds=f"{seconds:,.0f}", speed=speed)))
    return [*found, Line(html.escape(_("exam")), filled(_("{exam}: not the paper's"), exam=model.exam))]


def one_step(step: Step) -> list[Line]:
    """A step: the parts of the forward pass, and the way back."""
    parts = dict(sorted(step.forward.items(), key=lambda each: -each[1]))
    forward, names = sum(parts.values()), [part(name) for name in parts]
    note = _(
        "On the way back each product is made twice: for what went in, and for the weights. Mean over {count} batches of an epoch."
    )
    back = f"{number(forward)} + {number(step.backward)} = <b>{number(step.total)}</b>{sums.why(note.format(count=step.batches))}"
    return [
        Line(html.escape(_("forward")), sums.listed_numbers(list(parts.values()), names, total=forward)),
        Line(html.escape(_("+ back")), back),
    ]


def part(name: str) -> str:
    """A part of the model in words; one that is not known, by its name in the code."""
    words = {
        flops.LOGITS: _("logits: the shared matrix"), flops.ATTENTION: _("Q Kᵀ and weights × V"), flops.CELLS: _("recurrent cells"),
        "encoder_layers.self_attention": _("encoder, W of self-attention"), "encoder_layers.feed_forward": _("encoder, feed-forward"),
        "decoder_layers.self_attention": _("decoder, W of self-attention"), "decoder_layers.feed_forward": _("decoder, feed-forward"),
        "decoder_layers.cross_attention": _("decoder, W of cross-attention"),
    }  # fmt: skip
    return words.get(name, name)


def trained(stage: Stage, step: Step) -> Line:
    """A training: a step times the steps."""
    product = f"{number(step.total)} × {stage.steps:,} = <b>{number(step.total * stage.steps)}</b>"
    return Line(html.escape(_("× steps")), product)


def earlier(model: Model, cost: Cost) -> Line:
    """The trainings before the last, folded."""
    rows, before = [], 0.0
    for stage, step in cost.stages[:-1]:
        one, product = (number(step.total), number(stage.steps * step.total)) if step else ("?", "?")
        rows.append((f"{stage.corpus}, {stage.batch_tokens:,}", f"{stage.steps:,} × {one}", product))
        before += stage.steps * step.total if step else 0.0
    summary = sums.term(f"+ {number(before)}", _("{count} earlier trainings").format(count=len(rows)))
    return Line(
        html.escape(_("+ before")),
        f'{sums.folded(summary, rows)} <span class="term">= <b>{number(model.flops or 0.0)}</b></span>',
    )


def check(model: Model, step: Step) -> Line:
    """The rule of thumb, and how many times that was counted."""
    built = state.any_opened(model.origin).model
    matrices, guess = flops.products(built), flops.rule(built, step.pieces)
    note = _(
        "6 × numbers in matrices × pieces, of which half are read and half written. Padding and the products of attention come on top."
    )
    rule = f"6 × {matrices:,} × {step.pieces / 2:,.0f} = <b>{number(guess)}</b>"
    times = filled(_("a step is {times} times that"), times=f"{step.total / guess:.2f}")
    return Line(html.escape(_("check")), f"{rule}; {times}{sums.why(note)}")


def foot(model: Model) -> str:
    """That a card tells the steps of one of several trainings."""
    if not model.cost or model.cost.averaged < 2:
        return ""
    told = _("Its weights are the mean of {count} trainings; its card tells the steps of one, so it cost more.")
    return f"<small>{html.escape(told.format(count=model.cost.averaged))}</small>"


def uncounted(model: Model) -> None:
    """A model, or a part of its past, that was not counted: why not, or the button that does it."""
    if not model.cost:
        return prose.cell(
            _("The card of {name} does not say how it was trained, so nothing can be counted."), name=model.name
        )
    prose.cell(_("{count} of its trainings are not counted yet."), count=len(model.missing))
    if st.button(_("Count a step of each"), key="rs_count"):
        with st.spinner(_("Counting…")):
            fault = ours.count(model)
        if not fault:
            st.rerun(scope="app")
        st.warning(plain(fault))
    return None


def values(models: list[Model], base: float) -> dict[str, str]:
    """The numbers of the lesson: the model of ours that cost least, and how many times as much the paper's base did."""
    known = {each.name: each.flops for each in models if each.flops}
    if not known:
        return {"cheapest": "–", "cheap": "–", "far": "–"}
    name = min(known, key=known.__getitem__)
    return {"cheapest": name, "cheap": number(known[name]), "far": number(base / known[name], 0)}
