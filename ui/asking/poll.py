"""A question of the teacher's own: one of some answers, a number, or a word; with a right answer or without."""

import unicodedata
from dataclasses import dataclass

from ui.asking.question import THOUSANDS, Question, Verdict, check, number, read

MOST_NUMBER = 1e12  # that can be asked for
WAYS = ("choice", "number", "word")
LONGEST, OPTION, WORD, MOST = 300, 60, 40, 8  # characters of a question, an option, a word; options at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What is asked. `right` is the place of an option from 0, a number, or a word; "" if nothing is right or wrong."""

    way: str
    asked: str
    options: tuple[str, ...] = ()
    right: str = ""
    tolerance: float = 0.0
    why: str = ""

    @property
    def answer(self) -> str:
        """The right answer in words."""
        if self.options and self.right:
            return self.options[int(self.right)]
        return said(float(self.right)) if self.way == "number" and self.right else self.right


Asked = Question | Poll


def weigh(asked: Asked, typed: str) -> tuple[Verdict, float | None] | None:
    """The worth of an answer, and its place on a line of numbers (of an option its place, from 0); `None` if it is no answer."""
    if isinstance(asked, Question):
        verdict = check(asked, typed)
        value = place(typed) if asked.options else read(typed if asked.digits else THOUSANDS.sub("", typed))
        return None if verdict is None else (verdict, value)
    if asked.way == "choice":
        found = place(typed)
        if found is None or found >= len(asked.options):
            return None
        return Verdict(asked.right == str(found) if asked.right else None, asked.options[found]), float(found)
    if asked.way == "number":
        return weighed_number(asked, typed)
    word = plain_word(typed)
    right = folded(word) == folded(asked.right) if asked.right else None
    return (Verdict(right, word), None) if word else None


def weighed_number(asked: Poll, typed: str) -> tuple[Verdict, float | None] | None:
    """Of a poll for a number."""
    value = read(typed)
    if value is None or abs(value) > MOST_NUMBER:
        return None
    far = abs(value - float(asked.right)) if asked.right else None
    return Verdict(None if far is None else far <= asked.tolerance + 1e-9, said(value), far), value


def said(value: float) -> str:
    """A number as it was meant."""
    text = number(value, 9)
    return text.rstrip("0").rstrip(".") if "." in text else text


def place(typed: str) -> int | None:
    """An option's place, from 0, out of its number, from 1."""
    return int(typed) - 1 if typed.isascii() and typed.isdigit() and 0 < len(typed) < 5 and int(typed) > 0 else None


def plain_word(typed: str) -> str:
    """What was typed, in signs that can be seen, as long as a word may be."""
    signs = (
        sign if unicodedata.category(sign)[0] != "C" else " " for sign in unicodedata.normalize("NFC", typed[:1000])
    )
    return " ".join("".join(signs).split())[:WORD].strip()


def folded(word: str) -> str:
    """What makes two words the same."""
    return unicodedata.normalize("NFKC", word).casefold().strip(" .!?\"'")
