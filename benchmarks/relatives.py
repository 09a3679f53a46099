"""The relatives: GRU and Bahdanau next to the same models built of `nn.GRU`: training, and one sentence of ten words decoded.

The peers have the weights of ours, and before the clock starts both have to give the same logits. `nn.MultiheadAttention` fits
neither: the one has no attention, the other an additive score. Sizes are those that learners train: the recipe of the grammar corpus,
and that of Tatoeba, in float32 with one thread. Time is the processor's, not the wall's: with one thread it is the same on an idle
machine, and on a busy one the wall's says more about the neighbours (the same code: 0.86 and 1.55 times the peer's, in two runs).
"""

import time
from statistics import median
from typing import Any

from benchmarks.contestant import take_turns
from benchmarks.report import Row
from benchmarks.training import RATE, SMOOTHING, Play
from benchmarks.training import timed as trained
from benchmarks.translation import PIECES, SOURCE
from benchmarks.translation import timed as translated

SIZES = {  # by corpus: vocabulary, d_model, tokens a side of a batch, batches in a round
    "grammar": (1872, 96, 480, 12),
    "Tatoeba": (4000, 192, 2000, 3),
}
KINDS = ("gru", "bahdanau")
WIDTHS = {1: "greedy", 4: "beam 4"}
NOISE = 0.05  # what two rounds of the same work differ by
TRAINING = (
    "Tokens: real pieces, source and target. Ours: the project's own step. Peers: nn.GRU (and nn.GRUCell with an additive score), "
    "F.cross_entropy and torch.optim.Adam in a plain loop with their defaults; 'with our settings': fused Adam and our allocator "
    "setting for them too. All clip the gradient at 1. float32, one thread, seconds of the processor."
)
DECODING = (
    f"12 pieces in, {PIECES} out, random weights, float32, one thread, time of the processor. The same search, with the candidates of "
    "every step, over ours and over the peer; 'a bare loop': the peer in a loop that keeps only the best piece."
)


def measure(quick: bool) -> list[Row]:
    """Two rows of training and three of decoding for each kind of model and size."""
    rows, rounds = [], 1 if quick else 9
    for kind in KINDS:
        for corpus, (vocabulary, d_model, tokens, steps) in SIZES.items():
            sizes = {"kind": kind, "vocabulary": vocabulary, "d_model": d_model}
            options = {**sizes, "tokens": tokens, "steps": 1 if quick else steps}
            contestants: dict[str, tuple[str, dict[str, Any]]] = {
                "ours": ("benchmarks.relatives:ours_trains", options),
                "nn.GRU": ("benchmarks.relatives:peer_trains", options),
                "nn.GRU, with our settings": ("benchmarks.relatives:peer_trains", {**options, "tuned": True}),
            }
            rows += faster(f"{kind} trains, {corpus}", take_turns(contestants, rounds))
            options = {**sizes, "repeats": 2 if quick else 60}
            contestants = {
                f"{who}, {width}": (f"benchmarks.relatives:{who}_writes", {**options, "width": width})
                for width in WIDTHS for who in ("ours", "peer")
            }  # fmt: skip
            contestants["a bare loop"] = ("benchmarks.relatives:loop_writes", options)
            rows += sooner(f"{kind} decodes, {corpus}", take_turns(contestants, rounds))
    return rows


def faster(what: str, samples: dict[str, list[float]]) -> list[Row]:
    """Tokens a second next to each peer: not fewer, but for noise."""
    medians = {name: median(values) for name, values in samples.items()}
    return [
        Row(
            name=f"{what}: ours, {name}", ours=medians["ours"], peer=medians[name], unit="tokens/s", note=TRAINING,
            bound=f"at least {1 - NOISE:g}", met=medians["ours"] / medians[name] >= 1 - NOISE,
            samples={"ours": samples["ours"], "peer": samples[name]},
        )
        for name in samples if name != "ours"
    ]  # fmt: skip


def sooner(what: str, samples: dict[str, list[float]]) -> list[Row]:
    """Milliseconds of a sentence next to the peer: not more, but for noise."""
    pairs = {name: (f"ours, {width}", f"peer, {width}") for width, name in WIDTHS.items()}
    pairs["greedy, a bare loop"] = ("ours, 1", "a bare loop")
    rows = []
    for name, (mine, theirs) in pairs.items():
        ours, peer = median(samples[mine]), median(samples[theirs])
        bounded = theirs != "a bare loop"
        rows.append(
            Row(
                name=f"{what}, {name}: ours, nn.GRU", ours=ours, peer=peer, unit="ms", note=DECODING,
                bound=f"at most {1 + NOISE:g}" if bounded else "", met=ours / peer <= 1 + NOISE if bounded else None,
                samples={"ours": samples[mine], "peer": samples[theirs]},
            )
        )  # fmt: skip
    return rows


def both(kind: str, vocabulary: int, d_model: int) -> tuple[Any, Any]:
    """Ours and the peer with the same weights. Raises `RuntimeError` if they do not give the same logits."""
    import torch

    from benchmarks import recurrent
    from benchmarks.batches import made_up
    from transformer.config import Config
    from transformer.family import class_of, sized

    torch.set_num_threads(1)
    torch.manual_seed(1)
    config = Config(vocabulary_size=vocabulary, d_model=d_model, heads=1, encoder_layers=1, decoder_layers=1, d_ff=1)
    model = class_of(kind)(sized(kind, config)).eval()
    peer = recurrent.peer(model).eval()
    (batch,) = made_up(1, vocabulary, 200)
    with torch.inference_mode():
        real = batch.target != model.config.padding_id
        mine, theirs = model(batch.source, batch.target).logits[real], peer(batch.source, batch.target)[real]
    if not torch.allclose(mine, theirs, atol=1e-4):
        raise RuntimeError(f"{kind}: the peer is another model, by up to {float((mine - theirs).abs().max())}.")
    return model, peer


def ours_trains(kind: str, vocabulary: int, d_model: int, tokens: int, steps: int) -> Play:
    """The project's own step."""
    import torch
    from lightning_fabric import Fabric

    from benchmarks.batches import made_up
    from transformer.training.course.descent import keep_freed_memory, step
    from transformer.training.loop import Loss

    model, _ = both(kind, vocabulary, d_model)
    keep_freed_memory()
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    adam = torch.optim.Adam(model.parameters(), lr=RATE, betas=(0.9, 0.98), eps=1e-9, fused=True)
    module, optimizer = fabric.setup(Loss(model, SMOOTHING), adam)
    return trained(
        made_up(steps, vocabulary, tokens),
        lambda batch: step(module, model, optimizer, batch.tensors, RATE, fabric),
        time.process_time,
    )


def peer_trains(kind: str, vocabulary: int, d_model: int, tokens: int, steps: int, tuned: bool = False) -> Play:
    """The peer in a plain training loop; `tuned` with fused Adam and our allocator setting."""
    import torch
    from torch.nn import functional as F

    from benchmarks.batches import made_up
    from transformer.training.course.descent import keep_freed_memory

    _, model = both(kind, vocabulary, d_model)
    if tuned:
        keep_freed_memory()
    model.train()
    fused = {"fused": True} if tuned else {}
    adam = torch.optim.Adam(model.parameters(), lr=RATE, betas=(0.9, 0.98), eps=1e-9, **fused)

    def step(batch: Any) -> float:
        scores = model(batch.source, batch.target).flatten(0, 1)
        loss = F.cross_entropy(scores, batch.expected.flatten(), ignore_index=0, label_smoothing=SMOOTHING)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        adam.zero_grad()
        return float(loss.detach())

    return trained(made_up(steps, vocabulary, tokens), step, time.process_time)


def ours_writes(kind: str, vocabulary: int, d_model: int, repeats: int, width: int) -> Play:
    """Our search over our model, as the app runs it. It never ends before its time, because the end piece's logit is 0."""
    from transformer.checkpoint import _filled
    from transformer.decoding.lean import lean

    random, _ = both(kind, vocabulary, d_model)
    model = _filled(kind, random.config, random.state_dict())  # as the app opens it
    return searched(model, lean, vocabulary, repeats, width)


def peer_writes(kind: str, vocabulary: int, d_model: int, repeats: int, width: int) -> Play:
    """The same search over the peer."""
    from benchmarks.recurrent import Reading
    from transformer.decoding.reading import source_rows

    model, peer = both(kind, vocabulary, d_model)
    peer.requires_grad_(False)
    peer.embedding.weight[model.config.end_id] = 0
    model.requires_grad_(False)
    return searched(
        model, lambda _, sources: Reading(peer, peer.begin(source_rows(model, sources))), vocabulary, repeats, width
    )


def searched(model: Any, begin: Any, vocabulary: int, repeats: int, width: int) -> Play:
    """A round of translations of one sentence by whom `begin` makes read."""
    from transformer.decoding.search import beam, best, greedy

    model.matrix[model.config.end_id] = 0
    ids = source(vocabulary)

    def translate() -> int:
        steps = greedy(model, ids, PIECES, begin) if width == 1 else beam(model, ids, PIECES, width, begin=begin)
        return len(best(steps).ids)

    return translated(translate, repeats, time.process_time)


def loop_writes(kind: str, vocabulary: int, d_model: int, repeats: int) -> Play:
    """The peer in a loop that keeps only the best piece."""
    _, model = both(kind, vocabulary, d_model)
    model.requires_grad_(False)
    model.embedding.weight[model.sizes.end_id] = 0
    ids = [*source(vocabulary), model.sizes.end_id]
    return translated(lambda: len(model.write(ids, PIECES)), repeats, time.process_time)


def source(vocabulary: int) -> list[int]:
    """The sentence of `benchmarks.translation` in a smaller vocabulary."""
    return [3 + id % (vocabulary - 3) for id in SOURCE]
