"""Exercises about the output: logits to probabilities, a step of beam search, the loss, BLEU."""

import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import torch

from pages.worksheets.exact import added, all_rounded, bracketed, exp, root, rounded, share, written
from pages.worksheets.exercise import Blank, Exercise, Table, line
from pages.worksheets.facts import THROWS, Facts, name, to
from transformer.corpora import Pair
from transformer.decoding.hypotheses import penalty_of_length
from transformer.decoding.sampling import Cuts
from transformer.decoding.search import LENGTH_PENALTY, Step
from ui.measures.search import searched
from ui.session import dealt, state
from ui.text import filled
from ui.text import translate as _

FEW, LONGEST, WIDTH = 3, 6, 2  # pieces that are weighed; places of a loss; width of the beam
WORDS, LONG = (3, 9), 12  # of the references whose n-grams are counted, and at most of the translations
CUTS = Cuts(temperature=1.5, top_k=6)  # by which translations are drawn that are not all right


def probabilities(facts: Facts) -> Exercise:
    """Three logits become probabilities; the powers of all the other pieces are given as one."""
    walk = facts.session.walk
    place = facts.best(lambda: facts.dice.randrange(len(walk.written)), lambda each: -walk.chances[each])
    found = walk.trace.logits[0, place].double()
    values, ids = (each.tolist() for each in found.topk(FEW))
    logits = all_rounded(values)
    apart = [each - logits[0] for each in logits]
    powers = [exp(each, 3) for each in apart]
    rest = rounded(float((found - values[0]).exp().sum() - sum(torch.tensor(values).sub(values[0]).exp().tolist())), 3)
    rest = max(rest, Decimal("0.000"))
    total = sum([*powers, rest], Decimal(0))
    pieces = [facts.piece(id) for id in ids]
    rows = (
        line(_("logit"), *map(written, logits), "–", "–"),
        line(_("− largest"),
             *(Blank(written(a), f"{bracketed(each)} − {bracketed(logits[0])}") for a, each in zip(apart, logits, strict=True)), "–", "–"),
        line(_("e to the power of it"), *map(written, powers), written(rest), Blank(written(total), added([*powers, rest]))),
        line(_("probability"), *(Blank(written(share(p, total, 3)), f"{written(p)} / {written(total)}") for p in powers), "–", "–"),
    )  # fmt: skip
    return Exercise(
        kind="probabilities", page="100_output_and_search", title=_("From logits to probabilities"), rounding=to(3), room=20,
        tables=(Table(head=("", *pieces, _("all other pieces"), _("sum")), rows=rows),),
        asked=filled(
            _("After {read}, place {place}, the model scores all {count} pieces of its vocabulary. These three are best. How probable is each?"),
            read=name(walk.read[place]), place=place + 1, count=f"{len(found):,}",
        ),
        view=_("The powers of all the other pieces are added up for you, so these are the model’s own probabilities."),
        there={"piece": str(place + 1)},
    )  # fmt: skip


def beam(facts: Facts) -> Exercise | None:
    """One step of a beam of two: add up, divide by the length penalty, keep the two best."""
    steps = searched(facts.session.origin, facts.session.walk.source_text, WIDTH, LENGTH_PENALTY)
    good = [
        place for place in range(1, len(steps)) if len(steps[place - 1].kept) == WIDTH and len(steps[place].candidates) >= 2 * WIDTH
    ]  # fmt: skip
    if not good:
        return None
    place = facts.pick(good)
    penalty = rounded(penalty_of_length(place + 1, LENGTH_PENALTY))
    table = grown(facts, steps[place - 1], steps[place], penalty)
    if table is None:
        return None
    return Exercise(
        kind="beam", page="100_output_and_search", title=_("One step of beam search"), rounding=to(2), tables=(table,),
        asked=filled(
            _("Piece {place} of a beam of width {width}. Add the log-probabilities, divide by the length penalty ((5 + {place}) / 6)^{alpha} = "
              "{penalty}. Which two stay?"), place=place + 1, width=WIDTH, alpha=LENGTH_PENALTY, penalty=written(penalty),
        ),
        view=_("The four best ways to go on; all others are worse."), there={"output": "beam"}, room=18,
    )  # fmt: skip


def grown(facts: Facts, before: Step, step: Step, penalty: Decimal) -> Table | None:
    """Four ways to go on with two hypotheses; `None` if, rounded, the second and the third are equally good."""
    shown = sorted(step.candidates[: 2 * WIDTH], key=lambda each: (each.hypothesis, -each.log_probability))
    so_far = all_rounded([before.kept[each.hypothesis].total for each in shown])
    new = all_rounded([each.log_probability for each in shown])
    totals = [a + b for a, b in zip(so_far, new, strict=True)]
    scores = [share(each, penalty) for each in totals]
    order = sorted(range(len(scores)), key=lambda at: -scores[at])
    if scores[order[WIDTH - 1]] == scores[order[WIDTH]]:
        return None
    rows = tuple(
        line(
            text_of(facts, before, each.hypothesis), facts.piece(each.id), written(so_far[at]), written(new[at]),
            Blank(written(totals[at]), added([so_far[at], new[at]])), Blank(written(scores[at]), f"{bracketed(totals[at])} / {written(penalty)}"),
            Blank(_("yes") if at in order[:WIDTH] else _("no")),
        )
        for at, each in enumerate(shown)
    )  # fmt: skip
    head = (
        _("so far"),
        _("next piece"),
        _("ln p so far"),
        _("ln p of it"),
        _("together"),
        f"/ {written(penalty)}",
        _("stays?"),
    )
    return Table(head=head, rows=rows)


def text_of(facts: Facts, step: Step, hypothesis: int) -> str:
    """The last pieces of a hypothesis."""
    return " ".join(facts.piece(id) for id in step.kept[hypothesis].ids[-3:])


def loss(facts: Facts) -> Exercise:
    """The loss of a sentence: the mean of −ln p over its pieces."""
    walk = facts.session.walk
    count = len(walk.written)
    shown = facts.some(LONGEST, count)
    nats = [-float(torch.tensor(each, dtype=torch.float64).clamp(min=1e-12).log()) for each in walk.chances]
    each = all_rounded([nats[at] for at in shown], 3)
    rest = rounded(sum(nat for at, nat in enumerate(nats) if at not in shown), 3)
    terms = [*each, *([rest] if count > len(shown) else [])]
    total = sum(terms, Decimal(0))
    more = (
        ((_("the {count} others together").format(count=count - len(shown)), "–", written(rest)),)
        if count > len(shown)
        else ()
    )
    body = tuple(
        (name(walk.written[at]), f"{walk.chances[at]:.3f}", written(nat)) for at, nat in zip(shown, each, strict=True)
    )
    mean = share(total, count, 3)
    results = (
        (_("sum"), "–", Blank(written(total), added(terms))),
        (_("mean: the loss"), "–", Blank(written(mean), f"{written(total)} / {count}")),
        (_("perplexity: e to the power of the loss"), "–", Blank(written(exp(mean, 3)), f"e^({written(mean)})")),
    )
    return Exercise(
        kind="loss", page="300_train", title=_("What training lowers"), rounding=to(3), room=18,
        tables=(Table(head=(_("piece"), "p", "−ln p"), rows=(*body, *more, *results)),),
        asked=filled(
            _("So probable did the model find each right next piece of “{text}”. Work out its loss on this sentence, the mean of −ln p over "
              "{count} pieces."), text=walk.target_text, count=count),
        view=_("Without label smoothing, which training adds."), there={},
    )  # fmt: skip


def signs(text: str) -> list[str]:
    """Words and signs, small."""
    return re.findall(r"\w+['’]?|[^\w\s]", text.lower())


def bleu(facts: Facts) -> Exercise | None:
    """Count the words and pairs of words that a translation shares with a reference."""
    origin, pairs = facts.session.origin, dealt.held_out(facts.session.origin)
    few, many = WORDS
    good = [pair for pair in pairs if few <= len(signs(pair.target)) <= many and pair.source in dealt.bank(origin)]
    if not good:
        return None
    found = next(
        (each for pair in facts.dice.sample(good, min(THROWS, len(good))) if (each := drawn(facts, pair))), None
    )
    if found is None:
        return None
    pair, text = found
    said, right = signs(text), signs(pair.target)
    shared = [(Counter(said) & Counter(right)).total(), (Counter(pairwise(said)) & Counter(pairwise(right))).total()]
    counts = [len(said), len(said) - 1]
    precisions = [share(one, all_of) for one, all_of in zip(shared, counts, strict=True)]
    mean = root(rounded(precisions[0] * precisions[1], 4))
    short = Decimal(1) if len(said) >= len(right) else exp(1 - Decimal(len(right)) / len(said))
    brief = "1" if len(said) >= len(right) else f"e^(1 − {len(right)} / {len(said)})"
    body = (
        *(line(label, Blank(str(one)), Blank(str(all_of)), Blank(written(p), f"{one} / {all_of}"))
          for label, one, all_of, p in zip((_("words"), _("pairs of words")), shared, counts, precisions, strict=True)),
        line(_("√(precision × precision)"), "–", "–", Blank(written(mean), f"√({written(precisions[0])} × {written(precisions[1])})")),
        line(_("penalty, if shorter: e^(1 − {right} / length)").format(right=len(right)), "–", "–", Blank(written(short), brief)),
        line(_("BLEU-2"), "–", "–", Blank(written(rounded(mean * short)), f"{written(mean)} × {written(short)}")),
    )  # fmt: skip
    table = Table(head=("", _("shared"), _("in the translation"), _("precision")), rows=body)
    return bleu_of(pair.source, " ".join(said), " ".join(right), table)


def drawn(facts: Facts, pair: Pair) -> tuple[Pair, str] | None:
    """A translation drawn by lot, and its pair, if it shares some words with the reference but not all."""
    origin = facts.session.origin
    ids = state.translation(origin, pair.source, state.Search(cuts=CUTS, seed=facts.dice.randrange(1000)))
    text = state.opened(origin).tokenizer.decode(ids)
    said, right = signs(text), signs(pair.target)
    shared = len({*said} & {*right})
    return (pair, text) if said != right and 1 < len(said) <= LONG and shared >= len(right) / 2 else None


def bleu_of(source: str, said: str, right: str, table: Table) -> Exercise:
    """The exercise about two sentences."""
    return Exercise(
        kind="bleu", page="450_results", title=_("How good is the translation?"), rounding=to(2), tables=(table,), room=18,
        asked=filled(
            _("“{source}” A translation that the model drew by lot: “{said}” The reference: “{right}” Count words and signs, and pairs of them, "
              "that both have; one that stands twice in both counts twice. If the translation is not shorter, the penalty is 1."),
            source=source, said=said, right=right,
        ),
        view=_("BLEU counts groups of one to four words over a whole set of sentences; here groups of one and two, in one sentence."),
    )  # fmt: skip
