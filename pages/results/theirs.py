"""A line of Table 2: what it cost by the paper's own sum, and how it stands to what it is to be compared with."""

import html

from pages.results.asked import Asked
from relatives.results.paper import Paper, Result
from ui.frame.rooms import Rooms
from ui.show import sums
from ui.show.sums import Line, superscript
from ui.text import filled
from ui.text import translate as _

SECONDS = 3600  # of an hour
NEW = "self-attention"


def tell(rooms: Rooms, asked: Asked, result: Result, paper: Paper) -> None:
    """The first line, and the sum."""
    cost, bleu = result.flops.get(asked.pair), result.bleu[asked.pair]
    named = {"model": result.model, "bleu": f"{bleu:g}"}
    if cost is None:
        rooms.seen(_("{model}: {bleu} BLEU; what it cost, the table does not say."), **named)
        lines = []
    else:
        rival = compared(asked, result, paper)
        told = _("{model}: {bleu} BLEU for {cost} operations. {other}: {score} for {more}.")
        rooms.seen(
            told,
            **named,
            cost=given(cost),
            other=rival.model,
            score=f"{rival.bleu[asked.pair]:g}",
            more=given(rival.flops[asked.pair]),
        )
        lines = [hardware(result, cost, paper), against(asked, result, rival)]
    source = f"{paper.source}, Table 2" + ("" if result.origin == paper.source else f" ({result.origin})")
    edition = f"<small>{html.escape(paper.differs)}</small>" if asked.pair == "en_fr" and result.kind == NEW else ""
    sums.show(
        filled("{model}", model=result.model), [*lines, Line(html.escape(_("source")), html.escape(source))], edition
    )


def given(cost: float) -> str:
    """A cost as the table writes it."""
    digits, _e, power = f"{cost:.1e}".partition("e")
    return f"{digits}×10{superscript(int(power))}"


def compared(asked: Asked, result: Result, paper: Paper) -> Result:
    """For a Transformer the best of the others; for another the cheapest Transformer that is better, or else the best one."""
    known = [each for each in paper.results if asked.pair in each.flops]

    def score(each: Result) -> float:
        return each.bleu[asked.pair]

    if result.kind == NEW:
        return max((each for each in known if each.kind != NEW), key=score)
    new = [each for each in known if each.kind == NEW]
    better = [each for each in new if score(each) > score(result)] or [max(new, key=score)]
    return min(better, key=lambda each: each.flops[asked.pair])


def hardware(result: Result, cost: float, paper: Paper) -> Line:
    """The paper's own sum: cards times hours times what a card does in a second; of the others, the table's word."""
    name = html.escape(_("cost"))
    if not result.gpus or not result.hours:
        return Line(name, html.escape(_("{cost}, as the table gives it").format(cost=given(cost))))
    product = result.gpus * result.hours * SECONDS * paper.flops_per_second
    note = _("Time is counted, not products: what the cards could have done in it. The table rounds to {cost}.")
    how = f"{result.gpus} {paper.card} × {result.hours:g} h × {SECONDS:,} s × {given(paper.flops_per_second)}/s = <b>{sums.number(product)}</b>"
    return Line(name, how + sums.why(note.format(cost=given(cost))))


def against(asked: Asked, result: Result, rival: Result) -> Line:
    """The Transformer of the two against the other."""
    new, old = (result, rival) if result.kind == NEW else (rival, result)
    gain = f"{new.bleu[asked.pair] - old.bleu[asked.pair]:+.2f}".replace("-", "−")
    share = f"{100 * new.flops[asked.pair] / old.flops[asked.pair]:.2g} %"
    told = _("{one} against {other}: {gain} BLEU for {share} of the cost")
    return Line(html.escape(_("won")), filled(told, one=new.model, other=old.model, gain=gain, share=share))


def values(paper: Paper) -> dict[str, str]:
    """The numbers of the lesson."""
    base, big = [each for each in paper.results if each.kind == NEW]
    rival = max(
        (each for each in paper.results if each.kind != NEW and "en_de" in each.bleu),
        key=lambda each: each.bleu["en_de"],
    )
    return {
        "base": given(base.flops["en_de"]), "big": given(big.flops["en_de"]), "rate": given(paper.flops_per_second),
        "big_bleu": f"{big.bleu['en_de']:g}", "gain": f"{big.bleu['en_de'] - rival.bleu['en_de']:.2f}", "rival": rival.model,
        "times": f"{rival.flops['en_de'] / big.flops['en_de']:.1f}", "base_times": f"{rival.flops['en_de'] / base.flops['en_de']:.0f}",
    }  # fmt: skip
