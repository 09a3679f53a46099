"""What is behind a point of the picture by d_k: the first random draw term by term, a trained model's heads, or a head of this model."""

import html
import math

import numpy as np

from pages.score_functions.divided import HIGH, LOW, Divided, head_name
from relatives.scaling import sharpness, vectors
from relatives.scaling.heads import HeadFigures, attentions, doubles
from relatives.scaling.recorded import Model
from relatives.scaling.sharpness import Doubles
from relatives.scaling.vectors import DRAWS, SIZES, Drawn
from transformer.trace import Trace
from ui.measures.arithmetic import DotProduct
from ui.show import numpy_lines, sums
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _


def tell(found: Divided, code: str, point: int, trace: Trace) -> None:
    """The point that was clicked."""
    if code in ("random", "raw"):
        return random(found, SIZES[point], divide=code == "random")
    if code == "own":
        return own(found.owns()[point], trace)
    return trained(found, found.of(code)[point], before=code == "before")


def random(found: Divided, d_k: int, divide: bool) -> None:
    """One q . k of the first draw, the row that it stands in, and what all draws came to."""
    queries, keys = (each[0] for each in vectors.vectors(d_k, found.count, found.seed))
    dot = DotProduct(queries[0], keys[0])
    products = queries @ keys.T
    divisor = math.sqrt(d_k) if divide and found.measure != "spread" else 1.0
    row = vectors.softmax(products[0] / divisor)
    all_draws = next(each for each in found.drawn if each.d_k == d_k)
    title = filled(_("Random vectors, d_k = {d_k}: the first q and k of seed {seed}"), d_k=d_k, seed=found.seed)
    lines = [Line("q · k", sums.summed(dot))]
    if found.measure == "spread":
        lines += [
            Line(html.escape(_("spread")), deviation(products), True),
            Line(html.escape(_("theory")), f"√{d_k} = <b>{number(math.sqrt(d_k))}</b>"),
        ]
    else:
        share = f"{number(dot.total)} / {number(divisor)} → <b>{number(float(row[0]), 4)}</b>"
        lines += [Line("softmax", share), sharp(row, found.measure)]
    end = "" if divide or found.measure == "spread" else "_raw"
    lines.append(Line(html.escape(_("{count} draws").format(count=DRAWS)), spread_of(all_draws, found.measure + end)))
    sums.show(title, lines, redo=numpy_lines.product(dot, number(dot.total), ("q", "k")))


def spread_of(drawn: Drawn, name: str) -> str:
    """The mean of all draws, and where most of them lie."""
    values = getattr(drawn, name)
    low, high = (number(float(np.percentile(values, share))) for share in (LOW, HIGH))
    return f"<b>{number(float(values.mean()))}</b> ({low} … {high})"


def deviation(products: Doubles) -> str:
    """A standard deviation, from the mean and the mean of the squares."""
    mean, squares = float(products.mean()), float((products**2).mean())
    term = sums.term(
        f"√({number(squares)} − {sums.bracketed(mean)}²)", _("of {count} products").format(count=products.size)
    )
    return f"{term} = <b>{number(math.sqrt(max(0.0, squares - mean**2)))}</b>"


def sharp(row: Doubles, measure: str) -> Line:
    """The entropy or the gradient of one row, from its weights."""
    if measure == "gradient":
        two, three = float((row**2).sum()), float((row**3).sum())
        told = f"√(Σp² − 2Σp³ + (Σp²)²) = √({number(two)} − 2 × {number(three)} + {number(two)}²)"
        return Line(html.escape(_("gradient")), f"{told} = <b>{number(float(sharpness.gradient(row)))}</b>", True)
    parts = [-float(p) * math.log2(p) if p > 0 else 0.0 for p in row]
    names = [f"−{number(float(p))} log₂ {number(float(p))}" for p in row]
    most = math.log2(len(row))
    share = f"{number(sum(parts))} / log₂ {len(row)} = <b>{number(sum(parts) / most)}</b>"
    return Line(html.escape(_("entropy")), f"{sums.listed_numbers(parts, names, total=sum(parts))}; {share}", True)


def trained(found: Divided, model: Model, before: bool) -> None:
    """The heads of a recorded model, their mean, and how well it translates."""
    told = (
        _("{heads} heads of d_k = {d_k}, divided") if model.scaled else _("{heads} heads of d_k = {d_k}, not divided")
    )
    title = filled(told, heads=model.heads, d_k=model.d_k)
    heads = model.before if before else model.after
    lines = []
    if found.measure != "learned":
        values = [getattr(each, found.measure) for each in heads]
        listed = sums.folded(
            sums.term(f"Σ {number(sum(values))} / {len(values)}", _("{count} heads").format(count=len(values))),
            [(head_name(each), number(value)) for each, value in zip(heads, values, strict=True)],
        )
        what = {"spread": _("spread of q · k"), "entropy": _("entropy"), "gradient": _("gradient")}[found.measure]
        lines.append(Line(html.escape(what), f"{listed} = <b>{number(float(np.mean(values)))}</b>", True))
        if found.measure == "spread":
            lines.append(Line(html.escape(_("theory")), f"√{model.d_k} = <b>{number(math.sqrt(model.d_k))}</b>"))
    if not before:
        told = _("{share} % of {pairs} held-out sentences, after {steps} steps at a peak rate of {rate}")
        exact = filled(
            told,
            share=number(model.exact_match, 1),
            pairs=model.pairs,
            steps=f"{model.steps:,}",
            rate=f"{model.rate:g}",
        )
        loss = filled(_("{loss} nats per piece, held out"), loss=number(model.loss))
        lines += [Line(html.escape(_("exact")), exact, found.measure == "learned"), Line(html.escape(_("loss")), loss)]
    sums.show(title, lines)


def own(head: HeadFigures, trace: Trace) -> None:
    """A head of the sidebar's model on this sentence."""
    attention = dict(attentions(trace))[head.kind, head.layer]
    mask = attention.mask[0, 0].numpy()
    products = doubles(attention.queries[0, head.head] @ attention.keys[0, head.head].mT)[mask]
    d_k = attention.queries.shape[-1]
    lines = [
        Line(html.escape(_("spread")), deviation(products)),
        Line(html.escape(_("theory")), f"√{d_k} = <b>{number(math.sqrt(d_k))}</b>"),
        Line(
            html.escape(_("entropy")),
            sums.term(f"<b>{number(head.entropy)}</b>", _("of log₂ keys, the mean of its rows")),
        ),
        Line(html.escape(_("gradient")), sums.term(f"<b>{number(head.gradient)}</b>", _("the mean of its rows"))),
    ]
    sums.show(filled(_("This model: {head}"), head=head_name(head)), lines)
