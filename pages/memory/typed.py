"""What the learner typed: the facts that the network can read, what follows from them by the rules, and a sentence for what does not fit."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from systems.stories.memory import MOST
from systems.stories.world import QUESTIONS, Fact, Known, asked, fact, known, words
from ui.text import translate as _

LONGEST = 20  # words of a line that are read
NAMED = 6  # words that are named, of those the network has never read


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A story and a question as the network reads them."""

    lines: tuple[str, ...]  # as typed
    words: tuple[tuple[str, ...], ...]  # of each line, those that the network knows
    question: str
    asks: tuple[str, ...]
    known: Known | None = None  # what the rules of the little world say, if they understand every word of it
    notes: tuple[str, ...] = ()  # what is to be said
    wrong: str = ""  # why nothing can be shown


def typed(story: str, question: str, vocabulary: Collection[str]) -> Typed:
    """Read what was typed, a fact on each line or in each sentence."""
    every = [part.strip() for part in re.split(r"[\n.;!?。]+", story) if words(part)]
    lines = every[-MOST:]
    notes = [
        _("The memory holds {most} facts: the oldest {count} are forgotten.").format(most=MOST, count=len(every) - MOST)
    ] * (len(every) > MOST)
    read = [[word for word in words(line) if word in vocabulary][:LONGEST] for line in lines]
    asks = tuple(word for word in words(question) if word in vocabulary)[:LONGEST]
    notes += [too_long(lines), unread(lines, question, vocabulary), left_out(lines, read)]
    kept = [(line, tuple(found)) for line, found in zip(lines, read, strict=True) if found]
    shown: dict[str, Any] = {
        "lines": tuple(line for line, _found in kept),
        "words": tuple(found for _line, found in kept),
        "question": question,
        "asks": asks,
    }
    if wrong := nothing(every, kept, question, asks):
        return Typed(**shown, wrong=wrong)
    facts = [fact(line) for line, _found in kept]
    gold = by_the_rules(facts, question)
    notes += [no_fact(facts), unknown_question(facts, question, [line for line, _found in kept], gold)]
    return Typed(**shown, known=gold, notes=tuple(filter(None, notes)))


def nothing(every: Sequence[str], kept: Sequence[object], question: str, asks: Sequence[str]) -> str:
    """Why there is nothing to look at."""
    if not every:
        return _(
            "The story has no facts yet. Type one on each line, such as “Anna went to the kitchen”, or take a story."
        )
    if not kept:
        return _(
            "The network knows no word of this story. It has only read of some people, places and things: see “Words to use”."
        )
    if not words(question):
        return _("Ask something about the story, such as “Where is Anna?”")
    return "" if asks else _("The network knows no word of this question. Ask such as “Where is Anna?”")


def too_long(lines: Sequence[str]) -> str:
    """A line that no fact is as long as."""
    found = [(place, len(words(line))) for place, line in enumerate(lines, 1) if len(words(line)) > LONGEST]
    told = _("Fact {place} has {count} words; the first {most} that the network knows are read.")
    return told.format(place=found[0][0], count=found[0][1], most=LONGEST) if found else ""


def unread(lines: Sequence[str], question: str, vocabulary: Collection[str]) -> str:
    """Words that the network has never read, by name."""
    found = [*dict.fromkeys(word for line in (*lines, question) for word in words(line) if word not in vocabulary)]
    if not found:
        return ""
    some = ", ".join(word[:30] for word in found[:NAMED])
    if len(found) > NAMED:
        return _("Never read by the network, and passed over: {words}, … ({count} in all).").format(
            words=some, count=len(found)
        )
    return _("Never read by the network, and passed over: {words}.").format(words=some)


def left_out(lines: Sequence[str], read: Sequence[Sequence[str]]) -> str:
    """Lines of which nothing is left."""
    found = [line for line, kept in zip(lines, read, strict=True) if not kept]
    if not found or len(found) == len(lines):
        return ""
    return _("Left out, because the network knows no word of it: {line}").format(
        line="; ".join(line[:60] for line in found[:NAMED])
    )


def by_the_rules(facts: Sequence[Fact | None], question: str) -> Known | None:
    """What the rules say; lines that are no facts tell them nothing."""
    understood = asked(question)
    plain = [each or Fact("idle", "") for each in facts]
    return known(plain, understood) if understood else None


def no_fact(facts: Sequence[Fact | None]) -> str:
    """Lines that the little world does not understand."""
    found = [place for place, each in enumerate(facts, 1) if each is None]
    told = _(
        "Not in a form that the stories are told in: fact {place}. The network reads it all the same, the rules do not."
    )
    return told.format(place=", ".join(map(str, found[:NAMED]))) if found else ""


def unknown_question(facts: Sequence[Fact | None], question: str, lines: Sequence[str], gold: Known | None) -> str:
    """Why the rules have no answer: who is asked for is not there, the facts do not say, or it is no question."""
    said = {word for line in lines for word in words(line)}
    of = re.match(r"(?:where (?:is|was|did)|who has) (the )?(\w+)", " ".join(words(question)))
    if of and of[2] not in said:
        told = _("There is no {name} in this story.") if of[1] else _("Nobody called {name} is in this story.")
        return told.format(name=of[2] if of[1] else of[2].capitalize()) + " " + anyway()
    if asked(question) is None:
        forms = "; ".join(f"{form.format(of='…', place='…')}?" for form, _count in QUESTIONS.values())
        return _(
            "This is none of the questions that the stories ask ({forms}), so nobody can say which facts decide."
        ).format(forms=forms)
    return "" if gold or not facts else _("The facts do not say it.") + " " + anyway()


def anyway() -> str:
    """What the network does then."""
    return _("The network never learned to say so: it answers all the same.")
