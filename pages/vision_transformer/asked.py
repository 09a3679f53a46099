"""What the page is asked, all of it in the address: the view, the question, the patch, the layer, the head, who asks, what is left out."""

from dataclasses import dataclass

import streamlit as st

from pages.vision_transformer import seen
from systems.scenes.questions import EXAMPLES, Question, parse
from systems.scenes.scene import Scene, write
from systems.scenes.vit import PATCHES, Vision
from ui import controls
from ui.scenes import editor
from ui.session import systems
from ui.session.kept import hold
from ui.session.state import Origin
from ui.text import plain
from ui.text import translate as _

VISION, CONVOLUTION = ("vit",), ("cnn",)
VISION_KEY, CONVOLUTION_KEY = "vt_vit", "vt_cnn"
VIEW, QUESTION, PATCH, DIMENSION, OTHER = "vt_view", "vt_question", "vt_patch", "vt_dim", "vt_other"
LAYER, HEAD, WHO, OUT, CLICK = "vt_layer", "vt_head", "vt_who", "vt_out", "vt_click"
ROLLOUT = "rollout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be seen."""

    shapes: Scene
    scene: str
    vit: Origin
    cnn: Origin | None
    typed: str
    question: Question  # that of `typed`, or the first example if that is none
    trouble: str  # why it is none
    patch: int  # that is pointed at
    out: tuple[int, ...]  # patches that are left out

    @property
    def text(self) -> str:
        """The question as it is written."""
        return self.question.text

    @property
    def model(self) -> Vision:
        """The Vision Transformer."""
        return seen.vision(self.vit)


def view() -> str:
    """Which of the views."""
    views = {
        "cut": _("Patches"), "positions": _("Positions"), "looks": _("Attention"), "without": _("Leave out"), "against": _("Against a CNN"),
    }  # fmt: skip
    return controls.one_of(_("View"), VIEW, views)


def models() -> None:
    """The menus of the models, where there is more than one to choose from."""
    for kinds, key, name in ((VISION, VISION_KEY, _("ViT")), (CONVOLUTION, CONVOLUTION_KEY, _("CNN"))):
        if len(systems.models(kinds)) > 1:
            systems.choose(kinds, key, name, 130)


def ask() -> Asked | None:
    """What is asked; `None` if there is no Vision Transformer."""
    shapes = editor.scene()
    vit, cnn = systems.chosen(VISION, VISION_KEY), systems.chosen(CONVOLUTION, CONVOLUTION_KEY)
    if vit is None:
        systems.missing(VISION)
        return None
    hold(QUESTION, EXAMPLES[0])
    typed = str(st.session_state[QUESTION])[:200]
    question, trouble = parse(EXAMPLES[0]), ""
    try:
        question = parse(typed)
    except ValueError as error:
        trouble = str(error)
    hold(PATCH)
    hold(OUT, "none")
    return Asked(
        shapes=shapes, scene=write(shapes), vit=vit, cnn=cnn, typed=typed, question=question, trouble=trouble,
        patch=within(PATCH, PATCHES, first_patch(shapes)), out=left_out(),
    )  # fmt: skip


def field(asked: Asked) -> None:
    """Where the question is typed, and examples."""
    st.session_state["vt_typed"] = st.session_state[QUESTION]

    def typed() -> None:
        st.session_state[QUESTION] = st.session_state["vt_typed"]

    st.text_input(_("Your question"), key="vt_typed", on_change=typed, placeholder=EXAMPLES[0])

    def take() -> None:
        if (example := st.session_state.get("vt_example")) is not None:
            st.session_state[QUESTION] = example

    st.menu_button(_("Examples"), EXAMPLES, key="vt_example", on_click=take, format_func=plain)
    if asked.trouble:
        st.warning(
            _("This question is none that it can read; here is what it makes of “{question}”.").format(
                question=plain(asked.text)
            )
        )
        st.text(asked.trouble)


def left_out() -> tuple[int, ...]:
    """The patches that are left out, from text such as `3-17`."""
    parts = str(st.session_state[OUT]).split("-")
    places = {int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 3}
    return tuple(sorted(place for place in places if place < PATCHES))


def toggle(patch: int) -> None:
    """Leave a patch out, or put it back."""
    now = set(left_out()) ^ {patch}
    st.session_state[OUT] = "-".join(map(str, sorted(now))) or "none"


def put_back() -> None:
    """Leave nothing out."""
    st.session_state[OUT] = "none"


def within(key: str, count: int, default: int) -> int:
    """The number held under a key, if there is such a one."""
    value = st.session_state[key]
    return value if isinstance(value, int) and 0 <= value < count else default


def first_patch(shapes: Scene) -> int:
    """The patch in which the middle of the first shape lies; the first of all if there is no shape."""
    return (shapes[0].y // 8) * seen.ACROSS + shapes[0].x // 8 if shapes else 0


__all__ = ["ROLLOUT", "Asked", "ask", "field", "view"]
