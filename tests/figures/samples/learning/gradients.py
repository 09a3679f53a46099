"""Pictures of `figures/learning/gradients.py`."""

from typing import Any

import numpy as np

from tests.figures.samples import ReadBack, Sample

STEPS = [1, 2, 40, 1900]
GROUPS = (("decoder 1, <self>", ("W_Q", "W_K")), ("embedding", ("E",)))
SIZES = np.array([[0.5, 0.2, 0.02, 0.003], [3e-5, 2e-4, 1e-3, 0.1], [2.0, 1.0, np.nan, 0.4]])
NORMS = [2.06, 1.02, 0.3, 0.41]
SAMPLES: dict[str, Sample] = {
    "gradients": ((SIZES, STEPS), {"groups": GROUPS, "norms": NORMS, "limit": 1.0, "selected": (1, 2)})
}


def read(figure: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The map in powers of ten, the line, and the signs over its steps beyond the limit."""
    trace, line, signs = figure["data"]
    assert signs["x"] == [0, 1]
    sizes = 10.0 ** np.array([[-300.0 if value is None else value for value in row] for row in trace["z"]])
    told = np.array([[0.0 if value is None else value for value in row] for row in trace["text"]])
    given = np.nan_to_num(SIZES)
    np.testing.assert_allclose(sizes, given, rtol=1e-9, atol=1e-12)
    return np.concatenate([told.ravel(), line["y"]]), np.concatenate([given.ravel(), NORMS])


DRAWN: dict[str, ReadBack] = {"gradients": read}
