"""Where the model on the screen comes from: its size, its marks, its corpora and their licences, as its card tells."""

from typing import Any

import streamlit as st

from transformer.checkpoint import Checkpoint
from ui.session.walk import Walk
from ui.text import plain
from ui.text import translate as _

SOURCES = {
    "tatoeba-en-fr": (
        "English-French sentence pairs of Tatoeba", "CC BY 2.0 FR", "tatoeba.org and manythings.org/anki",
    ),
}  # fmt: skip


def show(checkpoint: Checkpoint) -> None:
    """An expander with all that is known about the checkpoint."""
    with st.expander(_("About this model and its data")):
        sizes(checkpoint)
        card = checkpoint.card
        training = card.get("training") or {}
        as_they_are = [each for each in card.get("evaluations") or [] if not each.get("typed")]
        if scores := (as_they_are or [training.get("validation")])[-1]:
            marks(scores)
        for corpus in card.get("corpora") or []:
            st.markdown(credit(corpus))
        st.markdown(_("Attention Atlas is free software under the MIT licence. The model: arXiv 1706.03762."))


def values(checkpoint: Checkpoint, walk: Walk) -> dict[str, str]:
    """What Home's lesson tells of the model and the sentence."""
    return {
        "checkpoint": checkpoint.name, "parameters": f"{checkpoint.model.number_of_parameters:,}",
        "pieces": str(len(walk.source)), "written": str(len(walk.written)), "heads": str(walk.heads),
    }  # fmt: skip


def sizes(checkpoint: Checkpoint) -> None:
    """How large the model is."""
    config = checkpoint.model.config
    numbers = {
        _("Parameters"): f"{checkpoint.model.number_of_parameters:,}", _("Pieces"): f"{config.vocabulary_size:,}",
        _("Layers"): f"{config.encoder_layers} + {config.decoder_layers}", _("Heads"): str(config.heads),
        _("Width"): str(config.d_model),
    }  # fmt: skip
    metrics(numbers)


def marks(scores: dict[str, Any]) -> None:
    """How well it translates sentences that it was not trained on."""
    names = {"bleu": "BLEU", "chrf": "chrF", "exact_match": _("Letter by letter")}
    st.caption(_("On sentences it has not been trained on, in per cent:"))
    metrics(
        {words: f"{scores[name]:.1f}" for name, words in names.items() if isinstance(scores.get(name), int | float)}
    )


def metrics(numbers: dict[str, str]) -> None:
    """Numbers side by side."""
    with st.container(horizontal=True):
        for name, number in numbers.items():
            st.metric(name, number, width="content")


def credit(corpus: dict[str, Any]) -> str:
    """A corpus, its licence and its makers, as Markdown."""
    known = SOURCES.get(str(corpus.get("name")), ("", "", ""))
    fields = zip(("title", "licence", "attribution"), known, strict=True)
    title, licence, makers = (str(corpus.get(field) or otherwise) for field, otherwise in fields)
    pairs = sum(corpus.get("pairs", {}).values())
    name = plain(title or str(corpus.get("name")))
    return f"- **{name}**, {pairs:,} {_('pairs')}. {_('Licence')}: {plain(licence) or '?'}. {_('Source')}: {plain(makers) or '?'}."
