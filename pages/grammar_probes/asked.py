"""What the controls of the page say: a phenomenon, a pair, the word that must differ, a picture; all of it in the address."""

from dataclasses import dataclass, replace

import streamlit as st

from pages.grammar_probes import words
from transformer.analysis.probe_pairs import Slot, own_pair, slots, telling
from transformer.corpora import Pair
from transformer.corpora.grammar_en_fr import NAME, MinimalPair, minimal_pairs
from transformer.what_if import Head, every_head
from ui import controls
from ui.frame.sidebar import Question
from ui.session import state
from ui.session.kept import hold, kept
from ui.text import plain
from ui.text import translate as _

WHAT, NUMBER, WORD, HEAD, ALL, GUESS = "gp_what", "gp_pair", "gp_word", "gp_head", "gp_all", "gp_guess"
FIRST, SECOND = "gp_first", "gp_second"  # the learner's own sentences
ROW, COLUMN = "gp_row", "gp_column"  # the cell that is pointed at
DEFAULT = "pronoun_it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A pair and what is to be seen of it."""

    question: Question
    what: str  # the code of a phenomenon, or "own"
    pair: MinimalPair
    slots: list[Slot]
    slot: int  # the chosen one
    view: str = "differ"  # or "matter", "heads", "all"
    measure: str = "patch"  # of heads: or "off"

    @property
    def key(self) -> tuple[object, ...]:
        """What caches know the pair by."""
        first, second = self.pair.first, self.pair.second
        return (*key_of(first, second), self.slots[self.slot])

    @property
    def head(self) -> Head | None:
        """The head that the learner points at."""
        return words.head_of(str(st.session_state.get(HEAD, "")), every_head(state.opened(self.question.origin).model))


def key_of(first: Pair, second: Pair) -> tuple[str, ...]:
    """Two sentences with their French."""
    return first.source, first.target, second.source, second.target


def trained(origin: state.Origin) -> bool:
    """Whether the model was trained on the corpus that the pairs are of."""
    corpora = state.opened(origin).card.get("corpora")
    return isinstance(corpora, list) and any(isinstance(each, dict) and each.get("name") == NAME for each in corpora)


def forget() -> None:
    """Another phenomenon: the first pair, its own word, nothing guessed. Only in callbacks."""
    st.session_state[NUMBER], st.session_state[WORD] = None, ""
    st.session_state[HEAD], st.session_state[ALL], st.session_state[GUESS] = "", "", "none"


def as_it_was() -> None:
    """Back to the beginning. Only in callbacks."""
    st.session_state[WHAT], st.session_state["gp_view"], st.session_state["gp_measure"] = DEFAULT, "differ", "patch"
    st.session_state[ROW], st.session_state[COLUMN] = None, None
    forget()


def ask(question: Question) -> Asked | str:
    """Draw the controls above the pair; a sentence if there is nothing to compare."""
    for key in (WORD, HEAD, ALL):
        hold(key, "")
    hold(NUMBER)
    names = {code: name for code, (name, _told) in words.phenomena().items()}
    with controls.row("atlas_controls_pair"):
        what = controls.menu(_("Phenomenon"), WHAT, names, DEFAULT, forget, width=190)
        given = None if what == words.OWN else step(what)
        st.button(_("As it was"), key="gp_reset", on_click=as_it_was)
    found = own(question) if given is None else given
    places = [] if isinstance(found, str) else slots(found)
    with controls.row("atlas_controls_word"):
        chosen = word(found, places) if places and not isinstance(found, str) else 0
    if isinstance(found, str):
        return found
    if not places:
        return _("The two translations do not differ in a word, so there is no way to follow.")
    return Asked(question=question, what=what, pair=found, slots=places, slot=chosen)


def viewed(asked: Asked) -> Asked:
    """Draw the choice of the picture."""
    names = {
        "differ": _("Where they differ"),
        "matter": _("Where it matters"),
        "heads": _("Which heads"),
        "all": _("All pairs"),
    }
    with controls.row():
        view, measure = controls.one_of(_("Picture"), "gp_view", names), "patch"
        if view == "heads":
            how = {"patch": _("Taken from B"), "off": _("Switched off")}
            measure = controls.one_of(_("Each head"), "gp_measure", how)
    return replace(asked, view=view, measure=measure)


def step(what: str) -> MinimalPair:
    """One of the pairs of a phenomenon, with buttons for the next and the one before."""
    pairs = minimal_pairs(what.replace("_", " "))
    number = st.session_state[NUMBER]
    place = number - 1 if isinstance(number, int) and 1 <= number <= len(pairs) else 0

    def go(by: int) -> None:
        st.session_state[NUMBER] = (place + by) % len(pairs) + 1
        st.session_state[WORD] = ""

    st.button("←", key="gp_back", on_click=go, args=(-1,), help=_("The pair before"))
    st.html(
        f'<p class="gp-number">{_("pair {number} of {count}").format(number=place + 1, count=len(pairs))}</p>',
        width="content",
    )
    st.button("→", key="gp_on", on_click=go, args=(1,), help=_("The next pair"))
    return pairs[place]


def own(question: Question) -> MinimalPair | str:
    """Two sentences of the learner's; their French is the model's own."""
    texts = []
    for key, label, default in (
        (FIRST, _("Sentence A"), "The animal didn't cross the street because it was too tired."),
        (SECOND, _("Sentence B"), "The animal didn't cross the street because it was too wide."),
    ):
        with kept(key, default):
            texts.append(st.text_input(label, default, key=key, bind="query-params").strip())
    checkpoint = state.opened(question.origin)
    most = min(state.MOST_SOURCE, checkpoint.model.config.max_positions - 2)
    pairs = []
    for name, text in zip("AB", texts, strict=True):
        count = len(checkpoint.tokenizer.encode(text))
        if not 1 <= count <= most:
            return _("Sentence {name} has {count} pieces; it needs at least 1 and at most {most}.").format(
                name=name, count=count, most=most
            )
        french = checkpoint.tokenizer.decode(state.translation(question.origin, text, question.search))
        pairs.append(Pair(text, french))
    return own_pair(pairs[0], pairs[1])


def word(pair: MinimalPair, places: list[Slot]) -> int:
    """Which of the words that differ is looked at: the telling one unless the learner says otherwise."""
    default = telling(pair, places)
    if len(places) == 1:
        return default
    names = {str(place + 1): plain(" / ".join(words.french(pair, each))) for place, each in enumerate(places)}
    return int(controls.one_of(_("French word"), WORD, names, default=str(default + 1))) - 1
