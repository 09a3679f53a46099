"""The view of all networks on the learner's review: with attention, with the mean in its place, and with all words at once."""

import numpy as np

from figures.systems.looks import looks as drawn
from pages.hierarchical_attention import asking, looks, networks
from pages.hierarchical_attention.looks import Looks
from pages.hierarchical_attention.review import decides, say, scope
from pages.hierarchical_attention.typed import typed
from systems import records
from systems.reviews import exam
from systems.reviews.corpus import counted
from ui import frame
from ui.frame import Rooms, Workshop
from ui.session import systems
from ui.session.state import Origin
from ui.show import live_plot, proof, prose, sums, tables
from ui.text import translate as _


def show(rooms: Rooms, session: Workshop, asked: asking.Asked, models: dict[str, Origin]) -> None:
    """Every kind of network side by side on the same review."""
    each = systems.first_of_each(models, networks.MODEL)
    opened = {kind: networks.network(origin) for kind, origin in each.items()}
    told = typed(asked.review, next(iter(opened.values())).ids)
    with rooms.picture:
        say(told)
    if told.wrong:
        with rooms.line:
            return frame.heading(session.lesson)
    out = asking.without(told.words)
    found = {kind: looks.looks(model, told, out) for kind, model in opened.items()}
    answers = "; ".join(
        f"{networks.called(kind)}: {asking.called(one.label)} ({sums.number(one.positive, 2)})"
        for kind, one in found.items()
    )
    rooms.seen(_("Positive or negative? {answers}."), answers=answers)
    with rooms.picture:
        picture(session, found, frozenset(decides(asked, told)))
        table(found, each)
    with rooms.words:
        count = asking.called(("negative", "positive")[counted(told.words)])
        link = proof.Link(
            "300_train", _("Train one yourself"), {"train_what": "system", "train_system": "hierarchical-mean"}
        )
        proof.show(_("Whoever only counts good and bad words says {count}."), link, count=count)
        prose.depths(session.lesson.of("beside"), {"words": str(sum(map(len, told.words)))})


def picture(session: Workshop, found: dict[str, Looks], gold: frozenset[asking.Part]) -> None:
    """The sentences down, the networks to the right."""
    first = next(iter(found.values()))
    rows = [f"{place + 1} {text}" for place, text in enumerate(first.typed.sentences)]
    weights = np.full((len(rows), len(found)), np.nan)
    for column, one in enumerate(found.values()):
        for where, weight in zip(one.where, looks.sentence_weights(one), strict=True):
            weights[where[0][0], column] = weight
    columns, title = [networks.called(kind) for kind in found], _("What each network gives to each sentence")
    figure = drawn(
        weights, rows, columns, gold={row for row, _place in gold}, names=(_("sentence"), _("network")), value_name=_("weight"), title=title,
        mode=session.mode,
    )  # fmt: skip
    said = "; ".join(f"{column}: {rows[int(np.nanargmax(weights[:, place]))]}" for place, column in enumerate(columns))
    live_plot.show(figure, "hat_beside", f"{title}. {said}", scope(first), look=session.lesson.of("beside").look)
    listed = [
        [row, *("" if np.isnan(value) else float(value) for value in line)]
        for row, line in zip(rows, weights, strict=True)
    ]
    tables.twin([_("sentence"), *columns], listed, "hat_beside")


def table(found: dict[str, Looks], origins: dict[str, Origin]) -> None:
    """What each says here, and on held-out reviews."""
    try:
        known = exam.read()
    except ValueError:
        known = {}
    rows = []
    for kind, one in found.items():
        recorded = known.get(records.weights_of(origins[kind].folder))
        total = sum(recorded["counts"].values()) if recorded else 0
        right = (
            sum(share * recorded["counts"][name] for name, share in recorded["right"].items()) / total
            if recorded
            else None
        )
        finds = recorded["sentences"]["attention"] if recorded else None
        shares = ["" if share is None else round(100 * share, 1) for share in (right, finds)]
        rows.append([networks.called(kind), asking.called(one.label), round(one.positive, 3), *shares])
    columns = [_("network"), _("label"), _("p(positive)"), _("right, %"), _("looks at the sentence that decides, %")]
    tables.plain(columns, rows, "hat_networks")
