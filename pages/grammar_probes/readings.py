"""What is computed for a pair, once for everybody: bounded, and known by the model and the sentences."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.grammar_probes.asked import Asked
from transformer.analysis import probe_survey, probes
from transformer.analysis.probe_pairs import Probe, Slot, probe
from transformer.analysis.probes import Passes, Stage
from transformer.corpora.grammar_en_fr import MinimalPair
from transformer.what_if import Head, every_head
from ui.session import state
from ui.session.state import Origin

Numbers = NDArray[np.float64]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A pair that the model has read."""

    origin: Origin
    key: Key
    probe: Probe
    passes: Passes


def read(asked: Asked) -> Read | None:
    """Let the model read the pair; `None` if its pieces do not tell the two words apart."""
    return of(asked.question.origin, asked.key, asked.pair, asked.slots[asked.slot])


@st.cache_resource(max_entries=48, show_spinner=False)
def of(origin: Origin, key: Key, _pair: MinimalPair, _slot: Slot) -> Read | None:
    """The same, remembered: both passes and their traces."""
    checkpoint = state.opened(origin)
    try:
        cut = probe(checkpoint.tokenizer, checkpoint.model.config.end_id, _pair, _slot)
        return Read(origin, key, cut, probes.passes(checkpoint.model, cut.twins))
    except ValueError:
        return None


def differences(found: Read) -> dict[Stage, probes.Difference]:
    """How far the sentences are apart after each stage, and in the logits."""
    model = found.passes.model
    every = [
        *probes.stages(model, "encoder"),
        *probes.stages(model, "decoder"),
        Stage("decoder", len(model.decoder_layers), "logits"),
    ]
    return {stage: probes.difference(found.passes, stage) for stage in every}


def states(found: Read) -> dict[Stage, Numbers]:
    """How much of the way one state restores, by stage and aligned place."""
    return _states(found.origin, found.key, found.passes)


@st.cache_data(max_entries=128, show_spinner=False)
def _states(origin: Origin, key: Key, _passes: Passes) -> dict[Stage, Numbers]:  # noqa: ARG001
    return {stage: values.double().numpy() for stage, values in probes.patched_states(_passes).items()}


def heads(found: Read) -> tuple[Numbers, Numbers]:
    """For every head, in the order of `every_head`: what it restores, and the fall without it (sentence, head) in logits."""
    return _heads(found.origin, found.key, found.passes)


@st.cache_data(max_entries=128, show_spinner=False)
def _heads(origin: Origin, key: Key, _passes: Passes) -> tuple[Numbers, Numbers]:  # noqa: ARG001
    each = [[head] for head in every_head(_passes.model)]
    return probes.patched_heads(_passes, each).double().numpy(), probes.switched_off(_passes).double().numpy()


def together(found: Read, members: tuple[Head, ...]) -> float:
    """How much of the way several heads restore if all are patched at once."""
    return float(probes.patched_heads(found.passes, [members])[0])


def places(found: Read, head: Head) -> Numbers:
    """How much of the way a head restores if it is patched at one aligned place only."""
    return _places(found.origin, found.key, found.passes, head)


@st.cache_data(max_entries=128, show_spinner=False)
def _places(origin: Origin, key: Key, _passes: Passes, head: Head) -> Numbers:  # noqa: ARG001
    each: Numbers = probe_survey.by_place(_passes, head).double().numpy()
    return each
