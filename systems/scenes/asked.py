"""A question about a picture, answered by a small convolutional network; and what it shares with the Vision Transformer.

The question goes in as words, each at the place of its part: what is asked, then size, colour, noun, where, size, colour, noun. To the
Vision Transformer they are more rows beside those of the patches, and attention lets the words look. A convolution has no such place for
words, so here they become one row of numbers, all of the same words in the same order, and this row says for each feature of the grid how
much it counts and what is added to it (FiLM: Perez et al. 2018, arXiv 1709.07871).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from systems.scenes import corpus, drawing, questions
from systems.scenes.corpus import Example
from systems.scenes.questions import ANSWERS, HIGHEST, PARTS, Question, Sought
from systems.scenes.scene import Scene
from systems.scenes.soft import PLACES, Eye, EyeTrace
from systems.system import PADDING, UNKNOWN, System

SHARE = 6.0  # by which the sum over the places is divided: a sum counts, a mean would not
EACH = 8  # questions about a scene in one step of training
CIRCLES = Question(Sought("", "", "circle"), "many")


class Asked(NamedTuple):
    """What a step reads."""

    shapes: Tensor  # batch shape 5: what is to be painted
    words: Tensor  # batch question part: a word for each of `PARTS`; 0 where nothing was said
    answers: Tensor  # batch question: which of `ANSWERS`


class Answering(System):
    """A model that answers questions about pictures: `forward(pictures, words)` has `logits (batch, question, answer)`."""

    @classmethod
    def words_of(cls, examples: Sequence[Any], sizes: Any) -> tuple[str, ...]:  # noqa: ARG003
        """See `System`: all that the grammar of questions has."""
        return (PADDING, UNKNOWN, *questions.WORDS)

    def batch(self, examples: Sequence[Example], chance: random.Random) -> Asked:
        """See `System`: to each scene some questions by lot."""
        ask, scenes = self.ask, [example.scene for example in examples]
        if self.training and self.sizes.varied:
            scenes = [corpus.varied(scene, chance) for scene in scenes]
        return self.asked(scenes, [[ask(scene, chance) for _ in range(EACH)] for scene in scenes])

    @property
    def ask(self) -> Callable[[Scene, random.Random], Question]:
        """Which questions it is taught: all, or only how many there are of a kind, of a colour, or in all."""
        return questions.count if self.sizes.counts else questions.ask

    def asked(self, scenes: Sequence[Scene], asked: Sequence[Sequence[Question]]) -> Asked:
        """Scenes, and to each as many questions, as tensors."""
        right = [[place_of(each.answer(scene)) for each in its] for scene, its in zip(scenes, asked, strict=True)]
        return Asked(drawing.numbers(scenes), self.read(asked), torch.tensor(right))

    def read(self, asked: Sequence[Sequence[Question]]) -> Tensor:
        """Questions as ids, `(batch, question, part)`; 0 where nothing was said."""
        known = {word: place for place, word in enumerate(self.words)} | {"": 0}
        return torch.tensor([[[known[word] for word in question.parts] for question in its] for its in asked])

    def loss(self, batch: Asked) -> Tensor:
        """See `System`."""
        return F.cross_entropy(
            self(drawing.paint(batch.shapes), batch.words).logits.flatten(0, 1), batch.answers.flatten()
        )

    def measure(self, examples: Sequence[Example]) -> dict[str, float]:
        """See `System`: all kinds of question; then counting circles, counting, whether there is one, whether it lies so."""
        chance = random.Random(0)
        scenes = [example.scene for example in examples]
        asked = [self.ask(scene, chance) for scene in scenes]
        answers = [question.answer(scene) for scene, question in zip(scenes, asked, strict=True)]
        right = self.right(scenes, asked)
        kinds = {"many": "counting", "": "there"}
        shares: dict[str, list[bool]] = {}
        for question, good in zip(asked, right, strict=True):
            shares.setdefault(kinds.get(question.where, "related"), []).append(good)
        circles = self.right(scenes, [CIRCLES] * len(scenes))
        found = {
            "right": share(right),
            "circles": share(circles),
            **{name: share(each) for name, each in sorted(shares.items())},
        }
        return found | {"baseline": trivial(asked, answers)}

    def right(self, scenes: Sequence[Scene], asked: Sequence[Question]) -> list[bool]:
        """Which of the answers are right."""
        answers = self.answers(scenes, asked)
        return [
            answer == question.answer(scene) for answer, question, scene in zip(answers, asked, scenes, strict=True)
        ]

    @torch.inference_mode()
    def answers(self, scenes: Sequence[Scene], asked: Sequence[Question]) -> list[str]:
        """The likeliest answers, a few hundred at a time."""
        found: list[str] = []
        device = next(self.parameters()).device
        for begin in range(0, len(scenes), 256):
            part = self.asked(scenes[begin : begin + 256], [[question] for question in asked[begin : begin + 256]])
            logits = self(drawing.paint(part.shapes.to(device)), part.words.to(device)).logits[:, 0]
            found += [ANSWERS[each] for each in logits.argmax(-1).tolist()]
        return found


def place_of(answer: str) -> int:
    """Which of `ANSWERS` it is; a number that is too high counts as the highest."""
    return ANSWERS.index(answer) if answer in ANSWERS else len(ANSWERS) - 1


def share(right: Sequence[bool]) -> float:
    """Per cent."""
    return 100 * sum(right) / max(1, len(right))


def trivial(asked: Sequence[Question], answers: Sequence[str]) -> float:
    """Per cent right for who only reads the question: the commonest answer to each of its three kinds."""
    kinds: dict[bool | str, list[str]] = {}
    for question, answer in zip(asked, answers, strict=True):
        kinds.setdefault(question.where == "many" or ("related" if question.second else "there"), []).append(answer)
    return 100 * sum(max(each.count(answer) for answer in set(each)) for each in kinds.values()) / max(1, len(answers))


@dataclass(frozen=True, kw_only=True)
class ConvolutionSizes:
    """How large the convolutional network is."""

    channels: int = 32  # of the first layer
    d_model: int = 64  # channels of the grid
    d_word: int = 12
    d_answer: int = 64  # between the grid's sum and the answer
    varied: bool = True  # whether each step of training sees its scenes in other colours, moved, or mirrored
    counts: bool = False  # whether it is only taught to count: a smaller task, for a shorter training


@dataclass(frozen=True, slots=True)
class ConvolutionTrace:
    """One forward pass."""

    eye: EyeTrace
    words: Annotated[Tensor, "batch question part"]
    question: Annotated[Tensor, "batch question d_question"]  # the rows of all its parts, one after the other
    scale: Annotated[Tensor, "batch question d_model"]  # by which each feature of the grid is multiplied
    shift: Annotated[Tensor, "batch question d_model"]  # what is added to it
    meant: Annotated[Tensor, "batch question d_model row column"]  # relu(grid * scale + shift + which place it is)
    joined: Annotated[Tensor, "batch question d_model row column"]  # after two more convolutions
    total: Annotated[Tensor, "batch question d_model"]  # over all places, divided by `SHARE`
    hidden: Annotated[Tensor, "batch question d_answer"]  # relu(W [total, question] + b)
    logits: Annotated[Tensor, "batch question answer"]


class Convolution(Answering):
    """A convolutional network that is told by the question which features count."""

    SIZES: ClassVar[type] = ConvolutionSizes
    sizes: ConvolutionSizes

    def __init__(self, sizes: ConvolutionSizes, words: tuple[str, ...]) -> None:
        super().__init__(sizes, words)
        d = sizes.d_model
        self.eye = Eye(sizes.channels, d)
        self.places = nn.Parameter(torch.randn(d, PLACES) * 0.1)
        self.E = nn.Embedding(len(words), sizes.d_word)
        self.film = nn.Linear(sizes.d_word * len(PARTS), 2 * d)
        self.joins = nn.ModuleList(nn.Conv2d(d, d, 3, padding=1) for _ in range(2))
        self.hidden = nn.Linear(d + sizes.d_word * len(PARTS), sizes.d_answer)
        self.answer = nn.Linear(sizes.d_answer, len(ANSWERS))

    def forward(self, pictures: Tensor, words: Tensor) -> ConvolutionTrace:
        """Look at `pictures (batch, 3, SIDE, SIDE)` and read the questions about each, `words (batch, question, part)`."""
        eye = self.eye(pictures)
        question = self.E(words).flatten(2)
        scale, shift = self.film(question).chunk(2, dim=-1)
        scale, where = 1 + scale, self.places.view(-1, *eye.grid.shape[2:])  # where: d_model row column
        meant = (eye.grid[:, None] * scale[..., None, None] + shift[..., None, None] + where).relu()
        joined = meant.flatten(0, 1)
        for layer in self.joins:
            joined = joined + layer(joined).relu()
        joined = joined.unflatten(0, meant.shape[:2])
        total = joined.sum((3, 4)) / SHARE
        hidden = self.hidden(torch.cat((total, question), dim=-1)).relu()
        return ConvolutionTrace(eye, words, question, scale, shift, meant, joined, total, hidden, self.answer(hidden))


__all__ = ["ANSWERS", "CIRCLES", "HIGHEST", "Answering", "Asked", "Convolution", "ConvolutionSizes"]
