"""One of several pictures of a page, drawn, with what belongs to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ui.show import live_plot, prose, tables
from ui.show.live_plot import Cell, Figure

Table = tuple[list[str], list[list[Any]]]  # the names of the columns, and the rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure and what belongs to it."""

    title: str
    alt: str
    figure: Figure
    on_click: Callable[[Cell], None]
    tell: Callable[[], None]  # room 4
    table: Table

    def plot(self, key: str, scope: str, look: str = "") -> None:
        """The figure alone; `key`, `scope` and `look` as for `live_plot.show`."""
        live_plot.show(self.figure, key, self.alt, scope, on_click=self.on_click, look=look)

    def show(self, key: str, scope: str, look: str, name: str) -> None:
        """All of it, from above to below: the figure, what to look for, what the chosen cell says, the table called `name`."""
        self.plot(key, scope)
        prose.look(look)
        self.tell()
        tables.twin(*self.table, name)
