"""The sums behind one cell of an alignment, term by term; and what looking back is good for, with this sentence's own numbers."""

import html
from collections.abc import Sequence

import numpy as np

from figures.labels import label
from pages.alignment import beside
from pages.alignment.asked import Shown
from pages.alignment.looks import called, formula
from relatives.alignment import WINDOW
from ui.frame import Seen, Visit
from ui.measures.arithmetic import DotProduct
from ui.session import relatives, state
from ui.session.state import Origin
from ui.show import numpy_lines, proof, sums
from ui.show.numpy_lines import Redo
from ui.show.proof import Link
from ui.show.sums import Line, number
from ui.text import filled, has_lesson
from ui.text import translate as _

CROSS, LONG, SCORES = "90_cross_attention", "410_the_long_sentence", "430_score_functions"


def cell(shown: Shown) -> None:
    """The score of the chosen cell, its share of the row, and one number of the context that it gives to."""
    weight = float(shown.looks.weights[shown.row, shown.column])
    title = filled(
        _("About to write {query}, {key} answers: {weight}"), query=shown.query, key=shown.key, weight=number(weight, 4)
    )
    sums.show(title, [*scored(shown), *shared(shown), mixed(shown)], f"<p>{whose(shown)}</p>", redo(shown))


def whose(shown: Shown) -> str:
    """Which state asks, as HTML: what a row means is not the same in the two papers."""
    if shown.looks.kind == "bahdanau":
        return filled(_("s is the state before {read} is read: Bahdanau looks first, then reads."), read=shown.read)
    return filled(_("s is the state after {read} is read: Luong reads first, then looks."), read=shown.read)


def scored(shown: Shown) -> list[Line]:
    """The lines down to the score."""
    found, d = shown.looks, shown.dimension
    state, annotation = found.states[shown.row], found.annotations[shown.column]
    score = found.score(shown.row, shown.column)
    asks = None if found.W is None else DotProduct(found.W[d], state, 0.0 if found.b is None else float(found.b[d]))
    if found.U is None:
        lines = [] if asks is None else [Line("W s", summing(asks, _("W s, dim {place}").format(place=d)))]
        return [*lines, Line("s · h" if asks is None else "W s · h", brief(score, d))]
    assert asks is not None
    answers = DotProduct(found.U[d], annotation)
    inside = f"{summing(asks, 'W s + b')} + {summing(answers, 'U h', bracketed=True)}"
    return [
        Line("tanh", f"{inside} → {squeezed(shown, score)}"),
        Line("v · tanh", brief(score, d)),
    ]


def summing(dot: DotProduct, name: str, bracketed: bool = False) -> str:
    """One number that is itself a sum: all its terms fold out."""
    terms = zip(dot.left.tolist(), dot.right.tolist(), dot.products.tolist(), strict=True)
    rows = [
        (_("dim {place}").format(place=place), f"{number(a)} × {sums.bracketed(b)}", number(c))
        for place, (a, b, c) in enumerate(terms)
    ]
    rows += [(_("bias"), "", number(dot.bias))] if dot.bias else []
    return sums.folded(sums.term(sums.bracketed(dot.total) if bracketed else number(dot.total), name), rows)


def squeezed(shown: Shown, score: DotProduct) -> str:
    """The tanh of one dimension; all fold out."""
    asks, answers = shown.looks.queries[shown.row], shown.looks.keys[shown.column]
    rows = [
        (_("dim {place}").format(place=place), f"tanh({number(a)} + {sums.bracketed(b)})", number(c))
        for place, (a, b, c) in enumerate(zip(asks.tolist(), answers.tolist(), score.right.tolist(), strict=True))
    ]
    name, _inside, value = rows[shown.dimension]
    return sums.folded(sums.term(f"tanh = {value}", _("{name}; all of them").format(name=name)), rows)


def shared(shown: Shown) -> list[Line]:
    """The share of the row, and what the window leaves of it."""
    found = shown.looks
    weighing = found.share(shown.row, shown.column)
    lines = [Line("softmax", sums.share(weighing, len(found.annotations)), found.moves is None)]
    if found.moves is not None:
        window = float(found.moves.window[shown.row, shown.column])
        weight = float(found.weights[shown.row, shown.column])
        told = f"{number(weighing.weight, 4)} × {number(window, 4)} = <b>{number(weight, 4)}</b>"
        lines.append(Line(html.escape(_("× window")), told, True))
    return lines


def mixed(shown: Shown) -> Line:
    """One number of the context, over all annotations."""
    names = [label(piece) for piece in shown.looks.walk.source]
    total = brief(shown.looks.mixed(shown.row, shown.dimension), shown.column, names)
    return Line(f"Σ α h {sums.term('', _('dim {place}').format(place=shown.dimension))}", total)


def brief(dot: DotProduct, place: int, names: Sequence[str] | None = None) -> str:
    """A sum in one line: the term at `place`, all others in one number that folds out, the total."""
    called = [_("dim {place}").format(place=each) for each in range(len(dot.left))] if names is None else names
    first = f"{sums.bracketed(float(dot.left[place]))} × {sums.bracketed(float(dot.right[place]))}"
    rest = sums.the_rest(dot, called, [place]) if len(dot.left) > 1 else ""
    return f'{sums.term(first, called[place])} {rest} <span class="term">= <b>{number(dot.total)}</b></span>'


def redo(shown: Shown) -> Redo:
    """The weight in NumPy."""
    found = shown.looks
    weight = number(float(found.weights[shown.row, shown.column]), 4)
    softmax = numpy_lines.softmax(found.share(shown.row, shown.column), weight)
    if found.moves is None:
        return softmax
    window = float(found.moves.window[shown.row, shown.column])
    return Redo(
        numbers={**softmax.numbers, "window": window}, lines=softmax.lines, result=f"{softmax.result} * window", shows=weight
    )  # fmt: skip


def adds(visit: Visit, shown: Shown) -> None:
    """What attention adds to one hidden state: the chance of each piece of this French, with and without; and the ways on."""
    seen, walk = shown.seen, shown.looks.walk
    own = float(np.mean(walk.chances))
    links = [*across(visit, seen), *([Link(LONG, _("By length"))] if has_lesson(LONG) else [])]
    without = alone(seen)
    if without is None:
        told = _("What does looking back add? No model with one hidden state of this corpus is here to compare with.")
        return proof.show(told, *links)
    given = relatives.passage(state.any_opened(without), walk.source_text, walk.written_ids, forced=True)
    told = _(
        "What does looking back add? One hidden state of {width} numbers ({other}) gives each piece of this French {without} "
        "on average, this model {own}; but this French is its own."
    )
    width = state.any_opened(without).model.config.d_model  # type: ignore[attr-defined]
    scores = relatives.exact_match(without), relatives.exact_match(seen.origin)
    if None not in scores:
        told += " " + _("Held-out sentences right letter by letter: {one} % and {two} %.")
    one, two = (f"{score or 0:.0f}" for score in scores)
    return proof.show(
        told, *links, width=width, other=kind_of(without), without=number(float(np.mean(given.chances)), 2), own=number(own, 2), one=one, two=two
    )  # fmt: skip


def alone(seen: Seen) -> Origin | None:
    """The best model with one hidden state that learned the same corpus with the same pieces: LSTM, GRU, tanh."""
    found = (beside.of_kind(seen, kind) for kind in ("lstm", "gru", "tanh"))
    return next((origin for origin in found if origin is not None), None)


def kind_of(origin: Origin) -> str:
    """What a model with one hidden state is called."""
    return state.kind(origin).upper() if state.kind(origin) != "tanh" else "tanh"


def across(visit: Visit, seen: Seen) -> list[Link]:
    """To the Transformer's cross-attention of the same sentence, by the Transformer of the same corpus; none if there is none."""
    found = beside.transformer(visit, seen)
    if found is None:
        return []
    name, origin = found
    asks = {} if origin.folder == visit.question.origin.folder else {"to_checkpoint": name}
    return [Link(CROSS, _("In the Transformer"), asks)]


def go_across(visit: Visit, shown: Shown) -> None:
    """The way to the heads of the Transformer, with what they say of the same sentence."""
    if links := across(visit, shown.seen):
        proof.show(_("The heads themselves, on the same sentence:"), *links)


def values(shown: Shown) -> dict[str, str]:
    """For the lesson."""
    found = shown.looks
    return {
        "query": shown.query, "key": shown.key, "read": shown.read, "kind": called(found.kind), "formula": formula(found.kind),
        "n": str(len(found.annotations)), "rows": str(len(found.walk.written)), "d": str(found.width),
        "window": str(WINDOW), "half": f"{WINDOW / 2:g}",
        "score": number(float(found.scores[shown.row, shown.column])), "weight": number(float(found.weights[shown.row, shown.column]), 4),
        "tanh": f"{len(found.walk.written) * len(found.annotations) * found.width:,}",
    }  # fmt: skip
