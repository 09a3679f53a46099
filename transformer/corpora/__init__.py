"""The corpora: one module each, with a `NAME` and a `load() -> Corpus`, discovered here.

So adding a file `..._en_fr.py` adds a corpus. It may say how it is best learned: `RECIPES`, options of `train` by the minutes from
which they are the right ones, beginning with 0.
"""

import difflib
import importlib
import os
import pkgutil
from pathlib import Path
from types import ModuleType

from transformer.corpora.corpus import (
    SPLITS,
    Corpus,
    CorpusError,
    Pair,
    Split,
    fold,
    references,
    split_of,
    words,
)
from transformer.corpora.table import load_table

__all__ = [
    "SPLITS",
    "Corpus",
    "CorpusError",
    "Pair",
    "Split",
    "fold",
    "is_file",
    "load_corpus",
    "module_of",
    "names",
    "open_corpus",
    "references",
    "split_of",
    "words",
]


def names() -> list[str]:
    """The names of the corpora this package knows, `grammar-en-fr` and so on."""
    return sorted(
        found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__) if found.name.endswith("_en_fr")
    )


def open_corpus(name_or_file: str) -> Corpus:
    """The corpus of that name, or the pairs of that TSV or CSV file. Raises `CorpusError`."""
    return load_table(Path(name_or_file)) if is_file(name_or_file) else load_corpus(name_or_file)


def load_corpus(name: str) -> Corpus:
    """The corpus of that name. Raises `CorpusError` for an unknown name, and if its text is not on this machine."""
    corpus: Corpus = module_of(name).load()
    return corpus


def module_of(name: str) -> ModuleType:
    """The module of a corpus. Raises `CorpusError` for an unknown name."""
    if name not in names():
        close = difflib.get_close_matches(name.lower().replace("_", "-"), names(), n=1, cutoff=0.4)
        hint = f"Did you mean {close[0]}?" if close else f"There are {' and '.join(names())}."
        raise CorpusError(f"There is no corpus named {name!r}. {hint} A TSV or CSV file of two columns will do, too.")
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


def is_file(name_or_file: str) -> bool:
    """Whether that is the path of a file, there or not, rather than a name: a known name never is one."""
    looks = bool(Path(name_or_file).suffix) or os.sep in name_or_file or os.path.isfile(name_or_file)
    return looks and name_or_file not in names()
