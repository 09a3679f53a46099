"""Show, attend and tell: Xu et al. 2015 (arXiv 1502.03044), with soft attention (section 4.2).

A small convolutional network makes of the picture a grid of *annotations* y_i, a row of numbers for each of 6 x 6 places. An LSTM writes
the caption; before each word its state c scores every place, e_i = v . tanh(W y_i + U c), the scores become weights, and the LSTM reads
the annotations mixed by these weights: the *context*. (The paper writes a for y and h for c; the letters here are those of the notes.)

Left out of the paper: the gate beta on the context, dropout, a second layer of the network that makes the first state.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from relatives.cells import Carried, LstmCell, LstmTrace
from systems.scenes import captions, corpus, drawing
from systems.scenes.corpus import Example
from systems.scenes.scene import SIDE, Scene
from systems.system import PADDING, UNKNOWN, System

START, END = "<start>", "<end>"
PAD, BEGIN, STOP = 0, 2, 3  # ids
LONGEST = 16  # words of a caption, its end among them
CELL = 8  # pixels: the side of the part of the picture in whose middle an annotation sits
PLACES = (SIDE // CELL) ** 2

Choose = Callable[
    [Tensor, int], Tensor
]  # the weights (batch, place) of a word, and which word: what the context mixes by


@dataclass(frozen=True, kw_only=True)
class CaptionSizes:
    """How large a captioner is, and what its loss adds."""

    channels: int = 32  # of the first layer of the eye
    d_annotation: int = 64
    d_state: int = 96
    d_word: int = 32
    d_look: int = 64  # numbers in each tanh
    doubly: float = 0.0  # lambda of section 4.2.1: how much all places want to be looked at equally often
    entropy: float = 0.01  # lambda_e of section 4.1, hard attention only: how much it is rewarded for looking about
    reward: float = 1.0  # lambda_r of section 4.1, hard attention only
    varied: bool = True  # whether each step of training sees its scenes in other colours, moved, or mirrored
    expected: float = (
        0.5  # hard attention only: for that share of the pictures a step of training mixes as soft attention does
    )


@dataclass(frozen=True, slots=True)
class EyeTrace:
    """What the convolutions make of a picture."""

    pixels: Annotated[Tensor, "batch colour y x"]  # measured from the paper's colour: an empty place is all zeros
    edges: Annotated[Tensor, "batch channel y_half x_half"]
    parts: Annotated[Tensor, "batch channel_2 y_quarter x_quarter"]
    wider: Annotated[Tensor, "batch d_annotation y_quarter x_quarter"]
    grid: Annotated[Tensor, "batch d_annotation row column"]


@dataclass(frozen=True, slots=True)
class GlanceTrace:
    """The look at the picture, once for each word that is about to be written."""

    queries: Annotated[Tensor, "batch word d_look"]  # U c + b
    keys: Annotated[Tensor, "batch place d_look"]  # W y
    scores: Annotated[Tensor, "batch word place"]  # v . tanh(W y + U c)
    weights: Annotated[Tensor, "batch word place"]  # softmax of the scores
    chosen: Annotated[
        Tensor, "batch word place"
    ]  # what the context mixes by: soft: the weights; hard: 1 at the place drawn
    context: Annotated[Tensor, "batch word d_annotation"]  # chosen @ annotations


@dataclass(frozen=True, slots=True)
class CaptionTrace:
    """One forward pass. `logits[:, t]` scores the word that follows word `t`."""

    eye: EyeTrace
    annotations: Annotated[Tensor, "batch place d_annotation"]  # the grid's columns, and which place it is
    mean: Annotated[Tensor, "batch d_annotation"]  # of the annotations: what the first state is made of
    ids: Annotated[Tensor, "batch word"]
    embedded: Annotated[Tensor, "batch word d_word"]
    cell: LstmTrace
    glance: GlanceTrace
    logits: Annotated[Tensor, "batch word vocabulary"]


class Batch(NamedTuple):
    """What a step reads."""

    shapes: Tensor  # batch shape 5: what is to be painted
    words: Tensor  # batch word: from the start to the last word
    following: Tensor  # batch word: from the first word to the end


class Eye(nn.Module):
    """Four convolutions: 48 x 48 pixels, 24 x 24, twice 12 x 12, 6 x 6 places; each place has seen 23 x 23 pixels."""

    def __init__(self, channels: int, d_annotation: int) -> None:
        super().__init__()
        widths = (3, channels, channels + 16, d_annotation, d_annotation)
        steps = (2, 2, 1, 2)
        pairs = zip(widths, widths[1:], steps, strict=False)
        convolutions = [nn.Conv2d(a, b, 3, stride=step, padding=1) for a, b, step in pairs]
        self.layers = nn.ModuleList(convolutions)
        for layer in convolutions:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, pictures: Tensor) -> EyeTrace:
        """`pictures (batch, 3, SIDE, SIDE)`, from 0 to 1."""
        found = [from_paper(pictures)]
        for layer in self.layers:
            found.append(layer(found[-1]).relu())
        return EyeTrace(*found)


def from_paper(pictures: Tensor) -> Tensor:
    """Pixels measured from the colour of the paper, so that an empty place is all zeros."""
    return pictures - pictures.new_tensor(drawing.GROUND)[:, None, None]


class Glance(nn.Module):
    """e_i = v . tanh(W y_i + U c + b): how well each place fits what the decoder is about to say."""

    def __init__(self, sizes: CaptionSizes) -> None:
        super().__init__()
        self.W = nn.Linear(sizes.d_annotation, sizes.d_look, bias=False)
        self.U = nn.Linear(sizes.d_state, sizes.d_look)
        self.v = nn.Parameter(torch.randn(sizes.d_look) * sizes.d_look**-0.5)

    def forward(self, keys: Tensor, query: Tensor) -> Tensor:
        """`keys (batch, place, d_look)`, W y, and `query (batch, d_look)`, U c + b, to scores `(batch, place)`."""
        return (keys + query[:, None]).tanh() @ self.v


class Soft(System):
    """Soft attention: the context is the annotations mixed by the weights, and all of it has a gradient."""

    SIZES: ClassVar[type] = CaptionSizes
    sizes: CaptionSizes

    def __init__(self, sizes: CaptionSizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        d, state = sizes.d_annotation, sizes.d_state
        self.eye = Eye(sizes.channels, d)
        self.places = nn.Parameter(torch.randn(PLACES, d) * 0.1)
        self.E = nn.Embedding(len(words), sizes.d_word)
        self.first_state, self.first_cell = nn.Linear(d, state), nn.Linear(d, state)
        self.glance = Glance(sizes)
        self.lstm = LstmCell(sizes.d_word + d, state)
        self.L_h = nn.Linear(state, sizes.d_word)
        self.L_z = nn.Linear(d, sizes.d_word, bias=False)
        self.L_o = nn.Linear(sizes.d_word, len(words))

    @classmethod
    def words_of(cls, examples: Sequence[Any], sizes: Any) -> tuple[str, ...]:  # noqa: ARG003
        """See `System`: all that the grammar of captions has."""
        return (PADDING, UNKNOWN, START, END, *captions.WORDS)

    def forward(self, pictures: Tensor, words: Tensor, choose: Choose | None = None) -> CaptionTrace:
        """Look at `pictures (batch, 3, SIDE, SIDE)` and read the caption `words (batch, word)`, the start first."""
        eye = self.eye(pictures)
        annotations = self.annotations(eye)
        keys, embedded, carried = self.glance.W(annotations), self.E(words), self.begin(annotations)
        glances, steps, befores = [], [], []
        for place in range(words.size(1)):
            query = self.glance.U(carried[0])
            scores = self.glance(keys, query)
            weights = scores.softmax(-1)
            chosen = (choose or self.choose)(weights, place)
            context = (chosen[:, None] @ annotations)[:, 0]
            befores.append(carried)
            read = self.lstm.read(torch.cat((embedded[:, place], context), dim=-1))
            steps.append(self.lstm.step(read, carried))
            carried = self.lstm.carried(steps[-1])
            glances.append((query, scores, weights, chosen, context))
        queries, scores, weights, chosen, contexts = (torch.stack(each, dim=1) for each in zip(*glances, strict=True))
        rows = [
            torch.stack(each, dim=1) for each in zip(*(b + s for b, s in zip(befores, steps, strict=True)), strict=True)
        ]
        cell = LstmTrace(torch.cat((embedded, contexts), dim=-1), *rows)
        glance = GlanceTrace(queries, keys, scores, weights, chosen, contexts)
        logits = self.tell(embedded, cell.states, contexts)
        return CaptionTrace(eye, annotations, annotations.mean(1), words, embedded, cell, glance, logits)

    def annotations(self, eye: EyeTrace) -> Tensor:
        """The columns of the grid, each with the row that says which place it is: `(batch, place, d_annotation)`."""
        return eye.grid.flatten(2).transpose(1, 2) + self.places

    def begin(self, annotations: Tensor) -> Carried:
        """The first state and cell, of the mean of the annotations (section 3.1.2)."""
        mean = annotations.mean(1)
        return self.first_state(mean).tanh(), self.first_cell(mean).tanh()

    def choose(self, weights: Tensor, _word: int) -> Tensor:
        """What the context mixes by: here the weights themselves."""
        return weights

    def tell(self, embedded: Tensor, states: Tensor, contexts: Tensor) -> Tensor:
        """Section 3.1.2, Eq. 7: logits = L_o (E y + L_h h + L_z z), of the word before, the state and the context."""
        found: Tensor = self.L_o(embedded + self.L_h(states) + self.L_z(contexts))
        return found

    @torch.inference_mode()
    def write(self, pictures: Tensor, choose: Choose | None = None) -> tuple[Tensor, Tensor]:
        """The likeliest words one after the other, `(batch, word)` without the start, padded, and what was chosen for each."""
        annotations = self.annotations(self.eye(pictures))
        keys, carried = self.glance.W(annotations), self.begin(annotations)
        word = torch.full((len(pictures),), BEGIN, device=pictures.device)
        done, words, looks = torch.zeros_like(word, dtype=torch.bool), [], []
        for place in range(LONGEST):
            embedded = self.E(word)
            weights = self.glance(keys, self.glance.U(carried[0])).softmax(-1)
            looks.append((choose or self.surest)(weights, place))
            context = (looks[-1][:, None] @ annotations)[:, 0]
            carried = self.lstm.once(torch.cat((embedded, context), dim=-1), carried)
            word = self.tell(embedded, carried[0], context).argmax(-1).masked_fill(done, PAD)
            words.append(word)
            done = done | (word == STOP)
            if done.all():
                break
        return torch.stack(words, dim=1), torch.stack(looks, dim=1)

    surest = choose  # where nothing is left to chance: the same

    def batch(self, examples: Sequence[Example], chance: random.Random) -> Batch:
        """See `System`."""
        if self.training and self.sizes.varied:
            examples = [Example(corpus.varied(example.scene, chance)) for example in examples]
        known = {word: place for place, word in enumerate(self.words)}
        ids = [[known[word] for word in captions.caption(example.scene).words] for example in examples]
        longest = max(map(len, ids)) + 1
        words = torch.tensor([[BEGIN, *each, *[PAD] * (longest - 1 - len(each))] for each in ids])
        following = torch.tensor([[*each, STOP, *[PAD] * (longest - 1 - len(each))] for each in ids])
        return Batch(drawing.numbers([example.scene for example in examples]), words, following)

    def loss(self, batch: Batch) -> Tensor:
        """See `System`: what the right words cost, and the doubly stochastic part (section 4.2.1, Eq. 14)."""
        trace = self(drawing.paint(batch.shapes), batch.words)
        real = batch.following != PAD
        cost: Tensor = costs(trace, batch.following)[real].mean()
        if not self.sizes.doubly:
            return cost
        looked = (trace.glance.weights * real[..., None]).sum(1)  # batch place
        unlike: Tensor = (looked.mean(-1, keepdim=True) - looked).square().mean()
        return cost + self.sizes.doubly * unlike

    def measure(self, examples: Sequence[Example]) -> dict[str, float]:
        """See `System`: captions that are right to the last word; `baseline` is the commonest one."""
        right = [caption.text for caption in (captions.caption(example.scene) for example in examples)]
        written = self.captions([example.scene for example in examples])
        commonest = max(right.count(text) for text in set(right))
        exact = sum(a == b for a, b in zip(right, written, strict=True))
        return {"exact": 100 * exact / len(right), "baseline": 100 * commonest / len(right)}

    def captions(self, scenes: Sequence[Scene]) -> list[str]:
        """The captions that it writes, a few hundred pictures at a time."""
        found: list[str] = []
        for begin in range(0, len(scenes), 256):
            shapes = drawing.numbers(scenes[begin : begin + 256]).to(self.places.device)
            words, _ = self.write(drawing.paint(shapes))
            found += [captions.told(self.told(row)) for row in words.tolist()]
        return found

    def told(self, ids: Sequence[int]) -> list[str]:
        """Words of ids, up to the end."""
        ended = list(ids)[: list(ids).index(STOP)] if STOP in ids else [each for each in ids if each != PAD]
        return [self.words[each] for each in ended]


def costs(trace: CaptionTrace, following: Tensor) -> Tensor:
    """What each right word costs, in nats: `(batch, word)`."""
    return F.cross_entropy(trace.logits.transpose(1, 2), following, reduction="none")
