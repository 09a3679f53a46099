"""Pages about the Transformer's relatives: the sidebar's sentence, read by a relative that the page's own menu chooses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from figures.theme import Mode
from transformer.checkpoint import Opened
from transformer.text import clean
from ui import controls
from ui.frame import doubts
from ui.frame.sidebar import Question
from ui.session import relatives, state
from ui.session.kept import hold
from ui.session.walk import Passage
from ui.text import Lesson, plain
from ui.text import translate as _

KEY = "relative"  # in the address: which of the models is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sentence and what one relative did with it: what `frame.rooms` and the pictures need."""

    name: str  # of the model
    origin: state.Origin
    checkpoint: Opened
    walk: Passage
    special: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a page about relatives has to show."""

    name: str
    lesson: Lesson
    question: Question
    mode: Mode
    models: dict[str, state.Origin]  # of the kinds that the page shows, by name; never empty

    @property
    def special(self) -> bool:
        """Whether `<s>` and `</s>` are shown."""
        return self.question.special

    def choose(self, label: str = "", key: str = KEY, width: int = 260) -> None:
        """The menu of the page's models, above its picture."""
        first = relatives.first(self.models, self.question.origin)
        controls.menu(label or _("Which model"), key, {name: name for name in self.models}, default=first, width=width)

    def seen(self, key: str = KEY) -> Seen | str:
        """The sentence as the chosen model reads it, or why it cannot be shown. Cheap: what was read is kept."""
        first = relatives.first(self.models, self.question.origin)
        hold(key, first)
        return self.read_by(str(st.session_state[key]) if st.session_state[key] in self.models else first)

    def read_by(self, name: str) -> Seen | str:
        """The same for one of `models` by name; the sidebar's own at the moment of its training that is chosen there."""
        asked, origin = self.question, self.models[name]
        if origin.folder == asked.origin.folder:
            origin = asked.origin
        found = read(replace(asked, origin=origin))
        if isinstance(found, str):
            return found
        opened = state.any_opened(origin)
        return Seen(name=name, origin=origin, checkpoint=opened, walk=found, special=asked.special)

    def say_doubts(self, seen: Seen) -> None:
        """Why the translation may be wrong, in a line."""
        doubts.say(seen.checkpoint.tokenizer, seen.walk, self.question.search)


def read(question: Question) -> Passage | str:
    """What the sidebar's model, of any kind, does with the sentence; a sentence if it cannot be shown."""
    french = clean(question.french) if question.french else None
    return relatives.reading(question.origin, clean(question.text), french, question.search)


def only_transformers(origin: state.Origin, links: Callable[[Sequence[str]], None]) -> None:
    """In place of a page that shows what only the Transformer has, when the sidebar's model is a relative: a sentence and the ways on."""
    kind, opened = state.kind(origin), state.any_opened(origin)
    told = _(
        "This page shows Transformers of the paper, and **{name}** is another kind of model ({what}). Take a Transformer in the sidebar, "
        "or see this model on a page of its own:"
    )
    st.info(told.format(name=plain(opened.name), what=plain(relatives.kinds()[kind])))
    links(PAGES_OF.get(kind, PAGES_OF[""]))
    if usable := state.usable():
        name = next(
            (each for each, of in usable.items() if relatives.learned(of) == relatives.learned(origin)),
            next(iter(usable)),
        )
        st.button(_("Take {name}").format(name=plain(name)), on_click=take, args=(name,))


def take(name: str) -> None:
    """Another model in the sidebar."""
    st.session_state["checkpoint"] = name


ONE_STATE, ALIGNMENT, SCORES, LONG = (
    "400_one_hidden_state",
    "420_alignment",
    "430_score_functions",
    "410_the_long_sentence",
)
PAGES_OF = {  # kind: where it can be seen
    "": (ALIGNMENT, LONG), "tanh": (ONE_STATE, LONG), "gru": (ONE_STATE, LONG), "lstm": (ONE_STATE, LONG),
    "additive": (SCORES, LONG), "unscaled": (SCORES, LONG),
}  # fmt: skip
