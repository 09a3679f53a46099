"""The corpora: one module each, with a `NAME` and a `load() -> Corpus`; discovered here, so adding a file adds a corpus."""

import importlib
import pkgutil

from transformer.corpora.corpus import SPLITS, Corpus, Pair, Split, fold, references, split_of, words

__all__ = ["SPLITS", "Corpus", "Pair", "Split", "fold", "load_corpus", "names", "references", "split_of", "words"]


def names() -> list[str]:
    """The names of the corpora this package knows, `grammar-en-fr` and so on."""
    return sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__) if found.name.endswith("_en_fr"))


def load_corpus(name: str) -> Corpus:
    """The corpus of that name. Raises `KeyError` for an unknown name, and what the corpus's own `load` raises."""
    if name not in names():
        raise KeyError(f"There is no corpus named {name!r}. Known: {', '.join(names())}; or give a TSV or CSV file.")
    corpus: Corpus = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").load()
    return corpus
