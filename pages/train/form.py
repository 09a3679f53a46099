"""The form of a new training: what on, how large, how long, how fast; what that will cost; and the button."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.train import pictures, race
from pages.train.fields import FIELDS, FOLDED, RATES, SIZES, key_of
from transformer import checkpoint
from transformer.corpora import CorpusError
from transformer.family import TRANSFORMER, transforms
from transformer.jobs import Limits
from transformer.jobs.limits import too_many
from transformer.jobs.names import safe
from transformer.training import estimates
from transformer.training.estimates import Estimate
from transformer.training.presets import SIZES as OF_A_BASE
from transformer.training.presets import STOPS, Number
from transformer.training.recipe import Recipe
from ui import controls
from ui.frame import Workshop
from ui.session import relatives, state
from ui.session.kept import hold_number
from ui.show import prose
from ui.text import plain
from ui.text import translate as _
from ui.training import corpora, recipes, runs, start

NOTHING = "nothing"
KIND = "train_model"  # in the address: which kind of model
SAID = "_train_refused"  # in session state: why the queue did not take it
WIDTH = 135  # pixels of a number
POINTS = 160  # of the schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form says."""

    corpus: str  # its code
    base: str  # a checkpoint, or ""
    model: str  # which kind: a key of `transformer.family.kinds`; that of a base is its own
    options: Mapping[str, Number]  # of `python -m transformer train`
    name: str
    lacks: str = ""  # the part that a new model is trained without, if any

    @property
    def arguments(self) -> tuple[str, ...]:
        """Of `python -m transformer train`."""
        return recipes.arguments(corpora.argument(self.corpus), self.base, self.options, self.lacks, self.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What it would come to."""

    recipe: Recipe
    expected: Estimate


def show(limits: Limits, shop: Workshop) -> None:
    """The form; the button puts the training into the queue."""
    corpus, base, model = source()
    options = corpora.suits(corpus, base, model=model)
    if not base:
        with controls.row("atlas_beside_sizes"):
            for option in SIZES:
                if option in options or model == TRANSFORMER:
                    options[option] = number(option, options)
    begin = controls.row("atlas_beside_start")
    with begin:
        length(options)
    place = st.container()
    first = not runs.found()  # then there is no training to look at, but room for the schedule
    folded = st.expander(_("Learning rate, dropout, seed, name"), first, key="train_more", on_change="rerun")
    with folded:
        asked = details(corpus, base, model, options)
    plan, faults = planned(asked, limits)
    with begin:
        button(asked, faults, limits)
    with place:
        tell(plan, faults, limits)
    if folded.open:
        with folded:
            rates(asked, plan, shop)


def source() -> tuple[str, str, str]:
    """The corpus, what to begin with, and which kind of model. Another choice brings its own sensible numbers."""
    with controls.row():
        corpus = controls.menu(_("Learn from"), "train_corpus", corpora.choices(), then=follow, width=300)
        models = {NOTHING: _("nothing (random numbers)")} | {
            name: _("{name} (fine-tune it)").format(name=name) for name in state.readable()
        }
        base = controls.menu(_("Begin with"), "train_from", models, then=follow, width=300)
        if base != NOTHING:
            return corpus, base, state.kind(state.readable()[base])
        model = controls.menu(_("Kind of model"), KIND, relatives.kinds(), then=follow, width=300)
    return corpus, "", model


def follow() -> None:
    """Set every number to what is sensible for the corpus and the beginning just chosen. Only in callbacks."""
    base = st.session_state["train_from"]
    asked = ("", st.session_state.get(KIND, TRANSFORMER)) if base == NOTHING else (base, TRANSFORMER)
    preset = corpora.suits(st.session_state["train_corpus"], asked[0], model=asked[1])
    for option, field in FIELDS.items():
        st.session_state[key_of(option)] = field.exact(preset.get(option, field.usual))
    st.session_state["train_stop"] = next(stop for stop in STOPS if stop in preset)


def number(option: str, preset: Mapping[str, Number]) -> Number:
    """A field for a number."""
    field, key = FIELDS[option], key_of(option)
    usual = field.exact(preset.get(option, field.usual))
    hold_number(key, usual, field.low, field.high)
    found = st.number_input(
        field.label(), field.low, field.high, usual, field.step, format=field.format, key=key,
        help=field.help() or None, width=WIDTH,
    )  # fmt: skip
    return usual if found is None else found


def length(options: dict[str, Number]) -> None:
    """When to stop: after so many epochs or so many minutes; and how many pairs, if the corpus is large."""
    usual = next(stop for stop in STOPS if stop in options)
    stop = controls.one_of(_("Stop after"), "train_stop", {"epochs": _("epochs"), "minutes": _("minutes")}, usual)
    value = number(stop, options)
    for each in STOPS:
        options.pop(each, None)
    options[stop] = value
    if "pairs" in options:
        options["pairs"] = number("pairs", options)


def details(corpus: str, base: str, model: str, options: dict[str, Number]) -> Asked:
    """What most people leave as it is."""
    with controls.row("atlas_controls_rates"):
        for option in RATES:
            options[option] = number(option, options)
    with controls.row("atlas_controls_more"):
        for option in FOLDED:
            if not (base and option in OF_A_BASE):
                options[option] = number(option, options)
        lacks = "" if base or model != TRANSFORMER else missing()
        usual = start.usual_name(corpus, base, model) + (f"-without-{lacks}" if lacks else "")
        name = st.text_input(_("Name of the model"), key="train_name", placeholder=usual, max_chars=60, width=200)
    return Asked(
        corpus=corpus, base=base, model=model, options=options, name=(name or "").strip() or usual, lacks=lacks
    )


def missing() -> str:
    """The part that the new model is trained without, to see what breaks; "" for none."""
    found = controls.menu(_("The model is"), "train_without", parts(), width=230)
    return "" if found == NOTHING else found


def parts() -> dict[str, str]:
    """The parts that a model can be trained without."""
    return {
        NOTHING: _("whole"), "residual": _("without residual connections"), "norm": _("without LayerNorm"),
        "positions": _("without positions"), "scaling": _("without ÷ √d_k"), "mask": _("without the mask"),
    }  # fmt: skip


def planned(asked: Asked, limits: Limits) -> tuple[Plan | None, list[str]]:
    """What it comes to, or a sentence for each reason why it cannot be."""
    try:
        recipe = recipes.recipe(asked.corpus, asked.base, asked.options, asked.lacks, asked.model)
        text = corpora.text(asked.corpus)
        base = state.any_opened(state.readable()[asked.base]).model.config if asked.base else None
        expected = estimates.estimate(recipe, text, base, pace(corpora.shelf()))
    except (ValueError, CorpusError) as error:
        return None, [str(error)]
    shown = "" if asked.base or not transforms(recipe.model) else too_many(recipe.layers, recipe.heads)
    return Plan(recipe=recipe, expected=expected), [
        *estimates.objections(expected, text, limits),
        *filter(None, [shown]),
    ]


@st.cache_data(ttl=20, show_spinner=False)
def pace(shelf: Path) -> float:
    """How fast this machine is, from the trainings that were done here."""
    moving = {job.folder for job in runs.moving()}
    return estimates.pace(card.parent for card in shelf.glob(f"*/{checkpoint.CARD}") if card.parent not in moving)


def button(asked: Asked, faults: list[str], limits: Limits) -> None:
    """The button; what the queue has to say against it stands below, after the next run."""
    beside = asked.model != TRANSFORMER and not asked.base and race.wanted()
    if st.button(_("Train"), key="train_start", type="primary", disabled=bool(faults)):
        st.session_state[SAID] = start.start(asked.name, asked.arguments, limits)
        if beside and not st.session_state[SAID]:
            st.session_state[SAID] = race.enter(asked.name, asked.corpus, asked.options, limits)
        if not st.session_state[SAID]:
            st.rerun(scope="app")


def tell(plan: Plan | None, faults: list[str], limits: Limits) -> None:
    """What it will cost, and what is wrong with it."""
    if plan:
        most = "" if plan.expected.exact else _("at most") + " "
        prose.cell(
            _("{parameters} parameters, about {steps} steps: about {time} on this machine."),
            parameters=f"{most}{plan.expected.parameters:,}", steps=f"{rounded(plan.expected.steps):,}", time=runs.about(plan.expected.seconds),
        )  # fmt: skip
        if not faults and (cut := estimates.cut_short(plan.expected, limits)):
            st.caption(plain(cut))
    for fault in (*faults, *filter(None, [st.session_state.pop(SAID, "")])):
        st.warning(plain(fault))


def rounded(count: int) -> int:
    """To two digits: it is an estimate."""
    unit: int = 10 ** max(0, int(math.log10(max(1, count))) - 1)
    return unit * round(count / unit)


def rates(asked: Asked, plan: Plan | None, shop: Workshop) -> None:
    """The schedule of the learning rate as a picture, and the command that does the same."""
    if plan:
        pictures.schedule(shop, *schedule(plan.recipe, plan.expected.steps))
    st.caption(_("The same from a terminal:"))
    st.code(recipes.command(asked.arguments, safe(asked.name)), language="bash", wrap_lines=True)


def schedule(recipe: Recipe, last: int) -> tuple[list[int], list[float], list[tuple[str, int]]]:
    """The learning rate at some steps of a run of `last` steps, and the (name, last step) of its phases."""
    warm, cool = min(recipe.warm_up, -(-last // 10)), round((1 - recipe.cool_down) * last)
    corners = {1, warm, max(1, cool), min(recipe.warm_up, last), last}
    steps = sorted({*corners, *(max(1, round(last * place / POINTS)) for place in range(POINTS + 1))})
    values = [recipe.learning_rate(step, (step - 1) / last) for step in steps]
    middle = _("falls as 1/√step") if recipe.warm_up < cool else _("stays")
    phases = [(_("warm-up"), warm), (middle, cool), (_("cool-down"), last)]
    begun: list[tuple[str, int]] = []
    for name, end in phases:
        if end > (begun[-1][1] if begun else 0):
            begun.append((name, end))
    return steps, values, begun
