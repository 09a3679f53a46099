"""Exercises with whole numbers: parameters, and what attention and recurrence cost."""

from pages.worksheets.exact import written
from pages.worksheets.exercise import Blank, Exercise, Table, line
from pages.worksheets.facts import Facts
from ui.text import filled
from ui.text import translate as _

LENGTHS = range(10, 400, 5)  # of sentences, in pieces


def parameters(facts: Facts) -> Exercise:
    """How many parameters the model has, part by part."""
    config = facts.session.checkpoint.model.config
    d, inner, pieces, encoder, decoder = (
        config.d_model,
        config.d_ff,
        config.vocabulary_size,
        config.encoder_layers,
        config.decoder_layers,
    )
    attention, network, norm, matrix = 4 * (d * d + d), 2 * d * inner + inner + d, 2 * d, pieces * d
    layers = attention + network + 2 * norm, 2 * attention + network + 3 * norm
    others = facts.dice.sample(range(1, 13), 2)
    mine = matrix + encoder * layers[0] + decoder * layers[1]
    deep = matrix + others[0] * layers[0] + others[1] * layers[1]
    rows = (
        (_("attention: four matrices d × d, and their biases"), "4 × (d × d + d)", number(attention, f"4 × ({d} × {d} + {d})")),
        (_("feed-forward: d to d_ff and back, with biases"), "2 × d × d_ff + d_ff + d", number(network, f"2 × {d} × {inner} + {inner} + {d}")),
        (_("LayerNorm: gain and bias"), "2 × d", number(norm, f"2 × {d}")),
        (_("an encoder layer: 1 attention, 1 feed-forward, 2 norms"), "–", number(layers[0], f"{attention} + {network} + 2 × {norm}")),
        (_("a decoder layer: 2 attentions, 1 feed-forward, 3 norms"), "–", number(layers[1], f"2 × {attention} + {network} + 3 × {norm}")),
        (_("the matrix of embeddings"), _("pieces × d"), number(matrix, f"{pieces} × {d}")),
        (_("the model: {encoder} + {decoder} layers, and the matrix").format(encoder=encoder, decoder=decoder), "–",
         number(mine, f"{matrix} + {encoder} × {layers[0]} + {decoder} × {layers[1]}")),
        (_("the same with {encoder} + {decoder} layers").format(encoder=others[0], decoder=others[1]), "–",
         number(deep, f"{matrix} + {others[0]} × {layers[0]} + {others[1]} × {layers[1]}")),
    )  # fmt: skip
    return Exercise(
        kind="parameters", page="340_models", title=_("How many parameters?"), room=18,
        tables=(Table(head=(_("part"), _("formula"), _("parameters")), rows=rows),),
        asked=filled(
            _("d = d_model = {d}, d_ff = {inner}, and {pieces} pieces. Count the numbers that training has to find."),
            d=d, inner=inner, pieces=f"{pieces:,}",
        ),
        there={"mdl_name": facts.session.origin.folder.name},
    )  # fmt: skip


def operations(facts: Facts) -> Exercise:
    """What self-attention and recurrence cost, for three lengths of a sentence."""
    d, mine = facts.session.checkpoint.model.config.d_model, len(facts.session.walk.source)
    lengths = sorted({mine, *facts.dice.sample(LENGTHS, 3)})[:4]
    rows = (
        line(_("self-attention: n × n × d"), *(number(n * n * d, f"{n} × {n} × {d}") for n in lengths)),
        line(_("recurrence: n × d × d"), *(number(n * d * d, f"{n} × {d} × {d}") for n in lengths)),
        line(_("which is less?"), *(Blank(_("attention") if n < d else _("recurrence") if n > d else _("both alike")) for n in lengths)),
        line(_("weights of all heads: n × n × {heads}").format(heads=facts.session.walk.heads),
         *(number(n * n * facts.session.walk.heads, f"{n} × {n} × {facts.session.walk.heads}") for n in lengths)),
    )  # fmt: skip
    return Exercise(
        kind="operations", page="440_why_self_attention", title=_("What it costs"), room=18,
        tables=(
            Table(head=("n", *map(str, lengths)), rows=rows),
            Table(head=("", "n"), rows=((_("both cost the same at"), Blank(written(d), "d")),)),
        ),
        asked=filled(
            _("Table 1 of the paper: a layer over n pieces with d = {d}. Your sentence has n = {mine}. Which costs less, and where does that turn?"),
            d=d, mine=mine,
        ),
    )  # fmt: skip


def number(value: int, how: str) -> Blank:
    """A whole number to be found."""
    return Blank(written(value), how)
