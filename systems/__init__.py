"""The other systems of attention's story: memory, pictures, reviews, word vectors, masked words, the Vision Transformer.

Each reads as an essay, returns a typed trace, and learns a task of its own from examples of its own. `KINDS` is the table of those that
`python -m transformer train CORPUS --model KIND` knows besides the translators, `CORPORA` that of what they learn from. A system is a
class of the contract in `systems.system` and a line here. Nothing here imports torch.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

ENGLISH = ("grammar-en-fr", "tatoeba-en-fr")  # corpora of pairs, of which a system reads the English side
TEXTS = ("tatoeba-en-fr", "grammar-en-fr")  # what words are learned from; the first is the usual one


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of system."""

    where: str  # module and class, below `systems`
    told: str  # what it is, with whom it began
    corpora: tuple[str, ...]  # that it can learn; the first is the usual one
    page: str  # where it is seen: a file of `pages/`, without `.py`
    menu: str  # the key, in the address of that page, of the menu that shows it
    view: Mapping[str, str] = field(default_factory=dict)  # what else the address has to say for it to be seen
    begins: tuple[str, ...] = ()  # kinds whose weights it is meant to begin with
    sizes: Mapping[str, Any] = field(default_factory=dict)  # in place of its class's defaults


KINDS: dict[str, Kind] = {
    "memory": Kind(
        where="stories.memory.MemoryNetwork", told="end-to-end memory network, three hops (Sukhbaatar 2015)",
        corpora=("stories",), page="460_memory", menu="mem_model",
    ),
    "memory-one": Kind(
        where="stories.memory.MemoryNetwork", told="end-to-end memory network, one hop (Sukhbaatar 2015)",
        corpora=("stories",), page="460_memory", menu="mem_model", sizes={"hops": 1},
    ),
    "memory-shared": Kind(
        where="stories.memory.MemoryNetwork", told="end-to-end memory network, three hops with the same weights (Sukhbaatar 2015)",
        corpora=("stories",), page="460_memory", menu="mem_model", sizes={"sharing": "layer-wise"},
    ),
    "memory-timeless": Kind(
        where="stories.memory.MemoryNetwork", told="end-to-end memory network that does not know the order of its sentences",
        corpora=("stories",), page="460_memory", menu="mem_model", sizes={"time": False},
    ),
    "hierarchical": Kind(
        where="reviews.hierarchical.Hierarchical", told="hierarchical attention, words and then sentences (Yang 2016)",
        corpora=("reviews",), page="480_hierarchical_attention", menu="hat_model",
    ),
    "hierarchical-mean": Kind(
        where="reviews.hierarchical.Hierarchical", told="words and then sentences, the mean in place of attention",
        corpora=("reviews",), page="480_hierarchical_attention", menu="hat_model", sizes={"look": "mean"},
    ),
    "flat": Kind(
        where="reviews.hierarchical.Hierarchical", told="attention over all words of a text at once",
        corpora=("reviews",), page="480_hierarchical_attention", menu="hat_model", sizes={"by": "text"},
    ),
    "skip-gram": Kind(
        where="vectors.word2vec.SkipGram", corpora=TEXTS, page="490_words_as_vectors", menu="wv_model",
        told="word2vec, skip-gram: a word tells its neighbours (Mikolov 2013)",
    ),
    "cbow": Kind(
        where="vectors.word2vec.Cbow", corpora=TEXTS, page="490_words_as_vectors", menu="wv_model",
        told="word2vec, CBOW: the neighbours tell a word (Mikolov 2013)",
    ),
    "glove": Kind(
        where="vectors.glove.Glove", corpora=TEXTS, page="490_words_as_vectors", menu="wv_model",
        told="GloVe: rows that tell how often words stand together (Pennington 2014)",
    ),
    "fasttext": Kind(
        where="vectors.fasttext.FastText", corpora=TEXTS, page="490_words_as_vectors", menu="wv_model",
        told="fastText: words made of parts (Bojanowski 2017)",
    ),
    "elmo": Kind(
        where="vectors.elmo.Elmo", corpora=TEXTS, page="490_words_as_vectors", menu="wv_elmo", view={"wv_view": "context"},
        told="ELMo: what two language models hold at each word (Peters 2018)",
    ),
    "bert": Kind(
        where="masked.bert.Bert", corpora=TEXTS, page="510_masked_words", menu="mw_bert",
        told="BERT's idea: blanks are filled from both sides (Devlin 2018)",
    ),
    "causal": Kind(
        where="masked.causal.Causal", corpora=TEXTS, page="510_masked_words", menu="mw_causal",
        told="the same encoder that sees only what came before, and guesses the next word",
    ),
    "tagger": Kind(
        where="masked.tagger.Tagger", corpora=("entities",), page="510_masked_words", menu="mw_tagger", view={"mw_view": "names"}, begins=("bert",),
        told="names of people, places and dates in a sentence, on top of BERT's encoder",
    ),
    "captions-soft": Kind(
        where="scenes.soft.Soft", told="an LSTM that looks at a picture while it tells it, soft attention (Xu et al. 2015)",
        corpora=("scenes",), page="470_visual_attention", menu="va_soft",
    ),
    "captions-hard": Kind(
        where="scenes.hard.Hard", told="the same with hard attention: one place, drawn by lot (Xu et al. 2015)",
        corpora=("scenes",), page="470_visual_attention", menu="va_hard",
    ),
    "vit": Kind(
        where="scenes.vit.Vision", told="a Vision Transformer that answers questions about a picture (Dosovitskiy et al. 2021)",
        corpora=("scenes",), page="530_vision_transformer", menu="vt_vit",
    ),
    "cnn": Kind(
        where="scenes.asked.Convolution", told="a convolutional network that answers them, about as large",
        corpora=("scenes",), page="530_vision_transformer", menu="vt_cnn",
    ),
}  # fmt: skip
CORPORA: dict[str, str] = {
    "stories": "stories.corpus",
    "reviews": "reviews.corpus",
    "entities": "masked.entities",
    "scenes": "scenes.corpus",
}  # name: its module, below `systems`, which has `NAME` and `load() -> Collection`


def check(kind: object) -> str:
    """The name of a kind, if it is one. Raises `ValueError` with a sentence that names those there are."""
    if not isinstance(kind, str) or kind not in KINDS:
        near = difflib.get_close_matches(str(kind), KINDS, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"There is no kind of system {str(kind)[:40]!r}.{hint} Known: {', '.join(KINDS)}.")
    return kind


def class_of(kind: str) -> Any:
    """The class of a kind: a `systems.system.System`. Raises `ValueError` for an unknown one."""
    module, name = KINDS[check(kind)].where.rsplit(".", 1)
    return getattr(import_module(f"systems.{module}"), name)


def corpus_module(name: str) -> ModuleType:
    """The module of a corpus of `CORPORA`. Raises `KeyError`."""
    return import_module(f"systems.{CORPORA[name]}")


def room_of(kind: str) -> Mapping[str, str]:
    """The options that suit a kind on each of its corpora: `RECIPES` of the package it is in. Raises `ValueError`."""
    package = import_module(f"systems.{KINDS[check(kind)].where.split('.')[0]}")
    found: Mapping[str, str] = package.RECIPES[kind]
    return found
