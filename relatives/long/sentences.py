"""Held-out sentences of the grammar corpus by length, and longer ones than any that was trained on: clauses joined by "and".

Every long sentence is the corpus's own pattern of two clauses (`The boy is singing and the girl is dancing.`) gone on with, so that
nothing about it is new but how many clauses there are. The grammar makes it, so its French is as exact as that of the corpus. Clauses
with `they` are left out: in a longer sentence it could stand for somebody in another clause, and the French would not be certain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from transformer.corpora import Corpus, Pair, references
from transformer.corpora.corpus import split_of
from transformer.corpora.grammar.draws import draw_subject
from transformer.corpora.grammar.lexicon import INTRANSITIVES, Verb
from transformer.corpora.grammar.phrases import Phrase, clause, joined, said, sentence, verb_group
from transformer.corpora.grammar_en_fr import load
from transformer.tokenizer import Tokenizer

BINS = ((1, 5), (6, 7), (8, 9), (10, 11), (12, 15), (16, 20), (21, 27), (28, 36), (37, 48))  # pieces of the English
SEED, EACH, MOST = 2014, 60, 150  # long sentences in a bin; natural ones
TENSES = ("progressive", "past", "can")  # of the pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of the exam."""

    source: str
    target: str  # its French
    pieces: int  # of the English, without the end piece
    clauses: int  # joined by the exam; 1 in a sentence of the corpus's test split
    others: tuple[str, ...] = ()  # where the corpus knows more than one translation


def drawn(random: Random, verb: Verb, tense: str) -> Phrase:
    """`the girl is dancing`: somebody, but not `they`."""
    while True:
        subject = draw_subject(random, verb.subject)
        if subject.phrase.english[0].text != "they":
            return clause(subject, verb_group(verb, tense, subject))


def compound(parts: Sequence[Phrase]) -> Pair:
    """The clauses as one sentence."""
    first, *others = parts
    return sentence(joined(first, *(each for part in others for each in (said("and", "et"), part))))


def compounds() -> Iterator[tuple[Pair, int]]:
    """Held-out sentences of two clauses, three, ... in turn, without end, each with its number of clauses; no verb twice in one."""
    random = Random(SEED)
    while True:
        for count in range(2, len(INTRANSITIVES) + 1):
            tense = random.choice(TENSES)
            pair = compound([drawn(random, verb, tense) for verb in random.sample(INTRANSITIVES, count)])
            while count == 2 and split_of(pair.source) != "test":
                pair = compound([drawn(random, verb, tense) for verb in random.sample(INTRANSITIVES, count)])
            yield pair, count


def exam(tokenizer: Tokenizer) -> tuple[int, list[Sentence]]:
    """How many pieces the longest English sentence of the training split has; and the sentences of the exam.

    Up to that length they are the corpus's test split. To tell length from the number of clauses, there are as many compounds of two
    clauses and of three that are no longer. Beyond it there are compounds alone.
    """
    corpus = load()
    longest = max(len(ids) for ids in map(tokenizer.encode, (pair.source for pair in corpus.split("train"))))
    found = [made(tokenizer, pair, 1) for pair in corpus.split("test")]
    left = dict.fromkeys(((low, high, 0) for low, high in BINS if low > longest), EACH)
    left |= {(1, longest, 2): EACH, (1, longest, 3): EACH}
    for pair, count in compounds():
        each = made(tokenizer, pair, count)
        home = next((home for home in left if home[0] <= each.pieces <= home[1] and home[2] in (0, count)), None)
        if home:
            found.append(each)
            left[home] -= 1
            if not left[home]:
                del left[home]
        if not left:
            break
    return longest, found


def natural(tokenizer: Tokenizer, corpus: Corpus, longest: int) -> tuple[int, list[Sentence]]:
    """The same of a corpus of people's sentences: of its test split at most `MOST` distinct ones in each bin.

    `longest` is what the recipe of training allowed, if the training split has as long a sentence.
    """
    lengths = [len(ids) for ids in map(tokenizer.encode, (pair.source for pair in corpus.split("train")))]
    left, found = dict.fromkeys(range(len(BINS)), MOST), []
    for source, targets in references(corpus.split("test")).items():
        pieces = len(tokenizer.encode(source))
        home = bin_of(pieces)
        if home is not None and left[home]:
            left[home] -= 1
            found.append(
                Sentence(source=source, target=targets[0], pieces=pieces, clauses=1, others=tuple(targets[1:]))
            )
    return min(longest, max(lengths)), found


def made(tokenizer: Tokenizer, pair: Pair, count: int) -> Sentence:
    """A pair as a sentence of the exam."""
    return Sentence(source=pair.source, target=pair.target, pieces=len(tokenizer.encode(pair.source)), clauses=count)


def bin_of(pieces: int) -> int | None:
    """The number of the bin for sentences of so many pieces, if there is one."""
    return next((number for number, (low, high) in enumerate(BINS) if low <= pieces <= high), None)


def prolonged(text: str, clauses: Sequence[tuple[str, str]], count: int) -> str:
    """The English `text` and so many of the `clauses`, joined by "and"."""
    if not count:
        return text
    return " and ".join([text.rstrip().rstrip(".!?… "), *(english for english, _french in clauses[:count])]) + "."


def prolonging() -> tuple[tuple[str, str], ...]:
    """A clause of each verb to prolong any sentence with, English and French: `the girl is dancing`."""
    random, found = Random(SEED), []
    for verb in INTRANSITIVES:
        pair = sentence(drawn(random, verb, "progressive"))
        while pair.source.split()[0] != "The":
            pair = sentence(drawn(random, verb, "progressive"))
        found.append((lowered(pair.source), lowered(pair.target)))
    return tuple(found)


def lowered(text: str) -> str:
    """`The dog slept.` as `the dog slept`."""
    return text[0].lower() + text[1:].rstrip(" .")
