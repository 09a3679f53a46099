"""What the page says: what is changed, the chosen number and its slope, and that most numbers matter little."""

import streamlit as st

from pages.one_number import asked as controls
from pages.one_number.asked import EMBEDDING, Asked
from pages.one_number.grid import LITTLE, Grid, slope
from transformer.numbers import LAYER, Number
from ui.changed import telling
from ui.changed.outcome import Compared
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import chips, choice
from ui.show import proof, prose
from ui.show.sums import number
from ui.text import translate as _


def digits(value: float) -> str:
    """A number with digits that count."""
    return number(value, 4 if abs(value) < 1 else 3)


def here(asked: Asked, each: Number) -> bool:
    """Whether a number that was set is one of those shown."""
    return each.where == asked.where and (not asked.vector or each.row == asked.row or asked.what == "weight")


def current(asked: Asked) -> Number:
    """The chosen number, whatever it holds."""
    return Number(asked.where, asked.row, asked.column, 0.0)


def title(session: Session, asked: Asked) -> str:
    """What the picture shows."""
    if asked.what == "weight":
        return controls.called(asked.where)
    piece = chips.source(session.walk, choice.looked_at(session.walk) or 0)
    if asked.what == "layer":
        return _("{piece} after layer {layer}").format(piece=piece, layer=asked.where.removeprefix(LAYER))
    return _("The row of {piece} in the embedding").format(piece=piece)


def seen(rooms: Rooms, session: Session, asked: Asked, pair: Compared, lifted: bool) -> None:
    """The first line: what is set, and what came of it."""
    if not asked.numbers:
        count = sum(weight.numel() for weight in session.checkpoint.model.parameters())
        return rooms.seen(_("One of {count} numbers. Nothing is changed: log p of the translation above is {total}."),
                          count=f"{count:,}", total=telling.digits(pair.before.total))  # fmt: skip
    if not lifted:
        which = controls.name(session, asked.numbers[-1])
        return rooms.seen(_("With another number in {which}: what will become of the translation?"), which=which)
    if len(asked.numbers) == 1:
        return telling.seen(rooms, pair, _("With one number set to {value}"), value=digits(asked.numbers[0].value))
    telling.seen(rooms, pair, _("With {numbers} numbers set by hand"), numbers=len(asked.numbers))


def list_of(session: Session, asked: Asked) -> str:
    """All that is set by hand, as one line; nothing if it is one number."""
    if len(asked.numbers) < 2:
        return ""
    return "; ".join(f"{controls.name(session, each)} = {digits(each.value)}" for each in asked.numbers)


def tell(session: Session, asked: Asked, found: Grid, pair: Compared | None) -> None:
    """The chosen number, its slope, and what the slope foretold; `pair` only if the outcome may be told."""
    usual, now, which = found.of(found.usual), found.of(found.now), controls.name(session, current(asked))
    said = _("{which}: {now}. Raised by 1, log p would change by {slope} if it went straight on.")
    values = {"which": which, "now": digits(now), "slope": digits(found.of(found.slopes))}
    alone = len(asked.numbers) == 1 and asked.numbers[0][:3] == current(asked)[:3]
    if alone and pair is not None:
        walk = session.walk
        before = slope(
            session.origin, walk.source_text, walk.written_ids, asked.where, (), asked.row if asked.vector else None
        )
        said = _("{which}: {usual} → {now}. The slope foretold {foretold} for log p; it is {real}.")
        values |= {
            "usual": digits(usual),
            "foretold": digits(found.of(before) * (now - usual)),
            "real": digits(-pair.fall),
        }
    prose.cell(said, **values)


def why(found: Grid) -> None:
    """That most single numbers change nothing; and of the embedding, whose row it is."""
    told = _(
        "Most single numbers change nothing: set to 0, {count} of these {all} would each move log p by less than {little}."
    )
    if 2 * found.little < found.slopes.size:
        told = _(
            "Here many numbers matter: set to 0, only {count} of these {all} would each move log p by less than {little}."
        )
    told += " " + _("So their slopes say.")
    if found.asked.where == EMBEDDING:
        told += " " + _("This row is shared: English, French and the output use one matrix.")
    link = proof.Link("220_machine_parts", _("Take whole parts away"), {"mp_lab": "parts"})

    def most() -> None:
        steepest = found.steepest
        st.button(
            _("The one that matters most"), key="on_most", on_click=lambda: controls.point(found.asked, *steepest), type="tertiary",
            disabled=steepest == (found.asked.row, found.asked.column),
        )  # fmt: skip

    proof.show(told, link, control=most, count=found.little, all=found.slopes.size, little=LITTLE)


def values(session: Session, asked: Asked, found: Grid, pair: Compared) -> dict[str, str]:
    """The numbers of the lesson."""
    row, column = found.steepest
    return {
        "which": controls.name(session, current(asked)), "usual": digits(found.of(found.usual)), "now": digits(found.of(found.now)),
        "slope": digits(found.of(found.slopes)), "before": telling.digits(pair.before.total), "after": telling.digits(pair.after.total),
        "fall": telling.digits(pair.fall), "most": controls.name(session, Number(asked.where, row, column, 0.0)),
        "steepest": digits(float(found.slopes[0 if asked.vector else row, column])), "little": str(found.little), "all": f"{found.slopes.size:,}",
    }  # fmt: skip
