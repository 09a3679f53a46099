"""Questions about words: a cosine, a neighbour, the parts of an unknown word, what fills a blank, and what seeing both sides is worth."""

from functools import lru_cache

import numpy as np
import torch

from pages.predict.facts import Facts, table, whole_row
from systems.masked.causal import Causal
from systems.masked.reader import Guesser
from systems.vectors.fasttext import FastText
from systems.vectors.space import cosines
from systems.vectors.space import nearest as nearest_of
from systems.vectors.windows import WordVectors
from ui.asking.question import Given, Question, Sentence
from ui.session.walk import array
from ui.show.sums import number
from ui.text import translate as _

VECTORS, MASKED = "490_words_as_vectors", "510_masked_words"
WORDS = ("dog", "mother", "monday", "happy", "tired", "car", "water", "school", "he", "paris", "drink", "beautiful")
UNREAD = ("sleepless", "carless", "dogless", "repaint", "unhappily", "schoolish", "teachings")
SENTENCES = (  # a blank that its right side decides, and one that its left side does
    "I drank a ___ of milk.", "She is reading a ___ now.", "The ___ didn't cross the street because it was too tired.",
    "Tom ___ to school every day.", "I have never ___ to Paris.", "Please ___ the door when you leave.", "He is taller ___ his brother.",
)  # fmt: skip
CLEAR = 0.02


def between(facts: Facts) -> tuple[WordVectors, str, str] | None:
    """Skip-gram's rows, and two words that it knows."""
    model = facts.system("skip-gram")
    if not isinstance(model, WordVectors):
        return None
    known = [word for word in WORDS if word in model.places]
    if len(known) < 2:
        return None
    one, other = facts.dice.sample(known, 2)
    return model, one, other


def close(facts: Facts) -> Question | None:
    """The cosine of two words, from the dot product and the lengths."""
    if (found := between(facts)) is None:
        return None
    model, one, other = found
    rows = array(model.inputs().detach())[[model.places[one], model.places[other]]].astype(float)
    dot, lengths = float(rows[0] @ rows[1]), np.linalg.norm(rows, axis=1)
    right = dot / float(lengths.prod())
    return Question(
        kind="close", page=VECTORS, right=right, tolerance=0.05,
        asked=Sentence(
            _("The rows of {one} and {other} have the dot product {dot} and the lengths {long} and {longer}. What is their cosine?"),
            {"one": one, "other": other, "dot": number(dot), "long": number(lengths[0]), "longer": number(lengths[1])},
        ),
        given=Given(
            title=_("Two rows of skip-gram"),
            rows=(_("dot product"), *(_("length of {word}").format(word=each) for each in (one, other)), _("cosine")),
            columns=(_("number"),), values=table([dot], [lengths[0]], [lengths[1]], [right]), hidden=frozenset({(3, 0)}),
            names=(_("part"), _("number")), value_name=_("number"),
        ),
        why=Sentence(_("{dot} / ({long} × {longer}) = {right}."), {
            "dot": number(dot), "long": number(lengths[0]), "longer": number(lengths[1]), "right": number(right),
        }),
        there={"wv_word": one},
    )  # fmt: skip


def nearest(facts: Facts) -> Question | None:
    """Which word is the nearest to another."""
    if (found := between(facts)) is None:
        return None
    model, word, _other = found
    rows, place = model.inputs().detach(), model.places[word]
    best = nearest_of(rows[place], rows, 60, (place,))
    names = [model.words[best[each][0]] for each in (0, 12, 30, 59)]
    values = [best[each][1] for each in (0, 12, 30, 59)]
    if values[0] - values[1] < CLEAR:
        return None
    options, right = facts.shuffled(names[0], names)
    shown = [values[names.index(option)] for option in options]
    return Question(
        kind="nearest", page=VECTORS, right=right, options=options,
        asked=Sentence(_("Skip-gram read everyday sentences. Which of these words has the row nearest to that of {word}?"), {"word": word}),
        given=Given(
            title=_("Cosines with {word}").format(word=word), rows=(_("cosine"),), columns=options, values=table(shown),
            hidden=whole_row(0, len(options)), names=(_("number"), _("word")), value_name=_("cosine"),
        ),
        why=Sentence(_("The cosine of {word} and {right} is {value}."), {"word": word, "right": names[0], "value": f"{values[0]:.2f}"}),
        there={"wv_word": word},
    )  # fmt: skip


def parts(facts: Facts) -> Question | None:
    """Of how many parts fastText makes a word that it never read."""
    model = facts.system("fasttext")
    if not isinstance(model, FastText):
        return None
    word = facts.pick([each for each in UNREAD if each not in model.places])
    sizes, long = (model.sizes.shortest, model.sizes.longest), len(word) + 2
    counts = [sum(len(gram) == size for gram in model.n_grams(word)) for size in range(sizes[0], sizes[1] + 1)]
    right = len(model.n_grams(word))
    close_to = cosines(model.made(word).output.detach(), model.inputs().detach())
    return Question(
        kind="parts", page=VECTORS, right=right, digits=0,
        asked=Sentence(
            _("fastText never read “{word}”. With < and > it has {long} signs. Of how many n-grams of {least} to {most} signs is its row the sum?"),
            {"word": word, "long": long, "least": sizes[0], "most": sizes[1]},
        ),
        given=Given(
            title=_("n-grams of <{word}> by their length").format(word=word), rows=(_("n-grams"),),
            columns=tuple(str(size) for size in range(sizes[0], sizes[1] + 1)), values=table(counts), hidden=whole_row(0, len(counts)),
            names=(_("count"), _("length")), value_name=_("count"),
        ),
        why=Sentence(
            _("Of length n there are {long} − n + 1: together {right}. The nearest known word to their sum is {near}."),
            {"long": long, "right": right, "near": model.words[int(close_to.argmax())]},
        ),
        there={"wv_view": "parts", "wv_unknown": word},
    )  # fmt: skip


@lru_cache(maxsize=64)
def filled(model: Guesser, sentence: str) -> np.ndarray:
    """The chances of every word in the blank of a sentence."""
    before, after = sentence.split("___")
    ids = model.read(before + "zzz" + after)
    place = next(each for each, id in enumerate(ids) if id == model.places["<unk>"])
    with torch.inference_mode():
        asked, answers = model.blanked(torch.tensor([ids]), torch.tensor([place]))
        found: np.ndarray = torch.softmax(model(asked).logits[0, int(answers[0])].double(), -1).numpy()
    return found


def blank(facts: Facts) -> Question | None:
    """What BERT puts into a blank."""
    model = facts.system("bert")
    if not isinstance(model, Guesser):
        return None
    sentence = facts.pick(SENTENCES)
    chances = filled(model, sentence)
    best = [int(each) for each in chances.argsort()[::-1][:40] if model.words[int(each)].isalpha()]
    chosen = [best[0], best[2], best[5], best[12]]
    if chances[best[0]] - chances[best[2]] < CLEAR:
        return None
    options, right = facts.shuffled(model.words[best[0]], [model.words[each] for each in chosen])
    shown = [float(chances[model.places[option]]) for option in options]
    return Question(
        kind="blank", page=MASKED, right=right, options=options,
        asked=Sentence(_("{sentence} Which of these words does BERT hold for the likeliest?"), {"sentence": sentence}),
        given=Given(
            title=_("Chances in the blank"), rows=(_("chance"),), columns=options, values=table(shown), hidden=whole_row(0, len(options)),
            names=(_("number"), _("word")), value_name=_("chance"),
        ),
        why=Sentence(_("“{word}” gets {chance}."), {"word": model.words[best[0]], "chance": f"{100 * float(chances[best[0]]):.0f} %"}),
        there={"mw_text": sentence},
    )  # fmt: skip


def both(facts: Facts) -> Question | None:
    """Which of two models finds a word: the one that sees both sides, or the one that sees only what came before."""
    bert, causal = facts.system("bert"), facts.system("causal")
    if not isinstance(bert, Guesser) or not isinstance(causal, Causal) or bert.words != causal.words:
        return None
    sentence = facts.pick(SENTENCES)
    ours, theirs = filled(bert, sentence), filled(causal, sentence)
    best = next(int(each) for each in ours.argsort()[::-1] if bert.words[int(each)].isalpha())
    word, pair = bert.words[best], (float(ours[best]), float(theirs[best]))
    if max(pair) < 1.5 * min(pair):
        return None
    options = (_("BERT, which sees both sides"), _("the causal one, which sees what came before"))
    return Question(
        kind="both", page=MASKED, right=int(pair[1] > pair[0]), options=options,
        asked=Sentence(_("{sentence} Which model gives “{word}” the greater chance?"), {"sentence": sentence, "word": word}),
        given=Given(
            title=_("The chance of “{word}”").format(word=word), rows=(_("chance"),), columns=options, values=table(pair),
            hidden=whole_row(0, 2), names=(_("number"), _("model")), value_name=_("chance"),
        ),
        why=Sentence(
            _("BERT gives it {ours}, the causal model {theirs}: it has not seen what stands behind the blank."),
            {"ours": f"{100 * pair[0]:.1f} %", "theirs": f"{100 * pair[1]:.1f} %"},
        ),
        there={"mw_text": sentence},
    )  # fmt: skip
