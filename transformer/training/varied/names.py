"""Names swapped on both sides of a pair, so that a model learns to copy a name it has never met.

Two thirds of the people in the Tatoeba corpus are called Tom. A model trained on it as it stands garbles `Charlie`.
"""

import random
import re
from dataclasses import replace

from transformer.corpora import Pair

MEN = """Adam Alan Albert Andrew Anthony Arthur Ben Benjamin Bill Bob Brian Carl Charles Charlie Chris Christopher
Daniel David Dennis Edward Eric Ethan Felix Frank Fred Gary George Harry Henri Henry Hugo Ivan Jack Jackson Jacob
Jacques Jake James Jason Jean Jim Joe John Jonas Joseph Joshua Julien Justin Karl Ken Kevin Larry Leo Liam Louis Lucas
Luke Marc Mark Martin Matthew Max Michael Mike Minho Nathan Nick Noah Oliver Oscar Patrick Paul Peter Philip Pierre
Ralph Richard Robert Roger Ryan Sam Samuel Scott Simon Stephen Steve Ted Thomas Tim Tom Tony Victor Vincent Walter
William Xavier Yann Zachary""".split()
WOMEN = """Alice Amanda Amy Anna Anne Barbara Betty Camille Carol Caroline Catherine Charlotte Chloe Christine Claire
Clara Diana Donna Dorothy Elena Elizabeth Ella Emily Emma Eva Eve Fiona Florence Grace Hannah Helen Ines Isabelle Jane
Janet Jennifer Jessica Jihye Joan Judy Julia Julie Karen Kate Kim Laura Lena Linda Lisa Lucy Manon Margaret Maria Marie
Mary Megan Mia Michelle Minji Nancy Nicole Nina Nora Olivia Pamela Patricia Rachel Rebecca Rose Ruth Sally Sandra Sarah
Sonia Sophie Susan Sylvie Tina Valerie Vera Victoria Wendy Yuna Zoe""".split()
OTHER_FORM = {
    "Mary": "Marie",
    "Maria": "Marie",
    "Julia": "Julie",
    "Helen": "Hélène",
}  # English names the corpus translates
NAME = re.compile(r"\b[A-Z]\w+\b")
VOWELS = tuple("AEIOUYH")


def swap_names(pair: Pair, random_source: random.Random) -> Pair:
    """The pair with each name that stands on both sides replaced by another, the same on both sides.

    A man's name becomes a man's and a woman's a woman's, because French agrees with it; a name that begins with a vowel
    stays one, because `de` and `que` elide before it. One replacement in three is a name that nobody has.
    """
    source, target = pair.source, pair.target
    for name in sorted(set(NAME.findall(source))):
        there = name if _stands_in(name, target) else OTHER_FORM.get(name, name)
        pool = next((names for names in (MEN, WOMEN) if name in names), None)
        if pool and _stands_in(there, target):
            new = _another(name, pool, f"{source} {target}", random_source)
            source = re.sub(rf"\b{name}\b", new, source)
            target = re.sub(rf"\b{there}\b", new, target)
    return replace(pair, source=source, target=target)


def _stands_in(name: str, sentence: str) -> bool:
    return re.search(rf"\b{name}\b", sentence) is not None


def _another(name: str, pool: list[str], taken: str, random_source: random.Random) -> str:
    if not name.startswith(VOWELS) and random_source.random() < 1 / 3:
        return invented_name(random_source)
    alike = [other for other in pool if other.startswith(VOWELS) == name.startswith(VOWELS)]
    return random_source.choice([other for other in alike if not _stands_in(other, taken)])


def invented_name(random_source: random.Random) -> str:
    """Two or three syllables that make a pronounceable name, such as `Bradinel`; it begins with a consonant."""
    starts = "b br ch d dr f g k l m n p r s st t tr v w z".split()
    vowels, ends = "a e i o u ie ou ar er".split(), ["", "", "l", "n", "s"]
    syllables = (
        random_source.choice(starts) + random_source.choice(vowels) for _ in range(random_source.choice((2, 2, 3)))
    )
    return ("".join(syllables) + random_source.choice(ends)).capitalize()
