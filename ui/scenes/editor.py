"""The scene that can be changed, by mouse and by keyboard: one for all pages, in the address as text such as `rcl1224-bss3626`."""

import random

import streamlit as st

from figures import theme
from systems.scenes import corpus, drawing
from systems.scenes.scene import COLOURS, KINDS, MOST, RADIUS, SIDE, SIZES, Scene, read, write
from ui import ASSETS
from ui.scenes.words import names, twin
from ui.session.kept import hold
from ui.text import translate as _

SCENE, SEED, TROUBLE = "scene", "scene_seed", "_scene_trouble"
FIRST = "rcl1124-bss3630"  # a large red circle left of a small blue square

_component = st.components.v2.component(
    "atlas_scene",
    html=(ASSETS / "scene.html").read_text("utf-8"),
    css=(ASSETS / "scene.css").read_text("utf-8"),
    js=(ASSETS / "scene.js").read_text("utf-8"),
    isolate_styles=False,
)


def scene(first: str = FIRST) -> Scene:
    """The scene there is; the first one if the address asks for what is none. Before anything that shows it."""
    hold(SCENE, first)
    hold(SEED, "1")
    try:
        return read(str(st.session_state[SCENE]))
    except ValueError as error:
        st.session_state[TROUBLE] = str(error)
        st.session_state[SCENE] = first
        return read(first)


def show(grid: int = 0) -> None:
    """Draw the scene with its tools, cut by lines `grid` pixels apart if that is not 0. What is changed is there before the page is drawn again."""
    if trouble := st.session_state.pop(TROUBLE, ""):
        st.warning(_("The address asks for a scene that is none; here is another one."), icon=":material/info:")
        st.text(trouble)

    def changed() -> None:
        told = (st.session_state.get("scene_editor") or {}).get("scene") or {}
        take(str(told.get("scene", "")))

    def drawn() -> None:
        told = (st.session_state.get("scene_editor") or {}).get("seed") or {}
        draw(str(told.get("seed", "")))

    _component(
        key="scene_editor",
        data={
            "scene": st.session_state[SCENE], "seed": st.session_state[SEED], "grid": grid, "most": MOST, "words": words(),
            "paint": {colour[0]: css(drawing.PAINT[colour]) for colour in COLOURS}, "ground": css(drawing.GROUND),
            "radius": {size[0]: RADIUS[size] for size in SIZES}, "square": drawing.SQUARE, "triangle": drawing.TRIANGLE,
            "ink": theme.INK["light"],
        },
        on_scene_change=changed, on_seed_change=drawn,
    )  # fmt: skip
    if doubt := doubts(read(st.session_state[SCENE])):
        st.caption(doubt)


def take(text: str) -> None:
    """A scene from the browser, if it is one."""
    try:
        st.session_state[SCENE] = write(read(text))
    except ValueError:
        return


def draw(seed: str) -> None:
    """The scene of a seed, and the next seed for the next time."""
    number = int(seed) if seed.isascii() and seed.isdigit() and len(seed) <= 6 else 1
    st.session_state[SCENE] = write(corpus.drawn(random.Random(number)))
    st.session_state[SEED] = str((number + 1) % 1_000_000)


def doubts(found: Scene) -> str:
    """What the models never saw in training, in a sentence; nothing if they did."""
    if not found:
        return _("The scene is empty. In training there was one like it among twenty thousand: expect anything.")
    if len(found) > corpus.LARGEST:
        return _(
            "{count} shapes: in training there were never more than {most}. What the models say is a guess."
        ).format(count=len(found), most=corpus.LARGEST)
    if any(
        not corpus.apart(one.x, one.y, one.radius, other) for place, one in enumerate(found) for other in found[:place]
    ):
        return _("Shapes touch or lie over each other: in training they never did. Expect mistakes.")
    if any(not within(shape.x, shape.radius) or not within(shape.y, shape.radius) for shape in found):
        return _("A shape is cut off by the edge: in training none was.")
    if not corpus.clear(found):
        return _("It is a close call which comes first in the caption: in training it was always clear.")
    return ""


def within(middle: int, radius: float) -> bool:
    """Whether a shape ends before the edge."""
    return radius <= middle + 0.5 <= SIDE - radius


def css(colour: tuple[float, float, float]) -> str:
    """A colour of a picture, as a browser wants it."""
    return f"rgb({', '.join(str(round(255 * channel)) for channel in colour)})"


def words() -> dict[str, str]:
    """All that the editor says."""
    named = names()
    return {
        **{word[0]: named[word] for word in COLOURS}, **{word: named[word] for word in (*KINDS, *SIZES)},
        "shape": _("{size} {colour} {kind}"), "at": _("a {shape} at {x}, {y}"), "nothing": named["nothing"], "scene": _("The scene:"),
        "chosen": _("Chosen:"), "tools": _("Change the scene"), "remove": _("Take the chosen shape away (Delete)"),
        "undo": _("Undo (z)"), "empty": _("Take everything away"), "seed": _("Seed of a new scene"), "fresh": _("New scene"),
        "add_circle": _("Add a circle"), "add_square": _("Add a square"), "add_triangle": _("Add a triangle"),
        "keys": _(
            "n and p choose a shape, arrow keys move it, r b g y paint it, c s t make it a circle, square or triangle, l makes it large or "
            "small, + adds one, Delete takes it away, z undoes."
        ),
    }  # fmt: skip


__all__ = ["draw", "scene", "show", "take", "twin"]
