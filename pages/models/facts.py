"""What is known of each model: its size, its marks, its corpora, its snapshots, its age; out of cards that anybody may have written."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from transformer import checkpoint
from transformer.checkpoint import CheckpointError
from transformer.shelf import archive, ownership
from transformer.shelf.archive import ArchiveError
from ui.session import relatives, state
from ui.session.state import Origin
from ui.text import translate as _

MB = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a card says. What it does not say, or says wrongly, is `None` or empty."""

    parameters: int
    sizes: str  # layers, heads, width
    recurrent: bool  # whether it is no Transformer
    corpus: str
    bleu: (
        float | None
    )  # per cent, on sentences as they are: of the best later evaluation, or as measured while training
    exact: float | None
    steps: int | None
    where: str  # on what they were measured, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model."""

    name: str
    folder: Path
    shipped: bool
    trouble: str  # why it cannot be opened; nothing if it can
    facts: Facts
    moments: int
    size: int  # bytes of its file without snapshots
    whole: int  # and with them
    written: float  # seconds since 1970

    @property
    def when(self) -> str:
        """Its last change; a shipped one came with the project."""
        return _("shipped") if self.shipped else f"{datetime.fromtimestamp(self.written):%Y-%m-%d %H:%M}"


def models() -> list[Model]:
    """All models, those that ship first, the newest of the others next."""
    found = [model(name, origin) for name, origin in state.origins().items()]
    return sorted(found, key=lambda each: (not each.shipped, -each.written if not each.shipped else 0))


def model(name: str, origin: Origin) -> Model:
    """One model."""
    folder, moments = origin.folder, len(state.moments(origin))
    return Model(
        name=name, folder=folder, shipped=ownership.is_shipped(folder), trouble=state.problem(origin), facts=facts(origin),
        moments=moments, size=weight(folder, False), whole=weight(folder, True) if moments else 0,
        written=origin.written / 1e9,
    )  # fmt: skip


def weight(folder: Path, snapshots: bool) -> int:
    """The bytes of its file; 0 if it cannot be packed."""
    try:
        return archive.file_size(folder, snapshots)
    except (ArchiveError, OSError):
        return 0


@st.cache_data(max_entries=512, show_spinner=False)
def facts(origin: Origin) -> Facts:
    """What its card says."""
    try:
        card = checkpoint.read_card(origin.folder)
    except CheckpointError:
        card = {}
    config, training = named(card.get("config")), named(card.get("training"))
    corpora = [str(named(each).get("name") or "?")[:80] for each in listed(card.get("corpora"))]
    steps, parameters = number(training.get("steps")), number(card.get("parameters"))
    later, validation = best(listed(card.get("evaluations"))), named(training.get("validation"))
    measured = later or validation
    return Facts(
        parameters=int(parameters or 0), sizes=sizes(config), recurrent=recurrent(config), corpus=" + ".join(corpora[:4]) or _("unknown"),
        bleu=number(measured.get("bleu")), exact=number(measured.get("exact_match")),
        steps=None if steps is None else int(steps), where=where(later),
    )  # fmt: skip


def recurrent(config: dict[str, Any]) -> bool:
    """Whether the sizes in a card are those of a recurrent model."""
    return config.get("model") in relatives.kinds() and "heads" not in config


def sizes(config: dict[str, Any]) -> str:
    """`2 + 2 layers, 4 heads, width 128`, or `One hidden state, GRU, width 104`."""
    if recurrent(config):
        kind, width = relatives.kinds()[str(config["model"])], int(number(config.get("d_model")) or 0)
        return _("{kind}, width {width}").format(kind=kind, width=width)
    names = ("encoder_layers", "decoder_layers", "heads", "d_model")
    numbers = [number(config.get(name)) for name in names]
    if None in numbers:
        return ""
    encoder, decoder, heads, width = (int(each or 0) for each in numbers)
    told = _("{encoder} + {decoder} layers, {heads} heads, width {width}")
    return told.format(encoder=encoder, decoder=decoder, heads=heads, width=width)


def best(evaluations: list[Any]) -> dict[str, Any]:
    """The later evaluation of the best BLEU on pairs as they are; empty if there is none."""
    known = [each for each in map(named, evaluations) if not each.get("typed") and number(each.get("bleu")) is not None]
    return max(known, key=lambda each: number(each.get("bleu")) or 0.0, default={})


def where(evaluation: dict[str, Any]) -> str:
    """On what it was measured."""
    if not evaluation:
        return _("held-out pairs, while it was trained")
    split, corpus, beam = (str(evaluation.get(name, "?"))[:40] for name in ("split", "corpus", "beam"))
    return _("the {split} pairs of {corpus}, beam {beam}").format(split=split, corpus=corpus, beam=beam)


def named(value: Any) -> dict[str, Any]:
    """The value if it has named fields."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """The value if it is a list."""
    return value if isinstance(value, list) else []


def number(value: Any) -> float | None:
    """The value if it is a finite number."""
    fine = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    return float(value) if fine else None


def megabytes(size: int) -> str:
    """`1.9 MB`."""
    return f"{size / MB:.1f} MB" if size < 100 * MB else f"{size / MB:.0f} MB"
