"""What comes of leaving a thing out: the noise of negative sampling, the parts of fastText."""

import streamlit as st

from pages.words_as_vectors import found
from systems.vectors import recorded
from ui.session.state import Origin
from ui.show import proof, tables
from ui.text import translate as _


def noise(origin: Origin) -> None:
    """What negative sampling is for: the same training without noise, on record."""
    record = recorded.of_noise()
    if record is None or found.found(origin).kind == "glove":
        return
    proof.show(
        _(
            "What is the noise for? A skip-gram trained on {corpus} without it gives two words drawn by lot the cosine {without} (with it "
            "{with_noise}), and tells the true word from another in {told} % ({told_with} % with it)."
        ),
        name="noise", corpus=record.corpus, without=f"{record.without.alike:.2f}", with_noise=f"{record.with_noise.alike:.2f}",
        told=f"{record.without.told_apart:.0f}", told_with=f"{record.with_noise.told_apart:.0f}",
    )  # fmt: skip
    st.caption(_("On record: {command}.").format(command=recorded.COMMAND))


def subwords(origin: Origin) -> None:
    """What the parts are for: analogies of forms come out right more often."""
    model = found.found(origin)
    beside = found.same_text(model.corpus, ("skip-gram",))
    if not beside:
        return
    (mine, total), (theirs, _total) = found.score(origin), found.score(beside[0])
    proof.show(
        _(
            "What are parts for, where a word is known? Of {total} analogies {mine} % come out right with them, {theirs} % without "
            "(skip-gram)."
        ),
        name="parts", total=f"{total:,}", mine=f"{100 * mine / max(1, total):.0f}", theirs=f"{100 * theirs / max(1, total):.0f}",
    )  # fmt: skip


def analogies(origin: Origin) -> None:
    """How far this arithmetic carries: every model of the same text on every question."""
    model = found.found(origin)
    right, total = found.score(origin)
    proof.show(
        _(
            "Luck? Of all {total} questions of this kind whose words {model} knows, {share} % come out right; a word by lot would be right "
            "in {chance} %."
        ),
        name="analogies", total=f"{total:,}", model=model.name, share=f"{100 * right / max(1, total):.0f}",
        chance=f"{100 / max(1, len(model.words) - 5):.2f}",
    )  # fmt: skip
    rows = []
    for each in found.same_text(model.corpus):
        mine, whole = found.score(each)
        rows.append([found.found(each).name, mine, whole, 100 * mine / max(1, whole)])
    tables.folded(_("All models of this text"), [_("Model"), _("Right"), _("Questions"), "%"], rows, "wv_scores")
