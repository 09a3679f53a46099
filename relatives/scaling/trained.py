"""What the division by sqrt(d_k) does to trained models: one model for each number of heads, with it and without it, trained alike.

All read the same corpus for the same number of steps, so that a busy machine changes nothing. d_model stays, so that fewer heads are
wider heads: d_k = d_model / heads. Each is measured as it begins and as it ends, on held-out sentences with their given translations.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import torch

from relatives.scaling.heads import HeadFigures, measured
from transformer.corpora import Pair
from transformer.model import Transformer
from transformer.tokenizer import Tokenizer
from transformer.trace import Trace
from transformer.training.evaluation import evaluate
from transformer.training.loop import held_out_loss
from transformer.training.presets import preset, recipe_fields
from transformer.training.run import Run, spread

CORPUS, HEADS, PAIRS = "grammar-en-fr", (16, 8, 4, 2, 1), 200
RATES = (0.006, 0.002)  # the peak learning rate: that of the corpus's own recipe, and a third of it
COMMAND = "python -m relatives.scaling"


def variants() -> list[tuple[int, bool, float]]:
    """The models to train: heads, whether the scores are divided, and the peak learning rate."""
    return [(heads, scaled, rate) for rate in RATES for heads in HEADS for scaled in (True, False)]


def recipe(heads: int, scaled: bool, rate: float, epochs: float) -> dict[str, Any]:
    """The corpus's own recipe with so many heads and this peak rate, for so many passes through the corpus."""
    found = recipe_fields(preset(CORPUS, no_text, epochs=epochs))
    changed = {
        "heads": heads,
        "peak_rate": rate,
        "epochs": epochs,
        "without": "" if scaled else "scaling",
        "snapshots": 0,
    }
    return {"corpus": CORPUS, **found, **changed}


def no_text() -> NoReturn:
    """The corpus brings a recipe, so its text is never measured."""
    raise AssertionError(f"{CORPUS} has lost its recipe")


def trained(heads: int, scaled: bool, rate: float, epochs: float, count: int = PAIRS) -> dict[str, Any]:
    """Train one model and measure it on `count` held-out pairs: what the record keeps of it, as plain values."""
    with TemporaryDirectory() as folder:
        run = Run.start(Path(folder) / "run", recipe(heads, scaled, rate, epochs), COMMAND)
        model = run.model
        assert isinstance(model, Transformer)
        pairs = spread(run.corpora[0].split("validation"), count)
        before = rounded(measured(traces(model, run.tokenizer, pairs)))
        steps = [entry.step for entry in run.reports(lambda: False)]
        after = rounded(measured(traces(model, run.tokenizer, pairs)))
        loss = held_out_loss(run.model, run.tokenizer, pairs, run.recipe)
        exact = evaluate(run.model, run.tokenizer, pairs).exact_match
    return {
        "heads": heads, "d_k": model.config.d_head, "scaled": scaled, "rate": rate, "epochs": epochs, "steps": steps[-1],
        "pairs": len(pairs), "loss": round(loss, 4), "exact_match": round(exact, 2), "before": before, "after": after,
    }  # fmt: skip


def traces(model: Transformer, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> Iterator[Trace]:
    """The model reads each pair, with its given translation."""
    model.eval()
    start = [model.config.start_id]
    with torch.inference_mode():
        for pair in pairs:
            source, target = tokenizer.encode(pair.source), start + tokenizer.encode(pair.target)
            yield model(torch.tensor([source]), torch.tensor([target]))


def rounded(figures: Sequence[HeadFigures]) -> list[dict[str, Any]]:
    """The figures as plain values, to five decimals."""
    return [
        {name: round(value, 5) if isinstance(value, float) else value for name, value in asdict(each).items()}
        for each in figures
    ]
