"""The time machine for a model without heads: its alignment, or its hidden states, as a film; side by side; and how it learned."""

from typing import Any

import numpy as np

from figures.labels import label
from figures.learning import forming, training
from figures.learning.training import Curve, Panel
from figures.numbers import bands
from pages.time_machine import film as films
from pages.time_machine import words
from pages.time_machine.past import Past
from transformer.training import history
from ui import controls, frame
from ui.session import choice, pointed
from ui.session.attentions import Cell, axis_names
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Figure, Step
from ui.show.picture import Picture, Table
from ui.text import filled
from ui.text import translate as _

ROW, COLUMN = "tm_row", "tm_column"  # in the address: the number of a state that was clicked, from 0
PACE = 1000  # milliseconds for each moment: a relative has few
THIN = 15  # pixels of a state


def show(past: Past) -> None:
    """The page for a relative."""
    session, walk = past.session, past.session.walk
    pointed.remember(ROW, COLUMN)
    rooms, scope = frame.rooms(session), choice.scope(walk)
    strip = {} if past.maps is None else {"strip": _("Strip")}
    with rooms.picture, controls.row():
        view = controls.one_of(_("Picture"), "tm_picture", {"play": _("Play"), **strip, "curve": _("Learning")})
    first_line(rooms, past)
    with rooms.picture:
        if view == "play":
            key = "time_machine"
            live_plot.show_steps(
                frames(past), key, scope, clicked(past), start=past.at, pace=PACE, on_step=films.stand_at
            )
        else:
            picture = curves(past) if view == "curve" else maps(past)
            picture.plot("time_machine", scope)
        tables.twin(*(table(past) if view == "play" else picture.table), f"time_machine_{view}")
    with rooms.words:
        tell(past)
        films.everywhere(past)
        lesson = session.lesson.of("kinds")
        prose.look(lesson.sections[f"Look at {view}"])
        prose.depths(lesson, values(past))


def first_line(rooms: frame.Rooms, past: Past) -> None:
    """How likely the French became."""
    first, now, last = (percent(past.thens[place].given) for place in (0, past.at, past.last))
    if past.at in (0, past.last):
        told = _("Of all French it could write, it gives this sentence {first} at the start and {last} at the end.")
    else:
        told = _("Of all French it could write, it gives this sentence {first} at the start, {now} at {moment}, {last} at the end.")  # fmt: skip
    rooms.seen(told, first=first, now=now, moment=films.named(past.then.moment), last=last)


def frames(past: Past) -> list[Step]:
    """The alignment map at every moment, or the hidden states."""
    made = []
    for place, then in enumerate(past.thens):
        name = films.named(then.moment)
        figure, alt = alignment(past, place) if then.states is None else states(past, place)
        made.append(Step(name, figure, alt, line(past, place)))
    return made


def alignment(past: Past, place: int) -> tuple[Figure, str]:
    """Where the model looked at a moment, and the same in words."""
    weights, (rows, columns), walk = past.thens[place].look, past.shape, past.session.walk
    assert weights is not None
    seen, written, source = weights[rows, columns], walk.written[rows], walk.source[columns]
    query, key = choice.piece(walk), choice.looked_at(walk)
    title = looks(past, films.named(past.thens[place].moment))
    figure = forming.moment_map(
        seen, written, source, number=place, names=axis_names("cross"), title=title, mode=past.session.mode,
        selected=None if query is None or key is None else (query, key), origin=(rows.start, columns.start),
    )  # fmt: skip
    told = _("{query} looks most at {key} ({weight})")
    best = [
        told.format(query=label(piece), key=label(source[int(row.argmax())]), weight=f"{row.max():.2f}")
        for piece, row in zip(written[:12], seen, strict=False)
    ]
    return figure, f"{title}. {'; '.join(best)}."


def looks(past: Past, when: str) -> str:
    """The title of a map."""
    if past.session.checkpoint.kind in ("additive", "unscaled"):
        return _("Where the last layer looks, all heads on average: {when}").format(when=when)
    return _("Where it looks before it writes: {when}").format(when=when)


def states(past: Past, place: int) -> tuple[Figure, str]:
    """Every hidden state at a moment, a row each; the encoder's last, which is all that the decoder gets, is framed."""
    numbers, walk = past.thens[place].states, past.session.walk
    assert numbers is not None
    last, (row, column) = len(walk.source) - 1, cell(past)
    title = _("The state after each piece: {when}").format(when=films.named(past.thens[place].moment))
    figure = bands.bands(
        [
            (_("reads"), [label(piece) for piece in walk.source], numbers[: last + 1]),
            (_("writes"), [label(piece) for piece in walk.read], numbers[last + 1 :]),
        ],
        names=(_("piece"), _("dimension")), title=title, mode=past.session.mode, value_name=_("number"), reach=1.0,
        framed=[(last, 0, numbers.shape[1] - 1)], selected=None if row is None or column is None else (row, column), tall=THIN,
    )  # fmt: skip
    alt = _("{title}. {rows} rows of {width} numbers; their mean size is {size}.")
    return figure, alt.format(
        title=title, rows=len(numbers), width=numbers.shape[1], size=f"{np.abs(numbers).mean():.2f}"
    )


def cell(past: Past) -> tuple[int | None, int | None]:
    """The number of a state that the learner points at."""
    numbers = past.then.states
    if numbers is None:
        return None, None
    return pointed.chosen(ROW, len(numbers)), pointed.chosen(COLUMN, numbers.shape[1])


def clicked(past: Past) -> Any:
    """For a click on the film: the pieces of a map, with its moment; or the number of a state. Runs in callbacks only."""

    def take(cell: Cell) -> None:
        if past.then.states is None:
            films.stand_at(int(cell[0] or 0))
            choice.set_place(choice.WRITTEN, None if cell[1] is None else int(cell[1]))
            choice.set_place(choice.LOOKED_AT, None if cell[2] is None else int(cell[2]))
        else:
            pointed.choose(ROW, int(cell[0] or 0))
            pointed.choose(COLUMN, int(cell[-1] or 0))

    return take


def maps(past: Past) -> Picture:
    """All maps side by side."""
    whole, (rows, columns), walk = past.maps, past.shape, past.session.walk
    assert whole is not None
    written, source, title = walk.written[rows], walk.source[columns], looks(past, _("at each step"))
    numbered = [f"{place} {label(piece)}" for place, piece in enumerate(source, columns.start + 1)]
    lines = [
        [step, label(piece), *weights]
        for step, each in zip(past.moments.steps, whole[:, rows, columns], strict=True)
        for piece, weights in zip(written, each.tolist(), strict=True)
    ]
    figure = forming.strip(
        whole[:, rows, columns], [f"{step:,}" for step in past.moments.steps], written, source, names=axis_names("cross"),
        title=title, mode=past.session.mode, selected=past.at, origin=(rows.start, columns.start),
    )  # fmt: skip
    alt = _("{title}: {count} small maps, from {first} to {last}.")
    moments = past.moments.moments
    told = alt.format(
        title=title, count=len(moments), first=films.named(moments[0]), last=films.named(moments[past.last])
    )
    return Picture(
        title=title, alt=told, figure=figure, on_click=clicked(past), tell=lambda: tell(past),
        table=([_("step"), _("piece"), *numbered], lines),
    )  # fmt: skip


def curves(past: Past) -> Picture:
    """The loss on the way, and that of this sentence; below it, how much was right of what the model had never seen."""
    steps, entries = past.moments.steps, history.read(past.session.origin.folder)
    exact = [(moment.step, films.fact(moment, "validation", "exact_match")) for moment in past.moments.moments]
    right = [(step, value) for step, value in exact if value is not None]
    panels = [
        Panel(_("loss, nats a piece"), [
            Curve(_("in training"), [each.step for each in entries], [each.loss for each in entries]),
            Curve(_("this sentence"), steps, [then.loss for then in past.thens], dots=True),
        ]),
        Panel(_("exact match, % of held-out sentences"), [
            Curve(_("exact match"), [step for step, _value in right], [value for _step, value in right], dots=True),
        ], (0.0, 100.0)),
    ]  # fmt: skip
    title = _("How it learned")
    figure = training.progress(
        panels, max(steps[-1], entries[-1].step if entries else 0), axis_title=_("step"), title=title,
        mode=past.session.mode, tall=130,
    )  # fmt: skip

    def take(cell: Cell) -> None:
        step = int(cell[-1] or 0)
        films.stand_at(min(range(len(steps)), key=lambda place: abs(steps[place] - step)))

    told = "; ".join(line(past, place) for place in range(len(past.thens)))
    return Picture(
        title=title, alt=f"{title}. {told}", figure=figure, on_click=take, tell=lambda: tell(past), table=table(past)
    )


def table(past: Past) -> Table:
    """What each snapshot says of itself and of this sentence."""
    columns = [
        _("step"), _("loss"), _("BLEU"), _("exact match"), _("loss of this sentence"), _("chance of this sentence"),
        _("it would write"), _("with a chance of"),
    ]  # fmt: skip
    rows: list[list[Any]] = [
        [
            then.moment.step, films.fact(then.moment, "loss"), films.fact(then.moment, "validation", "bleu"),
            films.fact(then.moment, "validation", "exact_match"), then.loss, then.given, films.wrote(past, then.moment), then.chance,
        ]
        for then in past.thens
    ]  # fmt: skip
    return columns, rows


def line(past: Past, place: int) -> str:
    """The line above the picture of a moment: the model's state, and what it would write."""
    then = past.thens[place]
    told = _("{facts} · By itself it would write: {text} ({chance})")
    text = words.shortened(films.wrote(past, then.moment))
    return told.format(facts=" · ".join(facts(past, place)), text=text, chance=percent(then.chance))


def facts(past: Past, place: int) -> list[str]:
    """`loss 1.63`, `exact match 93 %`, as far as they are known."""
    moment = past.thens[place].moment
    exact = films.fact(moment, "validation", "exact_match")
    told = [] if exact is None else [_("{share} % of held-out sentences exact").format(share=f"{exact:.0f}")]
    return [*films.facts(moment)[:1], *told] or [films.named(moment)]


def tell(past: Past) -> None:
    """The moment at hand; the French that all read; the chosen weight, or number of a state, then and now."""
    then, walk = past.then, past.session.walk
    own = filled(_("By itself the model would now write: {text}"), text=films.wrote(past, then.moment))
    told = " · ".join(facts(past, past.at))
    lines = [
        sums.Line(films.named(then.moment), f"{told}<br>{own} ({percent(then.chance)})", True),
        sums.Line(_("its loss"), over(past, [f"{each.loss:.2f}" for each in past.thens])),
    ]
    (row, column), query, key = cell(past), choice.piece(walk), choice.looked_at(walk)
    if row is not None and column is not None:
        values = [float(each.states[row, column]) for each in past.thens if each.states is not None]
        name = f"{label((*walk.source, *walk.read)[row])}, {_('dim {place}').format(place=column)}"
        lines.append(sums.Line(filled("{name}", name=name), over(past, [sums.number(value) for value in values])))
    elif past.maps is not None and query is not None and key is not None:
        values = past.maps[:, query, key].tolist()
        name = f"{label(walk.written[query])} → {label(walk.source[key])}"
        lines.append(sums.Line(filled("{name}", name=name), over(past, [sums.number(value) for value in values])))
    title = _("All snapshots read “{french}”, and each says how likely every piece is.")
    sums.show(filled(title, french=walk.target_text), lines)


def over(past: Past, values: list[str]) -> str:
    """A number at the start, now and at the end."""
    places = sorted({0, past.at, past.last})
    moments = past.moments.moments
    return " → ".join(sums.term(f"<b>{values[place]}</b>", films.named(moments[place])) for place in places)


def percent(share: float) -> str:
    """A probability in per cent, which no line breaks."""
    told = (
        f"{100 * share:.0f}" if share >= 0.1 else f"{100 * share:.1f}" if share >= 0.001 else "<\N{NO-BREAK SPACE}0.1"
    )
    return f"{told}\N{NO-BREAK SPACE}%"


def values(past: Past) -> dict[str, str]:
    """The numbers of the lesson."""
    first, now, last = (past.thens[place] for place in (0, past.at, past.last))
    pieces = len(past.session.walk.written)
    return {
        "name": past.session.checkpoint.name, "snapshots": str(len(past.thens)), "first": films.named(first.moment),
        "now": films.named(now.moment), "end": films.named(last.moment), "french": past.session.walk.target_text,
        "pieces": str(pieces), "loss": f"{now.loss:.3f}", "product": f"{now.loss * pieces:.2f}", "given": percent(now.given),
        "first_loss": f"{first.loss:.2f}", "end_loss": f"{last.loss:.2f}", "first_given": percent(first.given),
        "end_given": percent(last.given), "vocabulary": f"{past.session.checkpoint.model.config.vocabulary_size:,}",
        "guess": f"{np.log(past.session.checkpoint.model.config.vocabulary_size):.2f}",
    }  # fmt: skip
