"""What a model must have to be trained and to write, whatever its kind: the Transformer has it, and each of its `relatives`.

It reads pieces, and for each position of the target says what follows. One matrix, shared, makes vectors of pieces and logits of
vectors, so models of every kind are compared on the same terms.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from transformer.config import Sizes


class Translator(nn.Module):
    """A model from ids to logits. `forward(source, target)` of each kind returns its trace, which has `logits`."""

    SIZES: ClassVar[type[Sizes]] = Sizes
    ARCHITECTURE: ClassVar[
        Mapping[str, Any]
    ] = {}  # what somebody who computes with the weights must know, and no size tells
    changed = False  # by `what_if`: then there is more to the model than its weights
    config: Sizes
    matrix: nn.Parameter  # vocabulary d_model

    def decoded(self, source: Tensor, target: Tensor) -> Tensor:
        """What the logits are made of, `(batch, position, d_model)`, by the fastest way: training reads nothing else.

        `source` and `target (batch, position)` hold ids, padded on the right; `target` begins with the start piece.
        """
        raise NotImplementedError

    def logits(self, decoded: Tensor) -> Tensor:
        """Section 3.4 of arXiv 1706.03762: the embedding matrix again, as a linear layer: `(..., d_model)` to `(..., vocabulary)`."""
        return decoded @ self.matrix.T

    @property
    def number_of_parameters(self) -> int:
        """How many numbers training adjusts; the shared matrix counts once."""
        return sum(parameter.numel() for parameter in self.parameters())
