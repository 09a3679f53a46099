"""Greedy search that can be forced: what was written, what else could have been at each step, and another word instead.

The forced beginning of a translation is in the address as ids with points between them, up to the last piece that was forced.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from figures.labels import label
from transformer.config import Config
from transformer.decoding.reading import source_rows, target_row, without_specials
from transformer.decoding.search import best, greedy
from ui.frame import Session
from ui.measures.search import most
from ui.session import choice, state
from ui.session.kept import hold
from ui.session.state import Origin
from ui.text import translate as _

FORCE = "force"  # key in the address
ALTERNATIVES = 6  # rows of the picture
Ids = tuple[int, ...]
Cell = Sequence[int | float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A translation piece by piece, with what else could have been written at each step."""

    ids: Ids
    forced: int  # so many of them were given, the last by the learner's click
    finished: bool
    others: NDArray[np.int64]  # rank position: the best next pieces, the best first
    log_probabilities: NDArray[np.float64]  # rank position
    taken: NDArray[np.float64]  # position: of the pieces that were written
    ranks: tuple[int, ...]  # of the pieces that were written, 0 the most probable

    @property
    def total(self) -> float:
        """The log-probability of the whole translation."""
        return float(self.taken.sum())

    @property
    def rows(self) -> tuple[int | None, ...]:
        """In which row of `others` the written piece is, at each position."""
        columns = zip(self.others.T.tolist(), self.ids, strict=True)
        return tuple(column.index(id) if id in column else None for column, id in columns)


@st.cache_resource(max_entries=256, show_spinner=False)
def path(origin: Origin, text: str, beginning: Ids) -> Path:
    """The `beginning`, and from there greedily to the end. The numbers are those of one forward pass over the whole."""
    checkpoint = state.opened(origin)
    model, source = checkpoint.model, checkpoint.tokenizer.encode(text)
    end = model.config.end_id
    ids = tuple(beginning)
    if not ids or ids[-1] != end:
        ids = tuple(best(greedy(model, source, most(model.config), prefix=beginning)).ids)
    with torch.inference_mode():
        logits = (
            model(source_rows(model, [source]), target_row(model, ids[:-1])).logits[0].double()
        )  # position vocabulary
        scores = without_specials(logits.log_softmax(-1), model.config)
    top = scores.topk(min(ALTERNATIVES, scores.size(1)))
    taken = scores[torch.arange(len(ids)), torch.tensor(ids)]
    return Path(
        ids=ids, forced=len(beginning), finished=ids[-1] == end, others=top.indices.T.numpy(),
        log_probabilities=top.values.T.numpy(), taken=taken.numpy(),
        ranks=tuple((scores > taken[:, None]).sum(-1).tolist()),
    )  # fmt: skip


def remember(session: Session) -> None:
    """Hold the forced beginning. That of another sentence or another model is forgotten."""
    scope = f"{session.origin.folder} {session.walk.source_text}"
    if st.session_state.setdefault("_force_scope", scope) != scope:
        st.session_state[FORCE], st.session_state["_force_scope"] = "", scope
    hold(FORCE, "")


def beginning(config: Config) -> Ids:
    """The forced ids: as many of those in the address as can begin a translation."""
    found: list[int] = []
    for word in str(st.session_state.get(FORCE) or "").split(".")[: most(config)]:
        id = int(word) if word.isascii() and word.isdigit() and len(word) < 9 else -1
        if not 0 <= id < config.vocabulary_size or id in (config.padding_id, config.start_id):
            break
        found.append(id)
        if id == config.end_id:
            break
    return tuple(found)


def asked(session: Session) -> Path:
    """The translation that begins as the learner wants."""
    ids = beginning(session.checkpoint.model.config)
    return path(session.origin, session.walk.source_text, ids)


def force(ids: Ids) -> None:
    """Go on from these pieces. Only in callbacks."""
    st.session_state[FORCE] = ".".join(map(str, ids))


def without_own_choice(ids: Ids, ranks: Sequence[int]) -> Ids:
    """The beginning without what greedy search would have written anyway at its end."""
    length = len(ids)
    while length and ranks[length - 1] == 0:
        length -= 1
    return ids[:length]


def choose(found: Path) -> Callable[[Cell], None]:
    """For `live_plot.show(on_click=...)`: force the piece of a cell `[rank, position]`."""

    def taken(cell: Cell) -> None:
        rank, position = int(cell[0] or 0), int(cell[1] or 0)
        ids = (*found.ids[:position], int(found.others[rank, position]))
        force(without_own_choice(ids, (*found.ranks[:position], rank)))
        choice.set_place(choice.WRITTEN, position)

    return taken


def framed(found: Path) -> tuple[int, int] | None:
    """The cell to be framed, the last piece that was forced; or the column of the chosen piece, `(-1, column)`."""
    place = choice.place(choice.WRITTEN, len(found.ids))
    if found.forced and place in (None, found.forced - 1):
        row = found.rows[found.forced - 1]
        return (-1 if row is None else row), found.forced - 1
    return None if place is None else (-1, place)


def buttons(found: Path) -> None:
    """Take the last forced piece back, or all of them."""
    earlier = without_own_choice(found.ids[: max(0, found.forced - 1)], found.ranks)
    st.button(_("Undo"), key="undo_force", on_click=force, args=(earlier,), disabled=not found.forced)
    st.button(_("Reset"), key="reset_force", on_click=force, args=((),), disabled=not found.forced)


def names(session: Session, ids: NDArray[np.int64]) -> list[list[str]]:
    """The labels of `ids (rank, position)`."""
    return [[label(session.checkpoint.tokenizer.piece(id).piece) for id in line] for line in ids.tolist()]


def decoded(session: Session, ids: Sequence[int]) -> str:
    """The text of a translation, with dots if it has not come to an end; a sign for an empty one."""
    ended = bool(ids) and ids[-1] == session.checkpoint.model.config.end_id
    return (session.checkpoint.tokenizer.decode(ids) or "∅") + ("" if ended else " …")


def table(found: Path, session: Session) -> list[list[str | float]]:
    """A row for each alternative of each step, not rounded."""
    shown = names(session, found.others)
    return [
        [position + 1, rank + 1, shown[rank][position], float(found.log_probabilities[rank, position]),
         float(np.exp(found.log_probabilities[rank, position])), _("yes") if row == rank else ""]
        for position, row in enumerate(found.rows) for rank in range(len(shown))
    ]  # fmt: skip


def table_columns() -> list[str]:
    """What is in them."""
    return [_("Step"), _("Rank"), _("Piece"), _("Log-probability"), _("Probability"), _("Written")]
