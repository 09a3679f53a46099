"""What the score functions are called."""

from pages.score_functions.three import FUNCTIONS, Function, Three
from ui.text import translate as _


def called(function: Function, d_k: int) -> str:
    """A function, short enough for a legend."""
    return {"additive": _("additive"), "dot": "q · k", "scaled": f"q · k ÷ √{d_k}"}[function]


def legend(three: Three) -> list[str]:
    """All three, the model's own marked, and a v that was not learned."""
    told = []
    for function in FUNCTIONS:
        name = called(function, three.view.d_head)
        if function == three.own:
            name = _("{function} (its own)").format(function=name)
        elif function == "additive":
            name = _("additive (v fitted)")
        told.append(name)
    return told


def two(value: float) -> str:
    """A number with two digits and a true minus sign."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
