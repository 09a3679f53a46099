"""The corpus `grammar-en-fr`: sentences of a small English-French grammar, written for this project, with gold links.

Built in, nothing to download. Every sentence comes from a pattern of `grammar.patterns`, which fills the rules of
`grammar.phrases` with the words of `grammar.lexicon`. It is made to give attention something to show: agreement,
adjectives after their noun, elision, negation around the verb, object pronouns before it, and a pronoun whose gender
depends on which noun it stands for.

One English sentence has exactly one French sentence: `you` is always *tu*, `they` is *ils* unless a feminine noun came
before it, the simple past is the *passé composé* (but `was` is *était*), and speakers are taken to be men.
"""

from random import Random

from transformer.corpora.corpus import Corpus, Pair
from transformer.corpora.grammar.minimal_pairs import PHENOMENA, Changed, MinimalPair, minimal_pairs
from transformer.corpora.grammar.patterns import PATTERNS
from transformer.corpora.grammar.phrases import sentence
from transformer.corpora.grammar.showcase import showcase

__all__ = ["NAME", "PHENOMENA", "Changed", "MinimalPair", "generate", "load", "minimal_pairs", "showcase"]

NAME = "grammar-en-fr"
SEED = 2017
SIZE = 28_000
RECIPES = {  # options of `train`, by the minutes from which they are the right ones: a minute on two cores
    0: """--epochs 4 --vocabulary-size 2400 --d-model 64 --layers 2 --heads 4 --d-ff 256 --peak-rate 0.006
    --batch-tokens 480 --dropout 0 --cool-down 0.8 --validation-pairs 30""",
}


def load() -> Corpus:
    """The corpus: the same 28,000 pairs every time."""
    return Corpus(
        name=NAME,
        title="A small English-French grammar",
        licence="MIT",
        attribution="Written for Attention Atlas",
        pairs=generate(SEED, SIZE),
    )


def generate(seed: int, count: int) -> tuple[Pair, ...]:
    """That many pairs with distinct English sides, drawn from the patterns; the same seed gives the same pairs."""
    random = Random(seed)
    patterns, weights = list(PATTERNS), list(PATTERNS.values())
    pairs: dict[str, Pair] = {}
    while len(pairs) < count:
        (pattern,) = random.choices(patterns, weights)
        pair = sentence(*pattern(random))
        pairs.setdefault(pair.source, pair)
    return tuple(pairs.values())
