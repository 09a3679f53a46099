"""Arithmetic as one does it by hand: with the decimals that stand on the paper, rounded half up, nothing carried along unseen."""

from decimal import ROUND_HALF_UP, Context, Decimal
from math import cos, sin

PLACES = 2  # decimals of what is printed, unless an exercise says otherwise
CONTEXT = Context(prec=40)


def rounded(value: float | Decimal, places: int = PLACES) -> Decimal:
    """A number with so many decimals, 0.125 as 0.13 and −0.125 as −0.13; never a 0 with a sign."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    found = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, CONTEXT)
    return found if found else abs(found)


def all_rounded(values: list[float], places: int = PLACES) -> list[Decimal]:
    """The same for several."""
    return [rounded(value, places) for value in values]


def exp(value: Decimal, places: int = PLACES) -> Decimal:
    """e to the power of a number that is printed."""
    return rounded(value.exp(CONTEXT), places)


def log(value: Decimal, places: int = PLACES) -> Decimal:
    """The natural logarithm of a number that is printed."""
    return rounded(value.ln(CONTEXT), places)


def root(value: Decimal | int, places: int = PLACES) -> Decimal:
    """The square root."""
    return rounded(Decimal(value).sqrt(CONTEXT), places)


def share(part: Decimal | int, whole: Decimal | int, places: int = PLACES) -> Decimal:
    """A quotient; `whole` is not 0."""
    return rounded(CONTEXT.divide(Decimal(part), Decimal(whole)), places)


def wave(name: str, angle: Decimal, places: int = PLACES) -> Decimal:
    """`sin` or `cos` of an angle that is printed, in radians."""
    return rounded((sin if name == "sin" else cos)(float(angle)), places)


def written(value: Decimal | int) -> str:
    """A number as it stands on the paper: with a true minus sign, from ten thousand on with commas."""
    plain, commas = "d" if isinstance(value, int) else "f", "," if value >= 10_000 or value <= -10_000 else ""
    return f"{value:{commas}{plain}}".replace("-", "−")


def bracketed(value: Decimal | int) -> str:
    """The same inside a sum: in brackets if it is negative."""
    return written(value) if value >= 0 else f"({written(value)})"


def added(values: list[Decimal]) -> str:
    """`0.50 + (−0.20) + 1.00`."""
    return " + ".join(bracketed(value) for value in values)


def products(left: list[Decimal], right: list[Decimal]) -> str:
    """`0.50 × 2.00 + (−0.20) × 1.00`."""
    return " + ".join(f"{bracketed(one)} × {bracketed(other)}" for one, other in zip(left, right, strict=True))
