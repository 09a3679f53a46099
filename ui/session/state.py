"""What the app remembers between two clicks: open checkpoints, translations and walks; each cache is bounded.

A checkpoint is known by its folder and by when it was last written, so a model that is being trained is read anew.
What is remembered is frozen or never written to, because all browser sessions share it.
"""

import gc
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
import torch

import transformer.checkpoint
from transformer.checkpoint import CARD, TOKENIZER, WEIGHTS, Checkpoint, CheckpointError, Opened
from transformer.decoding.lean import having_read
from transformer.decoding.reading import encoded
from transformer.decoding.ways import Search as Search
from transformer.decoding.ways import found
from transformer.family import TRANSFORMER
from transformer.model import Transformer
from transformer.trace import EncoderTrace
from ui.session.walk import Walk, walk

MOST_SOURCE = 60  # pieces of a sentence, beyond which no picture can be read
MOST_TARGET = 80  # pieces of a translation
OTHER = "cmp_other"  # key in the address: the model that the sidebar's is compared with


@dataclass(frozen=True, slots=True)
class Origin:
    """Which model: a folder, when its newest file was written, and for a snapshot the step after which it was taken."""

    folder: Path
    written: int
    moment: int | None = None


@st.cache_resource(show_spinner=False)
def start() -> None:
    """Once per server, before the first picture: one thread, and nothing old left to collect.

    Without `freeze`, each collection walks over all of torch.
    """
    torch.set_num_threads(1)
    if origins := usable():
        opened(next(iter(origins.values())))
    gc.collect()
    gc.freeze()


def origins() -> dict[str, Origin]:
    """Everything that looks like a checkpoint, by name."""
    return {name: origin(folder) for name, folder in transformer.checkpoint.available().items()}


def origin(folder: Path) -> Origin:
    """The folder and its age. Files may come and go while a training saves."""
    return Origin(folder, max((age(folder / name) for name in (WEIGHTS, TOKENIZER, CARD)), default=0))


def age(file: Path) -> int:
    """When it was written, in nanoseconds; 0 if it is not there."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def moments(model: Origin) -> tuple[int, ...]:
    """The steps after which snapshots of it were taken, ascending; none if it has none."""
    return transformer.checkpoint.moments(model.folder)


def at(model: Origin, moment: int | None) -> Origin:
    """The same model as it was after `moment` steps; `None` is the model as it is now.

    A snapshot never changes, so it is known by its own age, and a training that goes on does not make it new.
    """
    if moment is None:
        return origin(model.folder)
    return Origin(model.folder, age(transformer.checkpoint.snapshot_file(model.folder, moment)), moment)


def readable() -> dict[str, Origin]:
    """The checkpoints that can be opened, of whatever kind, by name."""
    return {name: origin for name, origin in origins().items() if not problem(origin)}


def usable() -> dict[str, Origin]:
    """Those of them that are Transformers as in the paper, by name."""
    return {name: origin for name, origin in readable().items() if walks(origin)}


def walks(origin: Origin) -> bool:
    """Whether the pages of the walk can show it: a checkpoint that can be opened, of a Transformer as in the paper."""
    return kind(origin) == TRANSFORMER


@st.cache_data(max_entries=4096, show_spinner=False)
def kind(origin: Origin) -> str:
    """Which kind of model a checkpoint that can be opened is: a key of `transformer.family.kinds`."""
    return any_opened(origin).kind


def problems() -> list[str]:
    """A sentence for each checkpoint that cannot be opened; it names the checkpoint."""
    return [sentence for origin in origins().values() if (sentence := problem(origin))]


@st.cache_data(max_entries=4096, show_spinner=False)
def problem(origin: Origin) -> str:
    """Why this checkpoint cannot be opened; nothing if it can."""
    try:
        any_opened(origin)
    except CheckpointError as error:
        return str(error)
    return ""


@st.cache_resource(max_entries=8, show_spinner=False)
def any_opened(origin: Origin) -> Opened:
    """The open checkpoint, of whatever kind. Raises `CheckpointError` with a sentence if it cannot be."""
    return transformer.checkpoint.load_any(origin.folder, origin.moment)


def opened(origin: Origin) -> Checkpoint:
    """That of a Transformer. Raises `CheckpointError` with a sentence if it cannot be opened, or is of another kind."""
    return transformer.checkpoint.as_transformer(any_opened(origin))


@st.cache_resource(max_entries=64, show_spinner=False)
def encoder(origin: Origin, text: str) -> EncoderTrace:
    """What the encoder makes of `text`: read once, by the search and by the trace."""
    checkpoint = opened(origin)
    with torch.inference_mode():
        return encoded(checkpoint.model, checkpoint.tokenizer.encode(text))


@st.cache_data(max_entries=1024, show_spinner=False)
def translation(origin: Origin, text: str, search: Search) -> tuple[int, ...]:
    """The ids of the model's own translation, with the end piece unless it was cut off after `MOST_TARGET` pieces."""
    return searched(opened(origin).model, encoder(origin, text), search, MOST_TARGET)


def searched(model: Transformer, encoder: EncoderTrace, search: Search, most: int) -> tuple[int, ...]:
    """The ids that a search writes for what the encoder has read, with the end piece unless it was cut off after `most` pieces."""
    return found(model, encoder.embedding.ids[0, :-1].tolist(), search, most, having_read(encoder))


@st.cache_resource(max_entries=64, show_spinner=False)
def own_walk(origin: Origin, text: str, search: Search) -> Walk:
    """The model translates `text` and is watched."""
    return walk(opened(origin), text, translation(origin, text, search), forced=False, encoder=encoder(origin, text))


@st.cache_resource(max_entries=64, show_spinner=False)
def forced_walk(origin: Origin, text: str, french: str) -> Walk:
    """The model reads `text` and is given the learner's `french`, piece by piece: teacher forcing."""
    checkpoint = opened(origin)
    ids = (*checkpoint.tokenizer.encode(french), checkpoint.model.config.end_id)
    return walk(checkpoint, text, ids, forced=True, encoder=encoder(origin, text))
