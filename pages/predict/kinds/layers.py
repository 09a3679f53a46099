"""Questions about the stack and the decoder: LayerNorm, reading out early, the mask, what the decoder has read."""

import numpy as np
import torch

from figures.labels import label
from pages.predict.facts import Facts, table, where, whole_row
from pages.predict.kinds.head import cell, who
from pages.predict.kinds.looking import map_of
from ui.asking.question import Given, Question, Sentence
from ui.measures import arithmetic
from ui.session import attentions
from ui.show.sums import number
from ui.text import translate as _

LONGEST = 24  # pieces of a row whose scores are all given


def normed(facts: Facts) -> Question:
    """One number through LayerNorm."""
    walk, model = facts.session.walk, facts.session.checkpoint.model
    layer = facts.dice.randrange(len(walk.trace.encoder.layers))
    trace, module = walk.trace.encoder.layers[layer].after_attention, model.encoder_layers[layer].after_attention
    place, column = facts.dice.randrange(len(walk.source)), facts.dice.randrange(trace.added.size(-1))
    added, right = float(trace.added[0, place, column]), float(trace.output[0, place, column])
    mean, deviation = float(trace.mean[0, place, 0]), float(trace.deviation[0, place, 0])
    gain, bias = float(module.norm.weight[column]), float(module.norm.bias[column])  # type: ignore[union-attr,index,arg-type]
    piece = label(walk.source[place])
    return Question(
        kind="normed", page="70_the_stack", right=right, tolerance=max(0.05, 0.03 * abs(right)),
        asked=Sentence(
            _("Encoder layer {layer}, after attention: x + Sublayer(x) of {piece} has {added} in dimension {column}. LayerNorm subtracts the "
              "mean, divides by the deviation, multiplies by the gain, adds the bias. What comes out?"),
            {"layer": layer + 1, "piece": piece, "added": number(added), "column": column},
        ),
        given=Given(
            title=_("LayerNorm of {piece}").format(piece=piece),
            rows=("x + Sublayer(x)", _("mean of all dimensions"), _("deviation"), _("gain"), _("bias"), _("output")),
            columns=(_("dim {place}").format(place=column),), values=table([added], [mean], [deviation], [gain], [bias], [right]),
            hidden=frozenset({(5, 0)}), names=(_("part"), _("dimension")), value_name=_("number"),
        ),
        why=Sentence("{gain} × ({added} − {mean}) / {deviation} + {bias} = {right}", {
            "gain": number(gain), "added": number(added), "mean": number(mean), "deviation": number(deviation), "bias": number(bias),
            "right": number(right),
        }),
        there={"stack": "norm", "side": "source", "source": str(place + 1), "layer": str(layer + 1)},
    )  # fmt: skip


def early(facts: Facts) -> Question | None:
    """What would the model write if it stopped after the first layer of the decoder?"""
    walk, model = facts.session.walk, facts.session.checkpoint.model
    if walk.layers < 2:
        return None
    place = facts.dice.randrange(len(walk.written))
    with torch.inference_mode():
        found = model.logits(walk.trace.decoder.layers[0].output[0, place]).double().softmax(-1)
    order = found.argsort(descending=True)[:5].tolist()
    last = int(walk.trace.logits[0, place].argmax())
    offered = {piece_of(facts, id): float(found[id]) for id in (order[0], last, *order[1:])}
    options, right = facts.shuffled(piece_of(facts, order[0]), list(offered))
    if len(options) < 2:
        return None
    read, written = label(walk.read[place]), piece_of(facts, last)
    return Question(
        kind="early", page="70_the_stack", options=options, right=right,
        asked=Sentence(
            _("After {read} the whole decoder finds {written} likeliest. If the model stopped after layer 1 of {layers}, and read out there, "
              "what would it find likeliest?"), {"read": read, "written": written, "layers": walk.layers}),
        given=Given(
            title=_("Probability after layer 1"), rows=(_("probability"),), columns=options, values=table([offered[each] for each in options]),
            hidden=whole_row(0, len(options)), names=(_("measure"), _("piece")), value_name=_("probability"),
        ),
        why=Sentence(_("After layer 1 {piece} has {chance}. Each layer adds a little; the last one has the final word."),
                     {"piece": options[right], "chance": number(offered[options[right]])}),
        there={"side": "target", "piece": str(place + 1)},
    )  # fmt: skip


def piece_of(facts: Facts, id: int) -> str:
    """The label of an id."""
    return label(facts.session.checkpoint.tokenizer.piece(id).piece)


def forbidden(facts: Facts) -> Question | None:
    """At how many pieces may a position not look?"""
    view, head = facts.attention(("decoder",)), facts.head()
    count = len(view.query_pieces)
    if count < 3:
        return None
    query = facts.dice.randrange(count)
    right = int((~view.mask[query]).sum())
    given = map_of(facts, view, head, query)
    values = np.nan_to_num(given.values)  # the triangle would tell
    return Question(
        kind="forbidden", page="80_decoder_and_mask", right=right, digits=0,
        asked=Sentence(
            _("The decoder reads {count} pieces at once in training. In row {row}, {asks}, how many cells does the mask set to exactly 0?"),
            {"count": count, "row": query + 1, "asks": label(view.query_pieces[query])},
        ),
        given=Given(
            title=given.title, rows=given.rows, columns=given.columns, values=values, names=given.names, value_name=given.value_name,
            hidden=frozenset().union(*(whole_row(place, count) for place in range(len(values)))),
        ),
        why=Sentence(_("Row {row} may look at itself and at what is before it: {seen} pieces. {count} − {seen} = {right} come later and are masked."),
                     {"row": query + 1, "seen": count - right, "count": count, "right": right}),
        there=where(view, head) | cell(view, query, query),
    )  # fmt: skip


def future(facts: Facts) -> Question | None:
    """What happens to a row without the mask?"""
    view, head = facts.attention(("decoder",)), facts.head()
    count = len(view.query_pieces)
    if not 3 <= count <= LONGEST:
        return None
    query = facts.dice.randrange(1, count - 1)
    scores, weights = view.scores[head, query], view.weights[head, query]
    seen = arithmetic.softmax(scores[None], np.ones((1, count), dtype=bool))[0]
    right, asks = float(seen[query + 1 :].sum()), label(view.query_pieces[query])
    return Question(
        kind="future", page="80_decoder_and_mask", right=right, tolerance=0.1,
        asked=Sentence(
            _("{who}: what happens to row {row}, {asks}, without the mask? These are its scores for all pieces. Which share of its weight goes to "
              "the {later} pieces that come later?"), {"who": who(view, head), "row": query + 1, "asks": asks, "later": count - query - 1}),
        given=Given(
            title=_("Row {row}, {asks}").format(row=query + 1, asks=asks), rows=(_("score"), _("weight, masked"), _("weight, unmasked")),
            columns=facts.pieces(view.key_pieces), values=table(scores, weights, seen),
            hidden=whole_row(2, count), names=(_("number"), view.names[1]), value_name=_("number"),
        ),
        why=Sentence(
            _("Softmax over all {count} scores gives {right} to what comes later. At test time these pieces do not exist yet, so a model that "
              "learned to look there would be lost."), {"count": count, "right": f"{right:.1%}"}),
        there=where(view, head) | cell(view, query, query),
    )  # fmt: skip


def has_read(facts: Facts) -> Question | None:
    """What has entered the decoder when a piece is written?"""
    walk = facts.session.walk
    if len(walk.written) < 3:
        return None
    place = facts.dice.randrange(1, len(walk.written) - 1)
    read, written = ([label(piece) for piece in each] for each in (walk.read, walk.written))
    right = " ".join(read[: place + 1])
    wrong = [
        " ".join(read[1 : place + 2]),
        " ".join(read[: place + 2]),
        " ".join(map(label, walk.source[: place + 1])),
        read[place],
    ]
    options, at = facts.shuffled(right, wrong)
    values = np.array([[float(key <= row) for key in range(len(read))] for row in range(len(read))])
    return Question(
        kind="has_read", page="80_decoder_and_mask", options=options, right=at,
        asked=Sentence(
            _("At test time, when the model is about to write {piece} (piece {place}), what has entered the decoder?"),
            {"piece": written[place], "place": place + 1},
        ),
        given=Given(
            title=_("1: has entered the decoder when the row’s piece is written"), rows=facts.pieces(walk.written), columns=facts.pieces(walk.read),
            values=values, hidden=whole_row(place, len(read)),
            names=(attentions.axis_names("cross")[0], _("what the decoder reads")), value_name=_("has entered"),
        ),
        why=Sentence(
            _("{read}: the start piece and what it has written itself so far, shifted right by one. In training it is the same, but there the right "
              "French stands in their place, all rows are computed at once, and the mask hides what comes later."), {"read": right}),
        there={"piece": str(place + 1)},
    )  # fmt: skip
