"""Every kind and every corpus of the tables keeps its contract, whichever there are."""

import random
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module

import pytest
import torch

from systems import CORPORA, ENGLISH, KINDS, class_of, corpus_module, room_of
from systems.collection import Collection
from systems.system import System
from systems.training.recipe import Recipe, suited
from systems.training.run import untrained
from tests import ROOT
from transformer.corpora import SPLITS
from transformer.family import kinds

OWN = {kind: each for kind, each in KINDS.items() if any(corpus in CORPORA for corpus in each.corpora)}


@cache
def corpus(name: str) -> Collection:
    """A corpus, once."""
    found: Collection = corpus_module(name).load()
    return found


def test_no_kind_has_the_name_of_a_translator() -> None:
    assert not KINDS.keys() & kinds().keys()
    assert all(name == import_module(f"systems.{module}").NAME for name, module in CORPORA.items())


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_class_a_page_and_a_recipe_for_each_corpus(kind: str) -> None:
    each = KINDS[kind]
    made = class_of(kind)
    assert issubclass(made, System)
    assert is_dataclass(made.SIZES)
    assert {*each.sizes} <= {field.name for field in fields(made.SIZES)}
    assert (ROOT / "pages" / f"{each.page}.py").is_file()
    assert {*each.corpora} <= {*CORPORA, *ENGLISH}
    assert {*room_of(kind)} <= {*each.corpora}
    for name in each.corpora:
        recipe = Recipe(model=kind, corpus=name, **suited(kind, name))
        assert recipe.model_sizes() is not None


@pytest.mark.parametrize("name", CORPORA)
def test_a_corpus_is_the_same_each_time_and_is_written_in_lines(name: str) -> None:
    found = corpus(name)
    module = corpus_module(name)
    getattr(module.load, "cache_clear", lambda: None)()
    assert module.load().sha256 == found.sha256
    assert all(found.counts[split] > 20 for split in SPLITS)
    for example in random.Random(1).sample(found.examples, 200):
        line = found.line(example)
        assert "\n" not in line
        assert len(line.split("\t")) == len(found.columns)
    keys = {split: {found.key(each) for each in found.split(split)} for split in SPLITS}
    assert not keys["train"] & (keys["test"] | keys["validation"])
    assert not keys["test"] & keys["validation"]


@pytest.mark.parametrize("kind", OWN)
def test_every_number_of_a_model_learns_and_its_figures_have_a_baseline(kind: str) -> None:
    name = next(each for each in KINDS[kind].corpora if each in CORPORA)
    examples = corpus(name).split("train")[:48]
    model = untrained(kind, name).requires_grad_().train()
    torch.manual_seed(3)
    model.loss(model.batch(examples[:32], random.Random(3))).backward()
    still = [each for each, parameter in model.named_parameters() if parameter.grad is None]
    assert still == []
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters())
    with torch.inference_mode():
        figures = model.eval().measure(examples)
    assert "baseline" in figures
    assert all(value == value for value in figures.values())
