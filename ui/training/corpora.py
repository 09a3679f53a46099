"""What can be trained on here: the grammar, everyday sentences if their text is on this machine, and the pairs a class has kept."""

from pathlib import Path

import streamlit as st

from transformer import checkpoint
from transformer.corpora import CorpusError, Pair
from transformer.corpora.grammar_en_fr import NAME as GRAMMAR_NAME
from transformer.corpora.grammar_en_fr import showcase
from transformer.corpora.table import read_table
from transformer.corpora.tatoeba_en_fr import NAME as EVERYDAY_NAME
from transformer.corpora.tatoeba_en_fr import cached_file
from transformer.family import TRANSFORMER
from transformer.jobs.supervisor import environment
from transformer.training.estimates import KNOWN, Text, text_of
from transformer.training.presets import Number, preset
from ui.text import translate as _

FOLDER = "corpora"  # on the shelf: files of pairs
SHOWN = 3  # sentences of a corpus that can be watched while it is learnt
EVERYDAY = (
    ("I don't like cold water.", "Je n'aime pas l'eau froide."),
    ("She is very tired.", "Elle est très fatiguée."),
    ("Where is my book?", "Où est mon livre ?"),
)


def shelf() -> Path:
    """Where runs and the pairs of the class lie."""
    return checkpoint.FOLDERS[-1]


def choices() -> dict[str, str]:
    """The corpora by their code in the address, with their words."""
    found = {GRAMMAR_NAME: _("Grammar: made-up simple sentences")}
    if cached_file().is_file():
        found[EVERYDAY_NAME] = _("Tatoeba: everyday sentences")
    return found | {f"{FOLDER}/{file.name}": _("Own pairs: {name}").format(name=file.stem) for file in files()}


def files() -> list[Path]:
    """The files of pairs that the class has kept, by name."""
    return sorted((shelf() / FOLDER).glob("*.tsv"))


def argument(code: str) -> str:
    """What `train` is given for a choice: a name, or the file's path, short if it lies within the project."""
    if not code.startswith(f"{FOLDER}/"):
        return code
    file = (shelf() / code).absolute()
    return str(file.relative_to(checkpoint.ROOT) if file.is_relative_to(checkpoint.ROOT) else file)


def text(code: str) -> Text:
    """What has to be known of it to tell how long a training takes. Raises `CorpusError` if its file cannot be read."""
    if code in KNOWN:
        return KNOWN[code]
    return text_of(pairs_of(shelf() / code))


def suits(code: str, base: str = "", minutes: float | None = None, model: str = TRANSFORMER) -> dict[str, Number]:
    """The recipe that suits it, from nothing as a kind of `model` or from a checkpoint `base`: what `train` would choose in a job of this machine."""

    def measure() -> Text:
        try:
            return text(code)
        except CorpusError:
            return text_of([])  # which is said elsewhere

    threads = int(environment()["OMP_NUM_THREADS"])
    stop: dict[str, Number] = {"minutes": minutes} if minutes else {}
    return stop | preset(code, measure, tuned=bool(base), minutes=minutes, threads=threads, model=model)


def samples(corpus: str) -> list[tuple[str, str]]:
    """A few English sentences with their French, of the corpus that `train` was given; none if it cannot be read."""
    if corpus == GRAMMAR_NAME:
        return [(pair.source, pair.target) for pair in showcase()[:: len(showcase()) // SHOWN]][:SHOWN]
    if corpus == EVERYDAY_NAME:
        return list(EVERYDAY)
    try:
        return [(pair.source, pair.target) for pair in pairs_of(checkpoint.ROOT / corpus)[:SHOWN]]
    except CorpusError:
        return []


def pairs_of(file: Path) -> tuple[Pair, ...]:
    """The pairs of a file, read once for all. Raises `CorpusError`."""
    try:
        return _pairs(file, file.stat().st_mtime_ns)
    except OSError as error:
        raise CorpusError(_("{name} is not there any more.").format(name=file.name)) from error


@st.cache_data(max_entries=16, show_spinner=False)
def _pairs(file: Path, written: int) -> tuple[Pair, ...]:  # noqa: ARG001, which tells old from new
    return read_table(file).pairs
