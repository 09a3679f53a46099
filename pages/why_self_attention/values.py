"""The numbers of the lesson."""

from collections.abc import Sequence

from pages.why_self_attention import asked as asking
from pages.why_self_attention import running
from relatives.measuring import Point
from relatives.table_one import HEADS, KERNEL, path
from ui.frame import Session
from ui.measures.memory import BYTES, size
from ui.session import relatives


def values(session: Session) -> dict[str, str]:
    """Of the sentence, the model, and the chosen size."""
    own, heads, layers, width = asking.counted(session)
    _kind, n, d = asking.point(session)
    record = running.recorded()
    points = {each.kind: each for each in (record.points if record else ()) if (each.n, each.d) == (n, d)}
    return {
        "lstm": best(("lstm", "gru")), "transformer": best(("transformer",)), "back": str(own - 1), "own": str(own),
        "heads": str(heads), "layers": str(layers), "d_model": str(width), "n": f"{n:,}", "d": str(d), "kernel": str(KERNEL),
        "measured_heads": str(HEADS), "squared": f"{own * own:,}", "maps": str(heads * layers), "thousand": size(BYTES * 10**6 * heads * layers),
        "attention_ms": told(points.get("attention")), "recurrence_ms": told(points.get("recurrence")),
        "convolution_ms": told(points.get("convolution")), "dilated_layers": str(path("dilated", n)),
        "convolution_layers": str(path("convolution", n)), "own_size": size(BYTES * own * own * heads * layers),
    }  # fmt: skip


def best(kinds: Sequence[str]) -> str:
    """The largest share of the grammar's held-out sentences that a model of these kinds gets right, as its card tells it; or a dash."""
    found = [
        relatives.exact_match(origin)
        for origin in relatives.models(kinds).values()
        if relatives.learned(origin) == "grammar-en-fr"
    ]
    known = [each for each in found if each is not None]
    return f"{max(known):.0f} %" if known else "–"


def told(point: Point | None) -> str:
    """Milliseconds of a point; a dash if it was not measured."""
    return "–" if point is None else f"{1e3 * point.seconds:.3g}"
