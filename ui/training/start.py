"""Putting a training into the queue, from the page or from the sidebar."""

import streamlit as st

from transformer import checkpoint, jobs
from transformer.corpora import grammar_en_fr, tatoeba_en_fr
from transformer.family import TRANSFORMER
from transformer.jobs import JobError, Limits
from ui.training import people, runs

WATCHED = "train_job"  # in session state and in the address: the training that the page shows


def start(name: str, arguments: tuple[str, ...], limits: Limits) -> str:
    """Put it into the queue and watch it; answers with a sentence if it cannot be, otherwise with nothing."""
    try:
        job = jobs.submit(checkpoint.FOLDERS[-1], name, arguments, people.me().token, limits, people.address())
    except JobError as error:
        return str(error)
    finally:
        runs.forget()
    st.session_state[WATCHED] = job.name
    return ""


def usual_name(corpus: str, base: str, model: str = TRANSFORMER) -> str:
    """What a model is called by default."""
    if base:
        return f"{base.partition('@')[0]}-tuned"
    names = {grammar_en_fr.NAME: "my-grammar", tatoeba_en_fr.NAME: "my-tatoeba"}
    kind = "" if model == TRANSFORMER else f"-{model}"
    return (names.get(corpus) or corpus.rpartition("/")[2].removesuffix(".tsv")) + kind
