"""Pictures of `figures/numbers/embedding.py`."""

from tests.figures.samples import FRENCH, SCORES, ReadBack, Sample, cells

ROWS, COLUMNS = SCORES.shape
SAMPLES: dict[str, Sample] = {"rows": ((SCORES, FRENCH), {"selected": (2, None), "first": 1})}
DRAWN: dict[str, ReadBack] = {"rows": lambda figure: (cells(figure, (ROWS + 1, COLUMNS))[1:], SCORES)}
