"""Pictures of `figures/writing/lens.py`."""

from tests.figures.samples import ENGLISH, FRENCH, WEIGHTS, ReadBack, Sample, cells

NAMES = [[f"<b>{row}{column}" for column in range(len(ENGLISH))] for row in range(len(FRENCH))]
SAMPLES: dict[str, Sample] = {
    "named": (
        (WEIGHTS, NAMES, FRENCH, ENGLISH),
        {"axes": ("layer", "French piece"), "selected": (-1, 2), "marked": [(1, 1)]},
    )
}
DRAWN: dict[str, ReadBack] = {"named": lambda figure: (cells(figure, WEIGHTS.shape), WEIGHTS)}
