"""Beam search as a tree, and beside greedy search: what was kept, what was pruned, and which translation scores better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import streamlit as st

from figures.labels import label
from pages.output_and_search.greedy import Cell, decoded
from transformer.decoding.search import LENGTH_PENALTY, WIDTH, Hypothesis, Step, best
from ui.frame import Session
from ui.measures.search import searched
from ui.session import choice, pointed
from ui.session.kept import hold, kept
from ui.session.state import Origin, opened
from ui.text import translate as _

NODE, ALPHA, STEP = (
    "node",
    "length_penalty",
    "beam_step",
)  # keys in the address: step and rank, both from 1; the exponent; the page of the picture, from 0
STEPS = 40  # of a search that are drawn
PRUNED = 2  # pruned candidates of a step that are drawn
WINDOW = 6  # steps side by side while the tree grows
TERMS = 10  # log-probabilities that are written out

Fate = Literal["kept", "pruned", "finished"]
Place = tuple[int, int]  # step, from 1, and rank, from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One candidate of one step."""

    step: int
    rank: int  # by score among the candidates of its step
    parent: int | None  # rank of the candidate that it goes on with; none at the first step
    ids: tuple[int, ...]  # of the hypothesis with this piece
    label: str
    log_probability: float
    total: float
    score: float
    fate: Fate


@dataclass(frozen=True)
class Tree:
    """A search step by step."""

    steps: tuple[Step, ...]
    nodes: tuple[Node, ...]
    width: int
    alpha: float

    @cached_property
    def at(self) -> dict[Place, Node]:
        """Every node by its place."""
        return {(node.step, node.rank): node for node in self.nodes}

    @property
    def last(self) -> int:
        """How many steps are drawn."""
        return min(len(self.steps), STEPS)

    @property
    def rows(self) -> int:
        """How many candidates of a step are drawn at most."""
        return min(self.width + PRUNED, max(len(step.candidates) for step in self.steps))

    @cached_property
    def best(self) -> Hypothesis:
        """The winner."""
        return best(self.steps)

    def path(self, place: Place) -> list[Node]:
        """The nodes from the first step to this one."""
        found: list[Node] = []
        node: Node | None = self.at[place]
        while node is not None:
            found.append(node)
            node = None if node.parent is None else self.at[node.step - 1, node.parent]
        return found[::-1]

    def drawn(self, until: int | None = None) -> list[Node]:
        """The nodes up to a step, or to the last, that there is room for: those kept; of that step the best of the pruned, too."""
        step = self.last if until is None else until
        there = [node for node in self.nodes if node.step <= step and node.rank < self.rows]
        return [node for node in there if node.fate != "pruned" or node.step == step]

    def alive(self, step: int) -> set[Place]:
        """All places that a hypothesis that is kept, or finished, at this step goes through."""
        ends = [node for node in self.nodes if node.fate == "finished" and node.step <= step]
        ends += [node for node in self.nodes if node.fate == "kept" and node.step == step]
        return {(node.step, node.rank) for end in ends for node in self.path((end.step, end.rank))}

    def winner(self) -> list[Node]:
        """The path of the winner."""
        end = next(node for node in self.nodes if node.fate != "pruned" and node.ids == self.best.ids)
        return self.path((end.step, end.rank))


def grown(steps: Sequence[Step], width: int, alpha: float, name: Callable[[int], str]) -> Tree:
    """The tree of a search; `name` gives the label of an id."""
    nodes: list[Node] = []
    before: list[Node] = []  # the kept nodes of the step before, in the order of its hypotheses
    for number_of, step in enumerate(steps, 1):
        now: list[Node] = []
        for rank, each in enumerate(step.candidates):
            parent = before[each.hypothesis] if before else None
            fate: Fate = "pruned" if not each.kept else "finished" if each.finished else "kept"
            node = Node(
                step=number_of, rank=rank, parent=parent.rank if parent else None,
                ids=(*(parent.ids if parent else ()), each.id), label=name(each.id),
                log_probability=each.log_probability, total=each.total, score=each.score, fate=fate,
            )  # fmt: skip
            now.append(node)
        nodes += now
        before = [node for node in now if node.fate == "kept"]
    return Tree(tuple(steps), tuple(nodes), width, alpha)


def tree(session: Session, width: int, alpha: float) -> Tree:
    """The tree of the sentence."""
    return _tree(session.origin, session.walk.source_text, width, alpha)


@st.cache_resource(max_entries=128, show_spinner=False)
def _tree(origin: Origin, text: str, width: int, alpha: float) -> Tree:
    """As `tree`."""
    piece = opened(origin).tokenizer.piece
    return grown(searched(origin, text, width, alpha), width, alpha, lambda id: label(piece(id).piece))


def settings() -> tuple[int, float]:
    """The beam width, a slider here if the sidebar has none, and the slider of the length penalty."""
    state = st.session_state
    in_sidebar = state.get("target", "model") != "mine" and state.get("search", "beam") == "beam"
    if in_sidebar:
        width = int(state.get("width", WIDTH))
    else:
        with kept("width", WIDTH):
            width = int(st.slider(_("Beam width"), 2, 8, WIDTH, key="width", bind="query-params", width=130))
    hint = _("0 compares plain sums, which favours short translations; higher values favour long ones.")
    with kept(ALPHA, LENGTH_PENALTY):
        alpha = st.slider(
            _("Length penalty"), 0.0, 2.0, LENGTH_PENALTY, 0.1, key=ALPHA, bind="query-params", width=130, help=hint
        )
    return width, float(alpha)


def asked_width() -> int:
    """The beam width without drawing its slider."""
    return int(st.session_state.get("width", WIDTH))


def asked_alpha() -> float:
    """The length penalty without drawing its slider."""
    return float(st.session_state.get(ALPHA, LENGTH_PENALTY))


def remember() -> None:
    """Hold the node that was clicked, and the page that is shown."""
    hold(NODE, "")
    pointed.remember(STEP)


def chosen(found: Tree) -> Place:
    """The node that was clicked; else the winner's at the chosen piece; else the winner's last."""
    path = found.winner()
    step = choice.place(choice.WRITTEN, len(found.steps))
    words = str(st.session_state.get(NODE) or "").split(".")
    if len(words) == 2 and all(word.isascii() and word.isdigit() and len(word) < 5 for word in words):
        place = int(words[0]), int(words[1]) - 1
        if place in found.at and (step is None or step + 1 == place[0]):
            return place
    end = path[min(step, len(path) - 1)] if step is not None else path[-1]
    return end.step, end.rank


def chooser(page: int) -> Callable[[Cell], None]:
    """For clicks on a node, `[step, rank, ...]`: take it and its piece; the page that is shown stays."""

    def choose(cell: Cell) -> None:
        step, rank = int(cell[0] or 0), int(cell[1] or 0)
        st.session_state[NODE] = f"{step}.{rank + 1}"
        choice.set_place(choice.WRITTEN, step - 1)
        if st.session_state.get(STEP) is None:
            pointed.choose(STEP, page)

    return choose


def shown(found: Tree, place: Place) -> int:
    """Which of the pages is shown, from 0: the one in the address, else that of the chosen node's step."""
    number = pointed.chosen(STEP, found.last + 1)
    return min(place[0], found.last) - 1 if number is None else number


def stand_at(page: int) -> None:
    """The browser came to rest at a page, from 0."""
    pointed.choose(STEP, page)


def windows(found: Tree) -> list[tuple[int, int]]:
    """For each step that is drawn, the first and the last step to be seen with it; at the end the whole tree."""
    size = min(WINDOW, found.last)
    moving = [(max(0, step - size), max(size, step)) for step in range(1, found.last + 1)]
    return [*moving, (0, found.last)]


def step_name(found: Tree, step: int, session: Session) -> str:
    """The best hypothesis at this step."""
    here = found.steps[step - 1]
    ahead = max((*here.kept, *here.finished), key=lambda hypothesis: hypothesis.score)
    return decoded(session, ahead.ids)


def step_look(found: Tree, step: int) -> str:
    """How many were kept, pruned and finished."""
    here = found.steps[step - 1]
    kept = sum(each.kept for each in here.candidates)
    told = _("{count} candidates: {kept} kept, {pruned} pruned, {hidden} not drawn. Finished: {finished} of {width}.")
    return told.format(
        count=len(here.candidates), kept=kept, pruned=len(here.candidates) - kept,
        hidden=max(0, len(here.candidates) - found.rows), finished=len(here.finished), width=found.width,
    )  # fmt: skip
