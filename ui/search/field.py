"""The field in the sidebar, and below it what was found: links in their groups, with the sentence in which it was found."""

import html

import streamlit as st

from classroom.finding import Found, Hit
from ui import ASSETS
from ui.search import places
from ui.text import plain
from ui.text import translate as _

KEY, EACH, SHORT = (
    "atlas_search_words",
    4,
    40,
)  # in the session alone; links of a group; letters of a question that are repeated
SENTENCE = 150  # letters of a sentence that are shown
TRY = ("attention", "beam", "BLEU")

_component = st.components.v2.component(
    "atlas_search", html="<span></span>", js=(ASSETS / "search.js").read_text("utf-8")
)


def show() -> None:
    """On every page, high in the sidebar. The key `/` leads into the field."""
    field()
    with st.container(key="atlas_hidden_search"):
        _component(key="search_key")


@st.fragment
def field() -> None:
    """The field and what it finds: nothing else of the page is drawn again."""
    with st.container(key="atlas_search", gap="xsmall"):
        asked = st.text_input(
            _("Search"), key=KEY, live=True, label_visibility="collapsed", placeholder=_("Search ( / )"), icon=":material/search:",
            autocomplete="off",
        ).strip()  # fmt: skip
        if asked:
            tell(asked, places.index().find(asked))


def tell(asked: str, found: Found) -> None:
    """What there is, group by group, or that there is nothing."""
    if not found.hits:
        told = _("Nothing found for “{words}”. Try {examples}.")
        short = asked if len(asked) <= SHORT else f"{asked[:SHORT]}…"
        st.html(f'<p class="atlas-found" role="status">{told_of(told, short, ", ".join(TRY))}</p>')
        return
    names = {"page": _("Pages"), "lesson": _("Lessons"), "word": _("Words")}
    groups = {kind: [hit for hit in found.hits if hit.entry.kind == kind] for kind in names}
    counted = ", ".join(f"{names[kind]}: {len(group)}" for kind, group in groups.items() if group)
    st.html(f'<p class="atlas-found" role="status">{html.escape(counted)}</p>')
    with st.container(key="atlas_found", gap="xxsmall"):
        for group in sorted(filter(None, groups.values()), key=lambda group: -group[0].score):
            st.caption(names[group[0].entry.kind])
            for hit in group[:EACH]:
                link(hit, found)


def told_of(template: str, words: str, examples: str) -> str:
    """HTML of the sentence that there is nothing; what was asked for is shown as it is."""
    return html.escape(template).format(words=f"<b>{html.escape(words)}</b>", examples=html.escape(examples))


def link(hit: Hit, found: Found) -> None:
    """The way there, and the sentence."""
    entry = hit.entry
    script = "home.py" if entry.page == "home" else f"pages/{entry.page}.py"
    st.page_link(script, label=plain(entry.name), query_params=dict(entry.asked) or None)
    st.html(f'<p class="atlas-found">{snippet(found.marks(hit.sentence))}</p>')


def snippet(parts: list[tuple[str, bool]]) -> str:
    """HTML of a sentence, cut around the first word that was asked for if it is long; those words are marked."""
    first = next((place for place, (_part, sought) in enumerate(parts) if sought), 0)
    start = len("".join(part for part, _sought in parts[:first]))
    skip = start - SENTENCE // 3 if start > SENTENCE * 2 // 3 else 0
    made, at = ["… "] if skip else [], 0
    for part, sought in parts:
        if skip <= at <= skip + SENTENCE:
            safe = html.escape(part)
            made.append(f"<mark>{safe}</mark>" if sought else safe)
        at += len(part)
    return "".join(made) + (" …" if at > skip + SENTENCE else "")
