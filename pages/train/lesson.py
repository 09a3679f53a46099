"""The numbers in the lesson of the train page."""

from collections.abc import Sequence

import streamlit as st

from transformer.corpora import grammar_en_fr
from transformer.jobs import Job
from transformer.training.estimates import KNOWN, estimate
from ui.text import translate as _
from ui.training import corpora, recipes, runs
from ui.training.start import WATCHED


def values(found: Sequence[Job]) -> dict[str, str]:
    """Of the training that is looked at, as far as it is known; of the usual recipe what is not."""
    usual = recipes.recipe(grammar_en_fr.NAME, "", corpora.suits(grammar_en_fr.NAME))
    last = estimate(usual, KNOWN[grammar_en_fr.NAME]).steps
    step = min(usual.warm_up, last // 10) // 2
    told = {
        "peak": f"{usual.peak_rate:g}", "warm_up": f"{min(usual.warm_up, last // 10):,}", "step": f"{step:,}",
        "cool_down": f"{100 * usual.cool_down:.0f}", "steps": f"{last:,}",
        "rate": f"{usual.learning_rate(step, (step - 1) / last):.6f}", "smoothing": f"{usual.label_smoothing:g}",
    }  # fmt: skip
    return told | measured(found)


def measured(found: Sequence[Job]) -> dict[str, str]:
    """What the training that is looked at has measured so far."""
    job = next((job for job in found if job.name == st.session_state.get(WATCHED)), None)
    entries = runs.entries(job) if job else []
    if not job or not entries:
        none = _("no training yet")
        return dict.fromkeys(("name", "done", "loss", "held_out", "speed"), none)
    first, last = entries[0], entries[-1]
    scored = [entry for entry in entries if entry.bleu is not None]
    score = _("BLEU {bleu:.1f}, exact match {exact:.0f} %")
    return {
        "name": job.name, "done": f"{last.step:,}", "loss": f"{first.loss:.2f} → {last.loss:.2f}",
        "held_out": score.format(bleu=scored[-1].bleu, exact=scored[-1].exact_match or 0) if scored else _("not measured yet"),
        "speed": f"{last.tokens_per_second:,.0f}",
    }  # fmt: skip
