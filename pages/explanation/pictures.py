"""The pictures: which word is it, what five methods say, and how they agree."""

from functools import partial

import numpy as np

from figures.changed import explanation
from figures.labels import label
from pages.explanation import asked as asking
from pages.explanation import methods as method
from pages.explanation.asked import Asked
from pages.explanation.methods import END, METHODS, Method
from ui.frame import Session
from ui.measures.words import Words
from ui.show.picture import Picture
from ui.text import translate as _


def columns(session: Session, words: Words) -> tuple[str, ...]:
    """The words that are drawn, and the end piece unless special pieces are hidden."""
    return (*words.names, END) if session.special else words.names


def row_names(asked: Asked) -> list[str]:
    """The methods, the raw attention with its layer and head."""
    return [*(method.names() | {"attention": method.attention_name(asked.layer, asked.head)}).values()]


def question(session: Session, asked: Asked, words: Words) -> Picture:
    """The words of the sentence to guess from."""
    title = _("Which word matters most for {piece}?").format(piece=label(session.walk.written[asked.place]))
    return Picture(
        title=title, alt=f"{title} {', '.join(words.names)}", tell=lambda: None, table=([], []),
        on_click=partial(asking.take_guess, asked),
        figure=explanation.guess(
            words.names, names=(_("English word"), _("your guess")), title=title, mode=session.mode
        ),
    )  # fmt: skip


def comparison(session: Session, asked: Asked, words: Words, every: tuple[Method, ...]) -> Picture:
    """All methods, row by row, with their shares."""
    shown, names = columns(session, words), row_names(asked)
    shares = np.array([each.shares for each in every])[:, : len(shown)]
    title = _("Why {piece}? Five answers").format(piece=label(session.walk.written[asked.place]))
    strongest = [each.top for each in every]
    told = [f"{name}: {words.names[top]}" for name, top in zip(names, strongest, strict=True) if top is not None]
    word = asking.word(session.walk, words)
    selected = (word, METHODS.index(asked.method)) if word is not None and word < len(shown) else None
    header = [_("method"), *(f"{number} {name}" for number, name in enumerate(shown, 1))]
    rows = [[name, *map(none, each.words[: len(shown)])] for name, each in zip(names, every, strict=True)]
    rows += [[_("{name}, share").format(name=name), *map(none, line)] for name, line in zip(names, shares, strict=True)]
    return Picture(
        title=title, alt=f"{title}. {_('Strongest word')}: {'; '.join(told)}.", tell=lambda: None, table=(header, rows),
        on_click=partial(asking.take_cell, asked, words),
        figure=explanation.methods(
            shares, [*method.names().values()], shown, signed=[each.signed for each in every], strongest=strongest, title=title,
            mode=session.mode, selected=selected, guess=asked.guessed(words), names=(_("English word"), _("method")),
            value_name=_("share of the whole"),
        ),
    )  # fmt: skip


def none(value: float) -> float | None:
    """A number for a table, or nothing."""
    return None if np.isnan(value) else float(value)


def agreements(session: Session, asked: Asked, every: tuple[Method, ...]) -> Picture:
    """How each two methods rank the words."""
    taus, names = method.table(every), [*method.names().values()]
    title = _("Do they rank the words alike?")
    pairs = [(one, other) for one in range(len(every)) for other in range(one + 1, len(every))]
    told = [f"{names[one]} – {names[other]} {taus[one, other]:.2f}" for one, other in pairs]
    same = [[one is not other and one.top is not None and one.top == other.top for other in every] for one in every]
    selected = (METHODS.index(asked.pair[0]), METHODS.index(asked.pair[1])) if asked.pair else None
    return Picture(
        title=title, alt=f"{title} {_('Kendall’s tau')}: {'; '.join(told)}.", tell=lambda: None, on_click=asking.take_pair,
        table=([_("method"), *names], [[name, *map(none, row)] for name, row in zip(names, taus, strict=True)]),
        figure=explanation.agreement(
            taus, names, same=same, names=(_("method"), _("method")), value_name=_("Kendall’s tau"), title=title,
            mode=session.mode, selected=selected,
        ),
    )  # fmt: skip
