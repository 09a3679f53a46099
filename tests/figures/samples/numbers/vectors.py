"""Pictures of `figures/numbers/vectors.py`."""

from tests.figures.samples import FRENCH, SCORES, ReadBack, Sample, cells

SAMPLES: dict[str, Sample] = {"heatmap": ((SCORES, FRENCH), {"selected": (1, 2)})}
DRAWN: dict[str, ReadBack] = {"heatmap": lambda figure: (cells(figure, SCORES.shape), SCORES)}
