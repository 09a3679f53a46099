"""The models of the page: what the record holds of each, what is measured here, and what kinds are missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from relatives.long import exam, measuring, record, way_back
from relatives.long.measuring import Way
from relatives.long.record import KINDS, Measured, Record, RecordError
from transformer.corpora.grammar_en_fr import NAME
from transformer.family import TRANSFORMER
from ui.changed import measure
from ui.changed.measure import Work
from ui.frame import Visit
from ui.session import relatives, state
from ui.session.state import Origin
from ui.text import plain
from ui.text import translate as _

MOST, CHUNK = 8, 8  # models at a time; sentences of the way back between two looks at the clock
MEASURE = "ls_measure"  # in the address


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of the page."""

    name: str
    kind: str
    origin: Origin
    measured: Measured | None  # `None` if this checkpoint was never measured, or has changed since


def short(kind: str) -> str:
    """A kind in a legend."""
    return {
        "transformer": _("Transformer"), "tanh": _("tanh"), "gru": _("GRU"), "lstm": _("LSTM"), "bahdanau": _("Bahdanau"),
        "luong-dot": _("Luong"),
    }.get(kind, kind)  # fmt: skip


def called(model: Model, models: Sequence[Model]) -> str:
    """The short name of its kind; its own name where there are several of that kind."""
    alone = sum(each.kind == model.kind for each in models) == 1
    return short(model.kind) if alone else model.name


def style(model: Model, models: Sequence[Model]) -> int:
    """The number of its look in every picture: that of its kind, and one of its own if another of that kind stands before it."""
    first = {each.kind: each for each in reversed(models)}
    others = [each for each in models if first[each.kind] is not each]
    return len(KINDS) + others.index(model) if model in others else KINDS.index(model.kind)


@st.cache_resource(max_entries=4, show_spinner=False)
def recorded(corpus: str = NAME) -> Record | str:
    """The shipped record of a corpus, or why there is none."""
    try:
        return record.read(record.FILES[corpus])
    except RecordError as error:
        return str(error)


def of_visit(visit: Visit) -> Record | str:
    """The record of the corpus that the sidebar's model learned, if one of the models here is on it; otherwise that of the grammar."""
    corpus = learned(visit.question.origin)
    if corpus in record.FILES and corpus != NAME:
        found = recorded(corpus)
        if not isinstance(found, str) and any(
            each.measured and each.kind != TRANSFORMER for each in models(visit, found)
        ):
            return found
    return recorded()


@st.cache_data(max_entries=256, show_spinner=False)
def weights(origin: Origin) -> str:
    """The beginning of the hash of a checkpoint's weights."""
    return record.weights_of(origin.folder)


@st.cache_data(max_entries=256, show_spinner=False)
def learned(origin: Origin) -> str:
    """The corpus that a checkpoint learned from: kept, because there are more checkpoints than are held open."""
    return relatives.learned(origin)


def models(visit: Visit, known: Record) -> list[Model]:
    """The models that learned the corpus of the record, by kind; those on record first. At most `MOST`."""
    by_hash = {each.weights: each for each in known.models}
    found = []
    for name, origin in visit.models.items():
        if learned(origin) == known.corpus:
            on_record = by_hash.get(weights(origin))
            found.append(Model(name=name, kind=state.kind(origin), origin=origin, measured=on_record))
    found.sort(key=lambda each: each.measured is None)
    return sorted(found[:MOST], key=lambda each: KINDS.index(each.kind))


def missing(models: Sequence[Model], corpus: str) -> str:
    """A line for each kind that there is no model of, and how to train one; "" if there are all."""
    kinds = [kind for kind in KINDS if kind not in {each.kind for each in models}]
    if not kinds:
        return ""
    told = _("Not here: {kinds}. `python -m transformer train {corpus} --model {kind}` trains one.")
    return told.format(kinds=", ".join(map(short, kinds)), kind=kinds[0], corpus=corpus)


def with_new(models: Sequence[Model], known: Record) -> list[Model]:
    """The same with what is measured here; until it is, the button, or how far it is, in this place."""
    new = [each for each in models if each.measured is None]
    if not new:
        return list(models)
    old = [each.name for each in new if each.name in {one.name for one in known.models}]
    if old:
        told = _("{names}: the weights have changed since they were measured.")
        st.caption(plain(told.format(names=", ".join(old))))
    if not known.sentences:
        told = _("Not on record: {names}. `{command}` measures them.")
        st.caption(told.format(names=plain(", ".join(each.name for each in new)), command=record.command(known.corpus)))
        return [each for each in models if each.measured]
    found = measure.done(work(new, models))
    if found is None:
        return [each for each in models if each.measured]
    count = per_model(known)
    parts = {each.origin: found[place * count : (place + 1) * count] for place, each in enumerate(new)}
    return [
        each if each.measured else replace(each, measured=assembled(each.origin, parts[each.origin])) for each in models
    ]


def per_model(known: Record) -> int:
    """How many slices the measurement of one model has: its exam, and the way back of the trained and of the untrained one."""
    return len(measuring.parts(known.sentences)) + 2 * len(chunks(known))


def chunks(known: Record) -> list[int]:
    """The first case of each slice of the way back."""
    return list(range(0, len(measuring.cases(known.sentences, known.longest)), CHUNK))


def work(new: Sequence[Model], models: Sequence[Model]) -> Work[object]:
    """All slices of all models that have to be measured."""
    known = recorded()
    assert isinstance(known, Record)
    count = per_model(known)
    label = _("Measure {names}").format(names=", ".join(called(each, models) for each in new))
    scope = tuple(each.origin for each in new)

    def one(place: int) -> object:
        with measure.timed((MEASURE, len(known.sentences))):
            return slice_of(new[place // count].origin, place % count)

    return Work(
        key=MEASURE, label=label, count=count * len(new), one=one, pace=(MEASURE, len(known.sentences)), scope=scope
    )


@st.cache_data(max_entries=1024, show_spinner=False)
def slice_of(origin: Origin, place: int) -> list[str] | list[Way]:
    """One slice of a model's measurement: translations, or ways."""
    known, opened = recorded(), state.any_opened(origin)
    assert isinstance(known, Record)
    parts, first = measuring.parts(known.sentences), chunks(known)
    if place < len(parts):
        return exam.translations(opened.model, opened.tokenizer, measuring.texts(known.sentences, parts[place]))
    place -= len(parts)
    model = opened.model if place < len(first) else way_back.untrained(opened)
    begin = first[place % len(first)]
    each = measuring.cases(known.sentences, known.longest)[begin : begin + CHUNK]
    return [measuring.way(model, measuring.case(opened, one)) for one in each]


@st.cache_data(max_entries=32, show_spinner=False)
def assembled(origin: Origin, _found: Sequence[object]) -> Measured:
    """What the slices of a model come to."""
    known = recorded()
    assert isinstance(known, Record)
    parts, count = len(measuring.parts(known.sentences)), len(chunks(known))
    ways = [[one for each in _found[begin : begin + count] for one in each] for begin in (parts, parts + count)]  # type: ignore[attr-defined]
    facts = measuring.facts(state.any_opened(origin), origin.folder)
    return measuring.assembled(facts, known.sentences, _found[:parts], *ways)  # type: ignore[arg-type]
