"""The networks that there are: which one is shown, and those of the other kinds to stand beside it."""

from systems.reviews.hierarchical import Hierarchical
from ui.session import systems
from ui.session.state import Origin
from ui.text import translate as _

MODEL = "hat_model"  # in the address
KINDS = ("hierarchical", "hierarchical-mean", "flat")


def called(kind: str) -> str:
    """What a kind is called on the screen."""
    return {
        "hierarchical": _("words, sentences"),
        "hierarchical-mean": _("mean, no attention"),
        "flat": _("all words at once"),
    }[kind]


def network(found: Origin) -> Hierarchical:
    """One of them, opened."""
    model = systems.opened(found).model
    assert isinstance(model, Hierarchical)
    return model


def choose() -> Origin | None:
    """The menu: every network by its kind and name."""
    return systems.choose(KINDS, MODEL, _("Network"), 300, called)
