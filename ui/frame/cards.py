"""The cards of the terms of art: what a word means, its formula, and the page that shows it live. Listeners in `assets/terms.js`."""

from functools import lru_cache
from typing import Any

import streamlit as st

from ui import ASSETS, text
from ui.session.kept import BACK, VIEW, here
from ui.show import terms
from ui.text import translate as _

_component = st.components.v2.component(
    "atlas_terms", html="<span></span>", js=(ASSETS / "terms.js").read_text("utf-8")
)


def deal() -> None:
    """On every page: a touched term of its prose opens a card, whose link leads on. The listeners stay for the whole visit."""
    language = text.language()
    with st.container(key="atlas_hidden_terms"):
        found = _component(
            key="terms",
            data={"live": _("Shown live: {name} →"), "close": _("Close"), "cards": cards(language)},
            on_go_change=lambda: None,
        )
    known = terms.glossary(language)
    if isinstance(asked := found.go, int) and 0 <= asked < len(known):
        term = known[asked]
        st.switch_page(f"pages/{term.page}.py", query_params={VIEW: "1", BACK: here(), **dict(term.asked)})


@lru_cache
def cards(language: str) -> list[dict[str, Any]]:
    """What stands on the cards, as the browser is given it: the same on every page, so that it is sent once."""
    return [
        {
            "forms": [form.lower() for form in term.forms], "word": term.word, "meaning": term.meaning, "formula": term.mathml,
            "page": term.page, "name": text.prose(term.page, language).name if term.page else "", "asked": dict(term.asked),
        }
        for term in terms.glossary(language)
    ]  # fmt: skip
