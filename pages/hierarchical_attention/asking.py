"""The controls: the review, reviews to take, what is shown, which network, and what is taken away."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.hierarchical_attention import networks
from systems.reviews.corpus import LABELS, Review, load, sentences
from ui import controls
from ui.session.kept import hold, kept, put
from ui.session.state import Origin
from ui.text import translate as _

REVIEW, OUT, SENTENCE, WORD, VIEW, GIVEN = (
    "hat_review",
    "hat_out",
    "hat_sentence",
    "hat_word",
    "hat_view",
    "hat_given",
)  # in the address
MOST_TYPED = 60_000
BEGIN = (
    "The bus on the way was awful. My sister had told me that the food was boring. The soup was not at all bad. "
    "We were four people from Busan."
)  # fmt: skip
BEGIN_DECIDES = Review(sentences=sentences(BEGIN), label=1, sentence=2, words=(3, 4, 5, 6), kind="not")
Part = tuple[int, int]  # a sentence, and a word of it; -1 for the whole sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the learner wants to see."""

    view: str  # review, gold, beside
    review: str = ""
    network: Origin | None = None


def ask() -> Asked:
    """Draw the controls."""
    for key in (SENTENCE, WORD, GIVEN):
        hold(key)
    hold(OUT, "")
    with controls.row():
        views = {"review": _("A review"), "beside": _("With and without attention"), "gold": _("Held-out reviews")}
        view = controls.one_of(_("View"), VIEW, views)
        if view != "gold":
            names = kinds()
            st.menu_button(
                _("Another review"), list(names), key="hat_take", on_click=take, format_func=names.__getitem__
            )
        network = None if view == "beside" else networks.choose()
    if view == "gold":
        return Asked(view=view, network=network)
    with kept(REVIEW, BEGIN):
        review = st.text_area(
            _("Review"), BEGIN, height=84, max_chars=MOST_TYPED, key=REVIEW, bind="query-params", on_change=forget
        )  # fmt: skip
    if not known(review or ""):
        st.caption(
            _("The networks have read nothing but made-up reviews. What is written otherwise they may misjudge.")
        )
    return Asked(view=view, review=review or "", network=network)


def kinds() -> dict[str, str]:
    """How a review decides, in words."""
    return {
        "plain": _("Plainly"), "not": _("With a “not”"), "but": _("With a “but”"), "although": _("With an “although”"),
        "turn": _("One sentence takes another back"), "beginning": _("The one from the beginning"),
    }  # fmt: skip


def take() -> None:
    """Put the next held-out review of the kind that was picked into the field. Only in callbacks."""
    kind = str(st.session_state.get("hat_take") or "plain")
    if kind == "beginning":
        put(REVIEW, BEGIN)
        return forget()
    every = held_out()
    places = [place for place, each in enumerate(every) if each.kind == kind and len(each.sentences) > 2]
    now = st.session_state.get(GIVEN)
    place = next((place for place in places if isinstance(now, int) and place > now), places[0])
    return give(place)


def give(place: int) -> None:
    """Put a held-out review, by its number, into the field. Only in callbacks."""
    put(REVIEW, held_out()[place].text)
    forget()
    st.session_state[GIVEN] = place


def held_out() -> tuple[Review, ...]:
    """The reviews that no network learned from."""
    found: tuple[Review, ...] = load().split("test")
    return found


def known(review: str) -> Review | None:
    """What decides, if the review in the field is a held-out one that was taken, or the first one."""
    if review.strip() == BEGIN:
        return BEGIN_DECIDES
    place = st.session_state.get(GIVEN)
    if not isinstance(place, int):
        return None
    every = held_out()
    return every[place] if place < len(every) and every[place].text == review.strip() else None


def forget() -> None:
    """Another review: nothing is taken away, no cell is chosen. Only in callbacks."""
    st.session_state[OUT] = ""
    st.session_state[SENTENCE] = st.session_state[WORD] = st.session_state[GIVEN] = None


def without(words: Sequence[Sequence[str]]) -> tuple[Part, ...]:
    """What is taken away; an address can ask for anything, and a word must be left."""
    found = set()
    for part in str(st.session_state.get(OUT) or "").split("."):
        sentence, _dash, word = part.partition("-")
        if sentence.isascii() and sentence.isdigit() and 0 < int(sentence[:4]) <= len(words):
            row = int(sentence[:4]) - 1
            if not word:
                found.add((row, -1))
            elif word.isascii() and word.isdigit() and 0 < int(word[:4]) <= len(words[row]):
                found.add((row, int(word[:4]) - 1))
    left = any(
        (row, -1) not in found and (row, place) not in found
        for row, line in enumerate(words)
        for place in range(len(line))
    )
    return tuple(sorted(found)) if left else ()


def toggle(part: Part, words: Sequence[Sequence[str]]) -> None:
    """Take a sentence or a word away, or put it back. Only in callbacks."""
    found = {*without(words)} ^ {part}
    before = st.session_state[OUT]
    st.session_state[OUT] = ".".join(
        f"{row + 1}" if place < 0 else f"{row + 1}-{place + 1}" for row, place in sorted(found)
    )
    if found and not without(words):
        st.session_state[OUT] = before  # the last word stays


def all_back() -> None:
    """Every word again. Only in callbacks."""
    st.session_state[OUT] = ""


def point(sentence: int | None, word: int | None) -> None:
    """Point at a sentence, or at a word of it. Only in callbacks."""
    st.session_state[SENTENCE], st.session_state[WORD] = sentence, word


def chosen(key: str, allowed: Sequence[int]) -> int | None:
    """What is held, if it is one of those allowed."""
    found = st.session_state.get(key)
    return found if isinstance(found, int) and found in allowed else None


def called(label: str) -> str:
    """A label, in the learner's language."""
    return dict(zip(LABELS, (_("negative"), _("positive")), strict=True))[label]
