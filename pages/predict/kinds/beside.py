"""Questions that put models side by side: which is surer, which learned more, what n costs, how dot products grow."""

import math

from pages.predict.facts import Facts, table
from ui.asking.question import Given, Question, Sentence
from ui.session import relatives, state
from ui.show.sums import number
from ui.text import translate as _

LONG, SCORES, WHY, RESULTS = "410_the_long_sentence", "430_score_functions", "440_why_self_attention", "450_results"
NOT_YET = 0.02  # nats by which a model must be ahead to be asked for
WIDTHS = (16, 64, 256, 1024)
LENGTHS = (100, 500, 1000, 2000)


def cheaper(facts: Facts) -> Question | None:
    """Which of two models pays less for the same French?"""
    found = relatives.models(("tanh", "gru", "lstm", "bahdanau", "luong-dot", "additive"))
    text, french = facts.session.walk.source_text, facts.session.walk.target_text
    if len(found) < 2 or not french.strip():
        return None
    one, other = facts.dice.sample(sorted(found), 2)
    both = [relatives.reading(found[name], text, french, state.Search(1)) for name in (one, other)]
    if any(isinstance(each, str) for each in both):
        return None
    paid = [each.loss for each in both if not isinstance(each, str)]
    if abs(paid[0] - paid[1]) < NOT_YET:
        return None
    return Question(
        kind="cheaper", page=LONG, right=int(paid[1] < paid[0]), options=(one, other),
        asked=Sentence(
            _("Both are given “{french}”, piece by piece. Which pays less a piece, so finds it less surprising: {one} or {other}?"),
            {"french": french, "one": one, "other": other},
        ),
        given=Given(
            title=_("Loss on the same French"), rows=(one, other), columns=(_("nats a piece"),), values=table([paid[0]], [paid[1]]),
            hidden=frozenset({(0, 0), (1, 0)}), names=(_("model"), _("number")), value_name=_("nats a piece"),
        ),
        why=Sentence(_("{one} pays {first}, {other} pays {second}."),
                     {"one": one, "first": number(paid[0]), "other": other, "second": number(paid[1])}),
    )  # fmt: skip


def matrix(facts: Facts) -> Question:
    """How many weights does a long text need?"""
    config, length = facts.session.checkpoint.model.config, facts.pick(LENGTHS)
    right = config.heads * length * length
    return Question(
        kind="matrix", page=WHY, right=right, digits=0,
        asked=Sentence(
            _("Self-attention of one encoder layer with {heads} heads reads a text of {length} pieces. How many weights are there in all?"),
            {"heads": config.heads, "length": length},
        ),
        given=Given(
            title=_("The n × n matrices"), rows=(_("pieces"), _("heads"), _("weights")), columns=(_("count"),),
            values=table([length], [config.heads], [right]), hidden=frozenset({(2, 0)}), names=(_("size"), _("number")), value_name=_("count"),
        ),
        why=Sentence(
            _("Each head has a matrix of {length} × {length}; {heads} × {length} × {length} = {right}. Twice the text, four times the weights."),
            {"length": length, "heads": config.heads, "right": f"{right:,}"},
        ),
    )  # fmt: skip


def waiting(facts: Facts) -> Question:
    """How many steps must wait for each other?"""
    length, recurrent = len(facts.session.walk.source), facts.pick((True, False))
    right = length if recurrent else 1
    told = _("A recurrent layer") if recurrent else _("A self-attention layer")
    return Question(
        kind="waiting", page=WHY, right=right, digits=0,
        asked=Sentence(
            _("{layer} reads the {length} pieces of the sentence. How many of its steps can only begin when the one before has ended?"
              " Count the first one."),
            {"layer": told, "length": length},
        ),
        given=Given(
            title=_("Sequential steps, Table 1"), rows=(_("pieces"), _("steps in a row")), columns=(_("count"),),
            values=table([length], [right]), hidden=frozenset({(1, 0)}), names=(_("size"), _("number")), value_name=_("count"),
        ),
        why=Sentence(
            _("Each state needs the state before: {length} steps, O(n). That is what kept recurrent models from being trained in parallel.")
            if recurrent else _("All pieces look at all others at once: 1 step, O(1), whatever the length."), {"length": length},
        ),
    )  # fmt: skip


def spread(facts: Facts) -> Question:
    """How far do dot products of random vectors spread?"""
    width = facts.pick(WIDTHS)
    right = math.sqrt(width)
    return Question(
        kind="spread", page=SCORES, right=right, tolerance=0.05 * right, digits=1,
        asked=Sentence(
            _("The numbers of q and k are independent, with mean 0 and variance 1; both have d_k = {width} of them. "
              "What is the standard deviation of q · k?"), {"width": width},
        ),
        given=Given(
            title=_("Dot products of random vectors"), rows=("d_k", _("standard deviation")), columns=(_("number"),),
            values=table([width], [right]), hidden=frozenset({(1, 0)}), names=(_("size"), _("number")), value_name=_("number"),
        ),
        why=Sentence(
            _("Each product has variance 1, and variances add up: {width}. Its root is {right}, so q · k is divided by √d_k."),
            {"width": width, "right": number(right, 1)},
        ),
    )  # fmt: skip


def better(facts: Facts) -> Question | None:
    """Which of two models got more held-out sentences right?"""
    readable = {
        name: origin for name, origin in state.readable().items() if relatives.learned(origin) == "grammar-en-fr"
    }
    scores = {name: exact for name, origin in readable.items() if (exact := relatives.exact_match(origin)) is not None}
    if len(scores) < 2:
        return None
    one, other = facts.dice.sample(sorted(scores), 2)
    if abs(scores[one] - scores[other]) < 1:
        return None
    return Question(
        kind="better", page=RESULTS, right=int(scores[other] > scores[one]), options=(one, other),
        asked=Sentence(
            _("Both learned from the same text. Which of them translates more of its held-out sentences letter by letter as in the corpus: "
              "{one} or {other}?"), {"one": one, "other": other},
        ),
        given=Given(
            title=_("Exact match on held-out sentences"), rows=(one, other), columns=(_("per cent"),),
            values=table([scores[one]], [scores[other]]), hidden=frozenset({(0, 0), (1, 0)}), names=(_("model"), _("number")),
            value_name=_("per cent"),
        ),
        why=Sentence(_("{one} gets {first} %, {other} gets {second} %: what its card says."), {
            "one": one, "first": number(scores[one], 1), "other": other, "second": number(scores[other], 1),
        }),
    )  # fmt: skip
