"""Questions about memory networks and reviews: a score, a share, the second hop, a fact taken away, the sentence that decides."""

from functools import cache

import numpy as np
import torch

from pages.predict.facts import Facts, numbered, table, whole_row
from systems.reviews import corpus as reviews
from systems.reviews.corpus import LABELS, Review
from systems.reviews.hierarchical import Hierarchical
from systems.stories import corpus as stories
from systems.stories.corpus import Story
from systems.stories.memory import MemoryNetwork, MemoryTrace
from systems.stories.world import words
from ui.asking.question import Given, Question, Sentence
from ui.measures import arithmetic
from ui.session.walk import array
from ui.show.sums import bracketed, number
from ui.text import translate as _

STORY, REVIEW = "460_memory", "480_hierarchical_attention"
SHOWN, LINES = 3, 8  # products that are given one by one; sentences that can be looked over
CLEAR = 0.1  # by which a share or a chance is above the others, or it is not asked for


@cache
def told() -> tuple[Story, ...]:
    """Held-out stories that are short and need more than one fact."""
    return tuple(each for each in stories.load().split("test") if len(each.lines) <= LINES and len(each.gold) > 1)


@cache
def judged() -> tuple[Review, ...]:
    """Held-out reviews that are short."""
    return tuple(each for each in reviews.load().split("test") if 3 <= len(each.sentences) <= 5)


def read(model: MemoryNetwork, story: Story, without: int = -1) -> tuple[MemoryTrace, str]:
    """What a network makes of a story, perhaps without one of its facts; and its answer."""
    lines = [words(line) for place, line in enumerate(story.lines) if place != without]
    batch = model.read([lines], [words(story.question)])
    with torch.inference_mode():
        trace = model(batch.story, batch.ages, batch.question)
    return trace, model.words[int(trace.logits[0].argmax())]


def remembering(facts: Facts) -> tuple[MemoryNetwork, Story, MemoryTrace, str] | None:
    """The network with several hops, a story, what it makes of it; `None` if there is none."""
    model = facts.system("memory")
    if not isinstance(model, MemoryNetwork):
        return None
    story = facts.pick(told())
    return model, story, *read(model, story)


def there(story: Story, **more: str) -> dict[str, str]:
    """The address of a story."""
    return {"mem_story": "\n".join(story.lines), "mem_ask": story.question, **more}


def matches(facts: Facts) -> Question | None:
    """A score of the first hop: three terms of the sum by hand, the others given."""
    if (found := remembering(facts)) is None:
        return None
    _model, story, trace, _answer = found
    hop, place = trace.hops[0], facts.dice.randrange(len(story.lines))
    dot = arithmetic.DotProduct(arithmetic.double(array(hop.query[0])), arithmetic.double(array(hop.keys[0, place])))
    terms, (count, rest), right = dot.largest(SHOWN), dot.rest(SHOWN), float(hop.scores[0, place])
    sums, hole = " + ".join(f"{bracketed(term.left)} × {bracketed(term.right)}" for term in terms), float("nan")
    return Question(
        kind="matches", page=STORY, right=right, tolerance=max(0.1, 0.05 * abs(right)),
        asked=Sentence(
            _("“{question}” is compared with “{line}”: u · m. What is the score?"), {"question": story.question, "line": story.lines[place]},
        ),
        given=Given(
            title=_("u · m, the three largest of {count} products").format(count=count + SHOWN), rows=("u", "m", _("product")),
            columns=(*(_("dim {place}").format(place=term.place) for term in terms), _("the rest"), _("sum")),
            values=table(
                [*(term.left for term in terms), hole, hole], [*(term.right for term in terms), hole, hole],
                [*(term.left * term.right for term in terms), rest, right],
            ),
            hidden=frozenset({*((2, column) for column in range(SHOWN)), (2, SHOWN + 1)}), names=(_("part"), _("dimension")),
            value_name=_("number"),
        ),
        why=Sentence(_("{sums} + {rest} = {right}."), {"sums": sums, "rest": bracketed(rest), "right": number(right)}),
        there=there(story, mem_hop="0", mem_fact=str(place)),
    )  # fmt: skip


def recalls(facts: Facts) -> Question | None:
    """The share of a fact at a hop, from the scores of all."""
    if (found := remembering(facts)) is None:
        return None
    _model, story, trace, _answer = found
    hop = facts.dice.randrange(len(trace.hops))
    scores, weights = array(trace.hops[hop].scores[0]), array(trace.hops[hop].weights[0])
    place = int(weights.argmax())
    return Question(
        kind="recalls", page=STORY, right=float(weights[place]), tolerance=0.1,
        asked=Sentence(
            _("“{question}” Hop {hop} scores the facts as given. What share of its look does “{line}” get?"),
            {"question": story.question, "hop": hop + 1, "line": story.lines[place]},
        ),
        given=Given(
            title=_("Hop {hop}: scores, and their softmax").format(hop=hop + 1), rows=(_("score"), _("share")),
            columns=numbered([line.rstrip(".") for line in story.lines]), values=table(scores, weights),
            hidden=whole_row(1, len(story.lines)), names=(_("number"), _("fact")), value_name=_("number"),
        ),
        why=Sentence(
            _("e to the power {score}, divided by the sum of all such powers, is {right}."),
            {"score": bracketed(float(scores[place])), "right": number(float(weights[place]))},
        ),
        there=there(story, mem_hop=str(hop), mem_fact=str(place)),
    )  # fmt: skip


def hops(facts: Facts) -> Question | None:
    """Where the second hop looks, when the first is given."""
    if (found := remembering(facts)) is None:
        return None
    _model, story, trace, _answer = found
    first, second = (array(hop.weights[0]) for hop in trace.hops[:2])
    best, other = sorted(second)[::-1][:2]
    if best - other < CLEAR or len(set(story.lines)) < len(story.lines):
        return None
    right = story.lines[int(second.argmax())]
    options, place = facts.shuffled(right, [story.lines[each] for each in first.argsort()[::-1]])
    return Question(
        kind="hops", page=STORY, right=place, options=options,
        asked=Sentence(
            _("“{question}” The first hop looks as given. At which fact does the second hop look most?"), {"question": story.question}
        ),
        given=Given(
            title=_("Shares of the first hop, and of the second"), rows=(_("hop {hop}").format(hop=1), _("hop {hop}").format(hop=2)),
            columns=numbered([line.rstrip(".") for line in story.lines]), values=table(first, second),
            hidden=whole_row(1, len(story.lines)), names=(_("hop"), _("fact")), value_name=_("share"),
        ),
        why=Sentence(
            _("What the first hop read went into the question. The second looks at “{line}” with {share}."),
            {"line": right, "share": f"{best:.2f}"},
        ),
        there=there(story, mem_hop="1", mem_fact=str(int(second.argmax()))),
    )  # fmt: skip


def forgets(facts: Facts) -> Question | None:
    """What is answered when the fact that was looked at most is taken away."""
    if (found := remembering(facts)) is None:
        return None
    model, story, trace, answer = found
    weights = np.mean([array(hop.weights[0]) for hop in trace.hops], axis=0)
    gone = int(weights.argmax())
    after, right = read(model, story, gone)
    chances = torch.softmax(after.logits[0], -1)
    others = [model.words[each] for each in chances.topk(4).indices.tolist()]
    options, place = facts.shuffled(right, [answer, *others], most=4)
    if len(options) < 3:
        return None
    return Question(
        kind="forgets", page=STORY, right=place, options=options,
        asked=Sentence(
            _("{story} “{question}” The network says {answer}. Take “{line}” away: what does it say now?"),
            {"story": "".join(f"{line}. " for line in story.lines).strip(), "question": story.question, "answer": answer, "line": story.lines[gone]},
        ),
        given=Given(
            title=_("How much all hops together look at each fact"), rows=(_("share"),),
            columns=numbered([line.rstrip(".") for line in story.lines]), values=table(weights), hidden=frozenset(),
            names=(_("number"), _("fact")), value_name=_("share"),
        ),
        why=Sentence(
            _("Without it “{right}” gets {chance} of the chances."), {"right": right, "chance": f"{100 * float(chances.max()):.0f} %"}
        ),
        there=there(story, mem_out=str(gone)),
    )  # fmt: skip


def decides(facts: Facts) -> Question | None:
    """Which sentence of a review gets the largest share."""
    model = facts.system("hierarchical")
    if not isinstance(model, Hierarchical):
        return None
    review = facts.pick(judged())
    with torch.inference_mode():
        trace = model(model.read([[reviews.words(line) for line in review.sentences]]))
    weights = array(trace.sentences.weights[0])
    best, other = sorted(weights)[::-1][:2]
    if best - other < CLEAR or len(set(review.sentences)) < len(review.sentences):
        return None
    right = review.sentences[int(weights.argmax())]
    options, place = facts.shuffled(right, review.sentences)
    said = LABELS[int(trace.logits[0].argmax())]
    return Question(
        kind="decides", page=REVIEW, right=place, options=options,
        asked=Sentence(
            _("“{review}” The network calls that {label}. Which sentence gets the largest share of its look?"),
            {"review": " ".join(review.sentences), "label": said},
        ),
        given=Given(
            title=_("Shares of the sentences"), rows=(_("share"),), columns=numbered([line.rstrip(".") for line in review.sentences]),
            values=table(weights), hidden=whole_row(0, len(weights)), names=(_("number"), _("sentence")), value_name=_("share"),
        ),
        why=Sentence(_("“{line}” gets {share} of it."), {"line": right, "share": f"{best:.2f}"}),
        there={"hat_review": " ".join(review.sentences)},
    )  # fmt: skip
