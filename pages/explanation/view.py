"""What the page asks for, in one place: everything that belongs to the chosen French piece."""

from dataclasses import dataclass

from pages.explanation import asked as asking
from pages.explanation import cell, pictures, resting, telling
from pages.explanation import methods as method
from pages.explanation.asked import Asked
from pages.explanation.methods import FEWEST, METHODS, Method
from transformer.analysis import attributions
from ui.changed import machine
from ui.changed import telling as changed
from ui.changed.machine import Changes
from ui.changed.masks import Painted
from ui.changed.undo import button
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures import attributed
from ui.measures.attributed import Measured
from ui.session import chips
from ui.show import proof, prose, sums, tables
from ui.text import translate as _


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One French piece, five methods."""

    asked: Asked
    known: Measured
    every: tuple[Method, ...]

    @property
    def lifted(self) -> bool:
        """Whether the methods may be shown."""
        return self.asked.lifted(self.known.words)

    @property
    def ranked(self) -> bool:
        """Whether there are words enough to rank."""
        return len(self.known.words) >= FEWEST


def view(session: Session, asked: Asked) -> View:
    """Measure what has to be known."""
    known = attributed.found(session, asked.place)
    return View(asked=asked, known=known, every=method.methods(session, known, asked.place, asked.layer, asked.head))


def hidden() -> None:
    """The way around the guess."""
    button(_("Just show me"), "ex_show", asking.show_me)


def methods(rooms: Rooms, session: Session, seen: View, scope: str) -> None:
    """Five answers, the arithmetic of the chosen cell, and the warning."""
    picture = pictures.comparison(session, seen.asked, seen.known.words, seen.every)
    with rooms.picture:
        picture.plot("ex_methods", scope, session.lesson.look)
        tables.twin(*picture.table, "explanation")
    with rooms.words:
        telling.guessed(seen.asked, seen.known.words, seen.every)
        word = asking.word(session.walk, seen.known.words)
        cell.tell(session, seen.asked, seen.known, seen.every, word)
        proof_of_use(session, seen)
        resting.warn(session, seen.asked, seen.known, seen.every[0])


def proof_of_use(session: Session, seen: View) -> None:
    """What looking is worth: no head may look at the word that attention names, in one line, and the way to the whole model."""
    word = seen.every[0].top
    if word is None:
        return
    places, walk = list(seen.known.words.pieces[word]), session.walk
    away = float(attributions.looking_away(session.checkpoint.model, seen.known.question, places)[0])
    less, more = (
        _("Is it used? If no head may look at {word}, {piece} is {times} times less likely."),
        _("Is it used? If no head may look at {word}, {piece} is {times} times likelier."),
    )
    cells = frozenset((query, key) for query in range(len(walk.read)) for key in places)
    code = machine.code(Changes().with_mask(Painted("cross", flipped=cells)))
    link = proof.Link("220_machine_parts", _("Cover it for all"), {"mp_lab": "mask", "kind": "cross", "mp_do": code})
    told, named = less if away >= 0 else more, telling.chip(session, seen.known.words, word)
    proof.show(told, link, word=named, piece=chips.written(walk, seen.asked.place), times=changed.times(away))


def ranks(rooms: Rooms, session: Session, seen: View, scope: str) -> None:
    """How alike the methods rank the words."""
    if not seen.ranked:
        with rooms.words:
            telling.too_short(seen.known.words)
        return
    picture = pictures.agreements(session, seen.asked, seen.every)
    with rooms.picture:
        picture.plot("ex_ranks", scope, session.lesson.sections["Look at agreement"])
        tables.twin(*picture.table, "agreement")
    with rooms.words:
        telling.agreement(seen.asked, seen.every)


def values(session: Session, seen: View) -> dict[str, str]:
    """The numbers of the lesson: the strongest word of leave-one-out, by all methods."""
    asked, known, number = seen.asked, seen.known, sums.number
    word = seen.every[-1].top or 0
    by = {each.code: each for each in seen.every}
    whole, gradients = float(known.left.whole[0]), known.integrated
    piece, name = chips.written(session.walk, asked.place), telling.chip(session, known.words, word)
    tau = method.agreement(by["attention"], by["left"]).tau
    shared = {f"{code}_share": f"{by[code].shares[word]:+.2f}".replace("-", "−") for code in METHODS}
    return shared | {
        "piece": piece, "word": name, "tex_piece": prose.tex(piece), "tex_word": prose.tex(name),
        "who": method.attention_name(asked.layer, asked.head), "words": str(len(known.words)),
        "attention": number(float(by["attention"].words[word])), "rollout": number(float(by["rollout"].words[word])),
        "gradient": number(float(by["gradient"].words[word])), "integrated": number(float(by["integrated"].words[word])),
        "left": number(float(by["left"].words[word])), "whole": number(whole),
        "without": number(float(known.left.without[word, 0])), "nothing": number(float(gradients.without_words[0])),
        "sum": number(float(gradients.values[0].sum())), "points": str(gradients.points),
        "difference": number(float((gradients.with_words - gradients.without_words)[0])),
        "left_over": number(float(gradients.left_over[0])), "tau": "–" if tau != tau else number(tau),
        "source_share": number(1 - 0.5**session.walk.layers), "layers": str(session.walk.layers),
    }  # fmt: skip
