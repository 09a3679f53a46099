"""What a class said, as a picture: bars for options and words, dots on a line for numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from classroom.asking import Answer
from figures.theme import Mode
from figures.writing import distributions, guesses
from ui.asking.poll import Asked, Poll, folded
from ui.show import live_plot
from ui.text import translate as _

WORDS = 12  # different ones that have a bar
KEY = "class_guesses"


def show(
    asked: Asked, answers: Sequence[Answer], names: Mapping[int, str], mode: Mode, revealed: bool, own: bool
) -> None:
    """The picture; of questions with numbers of everybody's own, how many were right, once that may be seen."""
    if not answers:
        st.caption(_("Nobody has answered."))
    elif own:
        if revealed:
            hits = sum(bool(answer.right) for answer in answers)
            bars([_("right"), _("not right")], [hits, len(answers) - hits], None, mode)
        else:
            st.caption(_("Everybody has numbers of their own: the picture comes with the answer."))
    elif asked.options:
        counts = Counter(int(answer.value or 0) for answer in answers)
        right = right_place(asked) if revealed else None
        bars(list(asked.options), [counts[place] for place in range(len(asked.options))], right, mode)
    elif isinstance(asked, Poll) and asked.way == "word":
        said(asked, answers, mode, revealed)
    else:
        line(asked, answers, names, mode, revealed)


def right_place(asked: Asked) -> int | None:
    """The place of the right option, from 0, if there is one."""
    return None if asked.right == "" else int(asked.right)


def bars(labels: Sequence[str], counts: Sequence[int], right: int | None, mode: Mode) -> None:
    """One bar for each answer; the right one has a tick, and keeps its colour."""
    told = [f"✓ {label}" if place == right else label for place, label in enumerate(labels)]
    figure = distributions.bars(
        told, counts, title=_("What the class said"), axis_title=_("learners"), mode=mode, selected=right,
        limit=max(4, *counts),
    )  # fmt: skip
    live_plot.show(figure, KEY, ". ".join(f"{label}: {count}" for label, count in zip(told, counts, strict=True)))


def said(asked: Poll, answers: Sequence[Answer], mode: Mode, revealed: bool) -> None:
    """Words, the most frequent first; the same word written otherwise counts as the same."""
    forms: dict[str, list[str]] = {}
    for answer in answers:
        forms.setdefault(folded(answer.said), []).append(answer.said)
    often = sorted(forms.items(), key=lambda item: (-len(item[1]), item[0]))
    labels = [Counter(words).most_common(1)[0][0] for _key, words in often[:WORDS]]
    counts = [len(words) for _key, words in often[:WORDS]]
    if rest := sum(len(words) for _key, words in often[WORDS:]):
        labels, counts = [*labels, _("other words")], [*counts, rest]
    keys = [key for key, _words in often[:WORDS]]
    right = folded(asked.right) if asked.right and revealed else None
    bars(labels, counts, keys.index(right) if right in keys else None, mode)


def line(asked: Asked, answers: Sequence[Answer], names: Mapping[int, str], mode: Mode, revealed: bool) -> None:
    """Numbers as dots, with the right one and its tolerance once it may be seen."""
    values = [answer.value for answer in answers if answer.value is not None]
    told = [names.get(answer.member_id, "") for answer in answers if answer.value is not None] if names else []
    right = float(asked.right) if revealed and asked.right != "" else None
    figure = guesses.dots(
        values, title=_("What the class said"), axis_title=_("answer"), right=right, tolerance=asked.tolerance, names=told,
        beyond=(_("← {count} beyond"), _("{count} beyond →")), mode=mode,
    )  # fmt: skip
    ordered = ", ".join(f"{value:g}" for value in sorted(values))
    alt = _("{count} guesses on a line: {guesses}.").format(count=len(values), guesses=ordered)
    live_plot.show(figure, KEY, alt if right is None else alt + " " + _("Right: {answer}.").format(answer=asked.answer))
