"""First guess, then see: how many words of the translation will change? What was guessed holds until the change does.

Each page has a prefix of its own in the address: `sw_ask` says whether to ask, `sw_guess` what was guessed.
"""

import streamlit as st

from ui import controls
from ui.changed.outcome import Compared
from ui.changed.telling import difference, show
from ui.changed.undo import button
from ui.session.kept import came_from, here, hold, kept
from ui.text import filled
from ui.text import translate as _

SKIPPED = "see"
MANY = 0.5  # the share of the words from which on most change


def words() -> dict[str, str]:
    """The answers there are."""
    return {"none": _("No word changes"), "some": _("Some words change"), "most": _("Most words change")}


def told_before(prefix: str, key: str) -> None:
    """Before the change under `key` is held: one that a link of a proof brings is shown at once, for its outcome was told there."""
    if key not in st.session_state and came_from(here()):
        st.session_state[f"{prefix}_guess"] = SKIPPED
        st.session_state.pop(f"_{prefix}_guessed_for", None)


def wanted(prefix: str, default: bool = False) -> bool:
    """Draw the switch: whether the learner wants to be asked."""
    key = f"{prefix}_ask"
    with kept(key, default):
        return st.toggle(_("Guess first"), default, key=key, bind="query-params")


def asked(prefix: str, code: str, wants: bool) -> str:
    """Ask what the change `code` will do, unless there is none; the guess, or nothing while the answer is not to be shown."""
    key, guessed_for = f"{prefix}_guess", f"_{prefix}_guessed_for"
    hold(key, "")
    if st.session_state[key] not in (*words(), SKIPPED) or st.session_state.setdefault(guessed_for, code) != code:
        st.session_state[key] = ""
        st.session_state.pop(guessed_for, None)
    if not code or not wants:
        return SKIPPED
    if guess := str(st.session_state[key]):
        st.session_state[guessed_for] = code
        return guess

    def take(guess: str) -> None:
        st.session_state[key], st.session_state[guessed_for] = guess, code

    st.markdown(_("**What will happen?**"))
    with controls.row("atlas_controls_guess"):
        for each, word in (words() | {SKIPPED: _("Just show me")}).items():
            button(word, f"{key}_{each}", lambda each=each: take(each))  # type: ignore[misc]
    return ""


def lifted(prefix: str, code: str, wants: bool, pair: Compared) -> bool:
    """Ask, and if the answer may be shown, tell what the guess was worth; whether it may."""
    guess = asked(prefix, code, wants)
    if guess:
        told(guess, pair)
    return bool(guess)


def truth(pair: Compared) -> str:
    """The right answer."""
    found = difference(pair.before.text, pair.after.text)
    return "none" if not found.words else "most" if found.words >= MANY * len(found.before) else "some"


def told(guess: str, pair: Compared) -> None:
    """What the guess was worth, if there was one."""
    if guess in words():
        right = truth(pair)
        template = _("✓ You guessed so: {truth}.") if guess == right else _("✗ You guessed “{guess}”, but: {truth}.")
        said = filled(template, guess=words()[guess], truth=words()[right])
        show(f'<p class="atlas-cell" role="status">{said}</p>')
