"""The networks that there are: which one is shown, and those of the other kinds to stand beside it."""

from systems.reviews.hierarchical import Hierarchical
from ui import controls
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


def choose(models: dict[str, Origin]) -> Origin:
    """The menu: every network by its name."""
    names = {name: f"{called(systems.opened(each).kind)} · {name}" for name, each in models.items()}
    return models[controls.menu(_("Network"), MODEL, names, width=300)]
