"""What the Vision Transformer and the convolutional network made of a scene and a question; kept by model, scene and question."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from systems.scenes import drawing
from systems.scenes.asked import Answering, place_of
from systems.scenes.questions import ANSWERS, Question, parse
from systems.scenes.scene import SIDE, Scene, read
from systems.scenes.vit import PATCH, PATCHES, Vision, VisionTrace
from transformer.analysis import head_roles
from ui.measures import arithmetic
from ui.scenes.words import lies
from ui.session import systems
from ui.session.state import Origin
from ui.text import translate as _

Doubles = NDArray[np.float64]
ACROSS = SIDE // PATCH  # patches in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model answers: the probability of each of `ANSWERS`."""

    probabilities: Doubles
    right: str  # the right answer, which may be a number that no model can give

    @property
    def said(self) -> str:
        """The likeliest answer."""
        return ANSWERS[int(self.probabilities.argmax())]

    @property
    def sure(self) -> float:
        """Its probability."""
        return float(self.probabilities.max())


def model_of(origin: Origin) -> Answering:
    """The open model."""
    model = systems.opened(origin).model
    assert isinstance(model, Answering)
    return model


def vision(origin: Origin) -> Vision:
    """The open Vision Transformer."""
    model = systems.opened(origin).model
    assert isinstance(model, Vision)
    return model


@st.cache_resource(max_entries=32, show_spinner=False)
def trace(origin: Origin, scene: str, question: str, out: tuple[int, ...] = ()) -> VisionTrace:
    """All that the Vision Transformer computed, the patches `out` left out. Not to be written to: all sessions share it."""
    model = vision(origin)
    there = torch.ones(1, PATCHES, dtype=torch.bool)
    there[0, list(out)] = False
    with torch.no_grad():
        found: VisionTrace = model(drawing.pictures([read(scene)]), model.read([[parse(question)]]), there)
    return found


def answer(origin: Origin, scene: str, question: str, out: tuple[int, ...] = ()) -> Answer:
    """What the Vision Transformer answers without the patches `out`."""
    logits = trace(origin, scene, question, out).logits[0, 0]
    return Answer(
        probabilities=arithmetic.double(logits.double().softmax(-1).numpy()), right=parse(question).answer(read(scene))
    )


@st.cache_data(max_entries=64, show_spinner=False)
def other(origin: Origin, scene: str, question: str) -> Answer:
    """What the convolutional network answers."""
    model = model_of(origin)
    with torch.inference_mode():
        logits = model(drawing.pictures([read(scene)]), model.read([[parse(question)]])).logits[0, 0]
    return Answer(
        probabilities=arithmetic.double(logits.double().softmax(-1).numpy()), right=parse(question).answer(read(scene))
    )


@st.cache_data(max_entries=32, show_spinner=False)
def without_each(origin: Origin, scene: str, question: str, out: tuple[int, ...]) -> Doubles:
    """The probabilities of all answers if one patch more is left out, `(patch, answer)`, all at once."""
    model = vision(origin)
    there = ~torch.eye(PATCHES, dtype=torch.bool)
    there[:, list(out)] = False
    pictures = drawing.pictures([read(scene)]).expand(PATCHES, -1, -1, -1)
    words = model.read([[parse(question)]]).expand(PATCHES, -1, -1)
    with torch.inference_mode():
        logits = model(pictures, words, there).logits[:, 0]
    return arithmetic.double(logits.double().softmax(-1).numpy())


@st.cache_data(max_entries=32, show_spinner=False)
def picture(scene: str) -> Doubles:
    """The pixels of a scene, `(y, x, 3)`."""
    return arithmetic.double(drawing.pictures([read(scene)])[0].permute(1, 2, 0).numpy())


@st.cache_data(max_entries=32, show_spinner=False)
def rolled(origin: Origin, scene: str, question: str) -> Doubles:
    """Attention rollout, `(layer, row, row)`: half of what each row is stays, half goes by the mean of the heads, layer after layer."""
    weights = [layer.attention.weights[0].numpy() for layer in trace(origin, scene, question).layers]
    return arithmetic.double(np.stack(head_roles.rollout(weights)))


def rows(question: Question) -> dict[int, str]:
    """The rows that there are, by their place in the trace: class token, patches, the words that were said."""
    found = {0: _("class token")} | {1 + patch: lies(patch) for patch in range(PATCHES)}
    return found | {1 + PATCHES + place: f"“{word}”" for place, word in enumerate(question.parts) if word}


def looks_at(scene: Scene, question: Question) -> list[tuple[int, int]]:
    """The patches (row, column) on which the shapes lie that the right answer rests on."""
    meant = question.meant(scene)
    if not meant:
        return []
    covered = (drawing.cells(scene, PATCH)[list(meant)] >= 1 / PATCH**2).any(0)
    return [divmod(place, ACROSS) for place in covered.nonzero().flatten().tolist()]


__all__ = ["ACROSS", "ANSWERS", "Answer", "answer", "other", "place_of", "trace", "vision", "without_each"]
