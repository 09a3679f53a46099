"""The boards of the heads: the switches, what each is worth here and on held-out sentences, and whose map moved."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from figures.changed import switchboard
from figures.changed.switchboard import Block, Colours
from pages.head_switchboard import score, telling
from pages.head_switchboard.score import Measured
from pages.head_switchboard.switches import Asked, take, words_of
from transformer.what_if import KINDS, Head, How
from ui.changed import names, pictures, scoreboard
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.session import attentions
from ui.show.picture import Picture, Table
from ui.text import translate as _

SIGNS: dict[How, str] = {"off": "✕", "uniform": "=", "mean": "x̄"}
Told = Callable[[Head], str]


def blocks(asked: Asked, value: Callable[[Head], float], text: Told) -> list[Block]:
    """The heads by attention."""
    found = []
    for number, kind in enumerate(KINDS):
        own = [head for head in asked.every if head.kind == kind]
        lines = [[head for head in own if head.layer == layer] for layer in range(max(head.layer for head in own) + 1)]
        found.append(Block(
            name=attentions.words(kind), number=number,
            values=np.array([[value(head) for head in line] for line in lines]),
            texts=tuple(tuple(text(head) for head in line) for line in lines),
            switched=tuple(tuple(head in asked.switched for head in line) for line in lines),
        ))  # fmt: skip
    return found


def signed(asked: Asked, head: Head, text: str) -> str:
    """A text with the sign of what was done to the head."""
    return f"{SIGNS[asked.switched[head]]} {text}" if head in asked.switched else text


def nats(value: float) -> str:
    """A fall that fits into a cell."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def picture(session: Session, asked: Asked, pair: Compared, measured: Measured) -> Picture:
    """What the controls ask for."""
    if asked.picture == "score":
        return scored(session, asked)
    if asked.picture == "sample":
        return sampled(session, asked, measured)
    if asked.picture == "out":
        return pictures.chances(session, pair)
    return moved(session, asked, pair) if asked.picture == "maps" else switches(session, asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is said of the heads, before it is drawn."""

    blocks: list[Block]
    colours: Colours
    value_name: str
    title: str
    alt: str
    table: Table
    tell: Callable[[], None] = lambda: None

    def picture(self, session: Session, asked: Asked, selected: tuple[int, int, int] | None = None) -> Picture:
        """A board that can be clicked."""
        figure = switchboard.board(
            self.blocks, colours=self.colours, value_name=self.value_name, selected=selected, title=self.title,
            mode=session.mode, layer_name=_("layer"), head_name=_("head"),
        )  # fmt: skip
        return Picture(
            title=self.title, alt=f"{self.title}. {self.alt}", figure=figure, table=self.table, tell=self.tell,
            on_click=lambda cell: take(asked, cell),
        )  # fmt: skip


def switches(session: Session, asked: Asked) -> Picture:
    """Which heads are on."""
    words: dict[How, str] = words_of()

    def text(head: Head) -> str:
        return signed(asked, head, words[asked.switched[head]]) if head in asked.switched else _("on")

    count = _("{switched} of {count} heads switched").format(switched=len(asked.switched), count=len(asked.every))
    told = ", ".join(f"{names.short(head)} {words[how]}" for head, how in asked.switched.items()) or _("All are on")
    rows = [
        [names.words(head), words[asked.switched[head]] if head in asked.switched else _("on")] for head in asked.every
    ]
    shown = blocks(asked, lambda head: {"off": 0.0, None: 1.0}.get(asked.switched.get(head), 0.5), text)
    board = Board(
        blocks=shown, colours="switch", value_name=_("on"), title=count, alt=told, table=([_("head"), _("set to")], rows),
    )  # fmt: skip
    return board.picture(session, asked)


def scored(session: Session, asked: Asked) -> Picture:
    """What each head alone is worth for this sentence."""
    effects = scoreboard.here(session)
    falls = {effect.head: effect.fall for effect in effects}
    title = _("Log-probability lost without each head")
    told = ", ".join(f"{names.short(effect.head)} {effect.fall:.2f}" for effect in effects[:8])
    shown = blocks(asked, falls.__getitem__, lambda head: signed(asked, head, nats(falls[head])))
    columns = [_("rank"), _("head"), _("fall in nats"), _("pieces that change")]
    rows = [
        [rank, names.words(each.head), each.fall, telling.pieces(session, each.changed)]
        for rank, each in enumerate(effects, 1)
    ]
    board = Board(
        blocks=shown, colours="signed", value_name=_("fall in nats"), title=title, alt=told, table=(columns, rows),
        tell=lambda: telling.ranking(session, asked, effects),
    )  # fmt: skip
    return board.picture(session, asked)


def sampled(session: Session, asked: Asked, measured: Measured) -> Picture:
    """What each head alone is worth on the held-out sentences, once somebody wants to wait for it."""
    corpus, each = measured
    found = score.worth(each or [])
    if not each:
        return unmeasured(session, asked)
    order = sorted(found, key=lambda head: -found[head].mean)
    title = _("Mean fall on {count} held-out sentences").format(count=len(each))

    def text(head: Head) -> str:
        return f"{signed(asked, head, nats(found[head].mean))}<br>±{found[head].spread:.2f}"

    columns = [_("rank"), _("head"), _("mean fall in nats"), _("standard deviation"), _("sentences it helps"), _("pieces that change")]  # fmt: skip
    rows = [
        [rank, names.words(head), found[head].mean, found[head].spread, found[head].helped, found[head].changed]
        for rank, head in enumerate(order, 1)
    ]
    told = ", ".join(f"{names.short(head)} {found[head].mean:.2f}" for head in order[:8])
    board = Board(
        blocks=blocks(asked, lambda head: found[head].mean, text), colours="signed", value_name=_("mean fall in nats"),
        title=title, alt=told, table=(columns, rows), tell=lambda: telling.sample(session, asked, found, order, corpus, len(each)),
    )  # fmt: skip
    return board.picture(session, asked)


def unmeasured(session: Session, asked: Asked) -> Picture:
    """The board before anything is measured."""
    shown = blocks(asked, lambda head: float(head not in asked.switched), lambda head: signed(asked, head, "?"))
    title = _("Not measured yet")
    board = Board(
        blocks=shown, colours="switch", value_name=_("on"), title=title, alt="", table=([_("head")], []),
    )  # fmt: skip
    return board.picture(session, asked)


def moved(session: Session, asked: Asked, pair: Compared) -> Picture:
    """How much of each head's weight lies elsewhere in the changed model."""
    far: dict[Head, float] = {}
    for kind in KINDS:
        for layer in range(attentions.layers(session, kind)):
            before, after = pictures.both(session, pair, kind, layer)
            each = (np.abs(after.weights - before.weights).sum(-1) / 2).mean(-1)
            far |= {Head(kind, layer, number): float(share) for number, share in enumerate(each)}
    order = sorted(far, key=lambda head: -far[head])
    told = ", ".join(f"{names.short(head)} {far[head]:.2f}" for head in order[:8])
    title = _("Share of each head's weight that moved")
    board = Board(
        blocks=blocks(asked, far.__getitem__, lambda head: signed(asked, head, f"{far[head]:.2f}")), colours="share",
        value_name=_("share of the weight that moved"), title=title, alt=told,
        table=([_("head"), _("share that moved")], [[names.words(head), far[head]] for head in order]),
    )  # fmt: skip
    return board.picture(session, asked, (KINDS.index(asked.head.kind), asked.head.layer, asked.head.head))


def head_maps(session: Session, asked: Asked, pair: Compared) -> Picture:
    """The chosen head's map, as it is and changed."""
    views = pictures.both(session, pair, asked.head.kind, asked.head.layer)
    query, key = attentions.chosen(session, views[0])
    cell = None if query is None or key is None else (query, key)
    return pictures.maps(views, asked.head.head, names.short(asked.head), session.mode, selected=cell)
