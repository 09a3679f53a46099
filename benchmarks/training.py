"""Training: pieces a second of one whole step (forward, loss, backward, clipping, Adam), on the same batches for all.

Ours is the project's own step, as `python -m transformer train` runs it. The peers get the same loss and clipping in the loop that
their users write; "with our settings" gives them our allocator setting and fused Adam too, and has no bound.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.contestant import Contestant, take_turns
from benchmarks.report import Row

THREADS, SMOOTHING, RATE = 2, 0.1, 1e-4
BOUND = 1.3  # times the faster of the two peers
Play = Callable[[], float]

NOTE = (
    "Tokens: real pieces, source and target. Ours as shipped: its own step (fused Adam, glibc keeps freed memory, byte "
    "dropout). Peers: F.cross_entropy and torch.optim.Adam in a plain loop with their defaults; nn.Transformer also drops "
    "attention weights and hidden units. All clip the gradient at 1, and compute in the same precision with two threads. "
    "'With our settings': fused Adam and our allocator setting for them too."
)


def measure(quick: bool) -> list[Row]:
    """A row for each precision and peer; the bound is on the precision that training uses here, against the faster peer."""
    with Contestant("benchmarks.training:precision") as asked:
        bounded = asked.round()
    rows = []
    for precision in ("bf16-mixed", "32-true"):
        options = {"precision": precision, "steps": 1 if quick else 4}
        contestants: dict[str, tuple[str, dict[str, Any]]] = {"ours": ("benchmarks.training:ours", options)}
        for name in ("nn.Transformer", "MarianMTModel"):
            contestants[name] = ("benchmarks.training:peer", {**options, "name": name})
            contestants[f"{name}, with our settings"] = (
                "benchmarks.training:peer",
                {**options, "name": name, "tuned": True},
            )
        samples = take_turns(contestants, rounds=1 if quick else 7)
        rows += compared(precision, samples, precision == bounded)
    return rows


def compared(precision: str, samples: dict[str, list[float]], bounded: bool) -> list[Row]:
    """Ours next to each peer."""
    medians = {name: median(values) for name, values in samples.items()}
    fastest = max(("nn.Transformer", "MarianMTModel"), key=medians.__getitem__)
    return [
        Row(
            name=f"training {precision}: ours, {name}", ours=medians["ours"], peer=medians[name], unit="tokens/s", note=NOTE,
            bound=f"at least {BOUND}" if bounded and name == fastest else "",
            met=medians["ours"] / medians[name] >= BOUND if bounded and name == fastest else None,
            samples={"ours": samples["ours"], "peer": samples[name]},
        )
        for name in samples if name != "ours"
    ]  # fmt: skip


def precision() -> Callable[[], str]:
    """The precision in which training computes on this machine's processor."""
    from transformer.training.course.descent import make_fabric

    return lambda: "bf16-mixed" if "bf16" in str(make_fabric()._precision.precision) else "32-true"


def ours(precision: str, steps: int) -> Play:
    """The project's own step."""
    import torch
    from lightning_fabric import Fabric

    from benchmarks import models
    from transformer.training.course.descent import keep_freed_memory, step
    from transformer.training.loop import Loss

    torch.set_num_threads(THREADS)
    keep_freed_memory()
    model = models.ours()
    fabric = Fabric(accelerator="cpu", devices=1, precision=precision)  # type: ignore[arg-type]
    adam = torch.optim.Adam(model.parameters(), lr=RATE, betas=(0.9, 0.98), eps=1e-9, fused=True)
    module, optimizer = fabric.setup(Loss(model, SMOOTHING), adam)
    return timed(models.batches(steps), lambda batch: step(module, model, optimizer, batch.tensors, RATE, fabric))


def peer(name: str, precision: str, steps: int, tuned: bool = False) -> Play:
    """`nn.Transformer` or `MarianMTModel` in a plain training loop; `tuned` with fused Adam and our allocator setting."""
    import torch
    from torch.nn import functional as F

    from benchmarks import models
    from transformer.training.course.descent import keep_freed_memory

    torch.set_num_threads(THREADS)
    if tuned:
        keep_freed_memory()
    model = models.TorchTransformer() if name == "nn.Transformer" else models.marian()
    model.train()
    adam = torch.optim.Adam(
        model.parameters(), lr=RATE, betas=(0.9, 0.98), eps=1e-9, **({"fused": True} if tuned else {})
    )

    def logits(batch: Any) -> Any:
        if name == "nn.Transformer":
            return model(batch.source, batch.target)
        read = batch.source != models.CONFIG.padding_id
        return model(
            input_ids=batch.source, attention_mask=read, decoder_input_ids=batch.target, use_cache=False
        ).logits

    def step(batch: Any) -> None:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16-mixed"):
            scores = logits(batch).flatten(0, 1)
            loss = F.cross_entropy(scores, batch.expected.flatten(), ignore_index=0, label_smoothing=SMOOTHING)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        adam.zero_grad()

    return timed(models.batches(steps), step)


def timed(batches: list[Any], step: Callable[[Any], object], clock: Callable[[], float] = time.perf_counter) -> Play:
    """A round: a step on each of the batches; answers with pieces a second of the `clock`."""

    def play() -> float:
        start = clock()
        for batch in batches:
            step(batch)
        return float(sum(batch.tokens for batch in batches)) / (clock() - start)

    return play
