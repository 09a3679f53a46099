"""Exercises about the stack: residual connection and LayerNorm, the feed-forward network, the mean of heads."""

from decimal import Decimal

import numpy as np

from pages.worksheets.exact import added, all_rounded, bracketed, root, rounded, share, written
from pages.worksheets.exercise import Blank, Exercise, Table, line
from pages.worksheets.facts import Facts, dim, name, to, told, who
from pages.worksheets.kinds.head import dot
from pages.worksheets.kinds.head import row as chosen
from ui.session.walk import array
from ui.text import filled
from ui.text import translate as _

FEW, HEADS = 4, 4  # dimensions or units of a view; heads that are given one by one


def normed(facts: Facts) -> Exercise | None:
    """x + Sublayer(x), and LayerNorm of these four numbers alone."""
    walk = facts.session.walk
    layer = facts.dice.randrange(len(walk.trace.encoder.layers))
    trace, place = walk.trace.encoder.layers[layer].after_attention, facts.dice.randrange(len(walk.source))
    dims = facts.some(FEW, trace.added.size(-1))
    x = all_rounded(array(trace.input[0])[place, dims].tolist())
    table = normed_by_hand(dims, x, all_rounded(array(trace.added[0] - trace.input[0])[place, dims].tolist()))
    if table is None:
        return None
    mean_of, deviation_of = float(trace.mean[0, place, 0]), float(trace.deviation[0, place, 0])
    return Exercise(
        kind="normed", page="70_the_stack", title=_("Add and norm"), rounding=to(2), room=18,
        tables=(table,),
        asked=filled(
            _("Encoder layer {layer}, {piece}: add what attention adds, then norm the four sums: take off their mean, divide by the root of the "
              "mean of the squares."),
            layer=layer + 1, piece=name(walk.source[place]),
        ),
        view=filled(
            _("Four of {all} dimensions. The model norms all of them together, then multiplies by a gain and adds a bias."), all=trace.added.size(-1)
        ),
        full=filled(_("The model’s own mean is {mean}, its deviation {deviation}."),
                    mean=written(rounded(mean_of)), deviation=written(rounded(deviation_of))),
        there={"stack": "norm", "side": "source", "source": str(place + 1), "layer": str(layer + 1)},
    )  # fmt: skip


def normed_by_hand(dims: list[int], x: list[Decimal], more: list[Decimal]) -> Table | None:
    """The sums of two rows, less their mean, over their deviation; `None` if they are all alike."""
    sums = [a + b for a, b in zip(x, more, strict=True)]
    mean = share(sum(sums, Decimal(0)), len(sums))
    apart = [each - mean for each in sums]
    squares = [rounded(each * each) for each in apart]
    variance = share(sum(squares, Decimal(0)), len(squares))
    deviation = root(variance)
    if not deviation:
        return None
    body = (
        line("x", *map(written, x), "–"),
        line(_("attention adds"), *map(written, more), "–"),
        line(_("sum"), *(Blank(written(s), added([a, b])) for s, a, b in zip(sums, x, more, strict=True)),
         Blank(written(mean), f"({added(sums)}) / {len(sums)}")),
        line(_("− mean"),
             *(Blank(written(a), f"{bracketed(s)} − {bracketed(mean)}") for a, s in zip(apart, sums, strict=True)), "–"),
        line(_("squared"),
             *(Blank(written(q), f"{bracketed(a)} × {bracketed(a)}") for q, a in zip(squares, apart, strict=True)),
         Blank(written(variance), f"({added(squares)}) / {len(squares)}")),
        line(_("deviation = √ of that mean"), *["–"] * len(x), Blank(written(deviation), f"√({written(variance)})")),
        line(_("(sum − mean) / deviation"),
             *(Blank(written(share(a, deviation)), f"{bracketed(a)} / {written(deviation)}") for a in apart), "–"),
    )  # fmt: skip
    return Table(head=("", *map(dim, dims), _("mean of the row")), rows=body)


def fed(facts: Facts) -> Exercise:
    """ReLU, and one number of what the feed-forward network hands over: four units by hand, the others given as one."""
    walk, model = facts.session.walk, facts.session.checkpoint.model
    layer = facts.dice.randrange(len(walk.trace.encoder.layers))
    trace, place = walk.trace.encoder.layers[layer].feed_forward, facts.dice.randrange(len(walk.source))
    module = model.encoder_layers[layer].feed_forward.W_2  # type: ignore[union-attr]
    column = facts.dice.randrange(trace.output.size(-1))
    hidden, weights = array(trace.hidden[0])[place], module.weight[column].detach().numpy()  # type: ignore[union-attr,index,operator]
    on, off = (np.flatnonzero(mask) for mask in (hidden > 0, hidden <= 0))
    strong = on[np.argsort(-np.abs(hidden[on] * weights[on]), kind="stable")[:2]].tolist()
    units = sorted([*strong, *facts.dice.sample(off.tolist(), min(2, len(off)))])
    others = np.delete(np.maximum(hidden, 0).astype(float) * weights, units)
    rest, bias = rounded(float(others.sum())), rounded(float(module.bias[column]))  # type: ignore[union-attr,index,arg-type]
    inside, by = all_rounded(hidden[units].tolist()), all_rounded(weights[units].tolist())
    active = [max(each, Decimal("0.00")) for each in inside]
    terms = [*dot(active, by), rest, bias]
    total, dashes = sum(terms, Decimal(0)), ["–"] * 3
    table = Table(
        head=("", *(_("unit {place}").format(place=unit) for unit in units), _("{count} others").format(count=len(others)), _("bias"), _("sum")),
        rows=(
            line("x W_1 + b_1", *map(written, inside), *dashes),
            line("ReLU", *(Blank(written(a), f"max(0, {written(h)})") for a, h in zip(active, inside, strict=True)), *dashes),
            line(f"W_2, {dim(column)}", *map(written, by), *dashes),
            line(_("product"), *(Blank(written(t), f"{written(a)} × {bracketed(w)}") for t, a, w in zip(terms, active, by, strict=False)),
             written(rest), written(bias), Blank(written(total), added(terms))),
        ),
    )  # fmt: skip
    return Exercise(
        kind="fed", page="70_the_stack", title=_("The feed-forward network"), rounding=to(2), tables=(table,), room=20,
        asked=filled(
            _("Encoder layer {layer}, {piece}: let ReLU through what is positive, multiply by W_2, add up. What comes out in dimension {column}?"),
            layer=layer + 1, piece=name(walk.source[place]), column=column,
        ),
        view=filled(_("{few} of the {all} units are yours. What the others add up to is given."), few=len(units), all=len(hidden)),
        full=filled(_("Without rounding the model has {own}."), own=written(rounded(float(trace.output[0, place, column]), 3))),
        there={"stack": "units", "side": "source", "source": str(place + 1), "layer": str(layer + 1)},
    )  # fmt: skip


def heads(facts: Facts) -> Exercise | None:
    """The mean of all heads, and the mean without one of them."""
    if (found := chosen(facts)) is None or facts.session.walk.heads < 2:
        return None
    view, _head, query, keys = found
    count, gone = len(view.weights), facts.dice.randrange(min(HEADS, len(view.weights)))
    shown = [all_rounded(view.weights[head, query, keys].tolist()) for head in range(min(HEADS, count))]
    rest = all_rounded(view.weights[HEADS:, query, keys].sum(0).tolist())
    columns = [[*(row[at] for row in shown), *([rest[at]] if count > HEADS else [])] for at in range(len(keys))]
    totals = [sum(column, Decimal(0)) for column in columns]
    without = [total - shown[gone][at] for at, total in enumerate(totals)]
    lines = [line(_("head {head}").format(head=head + 1), *map(written, row)) for head, row in enumerate(shown)]
    if count > HEADS:
        lines.append(line(_("heads {first} to {last} added").format(first=HEADS + 1, last=count), *map(written, rest)))
    body = (
        *lines,
        line(_("sum of all {count}").format(count=count), *(Blank(written(t), added(c)) for t, c in zip(totals, columns, strict=True))),
        line(_("mean"), *(Blank(written(share(t, count)), f"{written(t)} / {count}") for t in totals)),
        line(_("mean without head {head}").format(head=gone + 1),
         *(Blank(written(share(w, count - 1)), f"({written(t)} − {written(shown[gone][at])}) / {count - 1}")
           for at, (w, t) in enumerate(zip(without, totals, strict=True)))),
    )  # fmt: skip
    return Exercise(
        kind="heads", page="60_many_heads", title=_("The mean of the heads"), rounding=to(2), room=18,
        tables=(Table(head=(_("weight of"), *told([view.key_pieces[key] for key in keys])), rows=body),),
        asked=filled(
            _("{attention}: how much does {asks} look at these pieces on average, with all heads and without head {head}?"),
            attention=who(view, 0).rpartition(",")[0], asks=name(view.query_pieces[query]), head=gone + 1,
        ),
        view=filled(_("{count} of the {all} pieces that it may look at."), count=len(keys), all=int(view.mask[query].sum()))
        if int(view.mask[query].sum()) > len(keys) else "",
        there={"kind": view.kind, "layer": str(view.layer + 1)},
    )  # fmt: skip
