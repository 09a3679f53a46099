"""The encoder that `bert`, `causal` and `tagger` share: that of the Transformer (arXiv 1706.03762), over whole words.

The same layers as in `transformer.layers`, with sinusoids for positions, where BERT (arXiv 1810.04805) learns them. The rows of the words
serve twice: as what is read, and, with a bias, as what the output is compared with.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from systems import sentences
from systems.system import System
from transformer.attention import padding_mask
from transformer.config import Config
from transformer.layers import Embedding, EncoderLayer
from transformer.trace import EncoderTrace

MASK, START, END = "<mask>", "<start>", "<end>"
SPECIAL = (MASK, START, END)
MASKS, STARTS, ENDS = 2, 3, 4  # their ids, after padding and the unknown word
FIRST = 5  # the id of the first real word
LONGEST = 128  # positions, with start and end


@dataclass(frozen=True, kw_only=True)
class ReaderSizes:
    """The sizes of the encoder."""

    vocabulary: int = 3400  # words at most, with the five special ones
    d_model: int = 96
    heads: int = 4
    layers: int = 3
    d_ff: int = 192
    dropout: float = 0.1


class Guesses(NamedTuple):
    """Sentences, and what is to be guessed where: the true id, and 0 where nothing is."""

    ids: Tensor  # batch position
    expected: Tensor  # batch position


@dataclass(frozen=True)
class ReaderTrace:
    """One forward pass."""

    encoder: EncoderTrace
    logits: Annotated[Tensor, "batch position vocabulary"]  # bert: of the word that stands here; causal: of the next


class Reader(System):
    """Words in, a vector for each out."""

    SIZES: ClassVar[type] = ReaderSizes
    sizes: Any

    def __init__(self, sizes: Any, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.places = {word: place for place, word in enumerate(words)}
        config = Config(
            vocabulary_size=max(FIRST, len(words)), d_model=sizes.d_model, dropout=sizes.dropout, max_positions=LONGEST,
            start_id=STARTS, end_id=ENDS, heads=sizes.heads, encoder_layers=sizes.layers, d_ff=sizes.d_ff,
        )  # fmt: skip
        self.matrix = nn.Parameter(torch.empty(len(words), sizes.d_model))
        self.embedding = Embedding(config)
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(sizes.layers))
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.matrix, std=sizes.d_model**-0.5)

    @classmethod
    def words_of(cls, examples: Sequence[str], sizes: Any) -> tuple[str, ...]:
        """See `System`: the most frequent words and signs."""
        return sentences.most_frequent(map(sentences.words_and_signs, examples), sizes.vocabulary, SPECIAL)

    def read(self, sentence: str) -> list[int]:
        """The ids of a sentence with start and end; what is longer than `LONGEST` is cut off."""
        return self.framed(sentences.words_and_signs(sentence))

    def framed(self, words: Sequence[str]) -> list[int]:
        """The ids of words with start and end."""
        return [STARTS, *sentences.ids(words, self.places)[: LONGEST - 2], ENDS]

    def encode(self, ids: Tensor, may_look: Tensor | None = None) -> EncoderTrace:
        """The encoder over `ids (batch, position)`; `may_look`, broadcastable to `(batch, head, query, key)`, is True where one may look."""
        mask = padding_mask(ids, 0)
        mask = mask if may_look is None else mask & may_look
        embedding = self.embedding(ids, self.matrix)
        x, layers = embedding.output, []
        for layer in self.layers:
            layers.append(layer(x, mask))
            x = layers[-1].output
        return EncoderTrace(embedding, tuple(layers), x)


class Guesser(Reader):
    """A reader that guesses words: score = output . row of the word + bias of the word."""

    def __init__(self, sizes: Any, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        self.bias = nn.Parameter(torch.zeros(len(words)))

    def seen(self, ids: Tensor) -> EncoderTrace:
        """The encoder's pass over `ids (batch, position)`, with what this kind may look at."""
        raise NotImplementedError

    def blanked(self, ids: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        """How to ask for the words at `place (batch)` of `ids`: the ids to read, and the positions that answer, `(batch)`."""
        raise NotImplementedError

    def forward(self, ids: Tensor) -> ReaderTrace:
        """Read `ids (batch, position)`, padded on the right, and score every word at every position."""
        encoder = self.seen(ids)
        return ReaderTrace(encoder, self.scores(encoder.output))

    def scores(self, output: Tensor) -> Tensor:
        """The logit of every word for each of `output (..., d_model)`."""
        return output @ self.matrix.T + self.bias

    def loss(self, batch: Guesses) -> Tensor:
        """See `System`: the mean cross-entropy of what is to be guessed."""
        asked = batch.expected > 0
        if not asked.any():
            return self.matrix.sum() * 0
        return F.cross_entropy(self.scores(self.seen(batch.ids).output[asked]), batch.expected[asked])

    def measure(self, examples: Sequence[str]) -> dict[str, float]:
        """See `System`: one word or sign of each sentence is blanked; how often the most likely word is the true one.

        The trivial guess is always the most frequent word. `of words` and its baseline leave blanked signs out.
        """
        found = blanks(self, examples)
        counted = {"right": found, "of words": [each for each in found if sentences.LETTERS.match(self.words[each[2]])]}
        hits: dict[tuple[int, int], bool] = {}
        with torch.no_grad():
            for first in range(0, len(found), 256):
                part = found[first : first + 256]
                ids = sentences.padded([row for row, _, _ in part]).to(self.matrix.device)
                place = torch.tensor([place for _, place, _ in part]).to(self.matrix.device)
                asked, answers = self.blanked(ids, place)
                output = self.seen(asked).output[torch.arange(len(part)), answers]
                best = self.scores(output).argmax(-1).tolist()
                hits |= {(first + n, part[n][2]): best[n] == part[n][2] for n in range(len(part))}
        number = {id(each): hits[n, each[2]] for n, each in enumerate(found)}
        figures = {}
        for name, rows in counted.items():
            true = torch.tensor([each[2] for each in rows]).bincount(minlength=1) if rows else torch.zeros(1)
            figures[name] = 100 * sum(number[id(each)] for each in rows) / max(1, len(rows))
            figures["baseline" if name == "right" else f"baseline {name}"] = 100 * int(true.max()) / max(1, len(rows))
        return figures


def blanks(model: Reader, examples: Sequence[str]) -> list[tuple[list[int], int, int]]:
    """Of each sentence its ids, the place of one known word or sign, drawn by lot from a fixed seed, and that word's id."""
    chance, found = random.Random(0), []
    for example in examples:
        row = model.read(example)
        known = [place for place, id in enumerate(row) if id >= FIRST]
        lot = chance.random()  # one for each sentence, whatever its words: so all models get the same lots
        if known:
            place = known[int(lot * len(known))]
            found.append((row, place, row[place]))
    return found
