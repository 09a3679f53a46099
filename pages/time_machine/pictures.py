"""The three pictures of the time machine: a head's map played over training, side by side, and all heads at once."""

from collections.abc import Callable
from typing import Any

import numpy as np

from figures.labels import label
from figures.learning import forming
from pages.time_machine import film as films
from pages.time_machine import words
from pages.time_machine.film import Film, Numbers
from pages.time_machine.head import Head, choose
from transformer.analysis.forming import Formation
from ui.session import attentions
from ui.session.attentions import Cell
from ui.show.live_plot import Step
from ui.show.picture import Picture, Table
from ui.text import translate as _


def frames(head: Head) -> list[Step]:
    """The head's map at every moment."""
    film, view, whole = head.film, head.view, view_of(head)
    query, key = head.cell
    made = []
    for place, moment in enumerate(film.moments.moments):
        title = f"{words.short(head.asked)}, {films.named(moment)}"
        best = [
            _("{query} looks most at {key} ({weight})").format(
                query=label(piece), key=label(view.pieces[1][int(row.argmax())]), weight=f"{row.max():.2f}"
            )
            for piece, row in zip(view.pieces[0][:12], whole[place], strict=False)
        ]
        figure = forming.moment_map(
            whole[place], *view.pieces, number=place, names=view.names, title=title, mode=film.session.mode,
            selected=None if query is None or key is None else (query, key), origin=view.origin,
        )  # fmt: skip
        name = words.marked(head, place, films.named(moment))
        made.append(Step(name, figure, f"{title}. {'; '.join(best)}.", words.seen(head, place)))
    return made


def view_of(head: Head) -> Numbers:
    """The part of the head's maps that is drawn: `(snapshot, query, key)`."""
    return head.view.seen(head.weights)  # type: ignore[return-value]


def take_map(head: Head) -> Callable[[Cell], None]:
    """For a click on `[snapshot, query, key]`: look at that moment, and choose the pieces."""

    def take(cell: Cell) -> None:
        films.stand_at(int(cell[0] or 0))
        attentions.chooser(head.view)(cell[1:])

    return take


def strip(head: Head) -> Picture:
    """The head's maps side by side."""
    film, view = head.film, head.view
    title = _("{head}, at each step").format(head=words.short(head.asked))
    told = ", ".join(
        f"{films.named(moment)} {share:.2f}"
        for moment, share in zip(film.moments.moments, head.formation.overlaps, strict=True)
    )
    alt = _("{count} small maps of {head}. Overlap of each with the last one: {told}.")
    columns = [_("step"), _("piece"), *numbered(head, view.pieces[1])]
    rows: list[list[Any]] = [
        [moment.step, label(piece), *line]
        for moment, whole in zip(film.moments.moments, view_of(head), strict=True)
        for piece, line in zip(view.pieces[0], whole.tolist(), strict=True)
    ]
    return Picture(
        title=title, alt=alt.format(count=len(film.moments.moments), head=words.named(head.asked), told=told),
        on_click=take_map(head), tell=lambda: words.tell(head), table=(columns, rows),
        figure=forming.strip(
            view_of(head), [words.marked(head, place, f"{step:,}") for place, step in enumerate(film.moments.steps)],
            *view.pieces, names=view.names, title=title, mode=film.session.mode, selected=film.at, origin=view.origin,
        ),
    )  # fmt: skip


def numbered(head: Head, pieces: tuple[str, ...]) -> list[str]:
    """The keys as names of columns, which must differ."""
    return [f"{place + 1} {label(piece)}" for place, piece in enumerate(pieces, head.view.origin[1])]


def heads(head: Head) -> Picture:
    """All heads of all layers of the attention: how far each has come at each moment."""
    film, asked = head.film, head.asked
    each = [films.formations(film, view) for view in films.stacked(film, asked.kind)]
    places = [(layer, number) for layer, found in enumerate(each) for number in range(len(found))]
    flat = [each[layer][number] for layer, number in places]
    moments = film.moments.moments

    def take(cell: Cell) -> None:
        layer, number = places[int(cell[0] or 0)]
        choose(asked.kind, layer, number)
        films.stand_at(int(cell[1] or 0))

    rows = [f"{layer + 1}.{number + 1}" for layer, number in places]
    told = "; ".join(
        f"{row} {words.verdict(found, film)}" for row, found in zip(rows, flat, strict=True)
    )  # fmt: skip
    title = _("{attention}: how each head formed").format(attention=words.kind_words()[asked.kind])
    return Picture(
        title=title, alt=f"{title}. {told}.", on_click=take, tell=lambda: words.tell(head),
        table=table_of_heads(film, places, flat),
        figure=forming.heads(
            np.stack([found.overlaps for found in flat]), rows, [f"{moment.step:,}" for moment in moments],
            moments=[found.moment for found in flat], names=(_("layer.head"), _("step")), title=title,
            mode=film.session.mode, selected=(places.index((asked.layer, asked.head)), film.at),
            value_name=_("overlap"), moment_name=_("becomes what it is"),
        ),
    )  # fmt: skip


def table_of_heads(film: Film, places: list[tuple[int, int]], flat: list[Formation]) -> Table:
    """Every overlap, not rounded, with the moments."""
    moments, roles = film.moments.moments, words.role_words()
    columns = [_("layer"), _("head"), _("becomes what it is at step"), _("role at the end"), _("role since step")]
    rows: list[list[Any]] = [
        [
            layer + 1, number + 1, None if found.moment is None else moments[found.moment].step, roles[found.roles[-1]],
            None if found.since is None else moments[found.since].step, *found.overlaps.tolist(),
        ]
        for (layer, number), found in zip(places, flat, strict=True)
    ]  # fmt: skip
    return [*columns, *(films.named(moment) for moment in moments)], rows


def table_of_moments(head: Head) -> Table:
    """What each snapshot says of itself and of this head."""
    film, roles = head.film, words.role_words()
    columns = [_("step"), _("loss"), _("BLEU"), _("exact match"), _("overlap"), _("role"), _("it would write")]
    rows: list[list[Any]] = [
        [
            moment.step, films.fact(moment, "loss"), films.fact(moment, "validation", "bleu"),
            films.fact(moment, "validation", "exact_match"), float(share), roles[role], films.wrote(film, moment),
        ]
        for moment, share, role in zip(film.moments.moments, head.formation.overlaps, head.formation.roles, strict=True)
    ]  # fmt: skip
    return columns, rows


def values(head: Head) -> dict[str, str]:
    """The numbers of the lesson."""
    every = [found for view in films.stacked(head.film, head.asked.kind) for found in films.formations(head.film, view)]
    return words.values(head, every)
