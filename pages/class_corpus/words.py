"""How a model cuts the class's sentences into pieces, and which of their words it has never met.

A word is *new* if it stands nowhere in the sentences that the model was trained on, capital letters aside. If the text of its
corpora is not on this machine, a word counts as new if the tokenizer cuts it into many pieces: it was seldom met, if ever.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

import streamlit as st

from figures.labels import label
from pages.class_corpus import keep
from transformer import checkpoint
from transformer.checkpoint import Checkpoint
from transformer.corpora import CorpusError, Pair, load_corpus, names, open_corpus, words
from transformer.text import clean
from transformer.tokenizer import Piece, Tokenizer
from ui.session import state

MOST_WORDS, MOST_LETTERS = 2_000, 100_000  # pairs whose words are looked at, and letters in them
MANY = 3  # pieces of a word that was seldom met
LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence, the pieces it is cut into, and whether the model has never met it."""

    text: str
    cut: tuple[str, ...]  # the characters that each piece stands for; a piece that is one of several bytes is `한 1/3`
    new: bool


@st.cache_resource(max_entries=8, show_spinner=False)
def met(origin: state.Origin) -> frozenset[str] | None:
    """Every word that the model met in training, in lower case; `None` if the text of one of its corpora is not here."""
    described = state.opened(origin).card.get("corpora")
    try:
        found = [words_of(each) for each in described] if isinstance(described, list) else []
    except CorpusError:
        return None
    return frozenset().union(*found) if found else None


def words_of(described: object) -> frozenset[str]:
    """The words of a corpus that a card describes: one of the known, or pairs kept on this shelf. Raises `CorpusError`."""
    name, sha256 = (described.get("name"), described.get("sha256")) if isinstance(described, dict) else (None, None)
    if name in names():
        return words_of_known(str(name))
    if file := next((file for file in keep.kept(checkpoint.FOLDERS[-1]) if file.stem == name), None):
        corpus = open_corpus(str(file))
        if corpus.sha256 == sha256:
            return frozenset(vocabulary(corpus.split("train")))
    raise CorpusError(f"The text of the corpus {name!r} is not on this machine.")


@st.cache_resource(max_entries=4, show_spinner=False)
def words_of_known(name: str) -> frozenset[str]:
    """The words of the training split of a known corpus. Raises `CorpusError` if its text is not on this machine."""
    return frozenset(vocabulary(load_corpus(name).split("train")))


def looked_at(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """The first pairs, so many that everybody else need not wait for their words: each word is looked for in all its cuts."""
    letters = accumulate(len(pair.source) + len(pair.target) for pair in pairs)
    return pairs[: max(1, sum(total <= MOST_LETTERS for total in islice(letters, MOST_WORDS)))]


def vocabulary(pairs: Iterable[Pair]) -> set[str]:
    """The distinct words of both sides, in lower case."""
    sentences = {side for pair in pairs for side in (pair.source, pair.target)}
    return {sentence[start:end].casefold() for sentence in sentences for start, end in words(sentence)}


def cut(tokenizer: Tokenizer, sentence: str, known: frozenset[str] | None) -> list[Word]:
    """The words of a sentence with their pieces; a piece that reaches over two words belongs to both."""
    text, pieces = clean(sentence), tokenizer.pieces(sentence)
    found = []
    names = tokenizer.spelled([piece.id for piece in pieces])
    for start, end in words(text):
        mine = [number for number, piece in enumerate(pieces) if piece.start < end and start < piece.end]
        parts = tuple(
            part for number in mine if (part := standing_for(pieces[number], names[number], text, start, end))
        )
        found.append(Word(text[start:end], parts, is_new(text[start:end], [pieces[number] for number in mine], known)))
    return found


def standing_for(piece: Piece, name: str, text: str, start: int, end: int) -> str:
    """The characters of the word from `start` to `end` that a piece stands for; a byte as on its chip."""
    return label(name) if piece.is_byte else text[max(start, piece.start) : min(end, piece.end)]


def is_new(word: str, pieces: Sequence[Piece], known: frozenset[str] | None) -> bool:
    """Whether the model has never met this word; signs and numbers are no words."""
    if not LETTERS.search(word):
        return False
    if known is not None:
        return word.casefold() not in known
    return len(pieces) >= MANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The words of the pairs, each once: how they are cut and which are new."""

    words: tuple[Word, ...]  # those in most pieces first
    new: tuple[str, ...]
    per_word: tuple[float, float]  # pieces for each word, in English and in French
    pairs: int  # that were looked at


@st.cache_resource(max_entries=8, show_spinner=False)
def survey(origin: state.Origin, pairs: tuple[Pair, ...]) -> Survey:
    """Look at the words of the first `MOST_WORDS` pairs, or fewer if they are long."""
    tokenizer, known, looked = state.opened(origin).tokenizer, met(origin), looked_at(pairs)
    sides = [[word for pair in looked for word in cut(tokenizer, side(pair), known)] for side in (english, french)]
    real = [[word for word in each if LETTERS.search(word.text)] for each in sides]
    means = [sum(len(word.cut) for word in each) / max(1, len(each)) for each in real]
    distinct: dict[str, Word] = {}
    for word in (word for each in real for word in each):
        distinct.setdefault(word.text.casefold(), word)
    ordered = sorted(distinct.values(), key=lambda word: -len(word.cut))
    new = tuple(word.text for word in distinct.values() if word.new)
    return Survey(words=tuple(ordered), new=new, per_word=(means[0], means[1]), pairs=len(looked))


def english(pair: Pair) -> str:
    """The English side."""
    return pair.source


def french(pair: Pair) -> str:
    """The French side."""
    return pair.target


def too_long(one: Checkpoint, pairs: Sequence[Pair], most: int) -> int:
    """How many of these pairs have a side of more than `most` pieces, so that training leaves them out."""
    encode = one.tokenizer.encode
    return sum(max(len(encode(pair.source)), len(encode(pair.target))) > most for pair in looked_at(pairs))
