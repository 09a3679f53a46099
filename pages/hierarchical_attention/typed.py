"""What the learner typed: a review as the network reads it, and a sentence for what does not fit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from systems.reviews.corpus import sentences, words
from ui.text import translate as _

SENTENCES, WORDS, NAMED = 10, 30, 6  # so many sentences, words of each, and unknown words are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A review, sentence by sentence."""

    sentences: tuple[str, ...]  # as typed
    words: tuple[tuple[str, ...], ...]  # of each
    notes: tuple[str, ...] = ()
    wrong: str = ""  # why nothing can be shown


def typed(review: str, vocabulary: Collection[str]) -> Typed:
    """Read what was typed; what is too long to be drawn is cut, and said."""
    every = sentences(review)
    kept = every[:SENTENCES]
    read = tuple(words(each) for each in kept)
    short = tuple(each[:WORDS] for each in read)
    known = [word for each in short for word in each if word in vocabulary]
    notes = [cut(len(every), read), unread(short, vocabulary), *few(short)]
    wrong = nothing(every, known)
    return Typed(sentences=kept, words=short, notes=() if wrong else tuple(filter(None, notes)), wrong=wrong)


def nothing(every: Sequence[str], known: Sequence[str]) -> str:
    """Why there is nothing to look at."""
    if not every:
        return _("The review has no words yet. Type one, or take one.")
    if all(word == "," for word in known):
        return _(
            "The network knows no word of this review: it learned English reviews of restaurants, hotels, films, books and the like."
        )
    return ""


def cut(count: int, read: Sequence[Sequence[str]]) -> str:
    """That not all of it is read."""
    longest = max(map(len, read), default=0)
    if count > SENTENCES:
        told = _("The review has {count} sentences; the first {most} are read and drawn. The others stay in the field.")
        return told.format(count=count, most=SENTENCES)
    if longest > WORDS:
        told = _("A sentence has {count} words; the first {most} are read and drawn. The others stay in the field.")
        return told.format(count=f"{longest:,}", most=WORDS)
    return ""


def unread(read: Sequence[Sequence[str]], vocabulary: Collection[str]) -> str:
    """Words that the network has never read, by name."""
    found = [*dict.fromkeys(word for each in read for word in each if word not in vocabulary)]
    if not found:
        return ""
    some = ", ".join(word[:30] for word in found[:NAMED])
    if len(found) > NAMED:
        return _("Never read by the network, and taken for the unknown word: {words}, … ({count} in all).").format(
            words=some, count=len(found)
        )
    return _("Never read by the network, and taken for the unknown word: {words}.").format(words=some)


def few(read: Sequence[Sequence[str]]) -> list[str]:
    """What cannot be compared in a very short review."""
    if len(read) == 1 and len(read[0]) == 1:
        return [_("A review of one word: all weights are 1, because there is nothing else to look at.")]
    return [_("One sentence only: it has all of the look.")] if len(read) == 1 else []
