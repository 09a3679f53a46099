"""The models of the page and what they make of a blank, in double precision where it is told."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from pages.masked_words.asked import GAP, Asked
from systems import KINDS
from systems.masked.bert import Bert
from systems.masked.reader import ENDS, FIRST, MASKS, STARTS, Guesser, ReaderTrace
from systems.system import UNKNOWN
from ui.session import chips, systems
from ui.session.state import Origin
from ui.text import Chip
from ui.text import translate as _

Numbers = NDArray[np.float64]
UNUSED = (0, 1, MASKS, STARTS)  # ids that stand for no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a model makes of a blank."""

    words: tuple[str, ...]  # of the vocabulary
    logits: Numbers  # vocabulary
    chances: Numbers  # vocabulary: softmax of the logits
    output: Numbers  # d_model: what every word's row is compared with
    ids: tuple[int, ...]  # that were read, with start and end
    position: int  # that answers
    trace: ReaderTrace

    def best(self, count: int) -> list[int]:
        """The ids of the likeliest answers."""
        order = np.argsort(-self.logits, kind="stable")[: count + len(UNUSED)]
        return [int(id) for id in order if id not in UNUSED][:count]


def pair() -> dict[str, Origin]:
    """The model that sees both sides and the one that sees the left alone, those that are there; with menus where there are several."""
    found = {kind: systems.of_kind(kind, KINDS[kind].menu) for kind in ("bert", "causal")}
    return {kind: origin for kind, origin in found.items() if origin}


@st.cache_resource(max_entries=256, show_spinner=False)
def guess(origin: Origin, words: tuple[str, ...], blanks: tuple[int, ...], at: int) -> Guess:
    """What a model makes of the blank `at` of a sentence; not to be written to, because all sessions share it."""
    model = systems.opened(origin).model
    assert isinstance(model, Guesser)
    ids = model.framed(words)
    gap = MASKS if isinstance(model, Bert) else model.places[UNKNOWN]  # the other has never read a blank
    for place in blanks:
        ids[place + 1] = gap
    with torch.inference_mode():
        asked, answers = model.blanked(torch.tensor([ids]), torch.tensor([at + 1]))
        trace = model(asked)
    position = int(answers)
    logits = trace.logits[0, position].double().numpy()
    powers = np.exp(logits - logits.max())
    return Guess(
        words=model.words, logits=logits, chances=powers / powers.sum(), output=trace.encoder.output[0, position].double().numpy(),
        ids=tuple(asked[0].tolist()), position=position, trace=trace,
    )  # fmt: skip


def parts(origin: Origin, id: int) -> tuple[Numbers, float]:
    """The row of a word and its bias, of which its logit is made."""
    model = systems.opened(origin).model
    assert isinstance(model, Guesser)
    return model.matrix[id].double().numpy(), float(model.bias[id])


def strangers(origin: Origin, asked: Asked) -> list[str]:
    """The words of a sentence that a model does not know."""
    places = systems.opened(origin).model.words
    known = set(places[FIRST:])
    return [word for word in dict.fromkeys(asked.words) if word not in known and word != GAP]


def chip(word: str, place: int) -> Chip:
    """A word as a chip, in the colour of its place."""
    return chips.chip(f"▁{word}", place)


def called(words: tuple[str, ...], id: int) -> str:
    """A word of the vocabulary as an answer."""
    return _("(end of the sentence)") if id == ENDS else words[id]


def read(found: Guess, asked: Asked) -> list[str]:
    """What was read, in words: start, the sentence with its blanks, end."""
    middle = [GAP if place in asked.blanks else word for place, word in enumerate(asked.words)]
    return ["<s>", *middle, "</s>"][: len(found.ids)]


def held_out(origin: Origin) -> tuple[float, float, int] | None:
    """How often a model finds the true word of a held-out blank, the trivial guess, and of how many: from its card."""
    test = systems.opened(origin).card.get("test", {})
    if not {"right", "baseline", "examples"} <= test.keys():
        return None
    return float(test["right"]), float(test["baseline"]), int(test["examples"])
