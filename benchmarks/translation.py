"""Translation: one sentence of ten words, greedily and with a beam of 4, everything in float32.

Random weights would end anywhere, so for everybody the end piece is made impossible and the translation cut after the same
number of pieces. Ours is what the app does: the search, step by step with its candidates, and then one forward pass over
sentence and translation, whose trace holds every number. The peers give only the translation.
"""

import gc
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contestant import take_turns
from benchmarks.report import Row

SOURCE = [
    17,
    523,
    2041,
    88,
    7301,
    940,
    12,
    4410,
    365,
    1999,
    5003,
    9,
]  # a sentence of ten words is about twelve pieces long
PIECES = 14  # of its translation
BOUND = 0.5  # of the time of Marian's generate
Play = Callable[[], float]

NOTE = (
    f"12 pieces in, {PIECES} out, random weights, float32. Ours: the search with the candidates of every step, and the full "
    "trace of the result. Peers: only the translation; Marian by `generate` with its cache, CTranslate2 by "
    "`translate_batch` with the same Marian weights converted."
)
PEERS = {"Marian generate": "benchmarks.translation:marian", "CTranslate2": "benchmarks.translation:ctranslate2"}


def measure(quick: bool) -> list[Row]:
    """Rows for greedy and beam 4, with one thread (as the app runs) and with two."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        convert(Path(folder))
        for threads in (1, 2):
            for width in (1, 4):
                options = {"width": width, "threads": threads, "repeats": 2 if quick else 10}
                contestants: dict[str, tuple[str, dict[str, Any]]] = {"ours": ("benchmarks.translation:ours", options)}
                contestants["Marian generate"] = ("benchmarks.translation:marian", options)
                contestants["CTranslate2"] = ("benchmarks.translation:ctranslate2", {**options, "folder": folder})
                rows += compared(width, threads, take_turns(contestants, rounds=1 if quick else 7))
    return rows


def compared(width: int, threads: int, samples: dict[str, list[float]]) -> list[Row]:
    """Ours next to each peer; the bound is on Marian."""
    medians = {name: median(values) for name, values in samples.items()}
    search = "greedy" if width == 1 else f"beam {width}"
    return [
        Row(
            name=f"translation, {search}, {threads} thread{'s' * (threads > 1)}: ours with trace, {name}", unit="ms", note=NOTE,
            ours=medians["ours"], peer=medians[name], samples={"ours": samples["ours"], "peer": samples[name]},
            bound=f"at most {BOUND}" if name == "Marian generate" else "",
            met=medians["ours"] / medians[name] <= BOUND if name == "Marian generate" else None,
        )
        for name in PEERS
    ]  # fmt: skip


def ours(width: int, threads: int, repeats: int) -> Play:
    """What the app does for a sentence: search, then trace."""
    import torch

    from benchmarks import models
    from transformer.checkpoint import _filled
    from transformer.decoding.lean import having_read
    from transformer.decoding.reading import encoded, full_trace
    from transformer.decoding.search import beam, best, greedy
    from transformer.family import TRANSFORMER
    from transformer.model import Transformer

    torch.set_num_threads(threads)
    model = _filled(TRANSFORMER, models.CONFIG, models.ours().state_dict())  # as the app opens it
    assert isinstance(model, Transformer)
    never_ending(model)

    @torch.inference_mode()
    def translate() -> int:
        encoder = encoded(model, SOURCE)
        begin = having_read(encoder)
        greedily = width == 1
        steps = greedy(model, SOURCE, PIECES, begin) if greedily else beam(model, SOURCE, PIECES, width, begin=begin)
        ids = best(steps).ids
        trace = full_trace(model, encoder, ids[:-1])
        assert trace.decoder.layers[-1].cross_attention.weights.shape[2:] == (PIECES, len(SOURCE) + 1)
        return len(ids)

    return timed(translate, repeats)


def never_ending(model: Any) -> None:
    """Push the logit of the end piece far down: the last bias of the decoder points away from its row of the matrix."""
    away = -50 * model.matrix[model.config.end_id]
    model.decoder_layers[-1].after_feed_forward.norm.bias.copy_(away)


def marian(width: int, threads: int, repeats: int) -> Play:
    """`MarianMTModel.generate` on the same ids."""
    import torch

    from benchmarks import models

    torch.set_num_threads(threads)
    model = models.marian().eval()
    source = torch.tensor([[*SOURCE, models.CONFIG.end_id]])
    read = torch.ones_like(source)

    @torch.inference_mode()
    def translate() -> int:
        ids = model.generate(source, attention_mask=read, num_beams=width, max_new_tokens=PIECES, do_sample=False)
        return int(ids.size(1)) - 1  # without the start piece

    return timed(translate, repeats)


def ctranslate2(width: int, threads: int, repeats: int, folder: str) -> Play:
    """CTranslate2 in float32 on the same pieces."""
    from ctranslate2 import Translator  # type: ignore[import-not-found]

    translator = Translator(
        f"{folder}/converted", device="cpu", compute_type="float32", intra_threads=threads, inter_threads=1
    )
    pieces = [*map(piece, SOURCE), "</s>"]

    def translate() -> int:
        found = translator.translate_batch(
            [pieces], beam_size=width, max_decoding_length=PIECES, min_decoding_length=PIECES
        )
        return len(found[0].hypotheses[0])

    return timed(translate, repeats)


def timed(translate: Callable[[], int], repeats: int, clock: Callable[[], float] = time.perf_counter) -> Play:
    """A round: `repeats` translations; answers with the milliseconds of one by the `clock`. All must have written the same number of pieces."""

    translate()
    gc.collect()
    gc.freeze()  # as the app does when it starts; otherwise a collection walks over all of torch

    def play() -> float:
        start = clock()
        lengths = {translate() for _ in range(repeats)}
        spent = clock() - start
        if lengths != {PIECES}:
            raise RuntimeError(f"{PIECES} pieces were to be written, but it were {lengths}.")
        return 1000 * spent / repeats

    return play


def convert(folder: Path) -> None:
    """Marian with its random weights, saved and converted in a process of its own, into `folder/converted`."""
    from benchmarks.contestant import Contestant

    with Contestant("benchmarks.translation:converted", folder=str(folder)):
        pass


def converted(folder: str) -> Callable[[], None]:
    """Save the model as Hugging Face does, with a tokenizer of made-up pieces, and let CTranslate2 convert it."""
    from ctranslate2.converters import TransformersConverter  # type: ignore[import-not-found]
    from transformers import MarianTokenizer  # type: ignore[import-not-found]

    from benchmarks import models
    from transformer.tokenizer import Tokenizer

    saved = Path(folder) / "marian"
    models.marian().save_pretrained(saved)
    spoken = Tokenizer.train(["the converter only asks for the names of the pieces"] * 5, 500).model
    for side in ("source", "target"):
        (saved / f"{side}.spm").write_bytes(spoken)
    names = {piece(id): id for id in range(models.CONFIG.vocabulary_size)}
    (saved / "vocab.json").write_text(json.dumps(names), encoding="utf-8")
    files = [str(saved / name) for name in ("source.spm", "target.spm", "vocab.json")]
    MarianTokenizer(*files, pad_token="<pad>", eos_token="</s>", unk_token="<unk>").save_pretrained(saved)
    TransformersConverter(str(saved)).convert(f"{folder}/converted")
    return lambda: None


def piece(id: int) -> str:
    """The made-up name of a piece. The converter drops the last one, which in a published Marian is the padding."""
    return {1: "<s>", 2: "</s>", 3: "<unk>", 7999: "<pad>"}.get(id, f"piece{id}")
