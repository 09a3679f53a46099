"""Exercises about one head: a query, a score, three weights, the mixture, the mean of heads."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from pages.worksheets.exact import added, all_rounded, bracketed, exp, products, root, rounded, share, written
from pages.worksheets.exercise import Blank, Exercise, Table, line
from pages.worksheets.facts import Facts, dim, largest, name, to, told, where, who
from ui.measures import arithmetic
from ui.session.attentions import Attention
from ui.text import filled
from ui.text import translate as _

FEW = 3  # dimensions, or pieces, of a view
Row = tuple[Attention, int, int, list[int]]  # an attention, a head, a query, and the keys of the view


def row(facts: Facts, count: int = FEW) -> Row | None:
    """A row of a head, and the keys with its largest weights: one where even the last of them has some; `None` if none has two."""

    def throw() -> Row:
        view, head = facts.attention(), facts.head()
        query = facts.dice.randrange(len(view.query_pieces))
        weights = view.weights[head, query]
        allowed = np.flatnonzero(view.mask[query])
        return view, head, query, sorted(allowed[np.argsort(-weights[allowed], kind="stable")[:count]].tolist())

    found = facts.best(throw, lambda each: len(each[3]) + float(each[0].weights[each[1], each[2]][each[3]].min()))
    return found if len(found[3]) > 1 else None


def dot(left: list[Decimal], right: list[Decimal]) -> list[Decimal]:
    """The products of rounded numbers, rounded."""
    return [rounded(one * other) for one, other in zip(left, right, strict=True)]


def summed(
    names: tuple[str, str, str], places: list[int], left: list[Decimal], right: list[Decimal], more: dict[str, Decimal]
) -> tuple[Table, Decimal, list[Decimal]]:  # fmt: skip
    """A table of products in three dimensions, and what else is in the sum; the sum, and all of its terms."""
    terms = [*dot(left, right), *more.values()]
    total = sum(terms, Decimal(0))
    dashes = ["–"] * (len(more) + 1)
    blanks = [
        Blank(written(term), f"{bracketed(a)} × {bracketed(b)}") for a, b, term in zip(left, right, terms, strict=False)
    ]
    return Table(
        head=("", *map(dim, places), *more, _("sum")),
        rows=(
            (names[0], *map(written, left), *dashes), (names[1], *map(written, right), *dashes),
            (names[2], *blanks, *map(written, more.values()), Blank(written(total), added(terms))),
        ),
    ), total, terms  # fmt: skip


def projection(facts: Facts) -> Exercise:
    """One number of a query, a key or a value: three products by hand, the others given as one."""
    view, head = facts.attention(), facts.head()
    letter = facts.pick(("Q", "K", "V"))
    pieces, x = (view.query_pieces, view.asking) if letter == "Q" else (view.key_pieces, view.answering)
    place, column = facts.dice.randrange(len(pieces)), facts.dice.randrange(view.d_head)
    linear = getattr(view.module, f"W_{letter}")
    weights = linear.weight[head * view.d_head + column].detach().numpy()
    bias = rounded(float(linear.bias[head * view.d_head + column]))
    dims = largest(x[place] * weights, FEW)
    rest = rounded(float(np.delete(arithmetic.double(x[place]) * arithmetic.double(weights), dims).sum()))
    left, right = all_rounded(x[place][dims].tolist()), all_rounded(weights[dims].tolist())
    others = _("the {count} others").format(count=len(weights) - FEW)
    table, _total, _terms = summed(("x", f"W_{letter}", "x × W"), dims, left, right, {others: rest, _("bias"): bias})
    own = {"Q": view.queries, "K": view.keys, "V": view.values}[letter][head, place, column]
    return Exercise(
        kind="projection", page="40_queries_keys_values", title=_("One number of {letter}").format(letter=letter), rounding=to(2),
        asked=filled(
            _("{who}: number {column} of {letter} for {piece} is its row x times a column of {matrix}, plus the bias. Multiply and add up."),
            who=who(view, head), column=column, letter=letter, piece=name(pieces[place]), matrix=f"W_{letter}",
        ),
        view=_("Three of the dimensions, those with the largest products, are yours. What the others add up to is given."),
        full=filled(_("Without rounding the model has {own}."), own=written(rounded(float(own), 3))), tables=(table,), room=20,
        there=where(view, head, place if letter == "Q" else 0, 0 if letter == "Q" else place),
    )  # fmt: skip


def score(facts: Facts) -> Exercise:
    """A score from a query and a key: three products, the others given as one, and the division by the root of d_k."""
    view, head = facts.attention(), facts.head()
    query, key = facts.dice.randrange(len(view.query_pieces)), facts.dice.randrange(len(view.key_pieces))
    q, k = arithmetic.double(view.queries[head, query]), arithmetic.double(view.keys[head, key])
    dims, width = largest(q * k, FEW), root(view.d_head)
    rest = rounded(float(np.delete(q * k, dims).sum()))
    more = {_("the {count} others").format(count=len(q) - len(dims)): rest} if len(q) > len(dims) else {}
    table, total, _terms = summed(
        ("q", "k", "q × k"), dims, all_rounded(q[dims].tolist()), all_rounded(k[dims].tolist()), more
    )
    last = Table(
        head=("", _("score")),
        rows=((f"{_('sum')} / √{view.d_head} = {_('sum')} / {written(width)}",
               Blank(written(share(total, width)), f"{bracketed(total)} / {written(width)}")),),
    )  # fmt: skip
    return Exercise(
        kind="score", page="40_queries_keys_values", title=_("A query meets a key"), rounding=to(2), tables=(table, last),
        asked=filled(
            _("{who}: {asks} asks, {key} answers. Multiply query and key dimension by dimension, add up, and divide by √d_k."),
            who=who(view, head), asks=name(view.query_pieces[query]), key=name(view.key_pieces[key]),
        ),
        view=_("Three of the dimensions, those with the largest products, are yours. What the others add up to is given."),
        full=filled(_("Without rounding the model has {own}."), own=written(rounded(float(view.scores[head, query, key]), 3))),
        there=where(view, head, query, key), room=20,
    )  # fmt: skip


def softmax(facts: Facts) -> Exercise | None:
    """From three dot products to three weights."""
    if (found := row(facts)) is None:
        return None
    view, head, query, keys = found
    width = root(view.d_head)
    dots = [rounded(float(view.scores[head, query, key]) * view.d_head**0.5) for key in keys]
    scores = [share(each, width) for each in dots]
    most = max(scores)
    apart = [each - most for each in scores]
    powers = [exp(each) for each in apart]
    total = sum(powers, Decimal(0))
    weights = [share(each, total) for each in powers]
    pieces = told([view.key_pieces[key] for key in keys])
    rows = (
        ("q · k", *map(written, dots), "–"),
        line(f"{_('score')} = q · k / {written(width)}",
         *(Blank(written(s), f"{bracketed(d)} / {written(width)}") for s, d in zip(scores, dots, strict=True)), "–"),
        line(_("score − largest score"),
             *(Blank(written(a), f"{bracketed(s)} − {bracketed(most)}") for a, s in zip(apart, scores, strict=True)), "–"),
        line(_("e to the power of it"), *map(written, powers), Blank(written(total), added(powers))),
        line(_("weight"), *(Blank(written(w), f"{written(p)} / {written(total)}") for w, p in zip(weights, powers, strict=True)), "–"),
    )  # fmt: skip
    return Exercise(
        kind="softmax", page="50_one_head", title=_("Scores become weights"), rounding=to(2),
        tables=(Table(head=("", *pieces, _("sum")), rows=rows),),
        asked=filled(
            _("{who}: {asks} looks at these pieces. Divide by √d_k = √{d_k} = {root}, take the largest score off, and make shares of the powers "
              "of e."),
            who=who(view, head), asks=name(view.query_pieces[query]), d_k=view.d_head, root=written(width),
        ),
        view=part_of(view, query, len(keys)), full=own_weights(view, head, query, keys) if cut(view, query, len(keys)) else "",
        there=where(view, head, query, keys[weights.index(max(weights))]),
    )  # fmt: skip


def cut(view: Attention, query: int, count: int) -> bool:
    """Whether a row has more keys than a view shows."""
    return int(view.mask[query].sum()) > count


def part_of(view: Attention, query: int, count: int) -> str:
    """That a view shows some keys of a row only; nothing if it shows all."""
    if not cut(view, query, count):
        return ""
    told = _(
        "It may look at {all} pieces; here only the {count} with the largest weights share, so each gets more than in the model."
    )
    return filled(told, all=int(view.mask[query].sum()), count=count)


def own_weights(view: Attention, head: int, query: int, keys: list[int]) -> str:
    """The model's own weights of some keys."""
    pieces = told([view.key_pieces[key] for key in keys])
    own = [f"{each} {view.weights[head, query, key]:.2f}" for each, key in zip(pieces, keys, strict=True)]
    return filled(_("In the model, among all pieces: {own}."), own=", ".join(own))


def most(view: Attention, dims: Sequence[int]) -> str:
    """That the view leaves dimensions out; nothing if it does not."""
    told = _("Two of the {d_k} dimensions of v, those in which most is handed over.")
    return filled(told, d_k=view.d_head) if view.d_head > len(dims) else ""


def mixture(facts: Facts) -> Exercise | None:
    """What a head hands over: weights times values, in two dimensions."""
    if (found := row(facts)) is None:
        return None
    view, head, query, keys = found
    dims = largest(view.heads[head, query], 2)
    weights = all_rounded(view.weights[head, query][keys].tolist())
    values = [all_rounded(view.values[head, keys, column].tolist()) for column in dims]
    others = [key for key in np.flatnonzero(view.mask[query]).tolist() if key not in keys]
    rest = [rounded(float(view.weights[head, query][others] @ view.values[head, others, column])) for column in dims]
    more = (
        [line(_("{count} others").format(count=len(others)), *["–"] * (1 + len(dims)), *map(written, rest))]
        if others
        else []
    )
    parts = [[*dot(weights, column), *([rest[at]] if others else [])] for at, column in enumerate(values)]
    totals = [sum(part, Decimal(0)) for part in parts]
    body = [
        line(piece, written(weights[at]), *(written(column[at]) for column in values),
         *(Blank(written(part[at]), products([weights[at]], [column[at]])) for part, column in zip(parts, values, strict=True)))
        for at, piece in enumerate(told([view.key_pieces[key] for key in keys]))
    ]  # fmt: skip
    last = line(
        _("sum"),
        *["–"] * (1 + len(dims)),
        *(Blank(written(all_of), added(part)) for all_of, part in zip(totals, parts, strict=True)),
    )
    own = ", ".join(written(rounded(float(view.heads[head, query, column]), 3)) for column in dims)
    return Exercise(
        kind="mixture", page="50_one_head", title=_("A head mixes values"), rounding=to(2), room=20,
        tables=(Table(
            head=(_("piece"), _("weight"), *(f"v_{each}" for each in dims), *(f"{_('weight')} × v_{each}" for each in dims)),
            rows=(*body, *more, last),
        ),),
        asked=filled(
            _("{who}: from each piece {asks} takes as much of its value v as the weight says. Work out what the head hands over."),
            who=who(view, head), asks=name(view.query_pieces[query]),
        ),
        view=most(view, dims), full=filled(_("Without rounding the model has {own}."), own=own), there=where(view, head, query, keys[0]),
    )  # fmt: skip
