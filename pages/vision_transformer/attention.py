"""Who looks where: the class token, a patch or a word, in every head of a layer, or all layers together (rollout)."""

import numpy as np
import streamlit as st

from figures.scenes import over
from pages.vision_transformer import asked as asking
from pages.vision_transformer import seen
from pages.vision_transformer.asked import ROLLOUT, Asked
from systems.scenes.vit import PATCHES
from ui import controls, frame
from ui.frame import Workshop
from ui.measures import arithmetic
from ui.measures.arithmetic import DotProduct, Weighing
from ui.scenes.words import lies, twin
from ui.session.kept import hold
from ui.show import live_plot, proof, sums, tables
from ui.show.proof import Link
from ui.show.sums import Line, number
from ui.text import filled
from ui.text import translate as _

Doubles = seen.Doubles


def layer(asked: Asked) -> int | None:
    """Which layer, counted from 0; `None` is rollout."""
    count = asked.model.sizes.layers
    hold(asking.LAYER, str(count))
    value = str(st.session_state[asking.LAYER])
    return None if value == ROLLOUT else int(value) - 1 if value.isdigit() and 0 < int(value) <= count else count - 1


def who(asked: Asked) -> int:
    """Which row asks."""
    hold(asking.WHO, "0")
    value = str(st.session_state[asking.WHO])
    return int(value) if value.isdigit() and int(value) in seen.rows(asked.question) else 0


def maps(asked: Asked) -> tuple[Doubles, list[str]]:
    """The weights of the row that asks, `(panel, row)`, over all rows; and the panels' names."""
    chosen = layer(asked)
    if chosen is None:
        return seen.rolled(asked.vit, asked.scene, asked.text)[-1][who(asked)][None], [_("all layers together")]
    weights = seen.trace(asked.vit, asked.scene, asked.text).layers[chosen].attention.weights[0, :, who(asked)]
    return arithmetic.double(weights.numpy()), [_("head {head}").format(head=head + 1) for head in range(len(weights))]


def laid(weights: Doubles) -> Doubles:
    """Of weights over all rows those of the patches, as they lie."""
    return weights[:, 1 : 1 + PATCHES].reshape(len(weights), seen.ACROSS, seen.ACROSS)


def head(asked: Asked) -> int:
    """Which head is looked into: the one that was clicked."""
    hold(asking.HEAD)
    return asking.within(asking.HEAD, asked.model.sizes.heads, 0) if layer(asked) is not None else 0


def first(asked: Asked) -> None:
    """What is to be seen."""
    weights, _names = maps(asked)
    names = seen.rows(asked.question)
    marked = seen.looks_at(asked.shapes, asked.question)
    mean = weights.mean(0)
    if marked:
        places = [1 + seen.ACROSS * row + column for row, column in marked]
        share = float(mean[places].sum() / max(float(mean[1 : 1 + PATCHES].sum()), 1e-12))
        told = _(
            "Of what {who} gives to the picture, {share} falls on the {count} patches that the answer rests on; "
            "alike everywhere it would be {chance}."
        )
        return frame.first_line(
            told,
            who=names[who(asked)],
            share=f"{100 * share:.0f} %",
            count=len(places),
            chance=f"{100 * len(places) / PATCHES:.0f} %",
        )
    best = int(mean[1 : 1 + PATCHES].argmax())
    return frame.first_line(_("In the picture {who} looks most at {place}."), who=names[who(asked)], place=lies(best))


def picture(session: Workshop, asked: Asked) -> None:
    """The maps over the picture."""
    with controls.row("atlas_controls_part"):
        layers = controls.numbers(asked.model.sizes.layers) | {ROLLOUT: _("Rollout")}
        controls.one_of(_("Layer"), asking.LAYER, layers, str(asked.model.sizes.layers))
        controls.menu(
            _("Who asks"),
            asking.WHO,
            {str(place): name for place, name in seen.rows(asked.question).items()},
            "0",
            width=190,
        )
    weights, names = maps(asked)
    asks = seen.rows(asked.question)[who(asked)]
    title = _("Where {who} looks").format(who=asks)
    chosen = (head(asked), *divmod(asked.patch, seen.ACROSS))
    marked = seen.looks_at(asked.shapes, asked.question)
    figure = over.looks(
        seen.picture(asked.scene), laid(weights), names, columns=4 if len(names) > 1 else 1, value_name=_("weight"), title=title,
        mode=session.mode, selected=chosen, marked=marked, cell=27 if len(names) > 1 else 42,
    )  # fmt: skip
    best = [lies(int(line[1 : 1 + PATCHES].argmax())) for line in weights]
    told = "; ".join(f"{name}: {place}" for name, place in zip(names, best, strict=True))
    live_plot.show(
        figure,
        "vt_looks",
        _("{title}. Most: {told}. The scene: {scene}.").format(title=title, told=told, scene=twin(asked.shapes)),
        asked.scene,
        on_click=take,
        look=session.lesson.sections["Look of looks"],
    )
    elsewhere(asked, weights)
    rows = [
        [name, where, float(line[place])]
        for name, line in zip(names, weights, strict=True)
        for place, where in seen.rows(asked.question).items()
    ]
    tables.twin([_("head"), _("looks at"), _("weight")], rows, "vt_looks")


def elsewhere(asked: Asked, weights: Doubles) -> None:
    """What goes to no patch."""
    mean = weights.mean(0)
    parts = [
        f"{name} {100 * float(mean[place]):.0f} %"
        for place, name in seen.rows(asked.question).items()
        if not 0 < place <= PATCHES
    ]
    told = _("On average over the panels the picture gets {share} %; besides it: {parts}.")
    st.caption(told.format(share=f"{100 * float(mean[1 : 1 + PATCHES].sum()):.0f}", parts=", ".join(parts)))


def take(cell: live_plot.Cell) -> None:
    """A click on a patch of a panel."""
    panel, row, column = (int(each or 0) for each in cell)
    st.session_state[asking.HEAD], st.session_state[asking.PATCH] = panel, seen.ACROSS * row + column


def weighing(asked: Asked, chosen: int) -> Weighing:
    """The chain behind the weight of the chosen patch, in the chosen head."""
    trace, which = seen.trace(asked.vit, asked.scene, asked.text).layers[chosen].attention, head(asked)
    queries, keys, values = (each[0, which].numpy() for each in (trace.queries, trace.keys, trace.values))
    return arithmetic.weighing(queries, keys, values, trace.mask[0, 0].numpy(), who(asked), 1 + asked.patch)


def tell(asked: Asked) -> None:
    """The chain behind the chosen weight."""
    names, chosen = seen.rows(asked.question), layer(asked)
    if chosen is None:
        rolled(asked, names)
    else:
        cell = weighing(asked, chosen)
        looked = int(np.isfinite(cell.row).sum())
        foot = filled(
            _(
                "Layer {layer}, head {head}. A patch may look at all patches; the class token and the words at the patches and at one another."
            ),
            layer=chosen + 1,
            head=head(asked) + 1,
        )
        sums.weighing(cell, names[who(asked)], lies(asked.patch), 4, looked, f"<p>{foot}</p>")
    told = _(
        "The very same attention as between words: q · k, ÷ √d_k, softmax, × v. Only what the rows stand for is new."
    )
    proof.show(
        told,
        Link("50_one_head", _("Step by step between words")),
        Link("60_many_heads", _("Rollout of a sentence"), {"heads": ROLLOUT}),
    )


def rolled(asked: Asked, names: dict[int, str]) -> None:
    """One number of rollout: what the last layer gives to each row, times what that row has of the patch."""
    all_ = seen.rolled(asked.vit, asked.scene, asked.text)
    last = seen.trace(asked.vit, asked.scene, asked.text).layers[-1].attention.weights[0].double().mean(0).numpy()
    mixed = 0.5 * last[who(asked)] + 0.5 * np.eye(len(last))[who(asked)]
    before = all_[-2][:, 1 + asked.patch] if len(all_) > 1 else np.eye(len(last))[:, 1 + asked.patch]
    places = sorted(names)
    dot = DotProduct(mixed[places], before[places])
    title = filled(
        _("Rollout: {who} has {value} of {patch}"),
        who=names[who(asked)],
        value=number(dot.total, 4),
        patch=lies(asked.patch),
    )
    sums.show(title, [Line(filled(_("Σ last × before")), sums.summed(dot, [names[place] for place in places]), True)])
