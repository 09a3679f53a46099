"""The race: the learner chooses which beginnings survive at each step, against the model's own beam of the same width.

What was chosen is in the address: the ranks of a step with hyphens between them, the steps with points; and the ranks of the step at hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from figures.labels import label
from figures.writing.tree import Fate
from pages.output_and_search.beam import Tree, asked_alpha, grown
from transformer.decoding.lean import having_read
from transformer.decoding.search import Hypothesis, Step, best, by_hand
from ui.controls import numbers, one_of
from ui.frame import Session
from ui.measures.search import most, searched
from ui.session import choice, state
from ui.session.kept import hold
from ui.session.state import Origin
from ui.show.live_plot import Cell
from ui.text import translate as _

PICKS, OPEN, WIDTH = "race", "race_open", "race_width"  # keys in the address
NARROW, WIDE = 2, 5  # the width of both beams before it is chosen, and the greatest
MORE, MOST = 3, 7  # candidates that are offered beyond the width, and in all
COLUMNS = 6  # steps side by side while the race goes on
LEAST = 1e-4  # a smaller difference of scores is rounding

Picks = tuple[tuple[int, ...], ...]  # of each step, the places of those that survive, from 0
Place = tuple[int, int]  # step, from 1, and row, from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A beginning in the picture; rows are those of the picture, so that no two lines cross."""

    step: int
    rank: int  # the row
    parent: int | None  # the row
    place: int  # by score among the candidates of its step, from 0
    label: str
    log_probability: float
    score: float
    fate: Fate


@dataclass(frozen=True)
class Race:
    """How far the race is."""

    steps: tuple[Step, ...]  # the last of them waits to be chosen from, unless all is `over`
    picks: Picks
    chosen: tuple[int, ...]  # in the step at hand
    width: int
    alpha: float
    beam: tuple[Step, ...]  # the model's own
    tree: Tree

    @property
    def over(self) -> bool:
        """Whether there is nothing left to choose."""
        return len(self.picks) == len(self.steps)

    @property
    def places(self) -> int:
        """How many may survive at the step at hand."""
        return places(self.steps, len(self.steps) - 1, self.width)

    @property
    def mine(self) -> Hypothesis:
        """The learner's best so far: in the end the best that is finished."""
        last = self.steps[len(self.picks) - 1]
        return best((last,)) if self.over else ahead(last)

    @property
    def models(self) -> Hypothesis:
        """The model's best after as many steps: in the end its translation."""
        return best(self.beam) if self.over else ahead(self.beam[min(len(self.picks), len(self.beam)) - 1])

    @property
    def lead(self) -> float:
        """By how much the learner is ahead; 0 for what is only rounding."""
        lead = self.mine.score - self.models.score
        return lead if abs(lead) > LEAST and self.mine.ids != self.models.ids else 0.0

    @cached_property
    def boxes(self) -> list[Box]:
        """All that was chosen, and what can be chosen now; ordered so that no two lines cross."""
        found: list[Box] = []
        rows: dict[int, int] = {}  # of the step before: row by rank
        for number in range(1, len(self.steps) + 1):
            waiting = number > len(self.picks)
            here = [node for node in self.tree.nodes if node.step == number and (waiting or node.fate != "pruned")]
            here.sort(key=lambda node: (rows.get(node.parent or 0, 0), node.rank))
            for row, node in enumerate(here):
                fate: Fate = node.fate if not waiting else "picked" if node.rank in self.chosen else "open"
                found.append(
                    Box(
                        step=number, rank=row, parent=None if node.parent is None else rows[node.parent], place=node.rank,
                        label=node.label, log_probability=node.log_probability, score=node.score, fate=fate,
                    )
                )  # fmt: skip
            rows = {node.rank: row for row, node in enumerate(here)}
        return found

    @property
    def window(self) -> tuple[int, int]:
        """The first and the last step to be seen: the newest ones, in the end all."""
        last = len(self.steps)
        return (0 if self.over else max(0, last - COLUMNS)), last

    def on_the_way(self, end: Hypothesis) -> set[Place]:
        """The boxes that a hypothesis goes through."""
        prefixes = {end.ids[:length] for length in range(1, len(end.ids) + 1)}
        there = {(node.step, node.rank) for node in self.tree.nodes if node.ids in prefixes}
        return {(box.step, box.rank) for box in self.boxes if (box.step, box.place) in there}

    def alive(self) -> set[Place]:
        """The boxes that lead to what is still in the race."""
        if not self.picks:
            return set()
        last = self.steps[len(self.picks) - 1]
        return set().union(*(self.on_the_way(each) for each in (*last.kept, *last.finished)))


def ahead(step: Step) -> Hypothesis:
    """The best of a step, finished or not."""
    return max((*step.kept, *step.finished), key=lambda hypothesis: hypothesis.score)


def places(steps: tuple[Step, ...], number: int, width: int) -> int:
    """How many candidates may survive at a step, counted from 0: the finished ones keep their places."""
    finished = len(steps[number - 1].finished) if number else 0
    return min(width - finished, len(steps[number].candidates))


def offered(width: int) -> int:
    """How many candidates there are to choose from at a step."""
    return min(width + MORE, MOST)


@st.cache_resource(max_entries=256, show_spinner=False)
def run(origin: Origin, text: str, width: int, alpha: float, picks: Picks) -> tuple[Step, ...]:
    """The steps of a race with these choices."""
    model, encoder = state.opened(origin).model, state.encoder(origin, text)
    source, limit = encoder.embedding.ids[0, :-1].tolist(), most(model.config)
    return tuple(by_hand(model, source, picks, offered(width), limit, alpha, having_read(encoder)))


def asked(session: Session) -> Race:
    """The race as it stands: of the choices in the address those that can be."""
    origin, text = session.origin, session.walk.source_text
    width, alpha = asked_width(), asked_alpha()
    picks = allowed(origin, text, width, alpha, written())
    steps = run(origin, text, width, alpha, picks)
    over, chosen = len(picks) == len(steps), group(str(st.session_state.get(OPEN) or ""))
    if over or not fits(chosen, steps[-1], places(steps, len(steps) - 1, width) - 1):
        chosen = ()
    piece = session.checkpoint.tokenizer.piece
    tree = grown(steps, width, alpha, lambda id: label(piece(id).piece))
    return Race(steps, picks, chosen, width, alpha, searched(origin, text, width, alpha), tree)


def allowed(origin: Origin, text: str, width: int, alpha: float, picks: Picks) -> Picks:
    """As many of the choices as fit the steps that they lead to."""
    steps = run(origin, text, width, alpha, picks)
    for number, each in enumerate(picks):
        if (
            number >= len(steps)
            or len(each) != places(steps, number, width)
            or not fits(each, steps[number], len(each))
        ):
            return allowed(origin, text, width, alpha, picks[:number])
    return picks


def fits(chosen: tuple[int, ...], step: Step, most: int) -> bool:
    """Whether these are at most so many different candidates of the step."""
    count = len(step.candidates)
    return len(set(chosen)) == len(chosen) <= most and all(0 <= place < count for place in chosen)


def written() -> Picks:
    """The choices in the address; what cannot be read, and what follows it, counts as not chosen."""
    found: list[tuple[int, ...]] = []
    for word in str(st.session_state.get(PICKS) or "").split(".")[: state.MOST_TARGET]:
        if not (each := group(word)):
            break
        found.append(each)
    return tuple(found)


def group(word: str) -> tuple[int, ...]:
    """The places of one step, from 0; none if they cannot be read."""
    numbers = word.split("-")
    good = all(each.isascii() and each.isdigit() and len(each) < 3 for each in numbers)
    return tuple(int(each) - 1 for each in numbers) if good else ()


def remember(session: Session) -> None:
    """Hold the choices. Those for another sentence, model or width are forgotten."""
    hold(WIDTH, str(NARROW))
    hold(PICKS, "")
    hold(OPEN, "")
    scope = (session.origin, session.walk.source_text, asked_width())
    if st.session_state.setdefault("_race_scope", scope) != scope:
        st.session_state["_race_scope"] = scope
        put((), ())


def asked_width() -> int:
    """The width of both beams."""
    width = str(st.session_state.get(WIDTH))
    return int(width) if width in numbers(WIDE) else NARROW


def put(picks: Picks, chosen: tuple[int, ...]) -> None:
    """Hold these choices. Only in callbacks."""
    st.session_state[PICKS] = ".".join("-".join(str(place + 1) for place in each) for each in picks)
    st.session_state[OPEN] = "-".join(str(place + 1) for place in chosen)


def choose(race: Race, place: int) -> None:
    """Take a candidate of the step at hand, or give it back; the last one ends the step. Only in callbacks."""
    chosen = tuple(each for each in race.chosen if each != place) if place in race.chosen else (*race.chosen, place)
    put(*(((*race.picks, chosen), ()) if len(chosen) == race.places else (race.picks, chosen)))


def chooser(race: Race) -> Callable[[Cell], None]:
    """For clicks on a box, `[step, row, ...]`: one of the last step is chosen; the others only look."""

    def taken(cell: Cell) -> None:
        found = next(
            (box for box in race.boxes if [box.step, box.rank] == [int(cell[0] or 0), int(cell[1] or 0)]), None
        )
        if found and not race.over and found.step == len(race.steps):
            choose(race, found.place)
        elif found:
            choice.set_place(choice.WRITTEN, found.step - 1)

    return taken


def best_ones(race: Race) -> None:
    """Fill the places that are left with the best scores, as the beam does. Only in callbacks."""
    left = [place for place in range(len(race.steps[-1].candidates)) if place not in race.chosen]
    put((*race.picks, (*race.chosen, *left)[: race.places]), ())


def undo(race: Race) -> None:
    """Give the last choice back. Only in callbacks."""
    if race.chosen:
        put(race.picks, race.chosen[:-1])
    elif race.picks:
        put(race.picks[:-1], race.picks[-1][:-1])


def buttons(session: Session) -> None:
    """The width of both beams, and what can be pressed."""
    one_of(_("Branches"), WIDTH, numbers(WIDE), str(NARROW))
    race = asked(session)
    st.button(_("Take the best"), key="race_best", on_click=best_ones, args=(race,), disabled=race.over)
    nothing = not race.picks and not race.chosen
    st.button(_("Undo"), key="race_undo", on_click=undo, args=(race,), disabled=nothing)
    st.button(_("Start again"), key="race_again", on_click=put, args=((), ()), disabled=nothing)
