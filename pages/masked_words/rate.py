"""The view "How much to mask": trainings alike but for the share of words that was drawn, on record."""

import html

import numpy as np

from figures.numbers.measured import Axis, Series, measured
from pages.masked_words import asked
from pages.masked_words.asked import POINT
from systems.masked import recorded
from systems.masked.recorded import Rates
from ui.frame import Workshop
from ui.frame.rooms import Rooms
from ui.session import pointed, systems
from ui.show import live_plot, prose, sums, tables
from ui.show.live_plot import Cell
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

WORDS = 7.4  # words and signs of a sentence: 832,995 in the 112,632 sentences of the training split of tatoeba-en-fr


def show(rooms: Rooms, shop: Workshop) -> None:
    """The whole view."""
    record = recorded.of_rates()
    if record is None:
        told = _("The record of this experiment is not there. Make it: {command}")
        return asked.refuse(rooms, shop, told.format(command=recorded.COMMANDS[recorded.RATES]))
    best = max(record.rates, key=lambda each: each.right)
    rooms.seen(_("Of four trainings alike but for the masking rate, {rate} % fills most held-out blanks: {right} %."),
               rate=f"{100 * best.masking:.0f}", right=f"{best.right:.1f}")  # fmt: skip
    picture(rooms, shop, record)
    place = pointed.chosen(POINT, len(record.rates))
    chosen = best if place is None else record.rates[place]
    with rooms.words:
        share = number(100 * chosen.masking, 0)
        lines = [
            Line(
                html.escape(_("drawn")),
                f"{share} % × {number(WORDS, 1)} = <b>{number(chosen.masking * WORDS, 1)}</b> {html.escape(_('words a sentence'))}",
            ),
            Line(html.escape(_("blanks filled")), f"<b>{number(chosen.right, 1)} %</b>", True),
            Line(html.escape(_("without signs")), f"{number(chosen.of_words, 1)} %"),
            Line(html.escape(_("trivial guess")), f"{number(record.baseline, 1)} %"),
        ]
        sums.show(
            filled(
                _("Masking rate {rate} %: {steps} steps of {batch} sentences"),
                rate=share,
                steps=f"{record.steps:,}",
                batch=record.batch,
            ),
            lines,
        )
        values = {
            "best": f"{100 * best.masking:.0f}", "right": f"{best.right:.1f}", "steps": f"{record.steps:,}", "batch": str(record.batch),
            "command": recorded.COMMANDS[recorded.RATES], "corpus": record.corpus, "baseline": f"{record.baseline:.1f}",
            "least": f"{record.rates[0].right:.1f}", "most": f"{record.rates[-1].right:.1f}", "few": f"{100 * record.rates[0].masking:.0f}",
            "many": f"{100 * record.rates[-1].masking:.0f}",
        }  # fmt: skip
        systems.way_to_train("bert")
        prose.depths(shop.lesson.of("rate"), values)


def picture(rooms: Rooms, shop: Workshop, record: Rates) -> None:
    """Blanks filled by masking rate."""
    across = np.array([100 * each.masking for each in record.rates])
    series = [
        Series(name=_("all blanks"), x=across, y=np.array([each.right for each in record.rates])),
        Series(name=_("without signs"), x=across, y=np.array([each.of_words for each in record.rates])),
        Series(
            name=_("always the most frequent word"), x=across, y=np.full(len(across), record.baseline), look="theory"
        ),
    ]
    title = _("Held-out blanks filled, by the share of words masked in training")
    place = pointed.chosen(POINT, len(record.rates))
    axes = (Axis(title=_("masked in training (%)"), ticks=across.tolist()), Axis(title=_("right (%)")))
    figure = measured(series, axes, title=title, mode=shop.mode,
                      selected=None if place is None else (0, place))  # fmt: skip
    told = "; ".join(f"{rate:.0f} %: {each.right:.1f} %" for rate, each in zip(across, record.rates, strict=True))
    with rooms.picture:
        look = prose.line(shop.lesson.sections["Look at rate"], {})
        live_plot.show(figure, "mw_rate", f"{title}. {told}.", "rates", on_click=point, look=look)
        rows = [[100 * each.masking, each.right, each.of_words] for each in record.rates]
        tables.twin([_("Masked (%)"), _("Right (%)"), _("Without signs (%)")], rows, "mw_rate")


def point(cell: Cell) -> None:
    """Point at `[series, point]`. Only in callbacks."""
    pointed.choose(POINT, int(cell[1] or 0))
