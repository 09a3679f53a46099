"""The picture cut into patches, and how the numbers of one become a row: pixels times E, plus the place."""

import numpy as np
import streamlit as st

from figures.numbers import bands
from figures.scenes import patches
from pages.vision_transformer import asked as asking
from pages.vision_transformer import seen
from pages.vision_transformer.asked import Asked
from systems.scenes.vit import NUMBERS, PATCH, PATCHES
from ui import frame
from ui.frame import Workshop
from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct
from ui.scenes.words import lies, twin
from ui.session.kept import hold
from ui.show import live_plot, numpy_lines, proof, sums, tables
from ui.show.proof import Link
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

Doubles = seen.Doubles


def parts(asked: Asked) -> tuple[Doubles, Doubles, Doubles]:
    """Of the patch that is pointed at: its pixels, E (d_model, number) with its bias as the last column, and the row of its place."""
    model, trace = asked.model, seen.trace(asked.vit, asked.scene, asked.text)
    E = np.column_stack([model.E.weight.numpy(force=True), model.E.bias.numpy(force=True)])
    positions = trace.embedding.positions.numpy(force=True)[1 + asked.patch]
    return (
        arithmetic.double(trace.embedding.pixels[0, asked.patch].numpy()),
        arithmetic.double(E),
        arithmetic.double(positions),
    )


def dot(asked: Asked, dimension: int) -> DotProduct:
    """One number of pixels times E."""
    pixels, E, _place = parts(asked)
    return DotProduct(pixels, E[dimension, :-1], float(E[dimension, -1]))


def first(asked: Asked) -> None:
    """What is to be seen."""
    pixels, _E, _place = parts(asked)
    told = _(
        "Your picture is cut into {count} patches. That of {place} is {numbers} numbers, {filled} of them no empty sheet’s, and becomes a row of {d}."
    )
    frame.first_line(
        told, count=PATCHES, place=lies(asked.patch), numbers=NUMBERS, filled=int((np.abs(pixels) > 0.004).sum()), d=asked.model.sizes.d_model
    )  # fmt: skip


def picture(session: Workshop, asked: Asked) -> None:
    """The patches; below them the row of the one that is pointed at."""
    title = _("36 patches; in front of them stands a class token that belongs to none")
    figure = patches.patches(
        seen.picture(asked.scene), PATCH, value_name=_("mean brightness"), title=title, mode=session.mode,
        selected=divmod(asked.patch, seen.ACROSS), out=tuple(divmod(place, seen.ACROSS) for place in asked.out),
    )  # fmt: skip
    told = _("{title}. The scene: {scene}.").format(title=title, scene=twin(asked.shapes))
    left, beside = st.columns([1, 1.5], gap="small")
    with left:
        live_plot.show(figure, "vt_patches", told, on_click=take, look=session.lesson.sections["Look of cut"])
    with beside:
        row(session, asked)


def row(session: Workshop, asked: Asked) -> None:
    """Pixels times E, the place, their sum: three bands."""
    pixels, E, place = parts(asked)
    embedded = E[:, :-1] @ pixels + E[:, -1]
    names = [_("pixels × E + b"), _("+ position"), _("= the row")]
    values = np.stack([embedded, place, embedded + place])
    title = _("The row of {place}").format(place=lies(asked.patch))
    figure = bands.bands(
        [(title, names, values)],
        names=(_("which"), _("dimension")),
        title=title,
        mode=session.mode,
        selected=(2, dimension(asked)),
    )
    told = "; ".join(
        f"{name}: {', '.join(number(value, 2) for value in line[:4])} …"
        for name, line in zip(names, values, strict=True)
    )
    live_plot.show(
        figure,
        "vt_row",
        f"{title}. {told}",
        asked.scene,
        on_click=take_dimension,
        look=_("Each column is one of the numbers of the row. Click one for its sum."),
    )
    tables.twin([_("dimension"), *names], [[at, *map(float, line)] for at, line in enumerate(values.T)], "vt_row")


def dimension(asked: Asked) -> int:
    """The number of the row that is pointed at."""
    hold(asking.DIMENSION)
    pixels, E, _place = parts(asked)
    return asking.within(asking.DIMENSION, len(E), int(np.abs(E[:, :-1] @ pixels).argmax()))


def take(cell: live_plot.Cell) -> None:
    """A click on a patch."""
    st.session_state[asking.PATCH] = seen.ACROSS * int(cell[0] or 0) + int(cell[1] or 0)


def take_dimension(cell: live_plot.Cell) -> None:
    """A click on a number of the row."""
    st.session_state[asking.DIMENSION] = int(cell[1] or 0)


def names() -> list[str]:
    """Of the numbers of a patch."""
    colours = (_("red"), _("green"), _("blue"))
    return [
        f"{colour} {row + 1}, {column + 1}" for colour in colours for row in range(PATCH) for column in range(PATCH)
    ]


def tell(asked: Asked) -> None:
    """The sum of the chosen number."""
    place, d = parts(asked)[2], dimension(asked)
    found = dot(asked, d)
    total = found.total + float(place[d])
    title = filled(_("Dimension {d} of the row of {patch}: {value}"), d=d, patch=lies(asked.patch), value=number(total))
    last = f"{number(found.total)} + {sums.bracketed(float(place[d]))} = <b>{number(total)}</b>"
    lines = [Line("x · E + b", sums.summed(found, names(), bias=True)), Line(filled(_("+ place")), last, True)]
    foot = filled(
        _(
            "x: the pixels of the patch, red, green and blue, measured from the colour of the paper, so that an empty patch is all zeros."
        )
    )
    sums.show(title, lines, f"<p>{foot}</p>", numpy_lines.product(found, number(found.total), ("x", "E"), bias=True))
    told = _(
        "An embedding looks a word up in a table. A patch has no table: E is multiplied, and similar patches get similar rows."
    )
    proof.show(told, Link("20_embeddings", _("Rows of words")), Link("30_positions", _("Places of words")))
