"""Questions about a scene, from a small grammar: how many there are, whether there is one, whether one lies left of another.

    how many [size] [colour] KIND ?            how many circles ?   how many large red squares ?   how many shapes ?
    is there a [size] [colour] KIND ?          is there a small triangle ?
    is there a ... WHERE a ... ?               is there a red square left of a blue one ?   (left of, right of, above, below)

KIND is circle, square, triangle or shape; "one" is another of the first one's kind. A typed question may be in capitals, lack its mark,
or say "colored", "above the", "are there"; what is not understood is named.
"""

import random
import re
from dataclasses import dataclass

from systems.scenes.captions import NUMBERS
from systems.scenes.scene import COLOURS, KINDS, SIZES, Scene, Shape

PLACES = ("left", "right", "above", "below")
HIGHEST = 6  # the largest number that is an answer
ANSWERS = ("no", "yes", *map(str, range(HIGHEST + 1)))
ANY = "shape"
NOUNS = (*KINDS, ANY)
WORDS = ("how many", "is there", *SIZES, *COLOURS, *NOUNS, *PLACES)  # what the models read
PARTS = (
    "asked",
    "size",
    "colour",
    "noun",
    "where",
    "size_2",
    "colour_2",
    "noun_2",
)  # of a question: each word has its place
TYPED = (
    "how",
    "many",
    "is",
    "there",
    "a",
    "of",
    "one",
    *SIZES,
    *COLOURS,
    *NOUNS,
    *(f"{noun}s" for noun in NOUNS),
    *PLACES,
)
EXAMPLES = (
    "how many circles?",
    "is there a red square left of a blue one?",
    "how many small green shapes?",
    "is there a large triangle?",
)
SAME = {
    "any": "a",
    "an": "a",
    "the": "a",
    "are": "is",
    "under": "below",
    "over": "above",
    "one's": "one",
    "rectangle": "square",
    "rectangles": "squares",
    "shape's": "shape",
}


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question looks for; an empty word stands for any."""

    size: str
    colour: str
    noun: str  # of `NOUNS`

    def fits(self, shape: Shape) -> bool:
        """Whether a shape is one."""
        return self.size in ("", shape.size) and self.colour in ("", shape.colour) and self.noun in (ANY, shape.kind)

    def told(self, noun: str) -> str:
        """In words, with that noun at the end."""
        return " ".join(word for word in (self.size, self.colour, noun) if word)


@dataclass(frozen=True, slots=True)
class Question:
    """A question. Without a `second` it counts (`where` is "many") or asks whether there is one (`where` is "")."""

    first: Sought
    where: str  # "many", "", or one of `PLACES`
    second: Sought | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """As the models read it: the word of each of `PARTS`, empty where nothing was said."""
        begin = "how many" if self.where == "many" else "is there"
        where = self.where if self.where in PLACES else ""
        second = self.second or Sought("", "", "")
        return (
            begin,
            self.first.size,
            self.first.colour,
            self.first.noun,
            where,
            second.size,
            second.colour,
            second.noun,
        )

    @property
    def text(self) -> str:
        """As it is written."""
        if self.where == "many":
            return f"how many {self.first.told(self.first.noun)}s?"
        begin = f"is there a {self.first.told(self.first.noun)}"
        if self.second is None:
            return f"{begin}?"
        where = f"{self.where} of" if self.where in ("left", "right") else self.where
        same = self.second.noun == self.first.noun and self.second != Sought("", "", self.second.noun)
        return f"{begin} {where} a {self.second.told('one' if same else self.second.noun)}?"

    def answer(self, scene: Scene) -> str:
        """The right answer; a number beyond `HIGHEST` is no answer that a model can give."""
        if self.where == "many":
            return str(sum(self.first.fits(shape) for shape in scene))
        return "yes" if self.meant(scene) else "no"

    def meant(self, scene: Scene) -> tuple[int, ...]:
        """The places in the scene of the shapes that the right answer rests on."""
        firsts = [place for place, shape in enumerate(scene) if self.first.fits(shape)]
        if self.second is None:
            return tuple(firsts)
        pairs = [
            (a, b)
            for a in firsts
            for b in range(len(scene))
            if a != b and self.second.fits(scene[b]) and lies(scene[a], self.where, scene[b])
        ]
        return tuple(sorted({place for pair in pairs for place in pair}))


def lies(one: Shape, where: str, other: Shape) -> bool:
    """Whether the middle of one lies on that side of the middle of the other."""
    return {"left": one.x < other.x, "right": one.x > other.x, "above": one.y < other.y, "below": one.y > other.y}[
        where
    ]


def ask(scene: Scene, chance: random.Random) -> Question:
    """A question by lot, so that "yes" and "no", and the numbers, are about equally likely where the scene allows it."""
    kind = chance.random()
    if kind < 0.6:
        return Question(sought(scene, chance, 0.8), "many")
    if kind < 0.7 or len(scene) < 2:
        return Question(sought(scene, chance, 0.5), "")
    return related(scene, chance)


def count(_scene: Scene, chance: random.Random) -> Question:
    """The simplest question by lot: how many there are of a kind, of a colour, or in all."""
    noun = chance.choice((*KINDS, *KINDS, *COLOURS, ANY))
    return Question(Sought("", noun, ANY) if noun in COLOURS else Sought("", "", noun), "many")


def related(scene: Scene, chance: random.Random) -> Question:
    """Whether something lies somewhere: "yes" and "no" about as often, as far as some tries find it."""
    wanted = chance.choice(("yes", "no"))
    for _ in range(8):
        a, b = chance.sample(scene, 2)
        found = Question(described(a, chance), chance.choice(PLACES), described(b, chance))
        if found.answer(scene) == wanted:
            break
    return found


def sought(scene: Scene, chance: random.Random, there: float) -> Sought:
    """What to look for: with that likelihood something that is there."""
    shape = chance.choice(scene) if scene and chance.random() < there else None
    shape = shape or Shape(chance.choice(COLOURS), chance.choice(KINDS), chance.choice(SIZES), 0, 0)
    return described(shape, chance)


def described(shape: Shape, chance: random.Random) -> Sought:
    """A shape by some of what is seen of it: mostly one thing, sometimes two, seldom all or nothing."""
    number = chance.choices((0, 1, 2, 3), (1, 14, 6, 1))[0]
    told = {*chance.sample(("size", "colour", "colour", "noun", "noun"), number)}
    return Sought(
        shape.size if "size" in told else "",
        shape.colour if "colour" in told else "",
        shape.kind if "noun" in told else ANY,
    )


def parse(text: str) -> Question:
    """The question that somebody typed. Raises `ValueError` with a sentence that names what was not understood."""
    found = [SAME.get(word, word) for word in re.findall(r"[^\s?.!,]+", text.lower())]
    if not found:
        raise ValueError("There is no question yet.")
    strange = [word for word in found if word not in TYPED]
    if strange:
        names = ", ".join(f"“{word[:20]}”" for word in strange[:3])
        raise ValueError(f"It does not know {names}.")
    if found[:2] == ["how", "many"]:
        return Question(seek(without(found[2:], ["is", "there"])), "many")
    if found[:2] == ["is", "there"]:
        return whether(found[2:])
    raise ValueError("A question begins with “how many” or “is there a”.")


def without(words: list[str], ending: list[str]) -> list[str]:
    """Words without an ending that says nothing."""
    return words[: -len(ending)] if words[-len(ending) :] == ending else words


def whether(words: list[str]) -> Question:
    """What comes after "is there"."""
    places = [place for place, word in enumerate(words) if word in PLACES]
    if not places:
        return Question(seek(words), "")
    if len(places) > 1:
        raise ValueError("It can only answer about one “left of”, “right of”, “above” or “below” at a time.")
    place = places[0]
    first, after = seek(words[:place]), words[place + 1 :]
    second = seek(after[1:] if after[:1] == ["of"] else after, first.noun)
    return Question(first, words[place], second)


def seek(words: list[str], one: str = "") -> Sought:
    """What words such as "a large red circle" look for; "one" is another `one`. Raises `ValueError` with a sentence."""
    rest = [word for word in words if word != "a"]
    noun = rest[-1].removesuffix("s") if rest else ""
    noun = one if noun == "one" else noun
    if noun not in NOUNS:
        raise ValueError(f"It needs a circle, a square, a triangle or a shape to look for{after(rest)}.")
    size, colour = "", ""
    for word in rest[:-1]:
        if word in SIZES and not size:
            size = word
        elif word in COLOURS and not colour:
            colour = word
        else:
            raise ValueError(f"It does not understand “{word}” before “{rest[-1]}”.")
    return Sought(size, colour, noun)


def after(words: list[str]) -> str:
    """Behind which words something lacks."""
    return f" after “{' '.join(words)[:40]}”" if words else ""


def number(answer: str) -> str:
    """An answer in words."""
    return NUMBERS[int(answer)] if answer.isdigit() and int(answer) < len(NUMBERS) else answer
