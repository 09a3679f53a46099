"""What the page about positions tells: its first line, the arithmetic of what is chosen, why there are positions, why they are waves."""

from html import escape

import numpy as np

from pages.positions import numbers as positions
from pages.positions.numbers import Angle
from pages.positions.words import Picture
from ui.controls.sides import Sentence
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.measures import order
from ui.session.walk import Walk
from ui.show import numpy_lines, proof, prose, sums
from ui.show.numpy_lines import Redo
from ui.show.sums import Line
from ui.text import Chip, filled
from ui.text import translate as _

LAB = "220_machine_parts"
Place = tuple[int, int]  # a position and a dimension, or two positions


def piece(sentence: Sentence, row: int) -> Chip | str:
    """The piece at a position; beyond the sentence, that there is none."""
    return sentence.chip(row) if row < len(sentence.pieces) else _("nobody")


def seen(
    rooms: Rooms, picture: Picture, session: Session, sentence: Sentence, place: Place, pair: Place | None
) -> None:
    """The first line."""
    width, (row, dimension) = session.checkpoint.model.config.d_model, place
    if pair is None:
        return rooms.seen(_("Choose a piece: how does the model know where it stands?"))
    told, who = positions.angle(row, dimension, width), piece(sentence, row)
    if picture == "similarity":
        return seen_pair(rooms, sentence, pair, width)
    if picture == "sum":
        found = summed(session.walk, sentence, (min(row, len(sentence.pieces) - 1), dimension))
        template = _(
            "In dimension {dimension}, {piece} is {scaled}; its position adds {shift}: the first layer reads {output}."
        )
        return rooms.seen(
            template, piece=who, dimension=dimension, **{name: found[name] for name in ("scaled", "shift", "output")}
        )
    if picture == "curves":
        template = _(
            "The wave of dimension {dimension} comes round every {wavelength} positions; at {piece}, position {position}, it is {value}."
        )
        return rooms.seen(
            template,
            piece=who,
            position=row,
            dimension=dimension,
            wavelength=brief(told.wavelength),
            value=f"{told.value:.3f}",
        )
    after = positions.angle(row + 1, dimension, width)
    template = _(
        "{piece} stands at position {position}, which is {value} in dimension {dimension}; one place on it would be {after}."
    )
    rooms.seen(
        template, piece=who, position=row, dimension=dimension, value=f"{told.value:.3f}", after=f"{after.value:.3f}"
    )


def seen_pair(rooms: Rooms, sentence: Sentence, pair: Place, width: int) -> None:
    """How alike two positions are, and two that are twice as far apart."""
    one, other = pair
    apart = abs(one - other)
    template = _(
        "{piece} and {other} stand {apart} apart: cosine {cosine}, as for any two {apart} apart. Twice as far: {far}."
    )
    rooms.seen(
        template, piece=piece(sentence, one), other=piece(sentence, other), apart=apart,
        cosine=f"{cosine(apart, width):.3f}", far=f"{cosine(2 * apart, width):.3f}",
    )  # fmt: skip


def cosine(apart: int, width: int) -> float:
    """Of two positions that are so far apart, wherever they are."""
    return sum(positions.distances(width, apart)) / (width // 2)


def brief(length: float) -> str:
    """A number of positions in three digits that matter."""
    return f"{length:,.0f}" if length >= 100 else f"{length:.3g}"


def tell(picture: Picture, walk: Walk, sentence: Sentence, place: Place, pair: Place | None, width: int) -> None:
    """The arithmetic of the position and dimension `place`, or of the `pair` of positions; empty as long as that is `None`."""
    if pair is None:
        prose.nothing_chosen()
    elif picture == "similarity":
        tell_similarity(sentence, pair, width)
    elif picture == "sum":
        tell_sum(walk, sentence, place)
    else:
        tell_wave(positions.angle(*place, width), piece(sentence, place[0]))


def tell_wave(told: Angle, who: Chip | str) -> None:
    """One number of the table, whole."""
    title = filled(_("Position {position}, {piece}, in dimension {dimension}: {value}"), position=told.position, piece=who,
                   dimension=told.dimension, value=sums.number(told.value, 4))  # fmt: skip
    divisor, angle = f"{told.divisor:.4g}", f"{told.angle:.4g}"
    power = f"10000<sup>{2 * told.pair}/{told.width}</sup>"
    lines = [
        Line(escape(_("divisor")), f"{power} = <b>{divisor}</b>"),
        Line(escape(_("angle")), f"{told.position} / {divisor} = <b>{angle}</b>"),
        Line(told.wave, f"{told.wave}({angle}) = <b>{sums.number(told.value, 4)}</b>", True),
        Line(escape(_("wave")), f"2π × {divisor} = <b>{told.wavelength:.4g}</b> {escape(_('positions'))}"),
    ]
    sums.show(title, lines, redo=redo_wave(told, sums.number(told.value, 4)))


def redo_wave(told: Angle, shows: str, row: float | None = None) -> Redo:
    """The number of a position and a dimension in NumPy; with a `row`, the number of the embedding, their sum."""
    numbers: dict[str, numpy_lines.Value] = {} if row is None else {"row": row}
    wave = f"np.{told.wave}(position / 10000 ** (2 * pair / d_model))"
    return Redo(
        numbers={**numbers, "position": told.position, "pair": told.pair, "d_model": told.width},
        result=wave if row is None else f"row * np.sqrt(d_model) + {wave}", shows=shows,
    )  # fmt: skip


def tell_similarity(sentence: Sentence, pair: Place, width: int) -> None:
    """The cosine of two positions, which depends on their distance alone."""
    (one, other), apart = pair, abs(pair[0] - pair[1])
    terms = positions.distances(width, apart)
    dot, pairs = sum(terms), len(terms)
    title = filled(_("{piece}, position {one}, and {other_piece}, position {other}: cosine {cosine}"), piece=piece(sentence, one), one=one,
                   other_piece=piece(sentence, other), other=other, cosine=sums.number(dot / pairs, 4))  # fmt: skip
    first = [positions.angle(apart, 2 * number, width).angle for number in range(min(3, pairs))]
    shown = " + ".join(f"cos({angle:.3g})" for angle in first)
    note = _(
        "In each pair of dimensions, sin × sin + cos × cos is the cosine of the angle between the two: of their distance alone."
    )
    lines = [
        Line(escape(_("product")), f"{shown} + … = <b>{sums.number(dot, 4)}</b>{sums.why(note)}"),
        Line(escape(_("lengths")), f"√{pairs} × √{pairs} = <b>{pairs}</b>"),
        Line(escape(_("cosine")), f"{sums.number(dot, 4)} / {pairs} = <b>{sums.number(dot / pairs, 4)}</b>", True),
    ]
    angles = "angles = np.outer([one, other], 10000.0 ** (-np.arange(0, d_model, 2) / d_model))"
    redo = Redo(
        numbers={"one": one, "other": other, "d_model": width},
        lines=[angles, "a, b = np.hstack([np.sin(angles), np.cos(angles)])"],
        result="a @ b / (np.linalg.norm(a) * np.linalg.norm(b))", shows=sums.number(dot / pairs, 4),
    )  # fmt: skip
    sums.show(title, lines, redo=redo)


def tell_sum(walk: Walk, sentence: Sentence, place: Place) -> None:
    """One number of the input: a + b = c."""
    row, dimension = min(place[0], len(sentence.pieces) - 1), place[1]
    found, width = summed(walk, sentence, (row, dimension)), positions.embedded(walk, sentence).rows.size(-1)
    title = filled(
        _("{piece}, position {position}, dimension {dimension}"),
        piece=sentence.chip(row),
        position=row,
        dimension=dimension,
    )
    lines = [
        Line(f"× √{width}", f"{found['row']} × √{width} = <b>{found['scaled']}</b>"),
        Line(escape(_("sum")), f"{found['scaled']} + {found['shift']} = <b>{found['output']}</b>", True),
    ]
    number = float(positions.embedded(walk, sentence).rows[0, row, dimension])
    sums.show(title, lines, redo=redo_wave(positions.angle(row, dimension, width), found["output"], number))


def summed(walk: Walk, sentence: Sentence, place: Place) -> dict[str, str]:
    """The numbers of the sum at a position and a dimension, from the trace."""
    trace, (row, dimension) = positions.embedded(walk, sentence), place
    found = {
        "row": trace.rows[0, row, dimension], "scaled": trace.scaled[0, row, dimension],
        "shift": trace.positions[row, dimension], "output": trace.output[0, row, dimension],
    }  # fmt: skip
    told = {name: f"{float(number):.4f}" for name, number in found.items()}
    told["row"] = f"{float(found['row']):.6f}"
    told = {name: text.replace("-", "−") for name, text in told.items()}
    return told | {"shift": f"({told['shift']})" if told["shift"].startswith("−") else told["shift"]}


def why(picture: Picture, session: Session) -> None:
    """Why there are positions at all, or why they are waves."""
    if picture in ("waves", "sum"):
        why_positions(session)
    else:
        why_waves(session)


def why_positions(session: Session) -> None:
    """The same words backwards, with positions and without."""
    if len(session.walk.source) < 3:
        return
    found = order.check(session.origin, session.walk.source_ids, "reversed")
    told = _(
        "Why positions? Read backwards, the words change what the encoder makes of them by up to {given}; without positions by {bare}: not at all."
    )
    proof.show(
        told, proof.Link(LAB, _("Switch them off"), {"mp_lab": "positions", "mp_do": "po"}),
        given=sums.number(found.residual(found.given)), bare=sums.number(found.residual(found.bare)),
    )  # fmt: skip


def why_waves(session: Session) -> None:
    """The product of two positions depends on their distance alone, and there is a pattern for every position."""
    table = positions.table(session.checkpoint).astype(np.float64)
    if len(table) < 8:
        return
    near, far = float(table[0] @ table[3]), float(table[4] @ table[7])
    told = _(
        "Why waves? Positions 0 and 3 have the product {near}, 4 and 7 have {far}: only the distance counts. And each of the {count} positions "
        "has its pattern before any sentence is that long."
    )
    proof.show(
        told, proof.Link(LAB, _("Shift them all by 100"), {"mp_lab": "positions", "mp_do": "ps100"}),
        near=f"{near:.2f}", far=f"{far:.2f}", count=f"{len(table):,}",
    )  # fmt: skip


def values(walk: Walk, sentence: Sentence, place: Place, width: int) -> dict[str, str]:
    """The numbers of the lesson, for the chosen position and dimension or for some that show something."""
    row, dimension = min(place[0], len(sentence.pieces) - 1), place[1]
    told, who = positions.angle(row, dimension, width), sentence.chip(row)
    return summed(walk, sentence, (row, dimension)) | {
        "piece": who, "tex_piece": prose.tex(who), "position": str(row),
        "dimension": str(dimension), "pair": str(told.pair), "twice": str(2 * told.pair), "width": str(width),
        "wave": told.wave, "angle": f"{told.angle:.4g}", "divisor": f"{told.divisor:.4g}", "value": f"{told.value:.4f}",
        "wavelength": f"{told.wavelength:.4g}", "odd": "+1" if dimension % 2 else "",
        "shortest": brief(positions.angle(0, 0, width).wavelength),
        "longest": f"{positions.angle(0, width - 1, width).wavelength:,.0f}", "near": f"{cosine(1, width):.3f}",
        "root": f"{np.sqrt(width):.4g}", "count": str(len(sentence.pieces)),
    }  # fmt: skip
