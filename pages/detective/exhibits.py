"""What is shown of the case beside the intact model: the loss, the translations, the maps, the measurements."""

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from figures import describe
from figures.heads import attention
from figures.learning import training
from figures.theme import Mode
from pages.detective import evidence
from pages.detective.cases import Case
from pages.detective.evidence import Pairs, Said
from pages.detective.measures import Measured, measured
from transformer.what_if import Kind
from ui import controls
from ui.changed.outcome import Seen
from ui.changed.telling import difference, marked, show
from ui.session import attentions, choice, state
from ui.session.attentions import Attention
from ui.show import live_plot, prose, tables
from ui.show.sums import number
from ui.text import Lesson
from ui.text import translate as _

STYLE = Path(__file__).with_name("detective.css").read_text("utf-8")
WORDS = 14  # that are shown of a translation
SHOWN = 4  # held-out sentences that are shown with the twins
TALL = 240  # pixels of the loss
LOOK = "dt_look"  # in the address: which exhibit


def display(case: Case, lesson: Lesson, mode: Mode) -> None:
    """The exhibit that is chosen."""
    names = {"loss": _("Loss"), "words": _("Translations"), "maps": _("Maps"), "numbers": _("Measurements")}
    with controls.row():
        exhibit = controls.one_of(_("Exhibit"), LOOK, names)
    if exhibit == "loss":
        loss(case, mode)
    elif exhibit == "words":
        translations(case)
    elif exhibit == "maps":
        maps(case, mode)
    else:
        numbers(case)
    prose.look(lesson.sections.get(f"Look at {exhibit}", lesson.look))


def sides() -> tuple[str, str]:
    """The names of the two models."""
    return _("this model"), _("intact model")


def loss(case: Case, mode: Mode) -> None:
    """Both curves."""
    told = [evidence.curve(origin) for origin in (case.model, case.intact)]
    curves = [training.Curve(name, *each) for name, each in zip(sides(), told, strict=True)]
    panel = training.Panel(_("loss while it learned"), curves)
    until = max((steps[-1] for steps, _losses in told if steps), default=1)
    figure = training.progress([panel], until, axis_title=_("step"), title="", mode=mode, tall=TALL)
    ends = [f"{name}: {losses[-1]:.2f}" for name, (_steps, losses) in zip(sides(), told, strict=True) if losses]
    live_plot.show(
        figure, "dt_loss", _("Loss over the steps of training; at the end {ends}.").format(ends=", ".join(ends))
    )


def chosen(case: Case) -> Pairs:
    """The sentences of a case: the twins, and a few held-out ones, others in each case."""
    pairs = evidence.sentences()
    first = (case.number - 1) * SHOWN
    return (*evidence.TWINS, *(pairs[(first + place) % len(pairs)] for place in range(SHOWN)))


def translations(case: Case) -> None:
    """What both models write; a word that the right French does not have is underlined."""
    pairs = chosen(case)
    mine, intact = evidence.translated(case.model, pairs), evidence.translated(case.intact, pairs)
    parts = [
        f"<section><h4>{html.escape(one.english)}</h4>{said(sides()[0], one)}{said(sides()[1], other)}</section>"
        for one, other in zip(mine, intact, strict=True)
    ]
    st.html(f'<div><style>{STYLE}</style><div class="atlas-exhibit">{"".join(parts)}</div></div>')
    columns = [_("English"), _("right French"), *sides()]
    rows = [[one.english, one.right, one.french, other.french] for one, other in zip(mine, intact, strict=True)]
    tables.twin(columns, rows, "dt_words")


def said(name: str, one: Said) -> str:
    """One translation, with a sign for right or wrong (HTML)."""
    sign = "✓" if one.french == one.right else "✗"
    found = difference(one.right, one.french).after
    words = marked(found[:WORDS], "ins") + (" …" if len(found) > WORDS else "")
    end = "" if one.finished else f" <small>{html.escape(_('(no end, cut off)'))}</small>"
    return f'<p>{sign} <small>{html.escape(name)}:</small> <span lang="fr">{words}{end}</span></p>'


def maps(case: Case, mode: Mode) -> None:
    """The map of both models for one sentence, while they read the right French."""
    pairs = chosen(case)
    with controls.row("atlas_controls_map"):
        which = int(controls.one_of(_("Sentence"), "dt_sentence", controls.numbers(len(pairs)))) - 1
        kinds = {"encoder": _("Encoder"), "decoder": _("Decoder"), "cross": _("Cross")}
        kind: Kind = controls.one_of(_("Attention"), "kind", kinds)  # type: ignore[assignment]
        models = [seen(origin, pairs[which]) for origin in (case.model, case.intact)]
        layer = controls.layer(min(attentions.layers(each, kind) for each in models))
        head = controls.head(max(each.walk.heads for each in models))
    choice.remember(models[0].walk)
    views = [attentions.attention(each, kind, layer) for each in models]
    for column, name, view in zip(st.columns(2, gap="small"), sides(), views, strict=True):
        with column:
            one_map(models[0], name, view, head, mode)
    tell(models[0], views, head)


def seen(origin: state.Origin, pair: tuple[str, str]) -> Seen:
    """A model with the sentence that it reads."""
    return Seen(walk=evidence.read(origin, *pair), checkpoint=state.opened(origin), special=True)


def one_map(shown: Seen, name: str, view: Attention, head: int | None, mode: Mode) -> None:
    """One model's map; or that it has no such head."""
    if head is not None and head >= len(view.weights):
        lacks = _("There is no head {number}: the last is head {count}.")
        st.info(f"{name}: {lacks.format(number=head + 1, count=len(view.weights))}")
        return
    query, key = attentions.chosen(shown, view)
    weights = view.weights.mean(0) if head is None else view.weights[head]
    cell = None if query is None or key is None else (query, key)
    figure = attention.heatmap(weights, *view.pieces, names=view.names, title=name, mode=mode, selected=cell)
    alt = f"{name}. {describe.sentence(weights, *view.pieces)}"
    live_plot.show(
        figure,
        "dt_map" if name == sides()[0] else "dt_intact",
        alt,
        choice.scope(shown.walk),
        on_click=attentions.chooser(view),
    )


def tell(shown: Seen, views: Sequence[Attention], head: int | None) -> None:
    """The chosen cell in both models."""
    query, key = attentions.chosen(shown, views[0])
    if query is None or key is None:
        return prose.cell(_("Click a cell to read its number in both models."))
    found = [
        number(float(view.weights[:, query, key].mean() if head is None else view.weights[head, query, key]))
        if head is None or head < len(view.weights) else _("no such head")
        for view in views
    ]  # fmt: skip
    names = {"query": views[0].query_chip(query), "key": views[0].key_chip(key)}
    prose.cell(
        _("{query} looks at {key}: weight {mine} in this model, {intact} in the intact one."),
        **names,
        mine=found[0],
        intact=found[1],
    )


def numbers(case: Case) -> None:
    """What was measured, as a table."""
    mine, intact = measured(case.model), measured(case.intact)
    rows = [[name, one, other] for (name, one), (_name, other) in zip(lines(mine), lines(intact), strict=True)]
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in (_("measured"), *sides()))
    body = "".join(f"<tr><td>{html.escape(name)}</td><td>{one}</td><td>{other}</td></tr>" for name, one, other in rows)
    table = f'<table class="atlas-rivals"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    show(f'<div class="atlas-scroll-table">{table}</div>')
    tables.download([_("measured"), *sides()], rows, "dt_numbers")


def lines(found: Measured) -> list[tuple[str, str]]:
    """Each measurement and its number."""
    kinds = {"encoder": _("encoder"), "decoder": _("decoder"), "cross": _("cross-attention")}
    sizes = [(_("length of the vectors that enter the encoder"), number(found.sizes[0], 1))]
    sizes += [
        (_("… that leave its layer {layer}").format(layer=layer), number(size, 1))
        for layer, size in enumerate(found.sizes[1:], 1)
    ]
    return [
        (_("change of the encoder's vectors when a sentence is read backwards"), number(found.moved, 2)),
        (_("weight that the decoder gives to pieces that come later"), number(found.future, 2)),
        *sizes,
        (_("unevenness of those lengths (standard deviation / mean)"), number(found.uneven, 2)),
        (_("likeness of the encoder's vectors for two pieces (cosine)"), number(found.alike, 2)),
        *((_("spread of the scores, {kind}").format(kind=kinds[kind]), number(value, 2)) for kind, value in found.spread.items()),
        *((_("entropy of the rows, {kind} (1 = looks everywhere alike)").format(kind=kinds[kind]), number(value, 2))
          for kind, value in found.entropy.items()),
    ]  # fmt: skip
