"""What a change did, in words: a verdict, both translations with the words that differ, and the rivals at one place.

Words of the model stand in HTML, so every piece of text is escaped here.
"""

import difflib
import html
import re
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from figures.labels import label
from ui import ASSETS
from ui.changed import outcome as outcomes
from ui.changed.outcome import Compared, Outcome
from ui.frame import Session
from ui.session import choice
from ui.show import sums
from ui.text import filled
from ui.text import translate as _

STYLE = (ASSETS / "changed.css").read_text("utf-8")
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


def result(session: Session, pair: Compared, nothing: str, foot: str = "") -> None:
    """The verdict and both translations, as one element; `nothing` is what to do while nothing is changed, `foot` is plain text."""
    found = difference(pair.before.text, pair.after.text)
    said = nothing if pair.before is pair.after else verdict(session, pair, found.words)
    sides = [
        side(_("As it is"), marked(found.before, "del"), pair.before),
        side(_("Changed"), marked(found.after, "ins"), pair.after),
    ]
    body = f'<p role="status" class="atlas-cell">{said}</p><div class="atlas-sides">{"".join(sides)}</div>'
    body += f"<p><small>{html.escape(foot)}</small></p>" if foot else ""
    show(f'<div class="atlas-change atlas-first">{body}</div>')


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


def verdict(session: Session, pair: Compared, words: int) -> str:
    """One sentence: what became of the reference and of the translation."""
    whose = _("your French") if session.walk.forced else _("the model's own French")
    falls, rises = (
        _("The log-probability of {whose} falls by {size}."),
        _("The log-probability of {whose} rises by {size}."),
    )
    told = filled(falls if pair.fall >= 0 else rises, whose=whose, size=sums.number(abs(pair.fall), 2))
    changes = {0: _("No word of the translation changes."), 1: _("{count} word changes.")}
    return f"{told} {filled(changes.get(words, _('{count} words change.')), count=words)}"


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
    told = filled(_("log p of the reference: {total}"), total=sums.number(outcome.total, 2))
    return (
        f'<section><h4>{html.escape(name)}</h4><p class="said" lang="fr">{said}{end}</p><small>{told}</small></section>'
    )


def place_of(session: Session, pair: Compared) -> int:
    """The place of the reference that is told about: the chosen one, or else where the distribution moved most."""
    chosen = choice.piece(session.walk)
    return int(outcomes.moved(pair).argmax()) if chosen is None else chosen


def rivals(session: Session, pair: Compared) -> None:
    """The likeliest pieces at one place, before and after, as one element."""
    walk, place = session.walk, place_of(session, pair)
    far, reference = float(outcomes.moved(pair)[place]), walk.written_ids[place]
    template = _("Place {place}, where the reference has {piece}: {far} of the probability moved.")
    if pair.before is pair.after:
        template = _("Place {place}, where the reference has {piece}: nothing is changed yet.")
    elif choice.piece(walk) is None:
        template = _(
            "The output moved most at place {place}, where the reference has {piece}: {far} of the probability."
        )
    template += elsewhere(session, pair, place)
    title = filled(template, place=place + 1, piece=label(walk.written[place]), far=f"{far:.1%}")
    head = "".join(
        f'<th scope="col">{html.escape(name)}</th>' for name in (_("piece"), _("as it is"), _("changed"), "")
    )
    rows = []
    for id, before, after in outcomes.rivals(pair, place):
        name = html.escape(label(session.checkpoint.tokenizer.piece(id).piece))
        sign = "▲" if after - before >= 0.005 else "▼" if before - after >= 0.005 else ""
        shown = f"<b>{name}</b>" if id == reference else name
        rows.append(f"<tr><td>{shown}</td><td>{share(before)}</td><td>{share(after)}</td><td>{sign}</td></tr>")
    table = f'<table class="atlas-rivals"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    show(f'<div class="atlas-cell" role="status"><p>{title}</p><div class="atlas-scroll-table">{table}</div></div>')


def elsewhere(session: Session, pair: Compared, place: int) -> str:
    """Where the output moved most, if that is another place than the one told about; a template without names."""
    far = outcomes.moved(pair)
    most = int(far.argmax())
    if pair.before is pair.after or far[most] <= far[place]:
        return ""
    piece = label(session.walk.written[most]).replace("{", "{{").replace("}", "}}")
    return _(" Most moved at place {most}, {piece}: {far}.").format(most=most + 1, piece=piece, far=f"{far[most]:.1%}")


def share(value: float) -> str:
    """A probability."""
    return sums.number(value, 4)
