"""One of several pictures of a page, ready for the page to draw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Cell = Sequence[int | float | None]  # what was clicked
Table = tuple[list[str], list[list[Any]]]  # the names of the columns, and the rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a page draws: the arguments of a figure, and what belongs to it."""

    title: str
    alt: str
    drawing: dict[str, Any]
    on_click: Callable[[Cell], None]
    tell: Callable[[], None]  # room 4
    table: Table
