"""The picture of the models, the chosen one in words, their table, and the numbers of the lesson."""

from typing import Any

import streamlit as st

from figures.learning import models as model_points
from pages.models import found
from pages.models.facts import Model, megabytes
from transformer import checkpoint
from transformer.checkpoint import CheckpointError
from ui import controls, frame
from ui.frame import Workshop
from ui.session.kept import hold
from ui.show import live_plot, prose, tables
from ui.text import translate as _


def choose(models: list[Model], shop: Workshop) -> Model:
    """The model that is chosen, in a menu or by a click on its point; the sidebar's at first."""
    hold(found.CHOSEN, "")
    names = [model.name for model in models]
    here = found.chosen(models, shop.question.origin.folder.name if shop.question else "")
    st.session_state["pick_model"] = names[here]

    def picked() -> None:
        found.choose(st.session_state["pick_model"])

    with controls.row():
        st.selectbox(_("Model"), names, key="pick_model", on_change=picked, width=320)
    return models[names.index(st.session_state["pick_model"])]


def show(models: list[Model], one: Model, shop: Workshop) -> None:
    """Every model that can be opened as a point."""
    drawn = [model for model in models if not model.trouble]
    if drawn:
        points = [
            model_points.Point(each.name, each.facts.parameters, score(each), each.facts.corpus) for each in drawn
        ]
        figure = model_points.sizes(
            points, axes=(_("parameters"), _("BLEU on sentences that it was not trained on")), unmeasured=_("not measured"),
            title=_("How large each model is, and how well it translates"), mode=shop.mode,
            selected=drawn.index(one) if one in drawn else None,
        )  # fmt: skip
        live_plot.show(figure, "models", alt(drawn), on_click=lambda cell: found.choose(drawn[int(cell[0] or 0)].name))
        prose.look(shop.lesson.look)


def first_line(rooms: frame.Rooms, model: Model | None) -> None:
    """How large the chosen model is, and how good."""
    if model is None or model.trouble:
        return rooms.seen(_("Open a model, keep it, give it away, bring one along."))
    told = _("{name} has {parameters} parameters and was not measured yet.")
    if model.facts.bleu is not None:
        told = _("{name} has {parameters} parameters and reaches BLEU {bleu} on sentences it never saw.")
    rooms.seen(told, name=model.name, parameters=f"{model.facts.parameters:,}", bleu=rounded(model.facts.bleu))


def score(model: Model) -> float | None:
    """Its BLEU, from 0 to 100."""
    bleu = model.facts.bleu
    return None if bleu is None else min(100.0, max(0.0, bleu))


def alt(models: list[Model]) -> str:
    """The picture in words."""
    said = [
        _("{name}: {parameters} parameters, BLEU {bleu}").format(
            name=model.name, parameters=f"{model.facts.parameters:,}", bleu=rounded(model.facts.bleu)
        )
        for model in models[:12]
    ]
    more = _("; and {count} more").format(count=len(models) - 12) if len(models) > 12 else ""
    return f"{'; '.join(said)}{more}."


def rounded(value: float | None) -> str:
    """A score, or a dash."""
    return "–" if value is None else f"{value:.1f}"


def tell(model: Model) -> None:
    """The chosen model in words."""
    if model.trouble:
        return prose.cell("{trouble}", trouble=model.trouble)
    facts = model.facts
    said = _("{name}: {parameters} parameters ({sizes}). Trained on {corpus}")
    said += _(" for {steps} steps.") if facts.steps else "."
    if facts.bleu is not None:
        said += " " + _("BLEU {bleu}, exact match {exact} % (on {where}).")
    if model.moments:
        said += " " + _("{moments} snapshots.")
    return prose.cell(
        said, name=model.name, parameters=f"{facts.parameters:,}", sizes=facts.sizes, corpus=facts.corpus,
        steps=f"{facts.steps or 0:,}", bleu=rounded(facts.bleu), exact=rounded(facts.exact), where=facts.where,
        moments=model.moments,
    )  # fmt: skip


def table(models: list[Model]) -> None:
    """All models in rows."""
    columns = [
        _("Model"), _("Parameters"), _("Corpus"), "BLEU", _("Exact match (%)"), _("Steps"), _("Snapshots"), _("MB"), _("When"),
    ]  # fmt: skip
    tables.plain(columns, [line(model) for model in models], "models")


def line(model: Model) -> list[Any]:
    """A row."""
    facts, size = model.facts, round((model.whole or model.size) / 1e6, 1)
    bleu, exact = (None if value is None else round(value, 1) for value in (facts.bleu, facts.exact))
    return [
        model.name, facts.parameters, facts.corpus, bleu, exact, facts.steps, model.moments, size, model.when,
    ]  # fmt: skip


def values(model: Model | None) -> dict[str, str]:
    """The numbers of the lesson: the chosen model's, counted from its card."""
    config = sizes(model)
    width, inner, pieces = config["d_model"], config["d_ff"], config["vocabulary_size"]
    layers = config["encoder_layers"], config["decoder_layers"]
    attention, norm, feed_forward = 4 * (width * width + width), 2 * width, 2 * width * inner + inner + width
    encoder, decoder = attention + feed_forward + 2 * norm, 2 * attention + feed_forward + 3 * norm
    total = pieces * width + layers[0] * encoder + layers[1] * decoder
    if model and model.facts.recurrent:
        total = model.facts.parameters
    numbers = {
        "rest": total - pieces * width, "pieces": pieces, "width": width, "inner": inner, "encoder_layers": layers[0], "decoder_layers": layers[1],
        "matrix": pieces * width, "attention": attention, "feed_forward": feed_forward, "norm": norm, "encoder": encoder,
        "decoder": decoder, "total": total, "bytes": 2 * total,
    }  # fmt: skip
    words = {
        "name": model.name if model else "–", "size": megabytes(model.size) if model else "–",
        "snapshots": with_snapshots(model),
    }  # fmt: skip
    return {name: f"{number:,}" for name, number in numbers.items()} | words


def view(model: Model | None) -> str:
    """Which sections of the lesson count its parameters: "recurrent", or "" for a Transformer."""
    return "recurrent" if model and model.facts.recurrent else ""


def with_snapshots(model: Model | None) -> str:
    """How large its file is with its snapshots, if it has any."""
    if not model or not model.moments:
        return _("It has no snapshots.")
    return _("With its {count} snapshots: {size}.").format(count=model.moments, size=megabytes(model.whole))


def sizes(model: Model | None) -> dict[str, int]:
    """The sizes in its card; zeros where it says nothing."""
    names = ("d_model", "d_ff", "vocabulary_size", "encoder_layers", "decoder_layers")
    try:
        card = checkpoint.read_card(model.folder) if model else {}
    except CheckpointError:
        card = {}
    config = card.get("config")
    config = config if isinstance(config, dict) else {}
    return {name: value if isinstance(value := config.get(name), int) else 0 for name in names}
