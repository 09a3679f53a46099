"""A row of the ablation in words: what is changed, what came of it, whether that is more than noise, and how to train it."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean

import streamlit as st

from relatives.results.ablation import BASE, CORPUS, ROWS, Found, base, command, recipe
from relatives.results.paper import Paper
from transformer.checkpoint import CheckpointError, folder_of, read_card
from transformer.training.run import make_recipe
from ui.frame.rooms import Rooms
from ui.show import proof, prose, sums
from ui.show.sums import number
from ui.text import filled
from ui.text import translate as _

Runs = Mapping[str, Sequence[Found]]
TRAIN = "300_train"


def name(row: str) -> str:
    """A row of ours in a few words."""
    return _("base") if row == BASE else spelled(ROWS[row].changes)


def spelled(changes: Mapping[str, object]) -> str:
    """What is changed, in a few words; d_k and d_v where they do not follow from the rest."""
    follows = {"d_k", "d_v"} if {"heads", "d_model"} & changes.keys() else {"d_v"}
    words = {
        "heads": _("heads {value}"), "layers": _("layers {value}"), "d_model": "d_model {value}", "d_ff": "d_ff {value}", "d_k": "d_k {value}",
        "dropout": _("dropout {value}"), "label_smoothing": _("smoothing {value}"), "positions": _("positions learned"),
        "without": _("no {value}"), "peak_rate": _("rate {value}"),
    }  # fmt: skip
    return ", ".join(
        words.get(key, "{value}").format(value=plain(value)) for key, value in changes.items() if key not in follows
    )


def plain(value: object) -> str:
    """A value as people write it; a part that is missing, in words."""
    parts = {
        "positions": _("positions"),
        "scaling": "÷ √d_k",
        "residual": _("residual"),
        "norm": "LayerNorm",
        "mask": _("mask"),
    }
    return f"{value:g}" if isinstance(value, float) else parts.get(str(value), str(value))


def tell(rooms: Rooms, row: str, by_row: Runs, paper: Paper) -> None:
    """The first line, the sum, and the ways to train it."""
    runs, usual = by_row[row], by_row[BASE]
    if not runs or not usual:
        rooms.seen(_("{row} was not trained yet."), row=name(row))
        prose.cell(_("Train it in a terminal: the record grows by itself."))
    else:
        seen(rooms, row, by_row)
        sums.show(filled("{row}", row=name(row)), lines(row, by_row, paper))
    proof.ways(proof.Link(TRAIN, _("Train it here"), asks(row)), name="ablation")
    with st.expander(_("Or in a terminal"), type="compact", key="rs_terminal"):
        st.code(command(row), language="bash", wrap_lines=True)


def seen(rooms: Rooms, row: str, by_row: Runs) -> None:
    """The first line."""
    usual = f"{mean(by_row[BASE]):.1f}"
    if row == BASE:
        return rooms.seen(
            _("The base gets {usual} % of the sentences right. What happens if one thing is changed?"), usual=usual
        )
    told = _("{row}: {mark} % right, the base {usual} %.") + f" {verdict(row, by_row)}"
    return rooms.seen(told, row=name(row), mark=f"{mean(by_row[row]):.1f}", usual=usual)


def mean(runs: Sequence[Found]) -> float:
    """Exact match, mean over the runs, per cent."""
    return fmean(run.exact_match for run in runs)


def inside(row: str, by_row: Runs) -> bool:
    """Whether the mean of a row lies between the lowest and the highest run of the base."""
    marks = [run.exact_match for run in by_row[BASE]]
    return min(marks) <= mean(by_row[row]) <= max(marks)


def verdict(row: str, by_row: Runs) -> str:
    """Whether it is more than noise, as far as that can be said."""
    if len(by_row[BASE]) < 2:
        return _("The base was trained once, so the noise is not known.")
    return (
        _("That is within the base's own noise.")
        if inside(row, by_row)
        else _("That is more than the base's own noise.")
    )


def lines(row: str, by_row: Runs, paper: Paper) -> list[sums.Line]:
    """What is changed, the runs, the base's runs, the loss, the cost, and what the paper found."""
    runs, usual = by_row[row], by_row[BASE]
    first = runs[0]
    low, high = (f"{end(run.exact_match for run in usual):.1f}" for end in (min, max))
    bleu, spread = f"{fmean(run.bleu for run in runs):.1f}", (f"{first.loss_low:.3f}", f"{first.loss_high:.3f}")
    loss = _("{loss} nats a piece, 95 % in {low} to {high} (seed {seed}); BLEU {bleu}")
    cost = _("{parameters} parameters, {steps} steps, {flops} operations")
    seeds = ", ".join(str(run.seed) for run in runs)
    right = filled(_("{marks} %, seeds {seeds}"), marks=listed([run.exact_match for run in runs]), seeds=seeds)
    told = [
        (_("changed"), difference(row)),
        (_("right"), right),
        (_("base"), filled(_("{low} to {high} %, runs: {count}"), low=low, high=high, count=len(usual))),
        (_("loss"), filled(loss, loss=f"{first.loss:.3f}", low=spread[0], high=spread[1], seed=first.seed, bleu=bleu)),
        (_("cost"), filled(cost, parameters=f"{first.parameters:,}", steps=f"{first.steps:,}", flops=number(first.flops))),
        (_("paper"), found_there(row, paper)),
    ]  # fmt: skip
    return [sums.Line(html.escape(what), how) for what, how in told]


def listed(marks: Sequence[float]) -> str:
    """Marks, one after the other."""
    return ", ".join(f"{mark:.1f}" for mark in marks)


def difference(row: str) -> str:
    """What the recipe says instead, as HTML; how many dimensions each head has, if that follows."""
    usual, now = base(), recipe(row, seed=1)
    given = asdict(make_recipe(usual))
    told = [f"{key} {plain(given[key]) or '–'} → {plain(value)}" for key, value in ROWS[row].changes.items()]
    if {"heads", "d_model"} & ROWS[row].changes.keys():
        told.append(f"d_k {usual['d_model'] // usual['heads']} → {now['d_model'] // now['heads']}")
    if lacks := ROWS[row].changes.get("without"):
        told = [f"without {plain(lacks)}"]
    return filled("{told}", told=", ".join(told) or _("nothing"))


def found_there(row: str, paper: Paper) -> str:
    """What Table 3 says of the same question, as HTML."""
    changes = set(ROWS[row].changes) - {"peak_rate"}
    asked = {"positions"} if ROWS[row].changes.get("without") == "positions" else changes
    same = [each for each in paper.variations if asked & set(each.changes) and each.part != "B"]
    if not same:
        return html.escape(_("does not try this") if row != BASE else f"{paper.base.bleu:g} BLEU")
    told = "; ".join(f"{spelled(each.changes)}: {each.bleu:g}" for each in same)
    return filled(_("{told} BLEU (base {usual})"), told=told, usual=f"{paper.base.bleu:g}")


def asks(row: str) -> dict[str, str]:
    """What the page of training shall show: the recipe of the row."""
    asked = recipe(row, seed=1)
    given = {
        f"train_{key}": str(value)
        for key, value in asked.items()
        if key not in ("corpus", "without", "snapshots", "validation_pairs")
    }
    return {
        "train_corpus": CORPUS,
        "train_from": "nothing",
        "train_stop": "epochs",
        "train_without": asked.get("without", "nothing"),
    } | given


def values(by_row: Runs, paper: Paper) -> dict[str, str]:
    """The numbers of the lesson."""
    known = {row: runs for row, runs in by_row.items() if runs}
    small = [each for each in paper.variations if paper.base.bleu - each.bleu < 1]
    found = {
        "paper": f"{paper.base.bleu:g}",
        "small": str(len(small)),
        "all": str(len(paper.variations)),
        "full": full(),
    }
    if BASE not in known:
        names = "usual runs steps fallen mask_loss base_loss mask_mark noise low high sentences"
        return found | dict.fromkeys(names.split(), "–")
    mask, usual = known.get("no-mask", known[BASE]), known[BASE]
    marks, noise = (
        [run.exact_match for run in usual],
        [name(row) for row in known if row != BASE and inside(row, by_row)],
    )
    fallen = [name(row) for row, runs in known.items() if mean(runs) < mean(usual) / 2]
    return found | {
        "usual": f"{mean(usual):.1f}", "runs": str(len(usual)), "steps": f"{usual[0].steps:,}", "fallen": "; ".join(fallen) or _("none"),
        "mask_loss": f"{mask[0].loss:.3f}", "base_loss": f"{usual[0].loss:.3f}", "mask_mark": f"{mean(mask):.1f}",
        "noise": "; ".join(noise) or _("none"), "low": f"{min(marks):.1f}", "high": f"{max(marks):.1f}", "sentences": str(usual[0].sentences),
    }  # fmt: skip


def full() -> str:
    """What the base comes to with all the steps of its recipe: the shipped model of the grammar, by its card; a dash without it."""
    try:
        return f"{read_card(folder_of(CORPUS))['evaluations'][-1]['exact_match']:.1f}"
    except (CheckpointError, LookupError, TypeError, ValueError):
        return "–"
