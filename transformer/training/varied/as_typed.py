"""Pairs as people would type them: in capitals, in small letters, with signs that the corpus hardly has.

A model that has only met tidy sentences reads `WHERE IS MY BOOK?` letter by letter and invents words around a sign it has never
seen. What the learner types wrongly is only on the source side: the translation stays tidy. What belongs to the sentence, such as a
currency or a bracket, is on both.
"""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from transformer.corpora import Pair

COPIED = "😀 😢 🎉 👍 ❤ ⭐ 🐶 🍕 ☕ ✓ → ★ ♥ # @ + = * ~ | § © ° •".split()  # signs that mean the same in any language
MONEY = (("${}", "{} $"), ("€{}", "{} €"), ("£{}", "{} £"), ("{} €", "{} €"), ("{} EUR", "{} EUR"), ("¥{}", "{} ¥"))
AMOUNT = re.compile(r"(\d[\d,.]*\d|\d) dollars?\b")
PERCENT_SOURCE, PERCENT_TARGET = re.compile(r"(\d) percent\b"), re.compile(r"(\d) pour cent\b")
AND = re.compile(r"\b([A-Z]\w+) and ([A-Z]\w+)\b")
Way = Callable[[Pair, random.Random], Pair]


def capitals(pair: Pair, _chance: random.Random) -> Pair:
    """`WHERE IS MY BOOK?`, the translation as it is."""
    return replace(pair, source=pair.source.upper())


def small(pair: Pair, chance: random.Random) -> Pair:
    """`i don't like cold water.`, every third time without the last sign; the translation as it is."""
    source = pair.source.lower()
    return replace(pair, source=source.rstrip(".?! ") or source if chance.random() < 1 / 3 else source)


def titles(pair: Pair, _chance: random.Random) -> Pair:
    """`Where Is My Book?`, the translation as it is."""
    return replace(pair, source=" ".join(word[:1].upper() + word[1:] for word in pair.source.split(" ")))


def money(pair: Pair, chance: random.Random) -> Pair | None:
    """`5 dollars` on both sides becomes `€5` and `5 €`, or another currency."""
    amounts = AMOUNT.findall(pair.source)
    if len(amounts) != 1 or AMOUNT.findall(pair.target) != amounts:
        return None
    before, after = (each.format(amounts[0]) for each in chance.choice(MONEY))
    return replace(pair, source=AMOUNT.sub(before, pair.source), target=AMOUNT.sub(after, pair.target))


def percent(pair: Pair, _chance: random.Random) -> Pair | None:
    """`5 percent` becomes `5%`, its translation `5 %`."""
    if not (PERCENT_SOURCE.search(pair.source) and PERCENT_TARGET.search(pair.target)):
        return None
    source, target = PERCENT_SOURCE.sub(r"\1%", pair.source), PERCENT_TARGET.sub(r"\1 %", pair.target)
    return replace(pair, source=source, target=target)


def ampersand(pair: Pair, _chance: random.Random) -> Pair | None:
    """`Tom and Mary` becomes `Tom & Mary` on both sides."""
    for one, other in AND.findall(pair.source):
        here, there, both = f"{one} and {other}", f"{one} et {other}", f"{one} & {other}"
        if there in pair.target:
            return replace(pair, source=pair.source.replace(here, both), target=pair.target.replace(there, both))
    return None


def brackets(pair: Pair, chance: random.Random) -> Pair:
    """The sentence in brackets or quotation marks on both sides."""
    begin, end = chance.choice(("()", "[]", '""', "()"))
    return replace(pair, source=f"{begin}{pair.source}{end}", target=f"{begin}{pair.target}{end}")


def copied(pair: Pair, chance: random.Random) -> Pair:
    """A sign of no language at the end or at the beginning of both sides."""
    sign = chance.choice(COPIED)
    if chance.random() < 0.25:
        return replace(pair, source=f"{sign} {pair.source}", target=f"{sign} {pair.target}")
    return replace(pair, source=f"{pair.source} {sign}", target=f"{pair.target} {sign}")


CASES: tuple[tuple[Way, float], ...] = ((capitals, 0.45), (small, 0.45), (titles, 0.1))


def other_case(pair: Pair, chance: random.Random) -> Pair:
    """The source in capitals, in small letters or as a title."""
    way = chance.choices([way for way, _ in CASES], [weight for _, weight in CASES])[0]
    return way(pair, chance)


def other_signs(pair: Pair, chance: random.Random) -> Pair:
    """The pair with the first of these signs that it has a place for; most have one only for brackets or a sign to copy."""
    found = (way(pair, chance) for way in (money, percent, ampersand))
    return next(filter(None, found), None) or chance.choice((brackets, copied))(pair, chance)
