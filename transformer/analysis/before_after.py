"""What a fine-tuning changed: the same sentences translated by the checkpoint it began with and by the one it ended with.

On sentences it learned from, on such as were held out, and on a sample of what the first one was trained to know: what was
learned, what of it reaches beyond, and what was forgotten.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transformer.checkpoint import Checkpoint
from transformer.corpora import Corpus, CorpusError, Pair, load_corpus, names, references
from transformer.corpora.grammar_en_fr import showcase
from transformer.decoding.batch import beam_batch
from transformer.training.evaluation import Scores, exact_match, scores

SAMPLE = 200  # English sentences of what was known before
LONGEST = 100  # pieces of a sentence; training leaves longer ones out, too
Heard = Callable[[int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An English sentence and its two translations. One is right if it is one of the references, letter by letter."""

    source: str
    references: tuple[str, ...]
    before: str
    after: str

    @property
    def right_before(self) -> bool:
        """Whether the first checkpoint gives one of the references."""
        return exact_match([self.before], [self.references]) > 0

    @property
    def right_after(self) -> bool:
        """Whether the second checkpoint gives one of the references."""
        return exact_match([self.after], [self.references]) > 0

    @property
    def learned(self) -> bool:
        """Wrong before, right after."""
        return self.right_after and not self.right_before

    @property
    def forgotten(self) -> bool:
        """Right before, wrong after."""
        return self.right_before and not self.right_after


@dataclass(frozen=True, kw_only=True)
class Change:
    """What became of some sentences; the scores are `None` if there are none."""

    rows: tuple[Row, ...]
    before: Scores | None
    after: Scores | None
    too_long: int = 0  # sentences left out, because a checkpoint cuts them into too many pieces, or into none

    @property
    def right_before(self) -> int:
        """How many sentences the first checkpoint translates as a reference does."""
        return sum(row.right_before for row in self.rows)

    @property
    def right_after(self) -> int:
        """How many sentences the second checkpoint translates as a reference does."""
        return sum(row.right_after for row in self.rows)

    @property
    def learned(self) -> tuple[Row, ...]:
        """The sentences that were wrong before and are right after."""
        return tuple(row for row in self.rows if row.learned)

    @property
    def forgotten(self) -> tuple[Row, ...]:
        """The sentences that were right before and are wrong after."""
        return tuple(row for row in self.rows if row.forgotten)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a fine-tuning did: to the pairs it learned from, to those held out, and to what was known before."""

    learned_from: Change
    held_out: Change
    known: Change
    known_corpus: str  # whose held-out sentences `known` are; empty for the showcase of the grammar


def effect(
    before: Checkpoint, after: Checkpoint, corpus: Corpus, sample: int = SAMPLE, progress: Heard = lambda _: None
) -> Effect:
    """Compare two checkpoints on the pairs of `corpus`, which the second one learned from, and on what the first one knew.

    At most `sample` sentences of each kind. `progress` hears how many sentences each batch had: every one counts twice.
    """
    known_corpus, known_pairs = known(before.card, sample)
    held_out = [*corpus.split("validation"), *corpus.split("test")]
    learned_from, held_out = sampled(corpus.split("train"), sample), sampled(held_out, sample)
    return Effect(
        learned_from=compare(before, after, learned_from, progress),
        held_out=compare(before, after, held_out, progress),
        known=compare(before, after, known_pairs, progress),
        known_corpus=known_corpus,
    )


def compare(before: Checkpoint, after: Checkpoint, pairs: Sequence[Pair], progress: Heard = lambda _: None) -> Change:
    """Each distinct English sentence of `pairs`, translated greedily by both checkpoints, each with its own tokenizer."""
    every = references(pairs)
    expected = {source: found for source, found in every.items() if fits(before, source) and fits(after, source)}
    if not expected:
        return Change(rows=(), before=None, after=None, too_long=len(every))
    first, second = (translations(each, list(expected), progress) for each in (before, after))
    rows = tuple(
        Row(source=source, references=tuple(found), before=old, after=new)
        for (source, found), old, new in zip(expected.items(), first, second, strict=True)
    )
    all_references = list(expected.values())
    return Change(
        rows=rows, before=scores(first, all_references), after=scores(second, all_references),
        too_long=len(every) - len(expected),
    )  # fmt: skip


def translations(checkpoint: Checkpoint, sentences: Sequence[str], progress: Heard = lambda _: None) -> list[str]:
    """What the checkpoint makes of each sentence, greedily."""
    sources = [checkpoint.tokenizer.encode(sentence) for sentence in sentences]
    found = beam_batch(checkpoint.model, sources, width=1, progress=progress)
    return [checkpoint.tokenizer.decode(ids) for ids in found]


def fits(checkpoint: Checkpoint, sentence: str) -> bool:
    """Whether the checkpoint can read the sentence and training would have."""
    most = min(LONGEST, checkpoint.model.config.max_positions - 2)
    return 0 < len(checkpoint.tokenizer.encode(sentence)) <= most


def known(card: Mapping[str, Any], sample: int = SAMPLE) -> tuple[str, Sequence[Pair]]:
    """What a checkpoint with that card should know, though it never saw it: from the test split of its own corpus.

    The first of its corpora whose text is on this machine, with its name; otherwise the showcase of the grammar, without.
    """
    for name in trained_on(card):
        try:
            return name, sampled(load_corpus(name).split("test"), sample)
        except CorpusError:
            continue
    return "", showcase()


def trained_on(card: Mapping[str, Any]) -> list[str]:
    """The corpora that a card names and this program knows; a file is none, for a card may come from anybody."""
    described = card.get("corpora")
    found = [each.get("name") for each in described if isinstance(each, dict)] if isinstance(described, list) else []
    return [name for name in found if isinstance(name, str) and name in names()]


def sampled(pairs: Sequence[Pair], count: int) -> list[Pair]:
    """All pairs of at most `count` English sentences, taken evenly all along."""
    sources = list(dict.fromkeys(pair.source for pair in pairs))
    taken = {sources[place * len(sources) // count] for place in range(count)} if len(sources) > count else {*sources}
    return [pair for pair in pairs if pair.source in taken]
