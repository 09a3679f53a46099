"""The memory networks that there are: which one is shown, and those of the other kinds to stand beside it."""

from systems.stories.memory import MemoryNetwork
from ui.session import systems
from ui.session.state import Origin
from ui.text import translate as _

MODEL = "mem_model"  # in the address
KINDS = ("memory", "memory-one", "memory-shared", "memory-timeless")


def called(kind: str) -> str:
    """What a kind is called on the screen."""
    return {
        "memory": _("three hops"), "memory-one": _("one hop"), "memory-shared": _("three hops, shared weights"),
        "memory-timeless": _("three hops, no time"),
    }[kind]  # fmt: skip


def short(kind: str) -> str:
    """The same over a column."""
    return {
        "memory": _("3 hops"),
        "memory-one": _("1 hop"),
        "memory-shared": _("shared"),
        "memory-timeless": _("no time"),
    }[kind]


def network(found: Origin) -> MemoryNetwork:
    """One of them, opened."""
    model = systems.opened(found).model
    assert isinstance(model, MemoryNetwork)
    return model


def choose() -> Origin | None:
    """The menu: every network by its kind and name."""
    return systems.choose(KINDS, MODEL, _("Network"), 300, called)
