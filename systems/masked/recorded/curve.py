"""Taggers from nothing and from `bert`, by the number of tagged sentences: `python -m systems.masked.recorded.curve`."""

import argparse
import hashlib
import random
from collections.abc import Sequence
from dataclasses import asdict, fields

import torch

from systems import shelf
from systems.masked import entities
from systems.masked.entities import Tagged
from systems.masked.reader import Reader, ReaderSizes
from systems.masked.recorded import CURVE, Tagging, write
from systems.masked.tagger import Tagger, TaggerSizes
from transformer.checkpoint import WEIGHTS

COUNTS, BATCH, RATE = (25, 50, 100, 200, 400, 800, 1600), 32, 0.002
STEPS_LEAST, EPOCHS = 100, 6  # a training takes so many steps at least, and so many epochs


def main() -> None:
    """Train all and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="bert-tatoeba")
    name = parser.parse_args().base
    base, folder = shelf.load(name).model, shelf.available()[name]
    assert isinstance(base, Reader)
    points = []
    for count in COUNTS:
        nothing, pretrained = (round(score(count, each), 2) for each in (None, base))
        points.append(Tagging(count, nothing, pretrained))
        print(points[-1], flush=True)
    sha256 = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    write(
        CURVE,
        {"base": sha256, "epochs_of_100": STEPS_LEAST * BATCH // 100, "points": [asdict(each) for each in points]},
    )


def score(count: int, base: Reader | None) -> float:
    """F1 on the test split after training on the first `count` sentences."""
    corpus, chance = entities.load(), random.Random(1)
    train = corpus.split("train")[:count]
    model = begun(train, base)
    adam = torch.optim.Adam([each for each in model.parameters() if each.requires_grad], betas=(0.9, 0.98), eps=1e-9)
    steps = max(STEPS_LEAST, EPOCHS * count // BATCH)
    for step in range(steps):
        adam.param_groups[0]["lr"] = RATE * min((step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps), 1.0)
        adam.zero_grad()
        model.loss(model.batch(chance.sample(train, min(BATCH, count)), chance)).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
    return model.eval().measure(corpus.split("test"))["F1"]


def begun(train: Sequence[Tagged], base: Reader | None) -> Tagger:
    """A tagger with random weights, or with those of a reader that fit, whose words it takes."""
    torch.manual_seed(1)
    if base is None:
        plain = TaggerSizes()
        return Tagger(plain, Tagger.words_of(train, plain))
    shared = {field.name: getattr(base.sizes, field.name) for field in fields(ReaderSizes)}
    model = Tagger(TaggerSizes(**shared, frozen=True), base.words)
    own, theirs = model.state_dict(), base.state_dict()
    model.load_state_dict(own | {name: each for name, each in theirs.items() if name in own})
    return model


if __name__ == "__main__":
    main()
