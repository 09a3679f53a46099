"""Before and after: what a model that was fine-tuned on kept pairs gained, and what it forgot."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.class_corpus import keep, markup
from transformer import checkpoint
from transformer.analysis.before_after import Change, Effect, effect
from transformer.checkpoint import CheckpointError
from transformer.corpora import CorpusError, open_corpus
from ui import controls
from ui.session import state
from ui.text import plain
from ui.text import translate as _

ASKED = "_class_compared"  # in session state: the models whose table was asked for
PAGE = "pages/90_cross_attention.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """A model that was fine-tuned on kept pairs."""

    name: str
    origin: state.Origin
    base: str
    file: Path
    sha256: str  # of the pairs it learned from


def tuned(shelf: Path, busy: Sequence[Path]) -> list[Tuned]:
    """The fine-tuned models on the shelf that are not being trained at this moment, the newest first."""
    found = []
    for name, origin in state.usable().items():
        base, corpus, sha256 = told(origin)
        file = checkpoint.ROOT / corpus
        if base and keep.is_kept(corpus, shelf) and file.is_file() and origin.folder.absolute() not in busy:
            found.append(Tuned(name=name, origin=origin, base=base, file=file, sha256=sha256))
    return sorted(found, key=lambda one: -one.origin.written)


@st.cache_data(max_entries=256, show_spinner=False)
def told(origin: state.Origin) -> tuple[str, str, str]:
    """What the card says of the checkpoint a model began with, the file it learned from, and its hash; nothing if it does not."""
    card = state.opened(origin).card
    training, corpora = card.get("training"), card.get("corpora")
    recipe = training.get("recipe") if isinstance(training, dict) else None
    fields = recipe if isinstance(recipe, dict) else {}
    first = corpora[0] if isinstance(corpora, list) and corpora and isinstance(corpora[0], dict) else {}
    return str(fields.get("base") or ""), str(fields.get("corpus") or ""), str(first.get("sha256") or "")


def show(found: Sequence[Tuned]) -> None:
    """The choice of a model, the button, and the tables once they were asked for."""
    if not found:
        return
    st.header(_("Before and after"), anchor=False)
    names = {one.name: one for one in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(_("Fine-tuned model"), list(names), key="class_tuned", width=320)
        asked = st.session_state.setdefault(ASKED, set())
        if name not in asked:
            st.button(_("Compare"), key="class_compare", type="primary", on_click=asked.add, args=(name,))
    if name in asked and name in names:
        compared(names[name])


def beginning(base: str) -> state.Origin:
    """The checkpoint or snapshot of that name, as it is here; only one that the app shows. Raises `CheckpointError`."""
    name, moment = checkpoint.parted(base)
    origin = state.usable().get(str(name))
    if origin is None or (moment is not None and moment not in state.moments(origin)):
        raise CheckpointError(_("The model that this one began with, “{name}”, is not here.").format(name=base[:60]))
    return state.at(origin, moment)


def compared(one: Tuned) -> None:
    """The tables of one model."""
    try:
        begin = beginning(one.base)
        with st.spinner(_("Both models translate the sentences …")):
            found = changed(begin, one.origin, one.file, one.sha256)
    except (CheckpointError, CorpusError, ValueError) as error:
        st.warning(plain(str(error)))
        return
    markup.show(summary(found))
    st.caption(_("Right: letter by letter as the corpus has it. Another good translation counts as wrong."))
    kinds = {"learned": _("Learned"), "held": _("Held out"), "forgotten": _("Forgotten")}
    kind = controls.one_of(_("Sentences"), "class_rows", kinds)
    rows = {"learned": found.learned_from.rows, "held": found.held_out.rows, "forgotten": found.known.forgotten}[kind]
    if rows:
        markup.show(markup.rows_of(rows))
    else:
        st.info(_("Nothing was forgotten.") if kind == "forgotten" else _("There are no such sentences."))
    link(one, found)


@st.cache_resource(max_entries=8, show_spinner=False)
def changed(begin: state.Origin, end: state.Origin, file: Path, sha256: str) -> Effect:
    """What became of the sentences between two checkpoints; computed once. Raises `CorpusError` if the file is another now."""
    corpus = open_corpus(str(file))
    if corpus.sha256 != sha256:
        raise CorpusError(
            _("The pairs in {file} have changed since this model learned from them.").format(file=file.name)
        )
    return effect(state.opened(begin), state.opened(end), corpus)


def summary(found: Effect) -> str:
    """How many sentences of each kind were right before and after, and BLEU."""
    names = ["", _("Sentences"), _("Right"), _("BLEU"), _("Forgotten")]
    known = _("known before: {corpus}").format(corpus=found.known_corpus or _("showcase"))
    kinds = {_("learned from"): found.learned_from, _("held out"): found.held_out, known: found.known}
    return markup.table(names, [line(name, change) for name, change in kinds.items()], "numbers")


def line(name: str, change: Change) -> str:
    """A row of the summary."""
    bleu = f"{change.before.bleu:.1f} → {change.after.bleu:.1f}" if change.before and change.after else "–"
    right = f"{change.right_before} → {change.right_after}"
    numbers = [str(len(change.rows)), right, bleu, str(len(change.forgotten))]
    cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
    return f'<tr><th scope="row">{html.escape(name)}</th>{cells}</tr>'


def link(one: Tuned, found: Effect) -> None:
    """The way to see the new model translate one of the sentences."""
    learned = [*found.held_out.learned, *found.learned_from.learned, *found.learned_from.rows]
    if learned:
        label = _("See {name} translate: {sentence}").format(name=plain(one.name), sentence=plain(learned[0].source))
        st.page_link(PAGE, label=label, query_params={"to_checkpoint": one.name, "to_text": learned[0].source})
