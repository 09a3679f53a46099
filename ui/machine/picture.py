"""The machine, large: it plays, steps, unfolds and is pointed at in the browser; what stays chosen is told to Python for the address."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from figures.chips import chip
from figures.labels import label
from figures.theme import Mode
from ui import ASSETS, text
from ui.machine import inside, packed
from ui.machine.blocks import PAGES, Block, blocks, chances, colours, described, known_by, layers, vectors
from ui.session import choice
from ui.session.attentions import Shown
from ui.session.kept import BACK, here, hold
from ui.session.walk import Walk, looked
from ui.show import tables
from ui.text import translate as _

OPEN, STEP, WAY = (
    "mc_open",
    "mc_step",
    "mc_way",
)  # in the address: the unfolded block, pieces written, writing or training
SCOPE = "_mc_scope"  # in the session alone: the pieces to which the step belongs
WRITING, TRAINING = "writing", "training"
LIKELY = 4  # pieces whose chances are shown while one is written
SCRIPTS = ("machine_shared.js", "machine_layout.js", "machine_draw.js", "machine_words.js", "machine.js")

component = st.components.v2.component(
    "atlas_machine",
    html=(ASSETS / "machine.html").read_text("utf-8"),
    css=(ASSETS / "machine.css").read_text("utf-8"),
    js="\n".join((ASSETS / name).read_text("utf-8") for name in SCRIPTS),
    isolate_styles=False,
)


def remember(walk: Walk) -> None:
    """What is chosen of the machine, before anything asks for it."""
    choice.remember(walk)
    hold(OPEN, "")
    hold(STEP)
    hold(WAY, WRITING)
    hold("layer", "")  # nobody chose one: the last is unfolded, and other pages begin with theirs
    if st.session_state.setdefault(SCOPE, choice.scope(walk)) != choice.scope(walk):
        st.session_state.update({SCOPE: choice.scope(walk), STEP: None})  # another sentence is whole at first
    hold("head", "mean")


def show(session: Shown, mode: Mode, key: str = "machine") -> None:
    """Draw it. `remember` comes first."""
    walk = session.walk
    found = blocks(walk)
    scope = choice.scope(walk)

    def told(name: str) -> Any:
        state = (st.session_state.get(key) or {}).get(name) or {}
        return state.get("value") if state.get("scope") == scope else None

    def opened() -> None:
        open_block(found, told("open"))

    def pointed() -> None:
        if at := told("piece"):
            choice.take(walk, choice.LOOKED_AT if at["side"] == "encoder" else choice.WRITTEN, at["place"])

    def stepped() -> None:
        st.session_state[STEP] = told("step")

    def switched() -> None:
        st.session_state[WAY] = TRAINING if told("way") == TRAINING else WRITING

    def asked() -> None:
        st.session_state["head"] = str(told("head"))

    component(
        key=key, data={**drawing(walk, chosen_head(session), mode), **state(session, found), "scope": scope},
        on_open_change=opened, on_piece_change=pointed, on_step_change=stepped, on_way_change=switched, on_head_change=asked,
    )  # fmt: skip
    ways()


def ways() -> None:
    """Links to every page about a block, for the browser to follow: each offers the way back there."""
    with st.container(key="atlas_hidden_ways"):
        for page in pages():
            st.page_link(f"pages/{page}.py", label=text.lesson(page).name, query_params={BACK: here()})


def pages() -> list[str]:
    """The pages about a block."""
    return [page for page in dict.fromkeys(page for found in PAGES.values() for page in found) if text.has_lesson(page)]


def twin(walk: Walk) -> None:
    """Each step as a row of a table: what it reads, looks at and writes."""
    weights = looked(walk, walk.layers - 1, None)
    rows: list[list[str | float | None]] = []
    for place, piece in enumerate(walk.written):
        key = int(weights[place].argmax())
        read, looks = label(walk.read[place]), label(walk.source[key])
        rows.append([place + 1, read, looks, float(weights[place, key]), label(piece), walk.chances[place]])
    names = [_("Step"), _("newly read"), _("looks most at"), _("weight"), _("writes"), _("chance")]
    tables.twin(names, rows, "machine")


def open_block(found: Sequence[Block], id: object) -> None:
    """Unfold a block, and choose its attention and its layer for the pages that it leads to."""
    block = next((each for each in found if each.id == id), None)
    st.session_state[OPEN] = block.id if block else ""
    if block and block.layer:
        st.session_state["layer"] = str(block.layer)
    if block and block.kind in inside.KINDS:
        st.session_state["kind"] = inside.KINDS[block.kind]


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Walk: known_by})
def drawing(walk: Walk, head: int | None, mode: Mode, most: int = packed.MOST) -> dict[str, Any]:
    """All that the browser needs to draw the machine of a sentence at every step; not to be written to."""
    found = blocks(walk)
    return {
        "blocks": [
            known
            | {
                "name": block.name, "shape": block.shape, "says": block.says, "opens": block.kind not in ("pieces", "written"),
                "map": None if block.weights is None else packed.map_of(block.weights, head),
            }
            for known, block in zip(described(found), found, strict=True)
        ],
        "titles": {page: text.lesson(page).name for page in pages()}, "strips": packed.strips(vectors(found), most),
        "pieces": {
            "encoder": named(walk.source), "decoder": named(walk.read, -1), "written": named(walk.written)
        },
        "layers": layers(walk),
        "head": head, "heads": walk.heads, "mode": mode,
        "colours": colours(mode),
        "words": words(),
    }  # fmt: skip


def texts(session: Shown) -> list[str]:
    """The translation after each step, from nothing to the whole."""
    decode, ids = session.checkpoint.tokenizer.decode, session.walk.written_ids
    return [decode(ids[:count]) for count in range(len(ids) + 1)]


def state(session: Shown, found: Sequence[Block]) -> dict[str, Any]:
    """Where the picture stands: what is chosen, what is unfolded, what each step may write."""
    walk, at = session.walk, pointed_at(session)
    asked = next((block for block in found if block.id == st.session_state[OPEN]), None)
    layer = shown_layer(walk, asked)
    opened = None if asked and folded(walk, asked, layer) else asked
    ids, shares = chances(walk, LIKELY)
    names = session.checkpoint.tokenizer
    likely = [
        [{"name": label(names.piece(id).piece), "share": round(share, 4), "chosen": id == written} for id, share in zip(*each, strict=True)]
        for *each, written in zip(ids, shares, walk.written_ids, strict=True)
    ]  # fmt: skip
    step = st.session_state[STEP]
    return {
        "open": opened.id if opened else "", "inside": inside.panels(session, opened, at) if opened else [],
        "step": step if isinstance(step, int) and 0 <= step <= len(walk.written) else None,
        "way": TRAINING if st.session_state[WAY] == TRAINING else WRITING,
        "layer": layer, "chosen": {"encoder": choice.looked_at(walk), "decoder": choice.piece(walk)},
        "likely": likely, "texts": texts(session), "chances": [round(chance, 6) for chance in walk.chances], "loss": walk.loss, "forced": walk.forced,
    }  # fmt: skip


def pointed_at(session: Shown) -> inside.At:
    """The places that the unfolded block is about: those chosen, or else the first."""
    source, read = choice.looked_at(session.walk), choice.piece(session.walk)
    return inside.At(source or 0, read or 0, chosen_head(session) or 0)


def chosen_head(session: Shown) -> int | None:
    """The head whose looks are drawn, from 0; `None` for the mean of all."""
    chosen = str(st.session_state.get("head", ""))
    heads = session.walk.heads
    return int(chosen) - 1 if chosen.isdecimal() and 1 <= int(chosen) <= heads else None


def shown_layer(walk: Walk, asked: Block | None) -> int:
    """The layer that is unfolded, from 1: the chosen one, or else that of the block `asked` for, or else the last.

    A column that has fewer layers unfolds its last.
    """
    chosen = str(st.session_state.get("layer", ""))
    if chosen.isdecimal() and len(chosen) < 4:
        return max(1, int(chosen))
    return asked.layer if asked and asked.layer else max(layers(walk).values())


def folded(walk: Walk, block: Block, layer: int) -> bool:
    """Whether the block is in a layer, and another one is unfolded."""
    return block.layer not in (0, min(layer, layers(walk)[block.column]))


def named(pieces: Sequence[str], first: int = 0) -> list[dict[str, str]]:
    """Pieces with their colours, as the chips have them; `first` is the place of the first."""
    return [dict(zip(("name", "colour"), chip(piece, place), strict=True)) for place, piece in enumerate(pieces, first)]


def words() -> dict[str, str]:
    """What the browser says by itself; names in braces are filled in there."""
    keys = _(
        "The whole machine. Up and down move from block to block, left and right from piece to piece, Enter unfolds, Space plays."
    )
    return {
        "label": keys, "play": _("Play"), "pause": _("Pause"), "back": _("One piece back"), "on": _("Write the next piece"),
        "again": _("From the beginning"), "speed": _("Speed"), "slow": _("slow"), "normal": _("normal"), "quick": _("quick"),
        "writing": _("Writing"), "training": _("Training"), "way": _("The machine while it writes, or while it learns"),
        "head": _("Head"), "mean": _("Mean"), "memory": _("K, V"), "waits": _("Press Play: it writes one piece after the other."),
        "read": _("The encoder has read the sentence. Nothing is written yet."),
        "wrote": _(
            "Piece {step} of {count}: having read {read}, it looks most at {key} ({weight} in layer {layer}) and writes {written} (chance {chance})."
        ),
        "wrote_yours": _(
            "Piece {step} of {count}: having read {read}, it looks most at {key} ({weight} in layer {layer}); your {written} has the chance {chance}."
        ),
        "yours": _("Your French"), "no_mean": _("a mean has no Q and K"),
        "learned": _(
            "All {count} places at once: each reads the right French before it. Loss, the mean of −ln of the chances: {loss}; training lowers it."
        ),
        "own": _("Here its own translation counts as right; yours can be typed in the sidebar, under More."), "loss": _("loss {loss}"),
        "right_in": _("The right French, one place late"), "right_out": _("The right next piece"), "cost": _("−ln of its chance"),
        "length": _("{piece}: length {length}; it begins {first}, …"), "looks": _("{piece} looks most at {key}: {weight}"),
        "of_head": _("head {head}"), "of_mean": _("mean of all heads"), "every": _("every {every}th number is drawn"),
        "unfold": _("Unfold"), "fold": _("Fold"), "all": _("All of it: {page}"), "chance": _("{piece}: chance {chance}, −ln is {loss}"),
        "hint": _("Point at a block to learn what it is; a click unfolds it. Each speck of colour is one number."),
    }  # fmt: skip
