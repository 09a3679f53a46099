"""Pictures of `figures/heads/attention.py`."""

from tests.figures.samples import ENGLISH, FRENCH, HEADS, SCORES, WEIGHTS, ReadBack, Sample, cells

SAMPLES: dict[str, Sample] = {
    "heatmap": ((WEIGHTS, FRENCH, ENGLISH), {"selected": (1, 2)}),
    "signed_heatmap": ((SCORES, FRENCH, ENGLISH), {"selected": (0, 0)}),
    "small_multiples": ((HEADS, FRENCH, ENGLISH), {"selected_head": 3}),
}
DRAWN: dict[str, ReadBack] = {
    "heatmap": lambda figure: (cells(figure, WEIGHTS.shape), WEIGHTS),
    "signed_heatmap": lambda figure: (cells(figure, SCORES.shape), SCORES),
    "small_multiples": lambda figure: (cells(figure, HEADS.shape), HEADS),
}
