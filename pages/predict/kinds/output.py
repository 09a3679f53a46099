"""Questions about the end: second choices, odds, and which hypothesis of a beam survives."""

import math

import torch

from figures.labels import label
from pages.predict.facts import Facts, table
from pages.predict.kinds.layers import piece_of
from transformer.decoding.search import LENGTH_PENALTY, Candidate, Step
from ui.asking.question import Given, Question, Sentence
from ui.measures.search import searched
from ui.show.sums import number
from ui.text import translate as _

RANKS = (2, 3, 4, 12, 40)  # of the pieces that are offered as second choice
OPEN = 0.01  # a second choice is worth asking for above this probability
WIDTH = 2  # of the beam
EVEN = (0.2, 5.0)  # the differences of logits that make good odds


def second(facts: Facts) -> Question | None:
    """Which piece was the second choice?"""
    walk = facts.session.walk
    chances = walk.trace.logits[0].double().softmax(-1)  # place vocabulary
    rivals = [place for place, each in enumerate(chances.topk(2).values[:, 1].tolist()) if each >= OPEN]
    place = facts.pick(rivals) if rivals else int(chances.topk(2).values[:, 1].argmax())
    found = chances[place]
    config = facts.session.checkpoint.model.config
    never = (config.padding_id, config.start_id)
    order = [id for id in found.argsort(descending=True).tolist() if id not in never]
    first = piece_of(facts, order[0])
    offered = {piece_of(facts, order[rank - 1]): float(found[order[rank - 1]]) for rank in RANKS if rank <= len(order)}
    offered.pop(first, None)
    if len(offered) < 2:
        return None
    options, right = facts.shuffled(next(iter(offered)), list(offered))
    return Question(
        kind="second", page="100_output_and_search", options=options, right=right,
        asked=Sentence(
            _("After {read} the model finds {first} likeliest ({chance}). Which of these is its second choice?"),
            {"read": label(walk.read[place]), "first": first, "chance": f"{float(found[order[0]]):.1%}"},
        ),
        given=Given(
            title=_("Probability of what comes next"), rows=(_("probability"),), columns=(first, *options),
            values=table([float(found[order[0]]), *(offered[each] for each in options)]),
            hidden=frozenset((0, each + 1) for each in range(len(options))), names=(_("measure"), _("piece")), value_name=_("probability"),
        ),
        why=Sentence(_("{piece} has {chance}. Greedy search forgets it; beam search may go on with it."),
                     {"piece": options[right], "chance": number(offered[options[right]], 4)}),
        there={"piece": str(place + 1)},
    )  # fmt: skip


def odds(facts: Facts) -> Question:
    """From a difference of logits to how many times as likely."""
    walk = facts.session.walk
    found = torch.topk(walk.trace.logits[0].double(), 2)  # place 2
    apart = (found.values[:, 0] - found.values[:, 1]).tolist()
    good = [place for place, each in enumerate(apart) if EVEN[0] <= each <= EVEN[1]]
    place = facts.pick(good) if good else min(range(len(apart)), key=apart.__getitem__)
    one, other = (piece_of(facts, int(id)) for id in found.indices[place])
    logits = found.values[place].tolist()
    chances = walk.trace.logits[0, place].double().softmax(-1)[found.indices[place]].tolist()
    right = math.exp(apart[place])
    return Question(
        kind="odds", page="100_output_and_search", right=right, tolerance=0.1 * right, digits=2,
        asked=Sentence(
            _("After {read} the logit of {one} is {above}, that of {other} {below}. How many times as likely as {other} is {one}?"),
            {"read": label(walk.read[place]), "one": one, "other": other, "above": number(logits[0]), "below": number(logits[1])},
        ),
        given=Given(
            title=_("The two likeliest pieces"), rows=(_("logit"), _("probability")), columns=(one, other), values=table(logits, chances),
            hidden=frozenset({(1, 0), (1, 1)}), names=(_("number"), _("piece")), value_name=_("number"),
        ),
        why=Sentence(
            _("e^({above} − {below}) = e^{apart} = {right}. Only differences of logits count: softmax divides the same sum out."),
            {"above": number(logits[0]), "below": number(logits[1]), "apart": number(apart[place]), "right": number(right, 2)},
        ),
        there={"piece": str(place + 1)},
    )  # fmt: skip


def survives(facts: Facts) -> Question | None:
    """Of the candidates of a beam, which survives beside the best?"""
    steps = searched(facts.session.origin, facts.session.walk.source_text, WIDTH, LENGTH_PENALTY)
    good = [
        place for place in range(1, len(steps))
        if len(steps[place - 1].kept) == WIDTH and len(names(facts, steps[place - 1], steps[place])) == len(steps[place].candidates) == 4
        and sum(each.kept for each in steps[place].candidates) == WIDTH
    ]  # fmt: skip
    if not good:
        return None
    place = facts.pick(good)
    before, step = steps[place - 1], steps[place]
    called = names(facts, before, step)
    (best, _first), *others = called.items()
    survivor = next(name for name, each in others if each.kept)
    options, right = facts.shuffled(survivor, [name for name, _each in others])
    rows = [(name, each, before.kept[each.hypothesis].total) for name, each in called.items()]
    sure = {"best": best, "width": WIDTH, "place": place + 1}
    return Question(
        kind="survives", page="100_output_and_search", options=options, right=right,
        asked=Sentence(
            _("Piece {place}: a beam of width {width} has four candidates. {best} survives as the best. Which of the other three survives too?"),
            sure,
        ),
        given=Given(
            title=_("Log-probabilities of the candidates"), rows=tuple(name for name, _each, _total in rows),
            columns=(_("so far"), _("this piece"), _("together")),
            values=table(*([total, each.log_probability, each.total] for _name, each, total in rows)),
            hidden=frozenset((place, 2) for place in range(len(rows))), names=(_("candidate"), _("log-probability")),
            value_name=_("log-probability"),
        ),
        why=Sentence(
            _("Add what it had so far and the new piece: {survivor} comes to {total}, the second best. The others are pruned, whatever would have "
              "followed them."), {"survivor": survivor, "total": number(called[survivor].total)}),
        there={"output": "beam"},
    )  # fmt: skip


def names(facts: Facts, before: Step, step: Step) -> dict[str, Candidate]:
    """The candidates, best first, by the last pieces of each; those that read alike are one."""
    return {
        " ".join(piece_of(facts, id) for id in (*before.kept[each.hypothesis].ids[-3:], each.id)): each for each in step.candidates
    }  # fmt: skip
