"""The encoder put to another use: which words of a sentence are names of people, of places, dates? (arXiv 1810.04805, section 5.3.)

One linear layer on the encoder's outputs gives each word a score for each tag. All of it is trained on tagged sentences: from nothing,
or from a `bert` that has read Tatoeba's English before (`--from`), which is called fine-tuning.

    loss = mean over the words of - log p(tag of the word | the sentence)
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from systems import sentences
from systems.masked.entities import TAGS, Tagged, spans
from systems.masked.reader import ENDS, SPECIAL, Reader, ReaderSizes
from systems.system import PADDING, UNKNOWN
from transformer.trace import EncoderTrace

SEEN = 2  # how often a word must occur to get a row of its own, from nothing: so the row of the unknown word learns as well


@dataclass(frozen=True, kw_only=True)
class TaggerSizes(ReaderSizes):
    """Those of the encoder."""

    frozen: bool = False  # leave the words' rows and the first layer as they are: a word of the test that was never trained on stays where it was
    hidden: float = 0.15  # the share of the words that training shows as unknown, so that their places must tell


class TaggedWords(NamedTuple):
    """Sentences with start and end, and the tag of each word; -1 where there is none."""

    ids: Tensor  # batch position
    tags: Tensor  # batch position


@dataclass(frozen=True)
class TaggerTrace:
    """One forward pass."""

    encoder: EncoderTrace
    logits: Annotated[Tensor, "batch position tag"]
    chances: Annotated[Tensor, "batch position tag"]  # softmax of the logits


class Tagger(Reader):
    """A tag for each word."""

    SIZES: ClassVar[type] = TaggerSizes

    def __init__(self, sizes: Any, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.W_tag = nn.Linear(sizes.d_model, len(TAGS))
        nn.init.zeros_(self.W_tag.bias)
        if sizes.frozen:
            for parameter in (self.matrix, *self.layers[0].parameters()):
                parameter.requires_grad_(False)

    @classmethod
    def words_of(cls, examples: Sequence[Any], sizes: Any) -> tuple[str, ...]:
        """See `System`: those that occur at least twice. A tagger that begins from another model takes the words of that one."""
        counts = Counter(word for each in examples for word in each.words)
        kept = sorted((word for word in counts if counts[word] >= SEEN), key=lambda word: (-counts[word], word))
        special = (PADDING, UNKNOWN, *SPECIAL)
        return (*special, *kept[: sizes.vocabulary - len(special)])

    def batch(self, examples: Sequence[Tagged], chance: random.Random) -> TaggedWords:
        """See `System`."""
        ids = sentences.padded([self.framed(each.words) for each in examples])
        lots = torch.Generator().manual_seed(chance.getrandbits(63))
        hidden = (torch.rand(ids.shape, generator=lots) < self.sizes.hidden) & (ids > ENDS)
        ids = ids.masked_fill(hidden, self.places[UNKNOWN])
        tags = [[-1, *(TAGS.index(tag) for tag in each.tags), -1] for each in examples]
        return TaggedWords(ids, sentences.padded(tags, -1))

    def forward(self, ids: Tensor) -> TaggerTrace:
        """Read `ids (batch, position)`, padded on the right, and score every tag at every position."""
        encoder = self.encode(ids)
        logits: Tensor = self.W_tag(encoder.output)
        return TaggerTrace(encoder, logits, logits.softmax(-1))

    def loss(self, batch: TaggedWords) -> Tensor:
        """See `System`."""
        tagged = batch.tags >= 0
        return F.cross_entropy(self(batch.ids).logits[tagged], batch.tags[tagged])

    def measure(self, examples: Sequence[Tagged]) -> dict[str, float]:
        """See `System`: F1 of whole names: the harmonic mean of how many of those found are right, and how many there are are found.

        The trivial guess is O for every word: it finds no name, so its F1 is 0. `words` are single words with the right tag.
        """
        found = [self.tags(each.words) for each in examples]
        gold, guessed = (
            {(n, *span) for n, tags in enumerate(rows) for span in spans(tags)}
            for rows in ([each.tags for each in examples], found)
        )
        pairs = [
            (a, b) for each, tags in zip(examples, found, strict=True) for a, b in zip(each.tags, tags, strict=True)
        ]
        return {
            "F1": 200 * len(gold & guessed) / max(1, len(gold) + len(guessed)),
            "baseline": 0.0,
            "words": 100 * sum(a == b for a, b in pairs) / max(1, len(pairs)),
            "baseline words": 100 * sum(a == "O" for a, _ in pairs) / max(1, len(pairs)),
        }

    def tags(self, words: Sequence[str]) -> list[str]:
        """The most likely tag of each word, of at most `LONGEST` - 2."""
        with torch.no_grad():
            ids = torch.tensor([self.framed(words)], device=self.matrix.device)
            best = self(ids).logits[0, 1:-1].argmax(-1).tolist()
        return [TAGS[tag] for tag in best]
