"""The edited attention in words: what is edited, the changed row's weighted sum, and the numbers of the lesson."""

import html
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from figures.labels import label
from pages.attention_editor import elsewhere
from pages.attention_editor.desk import Desk, edited, look_elsewhere, take
from ui.changed import edits as editing
from ui.changed import telling, undo
from ui.changed.edits import Place, Shares
from ui.changed.pictures import maps
from ui.frame import Session
from ui.frame.rooms import Rooms
from ui.session import chips
from ui.show import proof, prose, sums
from ui.show.picture import Picture
from ui.text import filled
from ui.text import translate as _

TERMS = 3  # of a weighted sum that are shown
LISTED = 6  # edited rows that are named


def picture(session: Session, desk: Desk) -> Picture:
    """The map, as it is and changed."""
    cell = None if desk.query is None or desk.key is None else (desk.query, desk.key)
    shown = maps(desk.views, desk.head, title(desk), session.mode, edited(desk), cell)
    return replace(shown, on_click=lambda clicked: take(desk, clicked))


def title(desk: Desk) -> str:
    """The name of the map."""
    place = editing.words(Place(desk.kind, desk.layer, desk.head, 0))
    return place if desk.head is not None else _("{place} (mean)").format(place=place)


def seen(rooms: Rooms, session: Session, desk: Desk, lifted: bool) -> None:
    """The first line: where the chosen row looks, or what became of it that it looks elsewhere."""
    view, query = desk.views[0], row_of(desk)
    if not desk.edits:
        key = int(desk.weights(0)[query].argmax()) if desk.key is None or desk.query is None else desk.key
        told = {
            "encoder": _("{query} gives {weight} of its look to {key}. Send it elsewhere."),
            "decoder": _("Having read {query}, this attention gives {weight} of its look to {key}. Send it elsewhere."),
            "cross": _(
                "About to write {query}, this attention gives {weight} of its look to {key}. Send it elsewhere."
            ),
        }[desk.kind]
        weight = f"{desk.weights(0)[query, key]:.3f}"
        return rooms.seen(told, query=view.query_chip(query), weight=weight, key=view.key_chip(key))
    forced = elsewhere.forced(session, desk.edits)
    if forced is None:
        lead = _("With {rows} rows set by hand") if len(desk.edits) > 1 else _("With {rows} row set by hand")
        if lifted:
            return telling.seen(rooms, desk.pair, lead, rows=len(desk.edits))
        return rooms.seen(lead + _(": what will become of the translation?"), rows=len(desk.edits))
    piece, source = chips.written(session.walk, forced.written), chips.source(session.walk, forced.source)
    if not lifted:
        return rooms.seen(
            _("{piece} is made to look at {source} only: what will be written?"), piece=piece, source=source
        )
    token, chance = elsewhere.likeliest(desk.pair.after, forced.written)
    told = _("About to write {piece} but made to look at {source}, the model most likely writes {written}: {chance}.")
    if token == session.walk.written_ids[forced.written]:
        told = _(
            "About to write {piece} but made to look at {source}, the model still most likely writes it: {chance}."
        )
    written = chips.chip(session.checkpoint.tokenizer.piece(token).piece, forced.written)
    rooms.seen(told, source=source, piece=piece, written=written, chance=f"{chance:.3f}")


def why(session: Session) -> None:
    """What values are for: one press shows it."""
    piece = chips.written(session.walk, elsewhere.told(session))
    told = _("Why values? What {piece} looks at is what it takes in. Make every head look at another word:")
    proof.show(
        told, control=lambda: undo.button(_("Look elsewhere"), "ed_elsewhere", lambda: look_elsewhere(session)), piece=piece
    )  # fmt: skip


def result(session: Session, desk: Desk) -> None:
    """Both translations and what is edited."""
    telling.result(desk.pair, "", listed(session, desk))


def listed(session: Session, desk: Desk) -> str:
    """The edited rows, in one line; nothing where the first line of the page says it."""
    if not desk.edits or elsewhere.forced(session, desk.edits):
        return ""
    each = [row_words(session, place, shares) for place, shares in desk.edits.items()]
    more = _(" … and {count} more").format(count=len(each) - LISTED) if len(each) > LISTED else ""
    return _("Edited: {rows}.").format(rows="; ".join(each[:LISTED]) + more)


def row_words(session: Session, place: Place, shares: Shares) -> str:
    """`Cross 2.3: rouge → sofa 100 %`."""
    walk = session.walk
    queries = {"encoder": walk.source, "decoder": walk.read, "cross": walk.written}[place.kind]
    keys = walk.read if place.kind == "decoder" else walk.source
    total = sum(shares.values())
    largest = sorted(shares.items(), key=lambda each: -each[1])[:3]
    told = ", ".join(f"{label(keys[key])} {share / total:.0%}" for key, share in largest)
    return f"{editing.words(place)}: {label(queries[place.query])} → {told}"


def row_of(desk: Desk) -> int:
    """The row that is told about: the chosen one, else the first edited one, else the first."""
    first = min(edited(desk), default=desk.views[0].rows.start)
    return first if desk.query is None else desk.query


def output(desk: Desk, side: int, query: int) -> NDArray[np.float64]:
    """What the row takes in: the head's output (d_head), or those of all heads side by side (heads * d_head)."""
    heads = desk.views[side].heads[:, query].astype(np.float64)
    found: NDArray[np.float64] = heads.ravel() if desk.head is None else heads[desk.head]
    return found


def weighted_sum(desk: Desk) -> None:
    """Room 4: the row's weighted sum, as it is, and changed if it is."""
    query = row_of(desk)
    before, after = (output(desk, side, query) for side in (0, 1))
    head = filled(_("What {query} takes in: {place}"), query=desk.views[0].query_chip(query), place=title(desk))
    lines = [sums.Line("α · v", f"{terms(desk, 0, query)} = <b>{sums.vector(before.tolist())}</b>")]
    if not np.array_equal(before, after):
        lines.append(sums.Line("α′ · v", f"{terms(desk, 1, query)} = <b>{sums.vector(after.tolist())}</b>"))
    sums.show(head, lines, note(desk, query))


def terms(desk: Desk, side: int, query: int) -> str:
    """The largest terms of a weighted sum (HTML)."""
    weights, keys = desk.weights(side)[query], desk.views[side].key_pieces
    shown = [int(key) for key in np.argsort(-weights, kind="stable")[:TERMS] if weights[key] >= 0.0005]
    said = [f"{weights[key]:.3f} · v<sub>{html.escape(label(keys[key]))}</sub>" for key in shown]
    rest = float(weights.sum() - weights[shown].sum())
    return " + ".join(said) + (" + …" if rest > 0.0005 else "")


def note(desk: Desk, query: int) -> str:
    """A remark where it matters: all heads at once, or a key that the mask forbids (HTML)."""
    if any(not desk.views[0].mask[query, key] for key in future(desk, query)):
        return sums.why(
            _(
                "This row now sees a later piece. In the reference it stands there; while the model writes, it does not yet."
            )
        )
    return sums.why(_("Weights: mean of the heads. Outputs: all heads side by side.")) if desk.head is None else ""


def future(desk: Desk, query: int) -> Sequence[int]:
    """The keys that the changed row looks at."""
    return [int(key) for key in np.flatnonzero(desk.weights(1)[query] > 0)]


def values(session: Session, desk: Desk) -> dict[str, str]:
    """What the lesson is filled with."""
    query, (view, _changed) = row_of(desk), desk.views
    head, place = desk.head or 0, telling.place_of(session, desk.pair)
    before, after = (side.weights[head, query] for side in desk.views)
    numbers, outputs = (
        [float(side.heads[head, query, 0]) for side in desk.views],
        [output(desk, side, query) for side in (0, 1)],
    )
    key, old = int(after.argmax()), int(before.argmax())
    names = view.query_chip(query), view.key_chip(key), view.key_chip(old)
    return {
        "place": editing.words(Place(desk.kind, desk.layer, head, 0)), "query": names[0], "key": names[1], "old": names[2],
        "query_tex": prose.tex(names[0]), "weight_before": f"{before[key]:.3f}", "weight_after": f"{after[key]:.3f}",
        "old_weight": f"{before[old]:.3f}", "far": f"{float(np.abs(after - before).sum()) / 2:.1%}",
        "moved": sums.number(float(np.linalg.norm(outputs[1] - outputs[0]))), "length": sums.number(float(np.linalg.norm(outputs[0]))),
        "z_before": sums.number(numbers[0]), "z_after": sums.number(numbers[1]), "sum_before": products(desk, 0, head, query),
        "sum_after": products(desk, 1, head, query), "before": sums.number(desk.pair.before.total),
        "after": sums.number(desk.pair.after.total), "fall": sums.number(desk.pair.fall), "rows": str(len(desk.edits)),
        "out_piece": chips.written(session.walk, place), "out_read": chips.read(session.walk, place),
        "chance_before": f"{desk.pair.before.chances[place]:.4f}", "chance_after": f"{desk.pair.after.chances[place]:.4f}",
    }  # fmt: skip


def products(desk: Desk, side: int, head: int, query: int) -> str:
    """Dimension 0 of the weighted sum, its largest products."""
    view = desk.views[side]
    parts = [(float(weight), float(value)) for weight, value in zip(view.weights[head, query], view.values[head, :, 0], strict=True)]  # fmt: skip
    largest = sorted(parts, key=lambda part: -abs(part[0] * part[1]))[:3]
    said = [rf"{weight:.3f} \cdot ({value:.3f})" for weight, value in largest]
    return " + ".join(said) + (r" + \dots" if len(parts) > len(largest) else "")
