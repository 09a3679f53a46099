"""Where one weight comes from, in short: all its steps are on the page of one head."""

from html import escape

from ui.measures import arithmetic
from ui.session.attentions import Attention
from ui.show import numpy_lines, sums
from ui.show.numpy_lines import Redo
from ui.show.sums import Line
from ui.text import filled
from ui.text import translate as _


def tell(view: Attention, head: int, query: int, key: int) -> None:
    """Room 4: the sum behind the weight of a query and a key, places in `view`."""
    cell = arithmetic.weighing(view.queries[head], view.keys[head], view.values[head], view.mask, query, key)
    asks, answers = view.asking_chip(query), view.key_chip(key)
    title = filled(_("{query} asks, {key} answers in head {head}: {weight}"), query=asks, key=answers,
                   head=head + 1, weight=sums.number(cell.weight, 4))  # fmt: skip
    lines = [Line("q · k", sums.summed(cell.dot)), Line(*sums.divided(cell))]
    if not cell.allowed:
        lines.append(Line(escape(_("mask")), sums.masked(cell, asks, answers), True))
    lines.append(Line("softmax", sums.share(cell, int(view.mask[query].sum())), cell.allowed))
    sums.show(title, lines, redo=numpy_lines.softmax(cell, sums.number(cell.weight, 4)))


def tell_mean(view: Attention, query: int, key: int) -> None:
    """Room 4: the mean of all heads."""
    each = view.weights[:, query, key]
    title = filled(_("How much {query} looks at {key}: the mean of {count} heads"), query=view.query_chip(query),
                   key=view.key_chip(key), count=len(each))  # fmt: skip
    names = [_("head {head}").format(head=head + 1) for head in range(len(each))]
    mean = sums.number(float(each.mean()))
    line = f"({added(each.tolist(), names)}) / {len(each)} = <b>{mean}</b>"
    redo = Redo(numbers={"weights": each}, result="weights.mean()", shows=mean)
    sums.show(title, [Line("Σ α / h", line)], redo=redo)


def added(values: list[float], names: list[str]) -> str:
    """Numbers with their names, to be added, as HTML."""
    return " + ".join(sums.term(sums.bracketed(float(value)), name) for value, name in zip(values, names, strict=True))
