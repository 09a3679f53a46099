"""Five methods, one number each for every English word: known by what was asked, so that nobody waits twice."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from transformer.analysis import attributions
from transformer.analysis.attributions import Agreement
from ui.frame import Session
from ui.measures.attributed import Measured
from ui.measures.words import Numbers
from ui.text import translate as _

METHODS = ("attention", "rollout", "gradient", "integrated", "left")  # in the address
SIGNED = ("gradient", "integrated", "left")
FEWEST = 3  # words, below which a ranking says nothing
END = "</s>"


@dataclass(frozen=True)
class Method:
    """What one method says of one French piece."""

    code: str
    words: Numbers  # one for each word, and one for the end piece: NaN where the method has none

    @cached_property
    def total(self) -> float:
        """The sum of all magnitudes."""
        return float(np.nansum(np.abs(self.words)))

    @cached_property
    def shares(self) -> Numbers:
        """Each word's share of the total magnitude, with its sign."""
        return self.words / (self.total or 1.0)

    @cached_property
    def top(self) -> int | None:
        """The strongest word, the end piece not among them; none if all are 0."""
        sizes = np.abs(self.words[:-1])
        return int(sizes.argmax()) if sizes.size and sizes.max() > 0 else None

    @property
    def signed(self) -> bool:
        """Whether it tells for from against."""
        return self.code in SIGNED


def methods(session: Session, known: Measured, place: int, layer: int, head: int | None) -> tuple[Method, ...]:
    """All five, in the order of `METHODS`."""
    trace, words = session.walk.trace, known.words
    pieces = {
        "attention": attributions.cross_attention(trace, layer, head)[place],
        "rollout": attributions.rollout(trace).source[place],
        "gradient": known.gradient.values[0],
        "integrated": known.integrated.values[0],
    }
    each = {code: words.summed(values) for code, values in pieces.items()}
    each["left"] = np.append(known.left.values[0], np.nan)
    return tuple(Method(code, each[code]) for code in METHODS)


def names() -> dict[str, str]:
    """What the methods are called, short."""
    return {
        "attention": _("Attention"), "rollout": _("Rollout"), "gradient": _("Gradient × input"),
        "integrated": _("Integrated gradients"), "left": _("Leave one out"),
    }  # fmt: skip


def attention_name(layer: int, head: int | None) -> str:
    """Which attention is the raw one."""
    if head is None:
        return _("Attention, layer {layer}, mean").format(layer=layer + 1)
    return _("Attention, layer {layer}, head {head}").format(layer=layer + 1, head=head + 1)


def agreement(one: Method, other: Method) -> Agreement:
    """How the two rank the words by magnitude, the end piece not among them."""
    return attributions.agreement(np.abs(one.words[:-1]), np.abs(other.words[:-1]))


def table(every: tuple[Method, ...]) -> Numbers:
    """Kendall's tau-b of each two `(method, method)`; NaN where one of them cannot rank."""
    return np.array([[agreement(one, other).tau for other in every] for one in every])
