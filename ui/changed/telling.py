"""What a change did, in words: the first line, both translations with the words that differ, and the rivals at one place.

Words of the model stand in HTML, so every piece of text is escaped here.
"""

import difflib
import html
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from figures.labels import label
from ui import ASSETS
from ui.changed import outcome as outcomes
from ui.changed.outcome import Compared, Outcome
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import chips, choice
from ui.show import sums
from ui.text import filled
from ui.text import translate as _

STYLE = (ASSETS / "changed.css").read_text("utf-8")
SAME, MOST = 0.0005, 100  # nats that no number shows; the power of ten beyond which all are alike
RIVALS = 2  # so many of the likeliest pieces before, and so many after
WORD = re.compile(r"\s*(?:[\w'’-]+|[^\w\s])")  # or a punctuation mark, each with the space before it


class Difference(NamedTuple):
    """Two translations word by word."""

    before: tuple[tuple[str, bool], ...]  # each word, and whether it is not in the other
    after: tuple[tuple[str, bool], ...]
    words: int  # how many change


def difference(before: str, after: str) -> Difference:
    """Which words of one translation are not in the other; a word for a word counts once."""
    old, new = WORD.findall(before), WORD.findall(after)
    first, second, count = [False] * len(old), [False] * len(new), 0
    bare = [[word.strip() for word in words] for words in (old, new)]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_opcodes():
        if tag != "equal":
            first[a:b], second[c:d] = [True] * (b - a), [True] * (d - c)
            count += max(b - a, d - c)
    return Difference(tuple(zip(old, first, strict=True)), tuple(zip(new, second, strict=True)), count)


def seen(rooms: Rooms, pair: Compared, lead: str, **values: object) -> None:
    """The first line: what is changed, such as `With {part}`, and what comes of it."""
    count = difference(pair.before.text, pair.after.text).words
    words = {0: _("no word changes"), 1: _("{count} word changes")}.get(count, _("{count} words change"))
    less, more = (
        _("The translation above is {times} times less likely."),
        _("The translation above is {times} times likelier."),
    )
    likelier = less if pair.fall > 0 else more
    if abs(pair.fall) < SAME:
        likelier = _("The translation above is as likely as before.")
    rooms.seen(f"{lead}, {words}. {likelier}", count=count, times=times(pair.fall), **values)


def unchanged(rooms: Rooms, pair: Compared, template: str) -> None:
    """The first line while nothing is changed; `{chance}` is the probability of the translation above."""
    rooms.seen(template, chance=sums.number(math.exp(pair.before.total)))


def times(fall: float) -> str:
    """How many times less likely what falls by so many nats is, or how many times likelier if it rises."""
    power = abs(fall) / math.log(10)
    if power >= MOST:
        return _("more than {number}").format(number=f"10{sums.superscript(MOST)}")
    if power >= 6:
        return f"{10 ** (power % 1):.1f}×10{sums.superscript(int(power))}"
    return digits(10**power)


def digits(value: float) -> str:
    """A number to three or four digits that matter."""
    whole = len(str(int(abs(value))))
    return f"{value or 0.0:,.{max(0, 4 - whole)}f}".replace("-", "−")


def result(pair: Compared, nothing: str, foot: str = "") -> None:
    """Both translations and how likely each model finds the one above, as one element; `foot` is plain text.

    While nothing is changed, the translation as it is, and `nothing`: what to do, if that is not said elsewhere.
    """
    found = difference(pair.before.text, pair.after.text)
    body = side(_("As it is"), marked(found.before, "del"), pair.before)
    if pair.before is pair.after:
        body += f'<p role="status" class="atlas-cell">{html.escape(nothing)}</p>' if nothing else ""
    else:
        falls, rises = _("log p of the translation above falls by {size}"), _("log p of the translation above rises by {size}")  # fmt: skip
        told = filled(falls if pair.fall >= 0 else rises, size=digits(abs(pair.fall)))
        body += f"{side(_('Changed'), marked(found.after, 'ins'), pair.after)}<p><small>{told}</small></p>"
    body += f"<p><small>{html.escape(foot)}</small></p>" if foot else ""
    show(f'<div class="atlas-change atlas-sides">{body}</div>')


def show(body: str) -> None:
    """HTML of the lab, with its style."""
    st.html(f"<div><style>{STYLE}</style>{body}</div>")


def table_of(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], foot: str = "") -> None:
    """A small table with a title, and a foot (HTML), as one element."""
    top = "".join(f'<th scope="col" class="words">{html.escape(name)}</th>' for name in head)
    lines = ["".join(f'<td class="words">{html.escape(cell)}</td>' for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    table = f'<table class="atlas-rivals"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    whole = f'<p><b>{html.escape(title)}</b></p><div class="atlas-scroll-table">{table}</div><p>{foot}</p>'
    show(f'<div class="atlas-cell atlas-change" role="status">{whole}</div>')


def marked(words: Sequence[tuple[str, bool]], tag: str) -> str:
    """The words, those that differ in a tag."""
    parts = []
    for word, differs in words:
        text = html.escape(word.strip())
        parts.append((" " if word[:1].isspace() else "") + (f"<{tag}>{text}</{tag}>" if differs else text))
    return "".join(parts).strip() or f"<i>{html.escape(_('(nothing)'))}</i>"


def side(name: str, said: str, outcome: Outcome) -> str:
    """One model's translation and what it thinks of the reference."""
    end = "" if outcome.finished else f" … <small>{html.escape(_('(no end, cut off)'))}</small>"
    told = filled("log p {total}", total=digits(outcome.total))
    return f'<section><h4>{html.escape(name)} <small>{told}</small></h4><p class="said">{said}{end}</p></section>'


def place_of(session: Session, pair: Compared) -> int:
    """The place of the reference that is told about: the chosen one, or else where the distribution moved most."""
    chosen = choice.piece(session.walk)
    return int(outcomes.moved(pair).argmax()) if chosen is None else chosen


def rivals(session: Session, pair: Compared) -> None:
    """The likeliest pieces at one place, before and after, as one element."""
    walk, place, far = session.walk, place_of(session, pair), outcomes.moved(pair)
    template, most = _("Read {read}, about to write {piece}: {far} of the probability moved."), int(far.argmax())
    if pair.before is pair.after:
        template = _("Read {read}, about to write {piece}:")
    elif far[most] > far[place]:
        template += " " + _("Most moved before {most}: {share}.")
    title = filled(
        template, read=chips.read(walk, place), piece=chips.written(walk, place), far=f"{far[place]:.1%}",
        most=chips.written(walk, most), share=f"{far[most]:.1%}",
    )  # fmt: skip
    both = pair.before is not pair.after
    columns = (_("piece"), _("as it is"), _("changed"), "") if both else (_("piece"), _("as it is"))
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in columns)
    rows = [
        rival(session, one, [before, after] if both else [before], one == walk.written_ids[place])
        for one, before, after in outcomes.rivals(pair, place, RIVALS if both else 2 * RIVALS)
    ]
    table = f'<table class="atlas-rivals"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    show(
        f'<div class="atlas-cell atlas-change" role="status"><p>{title}</p><div class="atlas-scroll-table">{table}</div></div>'
    )


def rival(session: Session, piece: int, chances: Sequence[float], reference: bool) -> str:
    """One row of the table, with a sign where the probability rises or falls; the reference's own piece is bold."""
    name = html.escape(label(session.checkpoint.tokenizer.piece(piece).piece))
    rise = chances[-1] - chances[0]
    sign = "▲" if rise >= 0.005 else "▼" if rise <= -0.005 else ""
    cells = [f"<b>{name}</b>" if reference else name, *map(share, chances), *([sign] if len(chances) > 1 else [])]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def share(value: float) -> str:
    """A probability."""
    return sums.number(value, 4)
