"""What the time machine says: about a head, about a moment, and where an overlap comes from."""

import textwrap
from html import escape

import numpy as np

from figures.labels import label
from pages.time_machine import film as films
from pages.time_machine.film import Film
from pages.time_machine.head import Asked, Head
from transformer.analysis import forming
from transformer.analysis.forming import Formation
from ui.frame.rooms import Rooms
from ui.measures import arithmetic, roles
from ui.measures.arithmetic import DotProduct
from ui.session import attentions
from ui.session.attentions import Kind
from ui.show import prose, sums
from ui.text import filled
from ui.text import translate as _

MARK = "◆"
TINY = 0.0005  # is 0.000 as it is written
SHORT = 72  # letters of a translation below a picture


def role_words() -> dict[str, str]:
    """The roles in words."""
    return roles.role_words()


def named(asked: Asked) -> str:
    """`Cross-attention, layer 2, head 3`."""
    where = _("{attention}, layer {layer}, head {head}")
    return where.format(attention=attentions.words(asked.kind), layer=asked.layer + 1, head=asked.head + 1)


def short(asked: Asked) -> str:
    """The same, for the title of a picture on a telephone."""
    told = _("{attention}: layer {layer}, head {head}")
    return told.format(attention=kind_words()[asked.kind], layer=asked.layer + 1, head=asked.head + 1)


def kind_words() -> dict[Kind, str]:
    """The attentions in one word."""
    return {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}


def marked(head: Head, place: int, name: str) -> str:
    """The `name` of a moment, with a diamond if it is the head's."""
    return f"{name} {MARK}" if head.formation.moment == place else name


def seen(head: Head, place: int) -> str:
    """The line below the map of a moment: the model's state, and what it would write."""
    moment = head.film.moments.moments[place]
    told = [*films.facts(moment), _("overlap {share}").format(share=f"{head.formation.overlaps[place]:.2f}")]
    line = _("{facts}. By itself it would write: {text}")
    return line.format(facts=" · ".join(told), text=shortened(films.wrote(head.film, moment)))


def shortened(text: str) -> str:
    """A translation below a picture, so short that playing moves nothing below."""
    return textwrap.shorten(text, SHORT, placeholder=" …")


def first_line(rooms: Rooms, head: Head) -> None:
    """How much the head gave at this moment to what it looks at most in the end."""
    film, view, (query, key) = head.film, head.view, head.cell
    query = view.origin[0] if query is None else query
    key = int(head.weights[film.last, query].argmax()) if key is None else key
    first, now, last = (f"{head.weights[place, query, key]:.2f}" for place in (0, film.at, film.last))
    told = _("This head's look of {query} at {key}: {first} at the start, {now} at {moment}, {last} at the end.")
    asks, answers = view.query_chip(query), view.key_chip(key)
    rooms.seen(
        told,
        first=first,
        moment=films.named(film.moments.moments[film.at]),
        now=now,
        query=asks,
        key=answers,
        last=last,
    )


def verdict(found: Formation, film: Film) -> str:
    """When a head becomes what it is, or why that cannot be said."""
    if found.moment is None:
        alike, late = _("looks the same from the start to the end"), _("keeps changing until the end")
        return alike if found.kind == "alike" else late
    moments = film.moments.moments
    told = _("becomes what it is between {before} and {after}")
    return told.format(before=films.named(moments[found.moment - 1]), after=films.named(moments[found.moment]))


def tell(head: Head) -> None:
    """Room 4: the head's verdict; the moment at hand; the overlap row by row; the chosen weight then and now."""
    film, found = head.film, head.formation
    title = filled(_("{who} {verdict}"), who=named(head.asked), verdict=verdict(found, film))
    lines = [of_moment(head)]
    if head.asked.picture == "heads":
        lines.append(of_overlap(head))
    query, key = head.cell
    if query is not None and key is not None:
        lines.append(of_weight(head, query, key))
    lines.append(of_role(head))
    sums.show(title, lines)


def of_moment(head: Head) -> sums.Line:
    """The snapshot at hand."""
    film = head.film
    moment = film.moments.moments[film.at]
    share = f"{head.formation.overlaps[film.at]:.2f}"
    told = [*films.facts(moment), _("overlap {share} with the last map").format(share=share)]
    own = filled(_("By itself the model would now write: {text}"), text=films.wrote(film, moment))
    return sums.Line(escape(films.named(moment)), f"{escape(' · '.join(told))}<br>{own}", True)


def of_overlap(head: Head) -> sums.Line:
    """The overlap at that moment: a mean over the rows that have a choice."""
    where = np.flatnonzero(head.view.mask.sum(1) > 1)
    rows = forming.by_query(head.weights)[head.film.at][where]
    if not len(where):
        return sums.Line(escape(_("overlap")), "1")
    dot = DotProduct(arithmetic.double(rows), np.full(len(rows), 1 / len(rows)))
    note = _("It began at {first}; halfway to 1 is {half}.")
    why = note.format(first=f"{head.formation.overlaps[0]:.2f}", half=f"{head.formation.halfway:.2f}")
    names = [label(head.view.query_pieces[place]) for place in where]
    return sums.Line(escape(_("overlap")), sums.summed(dot, names) + sums.why(why))


def of_weight(head: Head, query: int, key: int) -> sums.Line:
    """The chosen weight at the start, now, and at the end."""
    film, weights = head.film, head.weights[:, query, key]
    places = sorted({0, film.at, film.last})
    told = [
        sums.term(f"<b>{sums.number(float(weights[place]))}</b>", films.named(film.moments.moments[place]))
        for place in places
    ]
    name = f"{label(head.view.query_pieces[query])} → {label(head.view.key_pieces[key])}"
    return sums.Line(escape(name), " → ".join(told))


def of_role(head: Head) -> sums.Line:
    """The role at the start, now, and at the end."""
    film, found, called = head.film, head.formation, role_words()
    places = sorted({0, film.at, film.last})
    told = [sums.term(escape(called[found.roles[place]]), films.named(film.moments.moments[place])) for place in places]
    return sums.Line(escape(_("role")), " → ".join(told))


def values(head: Head, among: list[Formation]) -> dict[str, str]:
    """The numbers of the lesson. `among` are all heads of the attention."""
    film, found, view = head.film, head.formation, head.view
    query, _key = head.cell
    query = view.origin[0] if query is None else query
    now, last = head.weights[film.at, query], head.weights[film.last, query]
    smaller = np.minimum(now, last)
    places = np.argsort(-smaller, kind="stable")[:4]
    rest = float(smaller.sum() - smaller[places].sum())
    terms = " + ".join(f"{smaller[place]:.3f}" for place in places if smaller[place] >= TINY) or f"{smaller.max():.3f}"
    first, end = film.moments.moments[0], film.moments.moments[film.last]
    return {
        "who": named(head.asked), "verdict": verdict(found, film), "attention": attentions.words(head.asked.kind),
        "snapshots": str(film.last + 1), "first": films.named(first), "end": films.named(end),
        "now": films.named(film.moments.moments[film.at]), "start_overlap": f"{found.overlaps[0]:.3f}",
        "now_overlap": f"{found.overlaps[film.at]:.3f}", "halfway": f"{found.halfway:.3f}", "alike": f"{forming.ALIKE}",
        "heads": str(len(among)), "formed": str(sum(each.kind == "formed" for each in among)),
        "role": role_words()[found.roles[film.last]], "role_first": role_words()[found.roles[0]],
        "piece": view.query_chip(query), "piece_tex": prose.tex(label(view.query_pieces[query])),
        "terms": terms if rest < TINY else f"{terms} + {rest:.3f}", "row_overlap": f"{smaller.sum():.3f}",
        "step": str(film.moments.moments[film.at].step), "moved": f"{1 - found.overlaps[film.at]:.3f}",
    }  # fmt: skip
