"""Questions about changes: a head that is missed, a part that is gone, a row that is set by hand."""

from figures.labels import label
from pages.predict.facts import OPTIONS, Facts, numbered, table, whole_row
from transformer.what_if import MISSING, Head, Row, WhatIf
from ui.asking.question import Given, Question, Sentence
from ui.changed import edits, machine, names, outcome, scoreboard
from ui.changed.machine import Changes
from ui.changed.masks import Painted
from ui.changed.outcome import Outcome
from ui.measures import attributed
from ui.show.sums import number
from ui.text import translate as _

HEADS = 4  # that are offered


def missed(facts: Facts) -> Question | None:
    """Which head can the sentence least do without?"""
    found = scoreboard.here(facts.session)
    if len(found) < 2:
        return None
    step = max(1, (len(found) - 1) // (HEADS - 1))
    falls = {names.words(each.head): each.fall for each in (found[0], *found[step::step])}
    options, right = facts.shuffled(names.words(found[0].head), list(falls), HEADS)
    return Question(
        kind="missed", page="200_head_switchboard", options=options, right=right,
        asked=Sentence(_("Each of these heads is switched off alone. Without which does the log-probability of the French fall most?")),
        given=Given(
            title=_("Fall of the log-probability without the head"), rows=options, columns=(_("fall"),),
            values=table(*([falls[option]] for option in options)), hidden=frozenset((row, 0) for row in range(len(options))),
            names=(_("head"), _("number")), value_name=_("fall in nats"),
        ),
        why=Sentence(_("Without {head} it falls by {fall}. Of all {count} heads this sentence can least do without it."),
                     {"head": options[right], "fall": number(falls[options[right]]), "count": len(found)}),
        there={"sw_picture": "score", "sw_heads": names.code(found[0].head)},
    )  # fmt: skip


def part_gone(facts: Facts) -> Question | None:
    """What would the model write without one of its parts?"""
    parts = {
        "positions": _("positions"), "scaling": _("the division by √d_k"), "residual": _("residual connections"), "norm": _("LayerNorm"),
        "mask": _("the causal mask"),
    }  # fmt: skip
    asked = facts.dice.sample(list(parts), 3)
    before = became(facts, WhatIf())
    found = {part: became(facts, MISSING[part]) for part in asked}
    part = asked[0]
    wrong = [before.text, *(found[other].text for other in asked[1:]), " ".join(reversed(before.text.split()))]
    options, right = facts.shuffled(said(found[part].text), [said(text) for text in wrong])
    if len(options) < 2:
        return None
    return Question(
        kind="part_gone", page="220_machine_parts", options=options, right=right,
        asked=Sentence(_("The trained model loses {part}, nothing else. What does it write now?"), {"part": parts[part]}),
        given=Given(
            title=_("Log-probability of the French above"), rows=(_("as it is"), _("without {part}").format(part=parts[part])),
            columns=(_("log-probability"),), values=table([before.total], [found[part].total]), hidden=frozenset({(1, 0)}),
            names=(_("model"), _("number")), value_name=_("log-probability"),
        ),
        why=Sentence(why_gone(part), {
            "text": said(found[part].text), "before": number(before.total, 2), "after": number(found[part].total, 2),
        }),
        there=there(part),
    )  # fmt: skip


def why_gone(part: str) -> str:
    """What becomes of the model; the mask is a case of its own."""
    told = _(
        "It writes “{text}”. The log-probability of the French above, read all at once, goes from {before} to {after}."
    )
    if part == "mask":
        told += " " + _(
            "While it writes on its own, what comes later does not exist yet: the mask is there for training."
        )
    return told


def there(part: str) -> dict[str, str]:
    """The address of the model without that part."""
    if part == "mask":
        return {"mp_lab": "mask", "mp_do": machine.code(Changes(masks=(Painted("decoder", "future"),)))}
    gone = Changes(positions="off") if part == "positions" else Changes(**{part: False})  # type: ignore[arg-type]
    return {"mp_lab": "positions" if part == "positions" else "parts", "mp_do": machine.code(gone)}


def became(facts: Facts, what_if: WhatIf) -> Outcome:
    """What comes out of a change of this sentence."""
    session = facts.session
    return outcome.outcome(session.origin, session.walk.source_text, session.walk.written_ids, session.search, what_if)


def left_out(facts: Facts) -> Question | None:
    """Which English word can a French piece least do without?"""
    walk = facts.session.walk
    place = facts.dice.randrange(len(walk.written))
    measured = attributed.found(facts.session, place)
    falls = measured.left.whole[0] - measured.left.without[:, 0]
    words, best = numbered(measured.words.names), int(falls.argmax()) if len(falls) else 0
    if len(words) < 3:
        return None
    others = facts.dice.sample([word for word in range(len(words)) if word != best], min(len(words), OPTIONS) - 1)
    offered = sorted([best, *others])
    piece = label(walk.written[place])
    return Question(
        kind="left_out", page="250_explanation", options=tuple(words[word] for word in offered), right=offered.index(best),
        asked=Sentence(
            _("One English word is taken out of the sentence, and the model reads it again. Without which of these words does the log-probability "
              "of {piece} fall most?"), {"piece": piece}),
        given=Given(
            title=_("Fall of the log-probability of {piece}").format(piece=piece), rows=(_("without the word"),),
            columns=tuple(words[word] for word in offered), values=table(falls[offered]), hidden=whole_row(0, len(offered)),
            names=(_("measure"), _("word")), value_name=_("fall in nats"),
        ),
        why=Sentence(
            _("Without “{word}” it falls by {fall}. Where attention looks is another question: the page below compares both."),
            {"word": words[best], "fall": number(float(falls[best]))},
        ),
        there={"piece": str(place + 1), "ex_method": "left", "source": str(measured.words.pieces[best][0] + 1)},
    )  # fmt: skip


def said(text: str, most: int = 60) -> str:
    """A translation, cut if it rambles."""
    text = text.strip() or _("(nothing)")
    return text if len(text) <= most else f"{text[:most].rstrip()} …"


def pinned(facts: Facts) -> Question | None:
    """Does the model still find its piece if its most important cross head may look at one other place only?"""
    walk = facts.session.walk
    heads = [each.head for each in scoreboard.here(facts.session) if each.head.kind == "cross"][:3]
    if not heads or len(walk.source) < 3:
        return None
    head = facts.pick(heads)
    place = facts.dice.randrange(len(walk.written))
    weights = walk.cross[head.layer][head.head, place]
    best = int(weights.argmax())
    key = facts.pick([each for each in range(len(walk.source)) if each != best])
    change = WhatIf(rows=(Row(head, place, tuple(float(each == key) for each in range(len(walk.source)))),))
    before, after = became(facts, WhatIf()), became(facts, change)
    return question_of_pin(facts, head, place, (best, key), (before.chances[place], after.chances[place]))


def question_of_pin(
    facts: Facts, head: Head, place: int, keys: tuple[int, int], chances: tuple[float, float]
) -> Question:  # fmt: skip
    """The question whether a piece gets less likely."""
    walk = facts.session.walk
    source, piece = facts.pieces(walk.source), label(walk.written[place])
    bounds = {_("falls by more than half"): -9.0, _("stays within a factor of 2"): 0.5, _("more than doubles"): 2.0}
    change = chances[1] / chances[0] if chances[0] else 1.0
    options = tuple(bounds)
    right = 2 if change > 2 else 0 if change < 0.5 else 1
    return Question(
        kind="pinned", page="210_attention_editor", options=options, right=right,
        asked=Sentence(
            _("{head}: about to write {piece} it looks mostly at {best}. Now it may look at {key} only. What becomes of the probability of {piece}?"),
            {"head": names.words(head), "piece": piece, "best": source[keys[0]], "key": source[keys[1]]},
        ),
        given=Given(
            title=_("Probability of {piece}").format(piece=piece), rows=(_("as it is"), _("pinned to {key}").format(key=source[keys[1]])),
            columns=(_("probability"),), values=table([chances[0]], [chances[1]]), hidden=frozenset({(1, 0)}), names=(_("model"), _("number")),
            value_name=_("probability"),
        ),
        why=Sentence(_("It goes from {before} to {after}. One head is one voice of many: others, and the residual path, may carry the same news."),
                     {"before": number(chances[0], 4), "after": number(chances[1], 4)}),
        there={
            "kind": "cross", "layer": str(head.layer + 1), "head": str(head.head + 1), "piece": str(place + 1),
            "ed_rows": edits.code(edits.Place("cross", head.layer, head.head, place), {keys[1]: edits.WHOLE}),
        },
    )  # fmt: skip
