"""How many words should be masked? The same training with 5, 15, 40 and 80 %: `python -m systems.masked.recorded.rates --steps 3000`."""

import argparse
import random
from dataclasses import asdict
from typing import Any

import torch

from systems.collection import English, english
from systems.masked.bert import Bert, BertSizes
from systems.masked.recorded import RATES, Rate, write

CORPUS, BATCH, RATE_OF_LEARNING, SHARES = "tatoeba-en-fr", 128, 0.003, (0.05, 0.15, 0.4, 0.8)


def main() -> None:
    """Train all and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3000)
    steps = parser.parse_args().steps
    corpus, found, baseline = english(CORPUS), [], 0.0
    for share in SHARES:
        figures = trained(corpus, share, steps)
        baseline = figures["baseline"]
        found.append(Rate(share, round(figures["right"], 2), round(figures["of words"], 2)))
        print(found[-1], flush=True)
    record: dict[str, Any] = {"corpus": CORPUS, "steps": steps, "batch": BATCH, "baseline": round(baseline, 2)}
    write(RATES, {**record, "rates": [asdict(each) for each in found]})


def trained(corpus: English, share: float, steps: int) -> dict[str, float]:
    """A BERT with a masking rate after so many steps of Adam, a tenth of them warm-up, then falling to 0; its held-out figures."""
    torch.manual_seed(1)
    train, chance, device = corpus.split("train"), random.Random(1), "cuda" if torch.cuda.is_available() else "cpu"
    sizes = BertSizes(masking=share)
    model = Bert(sizes, Bert.words_of(train, sizes)).to(device)
    adam = torch.optim.Adam(model.parameters(), betas=(0.9, 0.98), eps=1e-9)
    for step in range(steps):
        adam.param_groups[0]["lr"] = RATE_OF_LEARNING * min(
            (step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps), 1.0
        )
        batch = model.batch(chance.sample(train, BATCH), chance)
        adam.zero_grad()
        model.loss(type(batch)(*(each.to(device) for each in batch))).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
    return model.cpu().eval().measure(corpus.split("test"))


if __name__ == "__main__":
    main()
