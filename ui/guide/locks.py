"""What a step of a lesson keeps a learner from: it is taken off the screen, or cannot be reached by mouse or keyboard.

Never what belongs to the room of a class (`.st-key-atlas_room`): its questions are to be answered in a lesson, too.
"""

import streamlit as st

from classroom.lessons import Step
from ui import ASSETS
from ui.text import translate as _

SENTENCE = (
    "text", "example", "pick_which", "checkpoint", "pick_moment", "pick_target", "french", "own_again", "pick_search", "width", "temperature",
    "top_k", "top_p", "atlas_seed",
)  # fmt: skip
GONE = {
    "pages": ", ".join(
        (
            ".stPageLink:not(.st-key-atlas_room *)",
            ".st-key-atlas_near",
            ".st-key-atlas_ways",
            ".st-key-atlas_map a:not([aria-current])",
            '.stSidebar [data-testid="stCaptionContainer"]',
            ".st-key-atlas_search",
            "#atlas-term-card a",
        )
    ),
    "sentence": ", ".join(f".stSidebar .st-key-{key}" for key in SENTENCE),
    "controls": "",  # they stay to be read
    "depths": ", ".join(f".st-key-fold_{depth}" for depth in ("numbers", "formula", "code", "numpy")),
}  # what is taken off the screen
STILL = {
    "controls": '[class*="st-key-atlas_controls"]:not(.st-key-atlas_room *), .atlas-steps:not(.st-key-atlas_room *)'
}  # what can be seen, but not used

_component = st.components.v2.component("atlas_lock", html="<span></span>", js=(ASSETS / "lock.js").read_text("utf-8"))


def names() -> dict[str, str]:
    """The locks and their words."""
    return {
        "pages": _("other pages"), "sentence": _("sentence and model"), "controls": _("controls above pictures"),
        "depths": _("More numbers, Formula, Code"),
    }  # fmt: skip


def told(step: Step) -> str:
    """Which of them the step has locked."""
    found = [word for lock, word in names().items() if lock in step.locked]
    return _("Locked in this step: {what}").format(what=", ".join(found)) if found else ""


def keep(step: Step | None) -> None:
    """Lock what the step of a lesson has locked, and unlock what it has not. On every page, in and out of a lesson."""
    locked = step.locked if step else frozenset()
    gone = ", ".join(GONE[lock] for lock in sorted(locked) if GONE[lock])
    still = ", ".join(STILL[lock] for lock in sorted(locked) if lock in STILL)
    style = f"{gone} {{ display: none !important; }}" if gone else ""
    style += f"{still} {{ opacity: 0.6; pointer-events: none; }}" if still else ""
    if style:
        st.html(f"<style>{style}</style>")
    with st.container(key="atlas_hidden_lock"):
        _component(key="lock", data={"still": still, "pages": "pages" in locked})
