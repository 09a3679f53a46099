"""The sum behind a weight, term by term, in the letters of the notes; and what attention is good for."""

import html

from pages.visual_attention import maps
from pages.visual_attention.asked import Asked
from pages.visual_attention.looked import SIDE, Cell, blind, cell, score, share
from systems.scenes.measuring import record
from ui import frame
from ui.measures.arithmetic import DotProduct
from ui.scenes.words import lies
from ui.show import numpy_lines, proof, sums
from ui.show.proof import Link
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

ALIGNMENT, SCORES = "420_alignment", "430_score_functions"


def first(asked: Asked) -> None:
    """What is to be seen, with the learner's own numbers."""
    soft, hard = asked.panels[0], asked.panels[1:]
    word = maps.at(soft, asked.word)
    mine = share(soft, asked.scene, asked.word)
    if mine is None:
        place = lies(int(maps.row(soft, asked.word).argmax()))
        weight = f"{100 * float(maps.row(soft, asked.word).max()):.0f} %"
        return frame.first_line(
            _("Before it writes “{word}”, soft attention gives {weight} of its look to {place}, the most."),
            word=word,
            weight=weight,
            place=place,
        )
    found = [each for each in (share(one, asked.scene, asked.word) for one in hard) if each is not None]
    told = _(
        "To write {word}, soft attention lays {share} of its look on what the word names; hard attention drew a place there {hits} of {draws} times."
    )
    return frame.first_line(told, word=word, share=f"{100 * mine:.0f} %", hits=round(sum(found)), draws=len(found))


def tell(asked: Asked) -> None:
    """The chosen cell; what looking adds."""
    word = min(asked.word, len(asked.shown.words) - 1)
    found = cell(asked.shown, score(asked.origin), word, asked.place)
    title = filled(
        _("{caption}, about to write {word}, looks at {place}: {weight}"), caption=maps.names()[asked.panel],
        word=asked.shown.words[word], place=lies(asked.place), weight=number(found.weighing.weight, 4),
    )  # fmt: skip
    lines = [
        *scored(asked, found, word),
        Line("softmax", sums.share(found.weighing, SIDE * SIDE), not asked.panel),
        *mixed(asked, found, word),
    ]
    foot = filled(
        _(
            "y: the annotation of that place, what the convolutions made of 23 × 23 pixels there. c: the state of the LSTM before the word."
        )
    )
    sums.show(title, lines, f"<p>{foot}</p>", numpy_lines.softmax(found.weighing, number(found.weighing.weight, 4)))
    why(asked)


def scored(asked: Asked, found: Cell, word: int) -> list[Line]:
    """The lines down to the score."""
    parts, d = score(asked.origin), found.dot.largest(1)[0].place
    answers = DotProduct(parts.W[d], asked.shown.annotations[asked.place])
    asks = DotProduct(parts.U[d], asked.shown.states[word], float(parts.b[d]))
    rows = [
        (_("dim {place}").format(place=place), f"tanh({number(a)} + {sums.bracketed(b)})", number(c))
        for place, (a, b, c) in enumerate(
            zip(found.answers.tolist(), found.asks.tolist(), found.dot.right.tolist(), strict=True)
        )
    ]
    squeezed = sums.folded(sums.term(f"tanh = {rows[d][2]}", _("{name}; all of them").format(name=rows[d][0])), rows)
    return [
        Line("W y", sums.summed(answers)),
        Line("U c + b", sums.summed(asks, bias=True)),
        Line("tanh", f"{number(answers.total)} + {sums.bracketed(asks.total)} → {squeezed}"),
        Line("v · tanh", sums.summed(found.dot)),
    ]


def mixed(asked: Asked, found: Cell, word: int) -> list[Line]:
    """What becomes of the weight: a share of the context, or a chance."""
    d = found.dot.largest(1)[0].place % len(found.weighing.value)
    names = [lies(place) for place in range(SIDE * SIDE)]
    shown = asked.shown
    total = DotProduct(shown.chosen[word], shown.annotations[:, d])
    if not asked.panel:
        return [
            Line(
                f"Σ α y {sums.term('', _('dim {place}').format(place=d))}", sums.summed(total, names, first=asked.place)
            )
        ]
    drawn = int(shown.chosen[word].argmax())
    told = filled(
        _("{weight} is its chance. Drawn was {place}: the context is its y alone."),
        weight=number(found.weighing.weight, 4),
        place=lies(drawn),
    )
    return [Line(html.escape(_("by lot")), told, True)]


def why(asked: Asked) -> None:
    """What comes of leaving the look out."""
    links = [Link(ALIGNMENT, _("The same between words")), Link(SCORES, _("tanh or q · k?"))]
    told = _("What is looking good for? With all 36 places alike, soft attention’s model writes {text}.")
    found = next((each for each in record.captioners() if each.kind == "captions-soft"), None)
    if found:
        told += " " + _(
            "Of {count} held-out scenes it then gets {without} % right to the last word, instead of {exact} %."
        )
        return proof.show(
            told,
            *links,
            text=blind(asked.soft, asked.scene) or "…",
            count=found.exact.examples,
            without=f"{found.exact.without:.1f}",
            exact=f"{found.exact.exact:.1f}",
        )
    return proof.show(told, *links, text=blind(asked.soft, asked.scene) or "…")


def values(asked: Asked) -> dict[str, str]:
    """For the lesson."""
    word = min(asked.word, len(asked.shown.words) - 1)
    found = cell(asked.shown, score(asked.origin), word, asked.place)
    return {
        "word": asked.shown.words[word], "place": lies(asked.place), "score": number(found.dot.total), "weight": number(found.weighing.weight, 4),
        "d": str(len(found.dot.left)), "d_annotation": str(asked.shown.annotations.shape[1]), "d_state": str(asked.shown.states.shape[1]),
        "tanh": f"{len(asked.shown.words) * SIDE * SIDE * len(found.dot.left):,}", "words": str(len(asked.shown.words)),
        "context": number(float(asked.shown.contexts[word][0])),
        **{f"{name}_blind": without(kind) for name, kind in (("soft", "captions-soft"), ("hard", "captions-hard"))},
    }  # fmt: skip


def without(kind: str) -> str:
    """Captions right with all places alike, as recorded, in per cent."""
    found = next((each for each in record.captioners() if each.kind == kind), None)
    return f"{found.exact.without:.0f} %" if found else "—"
