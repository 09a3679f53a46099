"""What the chosen point says: theory's count, what the layer multiplies or keeps, and the four kinds beside each other."""

import html

from pages.why_self_attention import asked as asking
from pages.why_self_attention import beside
from pages.why_self_attention.curves import Asked, chosen, constant
from relatives.measuring import Point, Record
from relatives.table_one import HEADS, KERNEL, KINDS, path, products, sequential
from ui.measures.memory import BYTES, size
from ui.show import proof, prose, sums
from ui.text import filled
from ui.text import translate as _

BACK = 2  # products backward for each one forward: for the gradient of the input, and of the weights


def tell(asked: Asked, first: Record | None, older: Record | None) -> None:
    """The chosen point: its sum, and how the four layers stand at its size."""
    points = {each.kind: each for each in (first.points if first else ()) if (each.n, each.d) == (asked.n, asked.d)}
    point = points.get(asked.kind)
    if first is None or point is None:
        return prose.nothing_chosen()
    factor, counted = constant(asked, first, asked.kind), asked.counted(point)
    values: dict[str, object] = {"kind": asking.names()[point.kind], "n": f"{point.n:,}", "d": point.d}
    if asked.what == "time":
        title = filled(_("{kind}, n = {n}, d = {d}: {time} ms"), time=digits(asked.value(point)), **values)
        lines = time_lines(point, counted)
    else:
        title = filled(_("{kind}, n = {n}, d = {d}: {size}"), size=size(point.saved), **values)
        lines = memory_lines(point, counted)
    laid = asked.value(point) / (factor * counted)
    lines.append(
        sums.Line(
            html.escape(_("dotted")),
            filled(_("{times} its line"), times=f"{laid:.2f}×") + sums.why(of_the_line(asked, point)),
        )
    )
    before = next((each for each in (older.points if older else ()) if chosen(asked, each)), None)
    if before:
        value = f"{digits(asked.value(before))} ms" if asked.what == "time" else size(before.saved)
        lines.append(sums.Line(html.escape(_("recorded")), value))
    sums.show(title, lines, four(points, asked))
    why(points, asked)


def of_the_line(asked: Asked, point: Point) -> str:
    """What the dotted line is, and why self-attention leaves it."""
    note = _("Theory × one constant for all points of this kind, by least squares.")
    if point.kind == "attention" and asked.what == "time":
        more = _(
            "Division, mask and softmax go over {heads} × n² = {count} weights, whatever d: the table does not count them."
        )
        return f"{note} {more.format(heads=HEADS, count=f'{HEADS * point.n**2:,}')}"
    return note


def digits(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def short(count: int) -> str:
    """`268.4 M`: a large number in four digits."""
    return f"{count / 1e6:,.4g} M" if count >= 1e6 else f"{count:,}"


def time_lines(point: Point, counted: int) -> list[sums.Line]:
    """Theory's count, what the layer multiplies, how long that took, and how many a second."""
    n, d = f"{point.n:,}", f"{point.d}"
    theory = {"attention": f"n² d = {n}² · {d}", "recurrence": f"n d² = {n} · {d}²"}.get(
        point.kind, f"k n d² = {KERNEL} · {n} · {d}²"
    )
    terms = products(point.kind, point.n, point.d)
    words = {
        "projections": _("W_Q … W_O"), "scores": "Q Kᵀ", "mixing": _("weights · V"), "inputs": "W x", "states": "U h", "filters": _("filters"),
    }  # fmt: skip
    told = " ".join(
        sums.term(f"{'+ ' if at else ''}{short(count)}", words[name]) for at, (name, count) in enumerate(terms.items())
    )
    whole = (1 + BACK) * sum(terms.values())
    took = f"{digits(1e3 * point.forward)} + {digits(1e3 * point.backward)} = <b>{digits(1e3 * point.seconds)} ms</b>"
    speed = filled(_("{speed} products a second"), speed=f"{whole / point.seconds / 1e9:.2f}×10⁹")
    more = _("Backward multiplies twice as much as forward: three times as much in all.")
    if point.kind == "attention":
        more += " " + _("The table counts n² d once and leaves the projections, W_Q to W_O, out.")
    return [
        sums.Line(html.escape(_("theory")), f"{theory} = <b>{counted:,}</b>"),
        sums.Line(html.escape(_("products")), told),
        sums.Line(html.escape(_("time")), took + sums.why(_("Forward + backward.")), True),
        sums.Line(html.escape(_("speed")), speed + sums.why(more)),
        *steps(point),
    ]


def steps(point: Point) -> list[sums.Line]:
    """What a step takes, where steps wait for each other."""
    count = sequential(point.kind, point.n)
    if count == 1:
        return []
    told = f"{digits(1e3 * point.seconds)} / {count:,} = <b>{digits(1e3 * point.seconds / count)} ms</b>"
    note = _("Each step waits for the one before, however many processors there are.")
    return [sums.Line(html.escape(_("a step")), told + sums.why(note))]


def memory_lines(point: Point, counted: int) -> list[sums.Line]:
    """The n x n matrices, or the vectors, and how often they are kept."""
    n, d = f"{point.n:,}", f"{point.d}"
    theory = f"{n} · {d} · {BYTES} = <b>{counted:,}</b>"
    name = "n · d"
    if point.matrix:
        theory, name = f"{n}² · {HEADS} · {BYTES} = <b>{counted:,}</b>", _("n² h")
    times = filled(_("{saved} = {times} × that"), saved=f"{point.saved:,}", times=f"{point.saved / counted:.2f}")
    return [
        sums.Line(html.escape(name), f"{theory} {html.escape(_('bytes'))}"),
        sums.Line(html.escape(_("kept")), times, True),
    ]


def four(points: dict[str, Point], asked: Asked) -> str:
    """HTML: the four layers at this size, as the paper's table has them."""
    rows = []
    for kind, name in asking.names().items():
        each = points.get(kind)
        value = "–" if each is None else digits(asked.value(each)) if asked.what == "time" else size(each.saved)
        rows.append((name, value, f"{sequential(kind, asked.n):,}", f"{path(kind, asked.n):,}"))
    head = ("", "ms" if asked.what == "time" else _("kept"), _("in a row"), _("path"))
    return beside.table(head, rows, KINDS.index(asked.kind))


def why(points: dict[str, Point], asked: Asked) -> None:
    """Who is cheaper here, and what the clock of one thread does not show."""
    one, other = points.get("attention"), points.get("recurrence")
    if one is None or other is None:
        return
    told = _(
        "Why did they stop using LSTMs? Your {own} pieces take one {own} steps, each waiting for the one before; its first word is {back} "
        "steps from the last. Attention: 1 and 1. Here self-attention takes {times} as long as recurrence. But that waits {steps} times in a row."
    )
    if asked.what == "memory":
        told = _("Here self-attention keeps {times} as much as recurrence. Twice n: four times the matrices.")
    link = proof.Link("60_many_heads", _("The maps of your sentence"), {"heads": "maps"})
    proof.show(
        told,
        link,
        times=f"{asked.value(one) / asked.value(other):.2f}×",
        steps=f"{asked.n:,}",
        own=asked.own,
        back=asked.own - 1,
    )
