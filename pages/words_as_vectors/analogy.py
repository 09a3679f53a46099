"""The view "Analogies": b - a + c, number by number, and the words nearest to what comes out."""

import numpy as np
import torch

from figures.numbers.vectors import heatmap
from figures.writing.distributions import bars
from pages.words_as_vectors import asked, found, proofs
from pages.words_as_vectors.asked import CELL, POINT, Asked
from pages.words_as_vectors.found import Found, Numbers, chip
from systems.vectors import space
from systems.vectors.windows import SPECIAL
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.session import pointed
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

COUNT = 6  # answers
ROWS = 5  # b, - a, + c, their sum, and the answer


def show(rooms: Rooms, shop: Workshop, question: Asked) -> None:
    """The whole view."""
    assert question.origin is not None
    model = found.found(question.origin)
    words = [found.first_word(asked.text(key))[0] for key in (asked.A, asked.B, asked.C)]
    rows = [found.row_of(model, word) if word else None for word in words]
    if missing := [word for word, row in zip(words, rows, strict=True) if row is None]:
        return asked.unknown(rooms, shop, missing[0], len(model.words) - SPECIAL)
    one, other, third = (torch.from_numpy(row) for row in rows if row is not None)
    trace = space.analogy(one, other, third, model.torch_rows)
    terms, target = trace.terms.numpy(), trace.target.numpy()
    best = found.nearest(model, target, words, COUNT)
    place = pointed.chosen(POINT, len(best)) or 0
    pictures(rooms, shop, model, words, np.vstack((terms, target, unit(model.rows[best[place][0]]))), best)
    a, b, c = (chip(word, at) for at, word in enumerate(words))
    answer = model.words[best[0][0]]
    rooms.seen(_("{a} is to {b} as {c} is to {d}: of all other words {d} points most nearly to where b − a + c leads, cosine {cosine}."),
               a=a, b=b, c=c, d=chip(answer, 3), cosine=f"{best[0][1]:.3f}")  # fmt: skip
    cell = pointed.chosen(CELL, ROWS * len(target))
    with rooms.words:
        told(model, words, terms, target, best[place][0], None if cell is None else divmod(cell, len(target)))
        proofs.analogies(question.origin)
        right, total = found.score(question.origin)
        values = {"a": a, "b": b, "c": c, "d": chip(answer, 3), "cosine": f"{best[0][1]:.3f}", "right": f"{right:,}", "total": f"{total:,}",
                  "share": f"{100 * right / max(1, total):.0f}", "length": f"{np.linalg.norm(target):.3f}"}  # fmt: skip
        prose.depths(shop.lesson.of("analogy"), values)


def unit(row: Numbers) -> Numbers:
    """A row made 1 long."""
    return np.asarray(row / max(float(np.linalg.norm(row)), 1e-12))


def pictures(
    rooms: Rooms, shop: Workshop, model: Found, words: list[str], numbers: Numbers, best: list[tuple[int, float]]
) -> None:
    """The rows that are added up, and the answers."""
    a, b, c = words
    place = pointed.chosen(POINT, len(best)) or 0
    names = [b, f"− {a}", f"+ {c}", "=", model.words[best[place][0]]]
    cell = pointed.chosen(CELL, numbers.size)
    title = _("{b} − {a} + {c}, number by number").format(a=a, b=b, c=c)
    figure = heatmap(numbers, [f"▁{name}" for name in names], names=(_("row"), _("dimension")), title=title, mode=shop.mode,
                     selected=None if cell is None else divmod(cell, numbers.shape[1]))  # fmt: skip
    answers, values = [model.words[at] for at, _value in best], [value for _at, value in best]
    second = _("The words nearest to the sum")
    lower = bars(
        answers, values, title=second, axis_title=_("cosine"), mode=shop.mode, limit=1.0, row=34, selected=place
    )
    said = "; ".join(f"{name} {value:.2f}" for name, value in zip(answers, values, strict=True))
    scope = f"{model.name} {words}"

    def clicked(at: Cell) -> None:
        pointed.choose(CELL, int(at[0] or 0) * numbers.shape[1] + int(at[1] or 0))

    with rooms.picture:
        look = prose.line(shop.lesson.sections["Look at analogy"], {})
        live_plot.show(figure, "wv_terms", f"{title}.", scope, on_click=clicked, look=look)
        live_plot.show(lower, "wv_answers", f"{second}. {said}.", scope, on_click=answered)
        rows = [[name, *map(float, row)] for name, row in zip(names, numbers, strict=True)]
        tables.twin([_("Row"), *map(str, range(numbers.shape[1]))], rows, "wv_analogy")


def answered(cell: Cell) -> None:
    """Point at an answer; no number is chosen any more. Only in callbacks."""
    pointed.choose(CELL, None)
    asked.point(cell)


def told(
    model: Found, words: list[str], terms: Numbers, target: Numbers, answer: int, cell: tuple[int, int] | None
) -> None:
    """The sum behind a number of the map, or behind the cosine of an answer."""
    a, b, c = words
    if cell is None:
        title = filled(_("b − a + c and {word}: cosine {cosine}"), word=chip(model.words[answer], 3),
                       cosine=number(float(target @ unit(model.rows[answer])) / max(float(np.linalg.norm(target)), 1e-12)))  # fmt: skip
        sums.cosine(title, target.tolist(), unit(model.rows[answer]).tolist())
        return
    row, at = cell
    lines = [
        Line(word, f"{number(float(mine[at]))} / {number(float(np.linalg.norm(mine)))} = <b>{number(float(unit(mine)[at]))}</b>", row == n)
        for n, (word, mine) in enumerate((chip(w, k).html, found.row_of(model, w)) for w, k in ((b, 1), (a, 0), (c, 2))) if mine is not None
    ]  # fmt: skip
    parts = " ".join(
        f"{'+ ' if n and value >= 0 else ''}{number(value)}" for n, value in enumerate(terms[:, at].tolist())
    )
    lines.append(Line("b − a + c", f"{parts} = <b>{number(float(target[at]))}</b>", row == 3))
    mine = model.rows[answer]
    divided = (
        f"{number(float(mine[at]))} / {number(float(np.linalg.norm(mine)))} = <b>{number(float(unit(mine)[at]))}</b>"
    )
    lines.append(Line(chip(model.words[answer], 3).html, divided, row == 4))
    sums.show(filled(_("Dimension {at}: each row is divided by its length, then added"), at=at), lines)
