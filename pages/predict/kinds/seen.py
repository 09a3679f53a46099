"""Questions about pictures: on which shape a word's look falls, one tanh of a score, how many rows a picture becomes."""

import math
from functools import cache

import numpy as np
import torch

from pages.predict.facts import Facts, table, whole_row
from systems.scenes import corpus, drawing
from systems.scenes.captions import Caption, caption
from systems.scenes.measuring.looks import gold
from systems.scenes.scene import SIDE, Scene, write
from systems.scenes.soft import CaptionTrace, Soft
from systems.scenes.vit import PATCH, Vision
from ui.asking.question import Given, Question, Sentence
from ui.measures import arithmetic
from ui.session.walk import array
from ui.show.sums import bracketed, number
from ui.text import translate as _

PICTURE, VISION = "470_visual_attention", "530_vision_transformer"
MOST_LOOK = 0.5  # of a word's weight on one shape, or it is not asked for
SHOWN = 3
CUTS = ((SIDE, PATCH), (224, 16), (224, 32), (384, 16))  # of ours, and of the paper's


@cache
def drawn() -> tuple[Scene, ...]:
    """Held-out scenes of two shapes."""
    return tuple(each.scene for each in corpus.load().split("test") if len(each.scene) == 2)


def looking(facts: Facts) -> tuple[Soft, Scene, Caption, CaptionTrace] | None:
    """The captioner with soft attention, a scene, its caption, and what the network computes when it reads it; `None` if there is none."""
    model = facts.system("captions-soft")
    if not isinstance(model, Soft):
        return None
    scene = facts.pick(drawn())
    told = caption(scene)
    ids = [1, *(model.words.index(word) for word in told.words)]
    with torch.inference_mode():
        trace = model(drawing.paint(drawing.numbers([scene])), torch.tensor([ids]))
    return model, scene, told, trace


def glances(facts: Facts) -> Question | None:
    """On which of two shapes the weight of a word lies."""
    if (found := looking(facts)) is None:
        return None
    _model, scene, told, trace = found
    names = [shape.told for shape in scene]
    places = [place for place, its in enumerate(told.names) if len(its) == 1]
    word = facts.pick(places)
    weights = array(trace.glance.weights[0, word])
    shares = np.array([float(weights[array(gold(scene, [place]))].sum()) for place in range(2)])
    if max(shares) < MOST_LOOK or len(set(names)) < 2:
        return None
    right = names[int(shares.argmax())]
    options, place = facts.shuffled(right, names)
    return Question(
        kind="glances", page=PICTURE, right=place, options=options,
        asked=Sentence(
            _("The caption “{caption}” is written word by word. On which shape lies most of the look for word {place}, “{word}”?"),
            {"caption": told.text, "place": word + 1, "word": told.words[word]},
        ),
        given=Given(
            title=_("Share of the look on each shape"), rows=(_("share"),), columns=tuple(names), values=table(shares),
            hidden=whole_row(0, 2), names=(_("number"), _("shape")), value_name=_("share"),
        ),
        why=Sentence(_("{share} of it lies on the {shape}."), {"share": f"{100 * float(max(shares)):.0f} %", "shape": right}),
        there={"scene": write(scene), "va_word": str(word)},
    )  # fmt: skip


def pulls(facts: Facts) -> Question | None:
    """One term of a score, v · tanh(W y + U c), and how it comes about."""
    if (found := looking(facts)) is None:
        return None
    model, scene, told, trace = found
    word = facts.dice.randrange(len(told.words))
    place = int(trace.glance.weights[0, word].argmax())
    keys, query, v = (arithmetic.double(array(each)) for each in (
        trace.glance.keys[0, place], trace.glance.queries[0, word], model.glance.v.detach(),
    ))  # fmt: skip
    column = int(np.abs(v * np.tanh(keys + query)).argsort()[::-1][facts.dice.randrange(SHOWN)])
    right = float(v[column] * math.tanh(keys[column] + query[column]))
    named = {"key": number(float(keys[column])), "query": number(float(query[column])), "v": number(float(v[column]))}
    return Question(
        kind="pulls", page=PICTURE, right=right, tolerance=max(0.05, 0.05 * abs(right)),
        asked=Sentence(
            _("In dimension {column} W y is {key}, U c is {query} and v is {v}. What does this dimension add to the score v · tanh(W y + U c)?"),
            {"column": column, **named},
        ),
        given=Given(
            title=_("One dimension of the score, for “{word}”").format(word=told.words[word]), rows=("W y", "U c", "v", _("term")),
            columns=(_("dim {place}").format(place=column),), values=table([keys[column]], [query[column]], [v[column]], [right]),
            hidden=frozenset({(3, 0)}), names=(_("part"), _("dimension")), value_name=_("number"),
        ),
        why=Sentence(
            _("{v} × tanh({key} + {query}) = {right}."),
            {"v": named["v"], "key": named["key"], "query": bracketed(float(query[column])), "right": number(right)},
        ),
        there={"scene": write(scene), "va_word": str(word), "va_place": str(place)},
    )  # fmt: skip


def rows(facts: Facts) -> Question | None:
    """How many rows a picture becomes, here and in the paper."""
    if not isinstance(facts.system("vit"), Vision):
        return None
    side, patch = facts.pick(CUTS)
    right, numbers = (side // patch) ** 2, 3 * patch**2
    return Question(
        kind="rows", page=VISION, right=right, digits=0,
        asked=Sentence(
            _("A picture of {side} × {side} pixels is cut into patches of {patch} × {patch}. How many rows do the patches become?"),
            {"side": side, "patch": patch},
        ),
        given=Given(
            title=_("From pixels to rows"), rows=(_("pixels across"), _("pixels of a patch across"), _("numbers in a patch"), _("patches")),
            columns=(_("count"),), values=table([side], [patch], [numbers], [right]), hidden=frozenset({(3, 0)}),
            names=(_("size"), _("number")), value_name=_("count"),
        ),
        why=Sentence(
            _("{across} patches across and as many down: {right}. Each has 3 × {patch} × {patch} = {numbers} numbers, which E makes a row."),
            {"across": side // patch, "right": right, "patch": patch, "numbers": numbers},
        ),
        there={"scene": write(facts.pick(drawn()))},
    )  # fmt: skip
