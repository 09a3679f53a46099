"""The Vision Transformer: Dosovitskiy et al. 2021 (arXiv 2010.11929). "An image is worth 16 x 16 words"; here 8 x 8 pixels each.

The picture is cut into patches. The numbers of a patch, one after the other, times the matrix E are a row, as a word's embedding is one; a
row that says which place it is is added, and from there on it is the encoder of a Transformer: all patches look at all others. In front
stands a *class token*, a row that belongs to no patch; from what becomes of it the answer is read. The words of the question are more rows.

Patches look at patches only; the class token and the words look at everything. So what is made of a picture does not depend on what is
asked, and a picture can be asked several things at once, each with a class token and words of its own: training is five times as fast.

Section 3.1, Eq. 1-4: pre-norm, x + MSA(LN(x)), x + MLP(LN(x)), GELU between. The attention is that of `transformer.attention`.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from systems.scenes.asked import Answering
from systems.scenes.questions import ANSWERS, PARTS
from systems.scenes.scene import SIDE
from systems.scenes.soft import from_paper
from transformer.attention import MultiHeadAttention
from transformer.trace import AttentionTrace

PATCH = 8  # pixels, each way
PATCHES = (SIDE // PATCH) ** 2
NUMBERS = 3 * PATCH**2  # in a patch


@dataclass(frozen=True, kw_only=True)
class VisionSizes:
    """How large a Vision Transformer is."""

    layers: int = 4
    heads: int = 4
    d_model: int = 64
    d_ff: int = 192
    varied: bool = True  # whether each step of training sees its scenes in other colours, moved, or mirrored
    counts: bool = False  # whether it is only taught to count: a smaller task, for a shorter training

    def __post_init__(self) -> None:
        if self.d_model % self.heads:
            raise ValueError(f"d_model {self.d_model} must be a multiple of the {self.heads} heads.")


@dataclass(frozen=True, slots=True)
class PatchTrace:
    """From the picture to the rows that enter the encoder: the class token, the patches, the words of the question."""

    pixels: Annotated[
        Tensor, "batch patch number"
    ]  # red of all 64 pixels, green, blue; measured from the paper's colour
    patches: Annotated[Tensor, "batch patch d_model"]  # pixels E + b
    words: Annotated[Tensor, "batch word d_model"]  # rows of the table of words, a word for each part of each question
    positions: Annotated[
        Tensor, "place d_model"
    ]  # learned: of the class token, of each patch, of each part of a question
    output: Annotated[Tensor, "batch row d_model"]  # all rows, with their positions


@dataclass(frozen=True, slots=True)
class VisionLayerTrace:
    """A layer of the encoder, Eq. 2 and 3."""

    normed: Annotated[Tensor, "batch row d_model"]  # LN(x)
    attention: AttentionTrace
    middle: Annotated[Tensor, "batch row d_model"]  # x + attention
    normed_again: Annotated[Tensor, "batch row d_model"]  # LN(middle)
    hidden: Annotated[Tensor, "batch row d_ff"]  # GELU(W_1 normed_again + b)
    output: Annotated[Tensor, "batch row d_model"]  # middle + W_2 hidden + b


@dataclass(frozen=True, slots=True)
class VisionTrace:
    """One forward pass."""

    embedding: PatchTrace
    mask: Annotated[
        Tensor, "batch 1 row row"
    ]  # True where a row may look at a row; nothing looks at a patch that is left out
    layers: tuple[VisionLayerTrace, ...]
    summary: Annotated[Tensor, "batch question d_model"]  # LN of the class token's last row, Eq. 4
    logits: Annotated[Tensor, "batch question answer"]


class VisionLayer(nn.Module):
    """Pre-norm: what is normed enters the attention and the feed-forward network; what is added to stays as it is."""

    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        d = sizes.d_model
        self.norm_1, self.norm_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attention = MultiHeadAttention(d, sizes.heads)
        self.W_1, self.W_2 = nn.Linear(d, sizes.d_ff), nn.Linear(sizes.d_ff, d)

    def forward(self, x: Tensor, mask: Tensor) -> VisionLayerTrace:
        """`x (batch, row, d_model)`; `mask (batch, 1, row, row)` is True where a row may look at a row."""
        normed = self.norm_1(x)
        attention = self.attention(normed, normed, mask)
        middle = x + attention.output
        normed_again = self.norm_2(middle)
        hidden = F.gelu(self.W_1(normed_again))
        return VisionLayerTrace(normed, attention, middle, normed_again, hidden, middle + self.W_2(hidden))


class Vision(Answering):
    """Patches, a class token, positions, encoder layers, an answer."""

    SIZES: ClassVar[type] = VisionSizes
    sizes: VisionSizes

    def __init__(self, sizes: VisionSizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        d = sizes.d_model
        self.E = nn.Linear(NUMBERS, d)
        self.table = nn.Embedding(len(words), d)
        self.class_token = nn.Parameter(torch.randn(d) * 0.02)
        self.positions = nn.Parameter(torch.zeros(1 + PATCHES + len(PARTS), d))
        self.layers = nn.ModuleList(VisionLayer(sizes) for _ in range(sizes.layers))
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, len(ANSWERS))
        nn.init.normal_(self.table.weight, std=0.1)

    def forward(self, pictures: Tensor, words: Tensor, there: Tensor | None = None) -> VisionTrace:
        """Look at `pictures (batch, 3, SIDE, SIDE)` and read the questions about each, `words (batch, question, part)`.

        `there (batch, patch)` is False at patches that are left out: nothing looks at them.
        """
        embedding = self.rows(pictures, words)
        mask = self.mask(
            words, embedding.pixels.new_ones(embedding.pixels.shape[:2]).bool() if there is None else there
        )
        layers, x = [], embedding.output
        for layer in self.layers:
            layers.append(layer(x, mask))
            x = layers[-1].output
        summary = self.norm(x[:, : words.size(1)])
        return VisionTrace(embedding, mask, tuple(layers), summary, self.head(summary))

    def rows(self, pictures: Tensor, words: Tensor) -> PatchTrace:
        """Eq. 1: the rows that enter the encoder: class tokens, patches, words."""
        pixels, number = cut(from_paper(pictures)), words.size(1)
        patches, read = self.E(pixels), self.table(words.flatten(1))
        first, middle, last = (
            self.positions[part] for part in (slice(1), slice(1, 1 + PATCHES), slice(1 + PATCHES, None))
        )
        tokens = (self.class_token + first).expand(len(pixels), number, -1)
        output = torch.cat((tokens, patches + middle, read + last.repeat(number, 1)), dim=1)
        return PatchTrace(pixels, patches, read, self.positions, output)

    def mask(self, words: Tensor, there: Tensor) -> Tensor:
        """Where a row may look at a row: at the patches all, at a question's token and words only they themselves."""
        asked = torch.arange(1, words.size(1) + 1, device=words.device)
        belongs = torch.cat(
            (asked, asked.new_zeros(there.size(1)), asked.repeat_interleave(len(PARTS)))
        )  # 0: to the picture
        may = (belongs == 0) | (belongs[:, None] == belongs)  # row row
        real = torch.cat((torch.ones_like(words[..., 0], dtype=torch.bool), there, words.flatten(1) != 0), dim=1)
        return (may & real[:, None])[:, None]


def cut(pictures: Tensor) -> Tensor:
    """Pictures into patches, row by row: `(batch, 3, SIDE, SIDE)` to `(batch, patch, number)`."""
    return F.unfold(pictures, PATCH, stride=PATCH).transpose(1, 2)
