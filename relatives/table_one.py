"""The layers of Table 1 of "Attention Is All You Need" (arXiv 1706.03762, section 4), what the table says of them, and who hears of whom.

Every layer maps `(batch, n, d)` to `(batch, n, d)`, so that one can stand in another's place. The table's third kind comes twice: plain, and
dilated as in ByteNet (arXiv 1610.10099). `relatives.measuring` takes their time and their memory.
"""

import torch
from torch import Tensor, nn
from torch.autograd.functional import jvp

from transformer.attention import MultiHeadAttention

KINDS = ("attention", "recurrence", "convolution", "dilated")
HEADS = 8  # of self-attention, as in the paper's base model
KERNEL = 3  # of the convolutions: a position and the two before it


class SelfAttention(nn.Module):
    """The Transformer's own multi-head attention (section 3.2.2), every position looking at every position."""

    def __init__(self, d: int, heads: int = HEADS) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(d, heads)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, n, d)` to `(batch, n, d)`."""
        everywhere = torch.ones(1, 1, 1, 1, dtype=torch.bool, device=x.device)
        return self.attention(x, x, everywhere).output  # type: ignore[no-any-return]


class Recurrence(nn.Module):
    """The table's plain recurrence, h_t = tanh(W x_t + U h_(t-1) + b): torch's fused loop over the positions."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.cell = nn.RNN(d, d, nonlinearity="tanh", batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, n, d)` to the states `(batch, n, d)`."""
        return self.cell(x)[0]  # type: ignore[no-any-return]


class Convolution(nn.Module):
    """Each position from itself and the `kernel` - 1 before it, `dilation` apart, as in ByteNet's decoder; before the first there are zeros."""

    def __init__(self, d: int, kernel: int = KERNEL, dilation: int = 1) -> None:
        super().__init__()
        self.zeros = (kernel - 1) * dilation
        self.filters = nn.Conv1d(d, d, kernel, dilation=dilation)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, n, d)` to `(batch, n, d)`."""
        padded = nn.functional.pad(x.transpose(1, 2), (self.zeros, 0))  # batch d n
        return self.filters(padded).transpose(1, 2)  # type: ignore[no-any-return]


def layer(kind: str, d: int, depth: int = 0, kernel: int = KERNEL, heads: int = HEADS) -> nn.Module:
    """The layer number `depth`, from 0, of a stack of a kind: dilated convolutions are `kernel ** depth` apart, all others the same."""
    if kind == "attention":
        return SelfAttention(d, heads)
    if kind == "recurrence":
        return Recurrence(d)
    return Convolution(d, kernel, kernel**depth if kind == "dilated" else 1)


def operations(kind: str, n: int, d: int, kernel: int = KERNEL) -> int:
    """The first column of the table, without its O(): n^2 d, n d^2, k n d^2."""
    return {"attention": n * n * d, "recurrence": n * d * d}.get(kind, kernel * n * d * d)


def products(kind: str, n: int, d: int, kernel: int = KERNEL) -> dict[str, int]:
    """The multiplications of the forward pass of the very layer that is measured, by where they come from."""
    if kind == "attention":
        return {"projections": 4 * n * d * d, "scores": n * n * d, "mixing": n * n * d}
    if kind == "recurrence":
        return {"inputs": n * d * d, "states": n * d * d}
    return {"filters": kernel * n * d * d}


def sequential(kind: str, n: int) -> int:
    """The second column: steps of one layer that must wait for each other."""
    return n if kind == "recurrence" else 1


def path(kind: str, n: int, kernel: int = KERNEL) -> int:
    """The third column, exactly: layers (of the recurrence: steps) until the last of `n` positions hears of the first.

    A layer of a convolution carries `kernel` - 1 positions on: (n - 1) / (kernel - 1) layers, rounded up. Of dilated ones L layers carry
    kernel^L - 1 positions: log_kernel(n) layers, rounded up.
    """
    if n < 2:
        return 0
    if kind == "attention":
        return 1
    if kind == "recurrence":
        return n - 1
    return next(layers for layers in range(1, n) if carried(kind, layers, kernel) >= n - 1)


def carried(kind: str, layers: int, kernel: int = KERNEL) -> int:
    """How many positions so many layers of convolutions carry a change on."""
    return kernel**layers - 1 if kind == "dilated" else layers * (kernel - 1)


def heard(kind: str, n: int, d: int = 8, kernel: int = KERNEL, seed: int = 1) -> Tensor:
    """`(layer, position)`: how much each position changes when the first input vector is nudged, for each unit of the nudge.

    Row 0 is before the first layer, the last row the first in which the last position hears. Of the recurrence a row is a step: row 0 has the
    first state, row t the t states after it too. Weights and vectors are drawn at random by `seed`; who can hear of whom is the same for any.
    A change that never arrives is exactly 0: it is carried forward as a derivative in double precision, and does not drown in rounding.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        x, nudge = torch.randn(1, n, d, dtype=torch.float64), torch.zeros(1, n, d, dtype=torch.float64)
        nudge[0, 0] = nn.functional.normalize(torch.randn(d, dtype=torch.float64), dim=0)
        if kind == "recurrence":
            _, change = through(layer(kind, d).double(), x, nudge)
            sizes = change.norm(dim=-1)[0]
            states: Tensor = torch.ones(n, n, dtype=torch.float64).tril() * sizes
            return states
        rows = [nudge.norm(dim=-1)[0]]
        while not rows[-1][-1]:
            x, nudge = through(layer(kind, d, len(rows) - 1, kernel, heads=1).double(), x, nudge)
            rows.append(nudge.norm(dim=-1)[0])
        return torch.stack(rows)


def through(one: nn.Module, x: Tensor, nudge: Tensor) -> tuple[Tensor, Tensor]:
    """What leaves a layer, and how it changes with `nudge`, `(batch, n, d)` each: the derivative, without a difference."""
    output, change = jvp(one, x, nudge)  # type: ignore[no-untyped-call]
    return output, change
