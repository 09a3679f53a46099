"""Skip-gram on the grammar corpus with five words of noise for each pair, and with none: `python -m systems.vectors.recorded.noise`."""

import json
import random
from dataclasses import asdict

import torch

from systems.collection import english
from systems.vectors import space
from systems.vectors.recorded import FILE, Trained
from systems.vectors.windows import SPECIAL, WordSizes
from systems.vectors.word2vec import SkipGram

CORPUS, STEPS, BATCH, RATE = "grammar-en-fr", 1200, 128, 0.005


def main() -> None:
    """Train both and write the record."""
    with_noise, without = trained(5), trained(0)
    record = {"corpus": CORPUS, "with_noise": asdict(with_noise), "without": asdict(without)}
    FILE.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(record)


def trained(negatives: int) -> Trained:
    """Skip-gram with so many words of noise for each true one, after `STEPS` steps of Adam."""
    torch.manual_seed(1)
    corpus, chance = english(CORPUS), random.Random(1)
    train, sizes = corpus.split("train"), WordSizes(vocabulary=700, dimensions=24, negatives=negatives)
    model = SkipGram(sizes, SkipGram.words_of(train, sizes))
    model.prepare(train)
    adam = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(STEPS):
        adam.zero_grad()
        model.loss(model.batch(chance.sample(train, BATCH), chance)).backward()  # type: ignore[no-untyped-call]
        adam.step()
    unit = space.unit(model.inputs().detach()[SPECIAL:])
    alike = (unit @ unit.T).fill_diagonal_(0).sum() / (len(unit) * (len(unit) - 1))
    return Trained(float(alike), model.measure(corpus.split("test"))["told apart"])


if __name__ == "__main__":
    main()
