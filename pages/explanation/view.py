"""What the page asks for, in one place: everything that belongs to the chosen French piece."""

from dataclasses import dataclass

from figures.labels import label
from pages.explanation import asked as asking
from pages.explanation import cell, resting, telling
from pages.explanation import methods as method
from pages.explanation.asked import Asked
from pages.explanation.methods import FEWEST, METHODS, Method
from ui.changed.undo import button
from ui.frame import Session
from ui.measures import attributed
from ui.measures.attributed import Measured
from ui.show import prose, sums
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


def verdict(session: Session, seen: View) -> None:
    """Who names which word, and the guess."""
    telling.verdict(session, seen.asked, seen.known.words, seen.every)


def below(session: Session, seen: View) -> None:
    """The warning, and the arithmetic of the chosen cell."""
    resting.warn(session, seen.asked, seen.known, seen.every[0])
    word = asking.word(session.walk, seen.known.words)
    cell.tell(session, seen.asked, seen.known, seen.every, word)


def values(session: Session, seen: View) -> dict[str, str]:
    """The numbers of the lesson: the strongest word of leave-one-out, by all methods."""
    asked, known, number = seen.asked, seen.known, sums.number
    word = seen.every[-1].top or 0
    by = {each.code: each for each in seen.every}
    whole, gradients = float(known.left.whole[0]), known.integrated
    piece, name = label(session.walk.written[asked.place]), known.words.names[word]
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
