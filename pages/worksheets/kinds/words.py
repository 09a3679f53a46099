"""Exercises about what enters the model: pieces and ids, rows of the matrix, positions, a cosine."""

from decimal import Decimal

import numpy as np

from pages.worksheets.exact import (
    added,
    all_rounded,
    bracketed,
    products,
    root,
    rounded,
    share,
    wave,
    written,
)
from pages.worksheets.exercise import Blank, Exercise, Table, line
from pages.worksheets.facts import Facts, dim, name, to, told
from ui.session.walk import array
from ui.text import filled
from ui.text import translate as _

LONGEST, FEW = 6, 3  # pieces to be cut, dimensions of a view
ENTRIES, LINE = 18, 6  # of the small vocabulary, and in one line of it


def pieces(facts: Facts) -> Exercise:
    """Cut the sentence into pieces with a small part of the vocabulary, and look up the ids."""
    tokenizer, ids = facts.session.checkpoint.tokenizer, facts.session.walk.source_ids[:-1]
    words = [place for place in range(1, len(ids)) if tokenizer.piece(ids[place]).piece.startswith("▁")] + [len(ids)]
    end = max([place for place in words if place <= LONGEST] or [min(len(ids), LONGEST)])
    text = tokenizer.decode(ids[:end])
    entries = {facts.piece(id): id for id in ids[:end]}
    for id in facts.dice.sample(range(len(tokenizer)), min(4 * ENTRIES, len(tokenizer))):
        if len(entries) < ENTRIES:
            entries.setdefault(facts.piece(id), id)
    listed = sorted(entries.items(), key=lambda each: each[0].removeprefix("·").casefold())
    book = tuple(
        Table(head=(_("piece"), *(piece for piece, _id in part)), rows=((_("id"), *(str(id) for _piece, id in part)),))
        for at in range(0, len(listed), LINE) if (part := listed[at : at + LINE])
    )  # fmt: skip
    answer = Table(
        head=("", *map(str, range(1, end + 1))),
        rows=((_("piece"), *(Blank(facts.piece(id)) for id in ids[:end])), (_("id"), *(Blank(str(id)) for id in ids[:end]))),
    )  # fmt: skip
    return Exercise(
        kind="pieces", page="10_tokens", title=_("Cut into pieces"), tables=(*book, answer), room=0,
        asked=filled(
            _("Cut “{text}” into pieces of this part of the vocabulary, and write down their ids. A dot before a piece: it goes on with a word."),
            text=text,
        ),
        view=filled(_("{few} of the {all} entries of the vocabulary."), few=len(listed), all=f"{len(tokenizer):,}")
        + (" " + filled(_("The first {count} of the sentence’s {all} pieces."), count=end, all=len(ids)) if end < len(ids) else ""),
    )  # fmt: skip


def enters(facts: Facts) -> Exercise:
    """What enters the first layer, in three dimensions: a row of the matrix times the root, plus a position."""
    trace, walk = facts.session.walk.trace.encoder.embedding, facts.session.walk
    place, dims = facts.dice.randrange(max(1, len(walk.source) - 1)), facts.some(FEW, trace.rows.size(-1))
    width = root(trace.rows.size(-1))
    rows = all_rounded(array(trace.rows[0])[place, dims].tolist(), 3)
    positions = all_rounded(array(trace.positions)[place, dims].tolist())
    scaled = [rounded(row * width) for row in rows]
    outs = [a + b for a, b in zip(scaled, positions, strict=True)]
    table = Table(head=("", *map(dim, dims)), rows=(
        (_("row of the matrix"), *map(written, rows)),
        (f"× √d_model = × {written(width)}",
         *(Blank(written(s), f"{bracketed(row)} × {written(width)}") for s, row in zip(scaled, rows, strict=True))),
        (_("position {place}").format(place=place), *map(written, positions)),
        (_("enters the first layer"), *(Blank(written(out), added([s, p])) for out, s, p in zip(outs, scaled, positions, strict=True))),
    ))  # fmt: skip
    own = ", ".join(written(rounded(each, 3)) for each in array(trace.output[0])[place, dims].tolist())
    return Exercise(
        kind="enters", page="20_embeddings", title=_("Embedding and position"), tables=(table,), rounding=to(2), room=20,
        asked=filled(_("Multiply the row of {piece} by √d_model and add its position, counted from 0."), piece=name(walk.source[place])),
        view=filled(_("{few} of the row’s {all} numbers."), few=len(dims), all=trace.rows.size(-1)),
        full=filled(_("Without rounding the model has {own}."), own=own), there={"source": str(place + 1)},
    )  # fmt: skip


def sinusoid(facts: Facts) -> Exercise:
    """Numbers of the positional encoding, from the formula."""
    d_model = facts.session.checkpoint.model.config.d_model
    pairs = [0, *sorted(facts.dice.sample(range(1, max(3, d_model // 4)), 2))]
    place = facts.dice.randrange(1, max(2, min(12, len(facts.session.walk.source))))
    bodies = []
    for pair in pairs:
        long = rounded(10_000 ** (2 * pair / d_model))
        angle = share(place, long)
        waves = [Blank(written(wave(each, angle)), f"{each}({written(angle)})") for each in ("sin", "cos")]
        bodies.append(
            line(f"2i = {2 * pair}", written(long), Blank(written(angle), f"{place} / {written(long)}"), *waves)
        )
    table = Table(
        head=("", "10000^(2i/d_model)", _("angle"), _("sin: dim 2i"), _("cos: dim 2i + 1")), rows=tuple(bodies)
    )
    return Exercise(
        kind="sinusoid", page="30_positions", title=_("Position {place}").format(place=place), tables=(table,), rounding=to(2), room=18,
        asked=filled(
            _("Divide the position {place} by each of the numbers, and take sine and cosine (radians!). These are dimensions 2i and 2i + 1 of what "
              "is added to the piece there."),
            place=place,
        ),
        view=filled(_("{few} of the {all} pairs of dimensions; d_model is {d_model}."), few=len(pairs), all=d_model // 2, d_model=d_model),
    )  # fmt: skip


def cosine(facts: Facts) -> Exercise | None:
    """Do two rows of the matrix point the same way? In three dimensions."""
    walk = facts.session.walk
    ids = sorted({*walk.source_ids[:-1], *walk.written_ids[:-1]})
    if len(ids) < 2:
        return None
    pair = facts.dice.sample(ids, 2)
    matrix = facts.session.checkpoint.model.matrix.detach()[pair].numpy().astype(float)
    dims = sorted(np.argsort(-np.abs(matrix[0] * matrix[1]), kind="stable")[:FEW].tolist())
    one, other = (all_rounded((row[dims] * len(row) ** 0.5).tolist()) for row in matrix)
    dot = rounded(sum((a * b for a, b in zip(one, other, strict=True)), Decimal(0)))
    lengths = [root(rounded(sum((a * a for a in row), Decimal(0)))) for row in (one, other)]
    whole = rounded(lengths[0] * lengths[1])
    if not whole:
        return None
    names = told([facts.session.checkpoint.tokenizer.piece(id).piece for id in pair])
    rows = (
        ("a · b", Blank(written(dot), products(one, other))),
        *((_("length of {name}").format(name=each), Blank(written(length), f"√({products(row, row)})"))
          for each, row, length in zip("ab", (one, other), lengths, strict=True)),
        (_("length × length"), Blank(written(whole), f"{written(lengths[0])} × {written(lengths[1])}")),
        (_("cosine"), Blank(written(share(dot, whole)), f"{bracketed(dot)} / {written(whole)}")),
    )  # fmt: skip
    own = float(matrix[0] @ matrix[1] / np.linalg.norm(matrix[0]) / np.linalg.norm(matrix[1]))
    given = Table(head=("", *map(dim, dims)), rows=tuple(
        (f"{letter} = {piece}", *map(written, row)) for letter, piece, row in zip("ab", names, (one, other), strict=True)
    ))  # fmt: skip
    return Exercise(
        kind="cosine", page="20_embeddings", title=_("Do they point the same way?"), tables=(given, Table(head=("", _("result")), rows=rows)),
        asked=filled(_("The rows of {one} and {other}, times √d_model, in three dimensions. Work out the cosine of the angle between them."),
                     one=names[0], other=names[1]),
        rounding=to(2), view=_("The three dimensions with the largest products, so the cosine is larger, or smaller, than that of the whole rows."),
        full=filled(_("The whole rows: {own}."), own=written(rounded(own))), room=20,
    )  # fmt: skip
