"""Questions about what enters the model: pieces, rows of the embedding matrix, positions."""

import math

import numpy as np

from figures.labels import label
from pages.predict.facts import Facts, table, whole_row
from ui.asking.question import Given, Question, Sentence
from ui.measures import space as spaces
from ui.session.walk import array
from ui.show.sums import number
from ui.text import translate as _

RANKS = (1, 6, 40, 200, 600)  # of the pieces that are offered as neighbours; the first is the right one


def pieces(facts: Facts) -> Question | None:
    """Into how many pieces is the sentence cut if it is written otherwise?"""
    walk, encode = facts.session.walk, facts.session.checkpoint.tokenizer.encode
    text, now = walk.source_text, len(walk.source) - 1
    ways = {
        _("in capital letters"): text.upper(), _("without spaces"): "".join(text.split()), _("twice, one after the other"): f"{text} {text}",
        _("without its last word"): " ".join(text.split()[:-1]),
    }  # fmt: skip
    changed = {way: len(encode(written)) for way, written in ways.items() if written not in ("", text)}
    if not changed:
        return None
    way = facts.pick(list(changed))
    right = changed[way]
    near = [now, 2 * now, max(1, now - 1), right + 2, now + 1, right + 4]
    options = sorted({right, *[each for each in near if each != right][:3]})
    return Question(
        kind="pieces", page="10_tokens", options=tuple(map(str, options)), right=options.index(right),
        asked=Sentence(
            _("The tokenizer cuts “{text}” into {now} pieces. Into how many if it is written {way}?"),
            {"text": text, "now": now, "way": way},
        ),
        given=Given(
            title=_("Pieces of the sentence"), rows=(_("as it is"), way), columns=(_("pieces"),), values=table([now], [right]),
            hidden=frozenset({(1, 0)}), names=(_("written"), _("number")), value_name=_("pieces"),
        ),
        why=Sentence(
            _("{right} pieces: {cut}. What is common in the corpus has a piece of its own; what is rare is cut small."),
            {"right": right, "cut": " ".join(map(label, cut(facts, ways[way])))},
        ),
    )  # fmt: skip


def cut(facts: Facts, text: str, most: int = 24) -> list[str]:
    """The first pieces of a text."""
    tokenizer = facts.session.checkpoint.tokenizer
    found = [tokenizer.piece(id).piece for id in tokenizer.encode(text)]
    return [*found[:most], *(["…"] if len(found) > most else [])]


def enters(facts: Facts) -> Question:
    """What enters the first layer: a row of the matrix times the root, plus a position."""
    trace = facts.session.walk.trace.encoder.embedding
    place, column = facts.dice.randrange(len(facts.session.walk.source)), facts.dice.randrange(trace.rows.size(-1))
    row, position = float(trace.rows[0, place, column]), float(trace.positions[place, column])
    root, right = math.sqrt(trace.rows.size(-1)), float(trace.output[0, place, column])
    piece = label(facts.session.walk.source[place])
    dimension = _("dim {place}").format(place=column)
    return Question(
        kind="enters", page="20_embeddings", right=right, tolerance=max(0.05, 0.03 * abs(right)),
        asked=Sentence(
            _("In the matrix, {piece} has {row} in dimension {column}. The model multiplies by √d_model and adds the position’s number. "
              "What enters the first layer?"), {"piece": piece, "row": number(row), "column": column}),
        given=Given(
            title=_("From the matrix to the first layer: {piece}").format(piece=piece),
            rows=(_("row of the matrix"), "√d_model", _("position {place}").format(place=place + 1), _("enters layer 1")),
            columns=(dimension,), values=table([row], [root], [position], [right]), hidden=frozenset({(3, 0)}),
            names=(_("part"), _("dimension")), value_name=_("number"),
        ),
        why=Sentence("{row} × {root} + {position} = {right}", {
            "row": number(row), "root": number(root), "position": number(position), "right": number(right),
        }),
        there={"source": str(place + 1)},
    )  # fmt: skip


def neighbour(facts: Facts) -> Question | None:
    """Which piece of the vocabulary points most nearly the same way?"""
    space, walk = spaces.space(facts.session.origin), facts.session.walk
    known = sorted({id for id in (*walk.source_ids, *walk.written_ids) if id in space.text})
    if not known:
        return None
    id = facts.pick(known)
    found = spaces.nearest(space, id, max(RANKS))
    offered = {label(space.pieces[found[rank - 1][0]]): found[rank - 1][1] for rank in RANKS if rank <= len(found)}
    if len(offered) < 2:
        return None
    options, right = facts.shuffled(next(iter(offered)), list(offered))
    piece = label(space.pieces[id])
    return Question(
        kind="neighbour", page="20_embeddings", options=options, right=right,
        asked=Sentence(_("Which of these rows of the embedding matrix points most nearly the same way as that of {piece}?"), {"piece": piece}),
        given=Given(
            title=_("Cosine with the row of {piece}").format(piece=piece), rows=(_("cosine"),), columns=options,
            values=table([offered[option] for option in options]), hidden=whole_row(0, len(options)),
            names=(_("measure"), _("piece")), value_name=_("cosine"),
        ),
        why=Sentence(
            _("{right} is the nearest of all: cosine {cosine}. Pieces that are used alike get rows that point the same way."),
            {"right": options[right], "cosine": number(offered[options[right]])},
        ),
    )  # fmt: skip


def sinusoid(facts: Facts) -> Question:
    """One number of the positional encoding, for a pocket calculator."""
    positions = array(facts.session.walk.trace.encoder.embedding.positions)
    count, width = min(len(positions), 8), min(positions.shape[1], 4)
    place, column = facts.dice.randrange(count), facts.dice.randrange(width)
    d_model, right = positions.shape[1], float(positions[place, column])
    angle = place / 10000 ** ((column - column % 2) / d_model)
    wave = ("sin", "cos")[column % 2]
    return Question(
        kind="sinusoid", page="30_positions", right=right, tolerance=0.05,
        asked=Sentence(
            _("Positions are counted from 0. What stands at position {place}, dimension {column}, if d_model is {d_model}? "
              "Even dimensions 2i hold sin(pos / 10000^(2i/d_model)), odd ones 2i+1 the cosine."),
            {"place": place, "column": column, "d_model": d_model},
        ),
        given=Given(
            title=_("The first positions and dimensions"), rows=tuple(map(str, range(count))),
            columns=tuple(_("dim {place}").format(place=each) for each in range(width)),
            values=np.asarray(positions[:count, :width], dtype=np.float64), hidden=frozenset({(place, column)}),
            names=(_("position"), _("dimension")), value_name=_("number"),
        ),
        why=Sentence("{wave}({place} / 10000^({even}/{d_model})) = {wave}({angle}) = {right}", {
            "wave": wave, "place": place, "even": column - column % 2, "d_model": d_model, "angle": number(angle), "right": number(right),
        }),
    )  # fmt: skip
