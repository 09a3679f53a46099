"""Which points are shown, and the one constant by which theory's count becomes milliseconds or bytes."""

from dataclasses import dataclass

from relatives.measuring import Point, Record
from relatives.table_one import KINDS, operations
from ui.measures.memory import BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the controls say."""

    what: str  # time, memory
    by: str  # n, d: what runs along the axis
    kind: str
    n: int
    d: int
    own: int  # pieces of the learner's sentence

    def at(self, point: Point) -> bool:
        """Whether a point lies on the curves that are shown."""
        return point.d == self.d if self.by == "n" else point.n == self.n

    def across(self, point: Point) -> int:
        """Where it lies on them."""
        return point.n if self.by == "n" else point.d

    def value(self, point: Point) -> float:
        """Milliseconds or bytes."""
        return 1e3 * point.seconds if self.what == "time" else float(point.saved)

    def counted(self, point: Point) -> int:
        """What theory counts: the table's operations, or the bytes of the matrices or of the vectors."""
        if self.what == "time":
            return operations(point.kind, point.n, point.d)
        return point.matrix or BYTES * point.n * point.d


def curves(asked: Asked, record: Record) -> list[tuple[str, list[Point]]]:
    """The points that are shown, by kind; kinds without any are left out."""
    found = [
        (kind, sorted((each for each in record.points if each.kind == kind and asked.at(each)), key=asked.across))
        for kind in KINDS
    ]
    return [(kind, points) for kind, points in found if points]


def chosen(asked: Asked, point: Point) -> bool:
    """Whether it is the one that was chosen."""
    return (point.kind, point.n, point.d) == (asked.kind, asked.n, asked.d)


def constant(asked: Asked, record: Record, kind: str) -> float:
    """The one number by which theory's count of a kind becomes the measured unit: least squares over all its points."""
    if not (mine := [each for each in record.points if each.kind == kind]):
        return 0.0
    pairs = [(asked.counted(each), asked.value(each)) for each in mine]
    return sum(count * value for count, value in pairs) / sum(count * count for count, _value in pairs)
