"""The systems that are no translators: which trained ones there are, opened once for all visitors, and the menu that chooses among them."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import streamlit as st
import torch

import transformer.checkpoint
from systems import KINDS, shelf
from transformer.checkpoint import CARD, WEIGHTS, WORDS, CheckpointError
from ui import controls
from ui.session import state
from ui.session.kept import hold
from ui.session.state import Origin
from ui.text import plain
from ui.text import translate as _


def called() -> dict[str, str]:
    """Every kind of system with its name in a menu."""
    known = {
        "memory": _("Memory network, 3 hops"), "memory-one": _("Memory network, 1 hop"), "captions-soft": _("Captions, soft attention"),
        "captions-hard": _("Captions, hard attention"), "hierarchical": _("Reviews, hierarchical attention"),
        "cbow": _("Word vectors: CBOW"), "skip-gram": _("Word vectors: skip-gram"), "glove": _("Word vectors: GloVe"),
        "fasttext": _("Word vectors: fastText"), "elmo": _("Words in context: ELMo's idea"), "bert": _("Masked words: BERT's idea"),
        "causal": _("Next words: the same, causal"), "tagger": _("Named entities, fine-tuned"), "vit": _("Vision Transformer"),
        "cnn": _("Pictures: a small CNN"),
    }  # fmt: skip
    return {kind: known.get(kind, each.told) for kind, each in KINDS.items()}


def models(kinds: Collection[str]) -> dict[str, Origin]:
    """The systems of these kinds that can be opened, by name: shipped ones first, in the order of `kinds`, then those trained here.

    Of one kind those that learned its usual corpus come first.
    """
    found = {name: origin for name, folder in shelf.of_kinds(kinds).items() if not problem(origin := origin_of(folder))}
    shipped = transformer.checkpoint.SHIPPED
    order = list(kinds)

    def rank(name: str) -> tuple[bool, int, bool, str]:
        model = opened(found[name])
        usual = KINDS[model.kind].corpora[0] in {each.get("name") for each in model.card.get("corpora", [])}
        return not found[name].folder.is_relative_to(shipped), order.index(model.kind), not usual, name

    return {name: found[name] for name in sorted(found, key=rank)}


def origin_of(folder: Path) -> Origin:
    """The folder and its age."""
    return Origin(folder, max(state.age(folder / name) for name in (WEIGHTS, WORDS, CARD)))


def at(origin: Origin, moment: int | None) -> Origin:
    """The same system as it was after `moment` steps; `None` is the system as it is now."""
    if moment is None:
        return origin_of(origin.folder)
    return Origin(origin.folder, state.age(transformer.checkpoint.snapshot_file(origin.folder, moment)), moment)


@st.cache_data(max_entries=512, show_spinner=False)
def problem(origin: Origin) -> str:
    """Why this system cannot be opened; nothing if it can."""
    try:
        opened(origin)
    except CheckpointError as error:
        return str(error)
    return ""


@st.cache_resource(max_entries=32, show_spinner=False)
def opened(origin: Origin) -> shelf.Opened:
    """The open system; not to be written to, because all sessions share it. Raises `CheckpointError`."""
    torch.set_num_threads(1)
    return shelf.load(origin.folder, origin.moment)


def choose(
    kinds: Collection[str], key: str, label: str = "", width: int = 260, named: Callable[[str], str] | None = None
) -> Origin | None:
    """The menu of the trained systems of these kinds, above its picture; `None`, and a sentence in its place, if there is none.

    `named` puts the name of its kind before each.
    """
    found = models(kinds)
    if not found:
        missing(kinds)
        return None
    names = {name: f"{named(opened(each).kind)} · {name}" if named else name for name, each in found.items()}
    return found[controls.menu(label or _("Which model"), key, names, width=width)]


def of_kind(kind: str, key: str, default: str = "", width: int = 190) -> Origin | None:
    """The system of a kind that is shown, by default the first; the menu that says which is drawn only where there are several."""
    found = models((kind,))
    if not found:
        return None
    if len(found) == 1:
        return next(iter(found.values()))
    return found[controls.menu(called()[kind], key, {name: name for name in found}, default=default, width=width)]


def first_of_each(found: Mapping[str, Origin], key: str) -> dict[str, Origin]:
    """One of some systems of each kind, by kind: the one that the menu `key` says, of the other kinds the first."""
    there: dict[str, Origin] = {}
    for each in found.values():
        there.setdefault(opened(each).kind, each)
    if mine := found.get(str(st.session_state.get(key))):
        there[opened(mine).kind] = mine
    return there


def chosen(kinds: Collection[str], key: str) -> Origin | None:
    """What the menu `key` says, without drawing it; `None` if there is no such system."""
    found = models(kinds)
    if not found:
        return None
    hold(key, next(iter(found)))
    return found.get(str(st.session_state[key]), next(iter(found.values())))


def missing(kinds: Collection[str]) -> None:
    """In the place of a picture, when nothing of these kinds was trained yet: how to."""
    kind = next(iter(kinds))
    st.info(_("There is no trained model here yet that this page could show. Train one, and it appears here:"))
    way_to_train(kind)
    st.code(f"python -m transformer train {KINDS[kind].corpora[0]} --model {kind}", language="bash")


def way_to_train(kind: str, corpus: str = "") -> None:
    """A link to the page that trains, with this kind chosen."""
    asked = {"to_view": "1", "train_what": "system", "train_system": kind}
    asked |= {"train_system_corpus": corpus} if corpus else {}
    st.page_link("pages/300_train.py", label=_("Train your own →"), query_params=asked)


def about(origin: Origin) -> str:
    """What the card says of it, in a line: its size, what it learned from, and how well, beside the trivial guess."""
    found = opened(origin)
    corpora = ", ".join(str(each.get("name")) for each in found.card.get("corpora", []))
    said = _("{name}: {parameters} parameters, learned from {corpora}.").format(
        name=plain(found.name), parameters=f"{found.model.number_of_parameters:,}", corpora=plain(corpora)
    )
    test = found.card.get("test", {})
    if figures := [(name, value) for name, value in test.items() if name not in ("examples", "baseline")]:
        name, value = figures[0]
        beside = _("the trivial guess {baseline:.1f}").format(baseline=test["baseline"]) if "baseline" in test else ""
        measured = _("On {count} held-out examples: {name} {value:.1f}").format(
            count=test.get("examples", 0), name=name.replace("_", " "), value=value
        )
        said += f" {measured}" + (f"; {beside}." if beside else ".")
    return said
