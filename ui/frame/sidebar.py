"""What the learner asks the model: the sentence, which checkpoint, whose French, which search; and how it is drawn. On every page."""

from dataclasses import dataclass

import streamlit as st

from figures.theme import USUAL
from transformer.checkpoint import DEFAULT
from transformer.decoding.search import WIDTH
from transformer.text import sentences
from ui import text
from ui.controls import cuts, menu, one_of
from ui.session import state
from ui.session.kept import hold, kept
from ui.text import plain
from ui.text import translate as _

WHICH = "which"  # in the address: the sentence of several, from 1
PALETTE = "palette"  # in the address: the colours of the maps
FEW = 12  # sentences that have a button each
EXAMPLES = (
    "The black cat sleeps in the red house.",
    "The animal didn't cross the street because it was too tired.",
    "The animal didn't cross the street because it was too wide.",
    "I gave my dog Charlie some food.",
    "Hello, I love you.",
    "I don't like cold water.",
    "Do you want to come with me?",
    "She gave him a book yesterday.",
    "If it rains tomorrow, I will stay at home.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """All that the sidebar holds."""

    text: str  # one sentence
    origin: state.Origin
    search: state.Search
    french: str | None  # the learner's, or `None` for the model's own translation
    special: bool = True  # whether `<s>` and `</s>` are shown
    place: tuple[int, int] = (1, 1)  # of the sentence among those in the field, and how many there are


def ask() -> Question | None:
    """Draw the controls; `None` if there is no model to ask."""
    if len(names := text.languages()) > 1:
        with kept("lang", text.ENGLISH):
            st.selectbox(_("Language"), names, key="lang", bind="query-params")
    asked, place = one_of_several(sentence())
    origin = checkpoint()
    if origin is None:
        return None
    origin = moment(origin)
    with st.expander(_("More: whose French, which search, colours"), key="more"):
        own = one_of(_("French"), "target", {"model": _("The model's"), "mine": _("Mine")}) == "model"
        found, given = (search(), None) if own else (state.Search(1), french(asked))
        special = special_tokens()
        palette()
    return Question(asked, origin, found, given, special, place)


def palette() -> None:
    """The colours of the maps."""
    names = {
        USUAL: _("As usual"), "cividis": _("Cividis"), "viridis": _("Viridis"), "grey": _("Grey, for print"),
        "contrast": _("High contrast"),
    }  # fmt: skip
    menu(_("Colours of the maps"), PALETTE, names)


def special_tokens() -> bool:
    """Whether the pieces that stand for no text are shown."""
    hint = _("Show `<s>`, where the decoder begins, and `</s>`, where a sentence ends. The model always reads them.")
    with kept("special", True):
        return st.toggle(_("Special tokens"), True, key="special", bind="query-params", help=hint)


def sentence() -> str:
    """The English sentence, and a menu of examples."""
    with kept("text", EXAMPLES[0]):
        field = st.text_input(
            _("English sentence"), EXAMPLES[0], key="text", bind="query-params", help=_("Press Enter to translate.")
        )
    st.menu_button(_("Examples"), EXAMPLES, key="example", on_click=take_example, width="stretch", format_func=plain)
    return field


def fields() -> list[str]:
    """What the fields of text hold, as the browser has it."""
    return [str(st.session_state[key]) for key in ("text", "french") if st.session_state.get(key)]


def one_of_several(text: str) -> tuple[str, tuple[int, int]]:
    """The sentence that is walked through, where the field holds several: the models have learned from single ones; and its place."""
    found = sentences(text)
    if len(found) < 2:
        return text, (1, 1)
    names, choose = (
        {str(number): str(number) for number in range(1, len(found) + 1)},
        one_of if len(found) <= FEW else menu,
    )
    chosen = int(choose(_("One of {count} sentences").format(count=len(found)), WHICH, names))
    st.caption(plain(found[chosen - 1]))
    return found[chosen - 1], (chosen, len(found))


def take_example() -> None:
    """Put the example that was chosen into the field of the sentence."""
    if chosen := st.session_state.get("example"):
        st.session_state["text"] = chosen


def checkpoint() -> state.Origin | None:
    """One of the models that can be opened. How many cannot be is said; which and why, on the page of the models."""
    readable = state.readable()
    if count := len(state.problems()):
        hint = _("One model here cannot be opened.") if count == 1 else _("{count} models here cannot be opened.")
        st.page_link("pages/340_models.py", label=plain(hint.format(count=count)), icon=":material/warning:")
    if not readable:
        return None
    names = list(readable)
    first = names.index(DEFAULT) if DEFAULT in readable else 0
    with kept("checkpoint", names[first]):
        if st.session_state.get("checkpoint", names[0]) not in readable:
            del st.session_state["checkpoint"]
        name = st.selectbox(_("Model"), names, index=first, key="checkpoint", bind="query-params")
    return readable[name if name in readable else names[first]]


def moment(origin: state.Origin) -> state.Origin:
    """The model as it is, or as it was at one of its snapshots: the time machine's slider, if it has any."""
    steps = state.moments(origin)
    hold("moment", None)
    if len(steps) < 2:
        return origin
    if st.session_state["moment"] not in steps:
        st.session_state["moment"] = None
    st.session_state["pick_moment"] = (
        st.session_state["moment"] if st.session_state["moment"] is not None else steps[-1]
    )

    def picked() -> None:
        chosen = st.session_state["pick_moment"]
        st.session_state["moment"] = None if chosen == steps[-1] else chosen

    st.select_slider(
        _("Moment of training"), steps, key="pick_moment", on_change=picked, help=_("Every page shows the model as it was then."),
        format_func=lambda step: _("step {step}").format(step=f"{step:,}"),
    )  # fmt: skip
    if (chosen := st.session_state["moment"]) is None:
        return origin
    if trouble := state.problem(then := state.at(origin, chosen)):
        st.warning(plain(trouble))
    return origin if trouble else then


def search() -> state.Search:
    """Greedy, a beam and its width, or lots and their seed."""
    ways = {"beam": _("Beam"), "greedy": _("Greedy"), "sample": _("Sampling")}
    way = one_of(_("How the French is found"), "search", ways)
    if way == "greedy":
        return state.Search(1)
    if way == "sample":
        return state.Search(cuts=cuts.sliders(), seed=cuts.seed())
    with kept("width", WIDTH):
        return state.Search(int(st.slider(_("Beam width"), 2, 8, WIDTH, key="width", bind="query-params")))


def french(asked: str) -> str:
    """The learner's own French, which the model then has to read."""
    hint = _("The model is given your words one by one and tells what it would look at: teacher forcing.")
    with kept("french", ""):
        typed = st.text_input(
            _("Your French sentence"), key="french", bind="query-params", help=hint, placeholder="Le chat noir dort."
        )
    of = st.session_state.setdefault("_french_of", (typed, asked))
    if of[0] != typed:
        st.session_state["_french_of"] = of = (typed, asked)
    if typed and of[1] != asked:
        st.caption(plain(_("Typed for another sentence: {sentence}").format(sentence=of[1])))
        st.button(_("Take the model's own"), key="own_again", on_click=models_own)
    return typed


def models_own() -> None:
    """The model's own translation again."""
    st.session_state["target"] = "model"
