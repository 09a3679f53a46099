"""Questions about training: how many numbers are learned, how fast, and from where."""

import math

from pages.predict.facts import Facts, table, whole_row
from transformer.training import history
from ui.asking.question import Given, Question, Sentence
from ui.session.attentions import words
from ui.show.sums import number
from ui.text import translate as _

WARM_UP, STEPS = 4000, (500, 1000, 2000, 4000, 8000, 16000, 64000)  # of the paper, section 5.3
HALF = 50.0  # percent of the sentences


def parameters(facts: Facts) -> Question:
    """How many numbers does one attention learn?"""
    view, config = facts.attention(), facts.session.checkpoint.model.config
    right = sum(parameter.numel() for parameter in view.module.parameters())
    return Question(
        kind="parameters", page="300_train", right=right, digits=0,
        asked=Sentence(
            _("{attention}, layer {layer}: its parameters are W_Q, W_K, W_V and W_O, each with a bias. How many numbers did this one "
              "attention learn?"),
            {"attention": words(view.kind), "layer": view.layer + 1},
        ),
        given=Given(
            title=_("Sizes of one attention"), rows=("d_model", _("heads"), _("parameters")), columns=(_("count"),),
            values=table([config.d_model], [config.heads], [right]), hidden=frozenset({(2, 0)}),
            names=(_("size"), _("number")), value_name=_("count"),
        ),
        why=Sentence(
            _("4 × ({d_model} × {d_model} + {d_model}) = {right}. The number of heads does not matter: each head has its own columns of the "
              "same matrices."),
            {"d_model": config.d_model, "right": right},
        ),
    )  # fmt: skip


def blind(facts: Facts) -> Question:
    """What loss has a model that knows nothing?"""
    size = facts.session.checkpoint.model.config.vocabulary_size
    told = [entry for entry in history.read(facts.session.origin.folder) if math.isfinite(entry.loss)]
    steps = [told[0], told[-1]] if len(told) > 1 else []
    rows = (
        _("pieces in the vocabulary"),
        _("loss of a blind guess"),
        *(_("loss after step {step}").format(step=entry.step) for entry in steps),
    )
    return Question(
        kind="blind", page="310_time_machine", right=math.log(size), tolerance=0.15, digits=2,
        asked=Sentence(
            _("A model that knows nothing gives each of its {size} pieces the same probability. What is its loss, in nats for each piece?"),
            {"size": size},
        ),
        given=Given(
            title=_("Where learning begins"), rows=rows, columns=(_("number"),),
            values=table([size], [math.log(size)], *([entry.loss] for entry in steps)),
            hidden=frozenset((row, 0) for row in range(1, len(rows))), names=(_("number"), _("number")), value_name=_("number"),
        ),
        why=Sentence(_("−ln(1 / {size}) = ln {size} = {right}. A loss above it means: sure of the wrong piece."),
                     {"size": size, "right": number(math.log(size), 2)}),
    )  # fmt: skip


def rate(facts: Facts) -> Question:
    """The paper's learning rate at a step, for the sizes of this model."""
    d_model, step = facts.session.checkpoint.model.config.d_model, facts.pick(STEPS)
    right = 1000 * d_model**-0.5 * min(step**-0.5, step * WARM_UP**-1.5)
    others = [1000 * d_model**-0.5 * min(each**-0.5, each * WARM_UP**-1.5) for each in STEPS]
    return Question(
        kind="rate", page="300_train", right=right, tolerance=0.05 * right, digits=4,
        asked=Sentence(
            _("The paper’s learning rate is d_model^(−0.5) × min(step^(−0.5), step × {warm_up}^(−1.5)). This model has d_model = {d_model}. "
              "How many thousandths is it at step {step}?"), {"warm_up": WARM_UP, "d_model": d_model, "step": step}),
        given=Given(
            title=_("Learning rate, in thousandths"), rows=tuple(map(str, STEPS)), columns=(_("rate × 1000"),),
            values=table(*([each] for each in others)), hidden=frozenset({(STEPS.index(step), 0)}), names=(_("step"), _("number")),
            value_name=_("rate × 1000"),
        ),
        why=Sentence(
            _("Up to step {warm_up} the second term is smaller and the rate grows with the step; after that it falls with 1/√step. "
              "At {step}: {right}."),
            {"warm_up": WARM_UP, "step": step, "right": number(right, 4)},
        ),
    )  # fmt: skip


def half(facts: Facts) -> Question | None:
    """After which step did the model first get half of the sentences right?"""
    measured = [
        (each.step, each.exact_match)
        for each in history.read(facts.session.origin.folder)
        if each.exact_match is not None
    ]
    first = next((place for place, (_step, share) in enumerate(measured) if share >= HALF), None)
    if first is None or len(measured) < 4:
        return None
    spread = sorted({first, 0, len(measured) - 1, first // 2, (first + len(measured)) // 2})
    options = tuple(str(measured[place][0]) for place in spread)
    return Question(
        kind="half", page="310_time_machine", options=options, right=spread.index(first),
        asked=Sentence(
            _("This model learned for {steps} steps. After which of these did it first translate half of the sentences that were kept "
              "aside exactly right?"), {"steps": measured[-1][0]}),
        given=Given(
            title=_("Exactly right, in percent"), rows=(_("exact match"),), columns=options, values=table([measured[place][1] for place in spread]),
            hidden=whole_row(0, len(spread)), names=(_("measure"), _("step")), value_name=_("percent"),
        ),
        why=Sentence(_("After step {step} it was {share} %. For long it seems to learn nothing that can be seen, then much in few steps."),
                     {"step": measured[first][0], "share": number(measured[first][1], 0)}),
    )  # fmt: skip
