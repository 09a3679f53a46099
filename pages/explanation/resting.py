"""A warning where attention rests on the end piece or the full stop, and why that need not mean much, measured here."""

import html
from dataclasses import dataclass

import numpy as np

from pages.explanation import methods as method
from pages.explanation.asked import Asked
from pages.explanation.methods import Method
from transformer.analysis import attributions
from transformer.analysis.head_roles import delimiters
from ui.changed.telling import show
from ui.frame import Session
from ui.measures.attributed import Measured
from ui.session import chips
from ui.show.sums import number
from ui.text import filled
from ui.text import translate as _

EMPTY = 0.5  # of the share that the weight would give it: what adds less than that is called short
FELT = 0.1  # nats: a change of the log-probability below it is called small


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """Attention whose largest share lies on a delimiter."""

    word: int  # one more than the last word for the end piece
    place: int  # its first piece in the source
    weight: float  # of the row
    length: float  # of what comes from there
    lengths: float  # of all words, added up
    away: float  # fall of log p if no head may look there
    fall: float | None  # fall of log p without the word; none for the end piece
    natural: bool  # what is written ends the sentence itself

    @property
    def share(self) -> float:
        """Of the lengths."""
        return self.length / (self.lengths or 1.0)

    @property
    def short(self) -> bool:
        """Whether far less comes from there than the weight suggests."""
        return self.share < EMPTY * self.weight

    @property
    def felt(self) -> bool:
        """Whether the model notices if it may not look there."""
        return abs(self.away) >= FELT


def resting(session: Session, asked: Asked, known: Measured, attention: Method) -> Resting | None:
    """Where the chosen attention rests, if that is on the end piece or on the punctuation at the end."""
    walk, words = session.walk, known.words
    ends, top = delimiters(walk.source), int(np.nanargmax(attention.words))
    places = [len(walk.source) - 1] if top == len(words) else list(words.pieces[top])
    if not ends[places].all():
        return None
    model = session.checkpoint.model
    vectors = attributions.added(model, walk.trace, asked.layer, asked.head, asked.place)
    lengths = np.linalg.norm(words.summed(vectors.T), axis=0)
    return Resting(
        word=top, place=places[0], weight=float(attention.words[top]),
        length=float(lengths[top]), lengths=float(lengths.sum()),
        away=float(attributions.looking_away(model, known.question, places)[0]),
        fall=None if top == len(words) else float(known.left.values[0, top]),
        natural=bool(delimiters(walk.written)[asked.place]),
    )  # fmt: skip


def warn(session: Session, asked: Asked, known: Measured, attention: Method) -> None:
    """The box, if there is something to warn of: what these numbers allow to say, and folded, the numbers."""
    if not (found := resting(session, asked, known, attention)):
        return
    who, end = method.attention_name(asked.layer, asked.head), chips.source(session.walk, found.place)
    title = filled(
        _("⚠ {who} rests on {name}: {weight} of its weight."), who=who, name=end, weight=f"{found.weight:.2f}"
    )
    why = html.escape(_("Each row of attention must sum to 1. A head that needs nothing must still rest somewhere."))
    items = "".join(f"<li>{item}</li>" for item in (why, lengths(found), effects(found)))
    fold = f"<details><summary>{html.escape(_('The numbers'))}</summary><ul style='margin: 0'>{items}</ul></details>"
    body = f"<p>{title} {conclusion(session, asked, found)}</p>{fold}"
    show(f'<div class="atlas-cell atlas-change" role="status">{body}</div>')


def lengths(found: Resting) -> str:
    """How much is added from there (HTML)."""
    told = _("What comes from there (weight × value × W_O) has length {length}, of {whole} in all: {share}. ")
    more = _("That is far less than the weight suggests.") if found.short else (
        _("That is less than the weight suggests.") if found.share < found.weight else _("That is not less than the weight suggests.")
    )  # fmt: skip
    values = {"length": number(found.length, 2), "whole": number(found.lengths, 2), "share": f"{found.share:.2f}"}
    return filled(told, **values) + html.escape(more)


def effects(found: Resting) -> str:
    """What happens without it (HTML)."""
    falls, rises = (
        _("If no head may look there, log p falls by {away}. "),
        _("If no head may look there, log p rises by {away}. "),
    )
    told = filled(falls if found.away >= 0 else rises, away=number(abs(found.away), 2))
    if found.fall is None:
        return told + html.escape(_("Leaving one out cannot judge it: every sentence has it."))
    falls, rises = (
        _("Without it in the sentence, it falls by {fall}."),
        _("Without it in the sentence, it rises by {fall}."),
    )
    return told + filled(falls if found.fall >= 0 else rises, fall=number(abs(found.fall), 2))


def conclusion(session: Session, asked: Asked, found: Resting) -> str:
    """What these numbers allow to say, and no more (HTML)."""
    if found.natural:
        told = _("But {piece} ends the sentence too, so this may be the right place to look.")
    elif found.short and not found.felt:
        told = _("So here a large weight explains little: the attention is parked.")
    elif found.felt:
        told = _("So the model does use this place. What it uses it for, the weight does not tell.")
    else:
        told = _("So something comes from there, but this piece hardly needs it.")
    return f"<b>{filled(told, piece=chips.written(session.walk, asked.place))}</b>"
