"""First guess, then see: how many words of the translation will change? What was guessed holds until the changes do."""

import streamlit as st

from ui import controls
from ui.changed.outcome import Compared
from ui.changed.telling import difference
from ui.changed.undo import button
from ui.kept import hold, kept
from ui.text import filled
from ui.text import translate as _

KEY, FOR, SKIPPED = "mp_guess", "_mp_guessed_for", "see"
MANY = 0.5  # the share of the words from which on most change


def words() -> dict[str, str]:
    """The answers there are."""
    return {"none": _("No word changes"), "some": _("Some words change"), "most": _("Most words change")}


def wanted() -> bool:
    """Draw the switch: whether the learner wants to be asked."""
    with kept("mp_ask", True):
        return st.toggle(_("Guess first"), True, key="mp_ask", bind="query-params")


def asked(code: str, wants: bool) -> str:
    """Ask, unless there is nothing to guess; the learner's guess, or nothing if the answer is not to be shown yet."""
    hold(KEY, "")
    if st.session_state[KEY] not in (*words(), SKIPPED) or st.session_state.setdefault(FOR, code) != code:
        st.session_state[KEY] = ""
        st.session_state.pop(FOR, None)
    if not code or not wants:
        return SKIPPED
    guess = str(st.session_state[KEY])
    if guess:
        st.session_state[FOR] = code
        return guess
    with controls.row("atlas_controls_guess"):
        st.markdown(_("**What will happen?**"), width="content")
        for each, word in (words() | {SKIPPED: _("Just show me")}).items():
            button(word, f"mp_guess_{each}", lambda each=each: take(each, code))  # type: ignore[misc]
    return ""


def take(guess: str, code: str) -> None:
    """This is the guess. Only in callbacks."""
    st.session_state[KEY], st.session_state[FOR] = guess, code


def truth(pair: Compared) -> tuple[str, int, int]:
    """The right answer, how many words change, and how many words there were."""
    count, all_of_them = int(difference(pair.before.text, pair.after.text)[2]), max(1, len(pair.before.text.split()))
    return ("none" if not count else "most" if count >= MANY * all_of_them else "some"), count, all_of_them


def told(guess: str, pair: Compared) -> str:
    """What the guess was worth (HTML); nothing if there was none."""
    if guess not in words():
        return ""
    right, count, whole = truth(pair)
    template = _("✓ You guessed so: {count} of {whole} words change.") if guess == right else _(
        "✗ You guessed “{guess}”, but {count} of {whole} words change."
    )  # fmt: skip
    return filled(template, guess=words()[guess], count=count, whole=whole)
