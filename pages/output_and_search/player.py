"""A player that writes the translation: what has been read, how probable each next piece is, which one is taken, and on to the next."""

import html

import streamlit as st

from figures.writing import player as picture
from pages.output_and_search import output
from pages.output_and_search import sums as output_sums
from pages.output_and_search.output import NextPiece
from pages.output_and_search.seen import probability
from transformer.decoding.reading import without_specials
from transformer.decoding.sampling import Cuts, lots, ranked
from transformer.decoding.ways import Search
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import chips, choice
from ui.session.state import Origin
from ui.show import live_plot, prose, tables
from ui.show.sums import Line, number, why
from ui.text import language
from ui.text import translate as _

PACE = 1400  # milliseconds for each piece


def show(session: Session, rooms: Rooms) -> None:
    """All steps, sent at once; the browser turns them, and tells where it came to rest."""
    walk = session.walk
    place, how = output.place_of(walk), session.search.cuts or Cuts()
    found = output.next_piece(session, place, how)
    row = found.ids.index(walk.written_ids[place])
    first_line(session, rooms, found, row)
    known_by = (session.origin, walk.source_text, walk.written_ids, session.search, session.mode, language())
    with rooms.picture:
        live_plot.show_steps(
            pages(*known_by, session), "player", choice.scope(walk), start=place, pace=PACE, speed=True, on_step=stand_at,
        )  # fmt: skip
        prose.look(session.lesson.sections["Look at the player"])
        tables.twin(table_columns(), table(session, how), "player")
    with rooms.words:
        output_sums.next_piece(session, found, row, how, lot_line(session, found, row))


def stand_at(place: int) -> None:
    """The browser came to rest at a piece: all pictures are about it now."""
    choice.set_place(choice.WRITTEN, place)


def first_line(session: Session, rooms: Rooms, found: NextPiece, row: int) -> None:
    """What was taken at this step, and why."""
    walk, rank = session.walk, found.ranks[row] + 1
    ways = {
        "mine": _("Having read {read}, the model gives {chance} to your {piece}: rank {rank}."),
        "draw": _("Having read {read}, the model gives {chance} to {piece}, and the lot {lot} falls on it."),
        "first": _("Having read {read}, the model gives {chance} to {piece}, the most probable: it is written."),
        "beam": _("Having read {read}, the model gives {chance} to {piece}, rank {rank}: the beam takes it for the sake of the whole."),
    }  # fmt: skip
    way = "mine" if walk.forced else "draw" if session.search.draws else "first" if rank == 1 else "beam"
    rooms.seen(
        ways[way], read=chips.read(walk, found.place), piece=chips.written(walk, found.place), rank=rank,
        chance=probability(walk.chances[found.place]), lot=f"{luck(session.search, found.place):.3f}",
    )  # fmt: skip


def luck(search: Search, place: int) -> float:
    """The number that drew the piece at `place`."""
    return lots(search.seed, place + 1)[place]


@st.cache_resource(max_entries=48, show_spinner=False)
def pages(
    origin: Origin, text: str, written: tuple[int, ...], search: Search, mode: str, language: str, _session: Session
) -> list[live_plot.Step]:
    """One picture for each piece that was written."""
    del origin, text, mode, language  # what the answer is known by
    return [page(_session, place, search) for place in range(len(written))]


def page(session: Session, place: int, search: Search) -> live_plot.Step:
    """The distribution at one place, the piece that was taken, and over them what has been read."""
    walk, how = session.walk, search.cuts or Cuts()
    found = output.next_piece(session, place, how)
    plain = found if how.temperature == 1 else output.next_piece(session, place, Cuts())
    row = found.ids.index(walk.written_ids[place])
    figure = picture.player(
        found.labels, plain.probabilities, found.chances, row, title="", mode=session.mode,
        lot=lot(session, found, row, search) if search.draws and not walk.forced else None,
    )  # fmt: skip
    told = "; ".join(f"{name} {value:.3f}" for name, value in zip(found.labels, plain.probabilities, strict=True))
    pieces = (*(chips.read(walk, each) for each in range(place + 1)), chips.written(walk, place))
    alt = _("Read: {read}. Written: {piece}. {told}").format(
        read=" ".join(pieces[:-1]), piece=pieces[-1], told=f"{told}."
    )
    return live_plot.Step(found.labels[row], figure, alt, chips=pieces)


def lot(session: Session, found: NextPiece, row: int, search: Search) -> picture.Lot:
    """All pieces side by side: those of the picture, and between them the others together."""
    ends = edges(session, found.place, search.cuts or Cuts())
    shown = sorted(
        (*ends[id], label, each == row) for each, (id, label) in enumerate(zip(found.ids, found.labels, strict=True))
    )
    stretches, reached = [], 0.0
    for first, last, label, taken in [*shown, (1.0, 1.0, "", False)]:
        if first > reached + 1e-9:
            stretches.append(picture.Stretch(label=_("others"), first=reached, last=first, taken=False))
        if last > first:
            stretches.append(picture.Stretch(label=label, first=first, last=last, taken=taken))
        reached = max(reached, last)
    return picture.Lot(name=_("the lot"), number=luck(search, found.place), stretches=stretches)


def edges(session: Session, place: int, how: Cuts) -> dict[int, tuple[float, float]]:
    """Where the stretch of each piece, by its id, begins and ends on the line from 0 to 1; of no width if it is cut off."""
    logits = without_specials(session.walk.trace.logits[0, place][None].double(), session.checkpoint.model.config)
    ids, chances = ranked(logits, how)
    ends = chances[0].cumsum(0)
    return dict(zip(ids[0].tolist(), zip((ends - chances[0]).tolist(), ends.tolist(), strict=True), strict=True))


def lot_line(session: Session, found: NextPiece, row: int) -> list[Line]:
    """Between which edges the number fell."""
    if not session.search.draws or session.walk.forced:
        return []
    first, last = edges(session, found.place, session.search.cuts or Cuts())[found.ids[row]]
    told = f"{number(first, 4)} ≤ <b>{number(luck(session.search, found.place), 4)}</b> &lt; {number(last, 4)}"
    note = _("All pieces lie side by side, the most probable first. The number comes from the seed {seed}.")
    return [Line(html.escape(_("the lot")), told + why(note.format(seed=session.search.seed)))]


def table(session: Session, how: Cuts) -> list[list[str | float]]:
    """Every piece of every step, not rounded."""
    walk, rows = session.walk, []
    for place in range(len(walk.written)):
        found, number_drawn = output.next_piece(session, place, how), luck(session.search, place)
        rows += [
            [place + 1, rank + 1, name, float(share), float(chance), "▶" if id == walk.written_ids[place] else "",
             number_drawn if session.search.draws and not walk.forced else ""]
            for rank, name, id, share, chance in zip(
                found.ranks, found.labels, found.ids, found.probabilities, found.chances, strict=True)
        ]  # fmt: skip
    return rows  # type: ignore[return-value]


def table_columns() -> list[str]:
    """What is in them."""
    names = (_("Step"), _("Rank"), _("Piece"), _("Probability"), _("Chance after the cuts"), _("Written"), _("The lot"))
    return list(names)
