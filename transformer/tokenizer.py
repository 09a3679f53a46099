"""Text to pieces and back, by SentencePiece: one vocabulary for English and French (section 5.1 of arXiv 1706.03762).

A unigram language model (Kudo 2018, arXiv 1804.10959): a segmentation is a path through the sentence, its score the
sum of its pieces' log-probabilities. Characters never seen in training fall back to their UTF-8 bytes, `<0xEA>`.
"""

import io
import re
import tempfile
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from pathlib import Path
from typing import Any

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from transformer.text import clean

PADDING, START, END, UNKNOWN = "<pad>", "<s>", "</s>", "<unk>"
SPECIAL = (PADDING, START, END)  # ids 0, 1 and 2

# Always one piece, so that attention has a word to look at: did|n't, I|'m, l'|animal. Only at a word's beginning for French.
ENGLISH_CLITICS = ("n't", "'s", "'m", "'re", "'ve", "'ll", "'d")
FRENCH_CLITICS = tuple(
    f"▁{word}'" for letter in ("l", "d", "j", "n", "qu", "s", "m", "t", "c") for word in (letter, letter.title())
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a sentence: `text[start:end]` is what it stands for; `▁` in `piece` marks a word's beginning."""

    id: int
    piece: str
    start: int
    end: int
    score: float  # log-probability of the piece in the unigram model; 0 for special pieces and bytes
    is_byte: bool = False
    is_special: bool = False


@dataclass(frozen=True, slots=True)
class Segmentation:
    """One way to cut a sentence, with its log-probability: the sum of its pieces' scores."""

    pieces: tuple[Piece, ...]
    score: float


class Tokenizer:
    """A trained SentencePiece model. It is only read, so many threads may share one."""

    def __init__(self, model: bytes) -> None:
        if not model:
            raise RuntimeError("an empty file is no SentencePiece model")
        self.model = model
        self._processor = sentencepiece.SentencePieceProcessor(model_proto=model)

    @classmethod
    def train(cls, sentences: Iterable[str], vocabulary_size: int = 8000) -> "Tokenizer":
        """Learn a vocabulary of at most `vocabulary_size` pieces from `sentences`. Raises `ValueError` if it cannot be."""
        cleaned = [clean(sentence) for sentence in sentences]
        model = io.BytesIO()
        with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as seeds:
            seeds.writelines(f"{part}\t{weight}\n" for part, weight in word_parts(cleaned))
            seeds.flush()
            try:
                sentencepiece.SentencePieceTrainer.train(
                    sentence_iterator=iter(cleaned), model_writer=model, vocab_size=vocabulary_size, model_type="unigram",
                    byte_fallback=True, character_coverage=0.9999, hard_vocab_limit=False, num_threads=2, minloglevel=2,
                    pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece=PADDING, max_sentence_length=20000,
                    user_defined_symbols=[*ENGLISH_CLITICS, *FRENCH_CLITICS], seed_sentencepieces_file=seeds.name,
                )  # fmt: skip
            except RuntimeError as error:
                raise ValueError(_why_not(str(error), len(cleaned), vocabulary_size)) from error
        return cls(_without_file_name(model.getvalue()))

    @classmethod
    def load(cls, path: Path) -> "Tokenizer":
        """Read `tokenizer.model`. Raises `OSError` if it is missing, and `ValueError` if it is not a SentencePiece model of our kind."""
        try:
            read = cls(path.read_bytes())
        except RuntimeError as error:
            raise ValueError(f"{path.name} is not a SentencePiece model.") from error
        trained = sentencepiece_model_pb2.ModelProto.FromString(read.model).trainer_spec
        if trained.model_type != trained.UNIGRAM:
            raise ValueError(f"{path.name} is not a unigram model; only those can be shown here.")
        if not trained.byte_fallback:
            raise ValueError(f"{path.name} has no pieces for bytes, so some signs would be lost.")
        return read

    def __len__(self) -> int:
        return int(self._processor.get_piece_size())

    def encode(self, text: str) -> list[int]:
        """The ids of the best segmentation, without start and end."""
        return list(self._processor.encode(clean(text)))

    def sample(self, text: str, alpha: float = 0.3) -> list[int]:
        """The ids of a random segmentation, each with probability proportional to its own to the power `alpha`."""
        return list(self._processor.encode(clean(text), enable_sampling=True, alpha=alpha, nbest_size=-1))

    def decode(self, ids: Sequence[int]) -> str:
        """The text of `ids`; special pieces say nothing."""
        return str(self._processor.decode([id for id in ids if id >= len(SPECIAL)]))

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The best segmentation, with the characters of `clean(text)` that each piece stands for."""
        return self.segmentations(text, count=1)[0].pieces

    def segmentations(self, text: str, count: int = 10) -> list[Segmentation]:
        """The `count` most probable segmentations, best first."""
        text = clean(text)
        characters = [0, *accumulate(len(sign.encode()) for sign in text)]  # where each character begins, in bytes
        found = self._processor.nbest_encode(text, nbest_size=count, return_type="proto").nbests
        cut = [self._segmentation(each.pieces, characters) for each in found]
        return sorted(cut, key=lambda each: -each.score)  # SentencePiece ranks with a bonus for each clitic

    def piece(self, id: int) -> Piece:
        """One row of the vocabulary; its span is empty."""
        return self._piece(id, 0, 0)

    def spelled(self, ids: Sequence[int]) -> tuple[str, ...]:
        """The pieces of `ids`; a byte that is one of several is told with the sign they stand for: `<0xED 한 1/3>`."""
        names = [str(self._processor.id_to_piece(id)) for id in ids]
        values = [int(name[3:5], 16) if self._processor.is_byte(id) else 0 for id, name in zip(ids, names, strict=True)]
        for first, value in enumerate(values):
            count = sum(value >= least for least in (0xC2, 0xE0, 0xF0)) + 1  # of the bytes that begin with this one
            if count > 1 and (sign := one_sign(values[first : first + count])):
                for number in range(count):
                    names[first + number] = f"{names[first + number][:-1]} {sign} {number + 1}/{count}>"
        return tuple(names)

    def vocabulary(self) -> list[Piece]:
        """Every piece, in the order of the ids."""
        return [self.piece(id) for id in range(len(self))]

    def _segmentation(self, cut: Sequence[Any], characters: list[int]) -> Segmentation:
        pieces: list[Piece] = []
        for piece in reversed(cut):  # all bytes of a character stand for it, but only the last is said to
            span = bisect_left(characters, piece.begin), bisect_left(characters, piece.end)
            if pieces and self._processor.is_byte(piece.id) and span[0] == span[1] == pieces[-1].start:
                span = pieces[-1].start, pieces[-1].end
            pieces.append(self._piece(piece.id, *span))
        return Segmentation(tuple(reversed(pieces)), sum(piece.score for piece in pieces))

    def _piece(self, id: int, start: int, end: int) -> Piece:
        model = self._processor
        byte, special = model.is_byte(id), model.is_control(id) or model.is_unknown(id)
        score = 0.0 if byte or special else float(model.get_score(id))
        return Piece(id, model.id_to_piece(id), start, end, score, byte, special)


def one_sign(values: Sequence[int]) -> str:
    """The one character that these bytes are; nothing if they are none, as where a model wrote only some of its bytes."""
    try:
        sign = bytes(values).decode()
    except UnicodeDecodeError:
        return ""
    return sign if len(sign) == 1 else ""


def seed_sampling(seed: int) -> None:
    """Make every `Tokenizer.sample` from here on repeatable, in this thread; another process draws others (SentencePiece 0.2.3)."""
    sentencepiece.set_random_generator_seed(seed % 2**32)


def word_parts(sentences: Iterable[str], longest: int = 16, most: int = 400_000) -> list[tuple[str, int]]:
    """Every part of two letters or more of the words that occurs twice or more; with occurrences times length, highest first.

    The unigram trainer starts from these. Left to itself it starts from the parts that can be followed by two different
    letters, and so misses whole words that begin no other word, such as `à`, `Nous` and `votre`.
    """
    text = Counter(word for sentence in sentences for word in re.findall(r"▁?\w+|▁\W", mark(sentence)))
    parts: Counter[str] = Counter()
    for word, times in text.items():
        for start, end in combinations(range(len(word) + 1), 2):
            if 2 <= end - start <= longest:
                parts[word[start:end]] += times
    weighted = [(part, times * len(part)) for part, times in parts.items() if times >= 2]
    return sorted(weighted, key=lambda each: (-each[1], each[0]))[:most]


def mark(sentence: str) -> str:
    """The sentence as SentencePiece sees it: NFKC, with `▁` before each word."""
    return "▁" + unicodedata.normalize("NFKC", sentence).replace(" ", "▁")


def _why_not(said: str, sentences: int, vocabulary_size: int) -> str:
    """In a sentence, why SentencePiece could not learn a vocabulary."""
    if letters := re.search(r"required_chars\. \d+ vs (\d+)", said):
        return (
            f"A vocabulary of {vocabulary_size} pieces is too small for the letters and signs of these {sentences} sentences. "
            f"Ask for {letters[1]} or more."
        )
    return f"These {sentences} sentences cannot fill a vocabulary of {vocabulary_size} pieces. Ask for fewer, or give more text."


def _without_file_name(model: bytes) -> bytes:
    """The model without the name of the temporary file of seeds, which it remembers: the same text, the same bytes."""
    parsed = sentencepiece_model_pb2.ModelProto.FromString(model)
    parsed.trainer_spec.ClearField("seed_sentencepieces_file")
    found: bytes = parsed.SerializeToString()
    return found
