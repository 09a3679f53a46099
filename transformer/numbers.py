"""One number of the machine set by hand: a weight, or a number of what leaves a layer of the encoder at one position.

`what_if` applies it to a copy that shares all other weights; the shared model is never written to.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor, nn

from transformer.model import Transformer
from transformer.trace import EncoderLayerTrace

Module = TypeVar("Module", bound=nn.Module)
LAYER = "layer."  # before the number of a layer of the encoder, from 1
LARGEST = 1e6


class Number(NamedTuple):
    """`where` names a weight, as in `named_parameters`, or what leaves a layer of the encoder: `layer.1` is the first.

    `row` is the row of a matrix (0 for a bias), or a position of the source; `column` counts from 0 too.
    """

    where: str
    row: int
    column: int
    value: float


def sharing(module: Module) -> Module:
    """A copy whose modules are its own, and whose weights are those of `module` itself."""
    twin = module.__new__(type(module))
    twin.__dict__ = {
        name: value.copy() if isinstance(value, (dict, set)) else value for name, value in vars(module).items()
    }
    twin._modules = {name: child and sharing(child) for name, child in module._modules.items()}
    return twin


def shape(model: Transformer, where: str, positions: int) -> tuple[int, int]:
    """How many rows and columns there are, for a source of so many `positions`. Raises `ValueError` for a place that there is not."""
    if (layer := layer_of(where)) is not None:
        if not 1 <= layer <= len(model.encoder_layers):
            raise ValueError(f"This model has no layer {layer} in its encoder.")
        return positions, model.config.d_model
    found = dict(model.named_parameters()).get(where)
    if found is None:
        raise ValueError(f"This model has no weight {where!r}.")
    return (1, len(found)) if found.dim() == 1 else (found.size(0), found.size(1))


def layer_of(where: str) -> int | None:
    """The layer of the encoder whose output is meant, from 1; `None` for a weight."""
    number = where.removeprefix(LAYER)
    return int(number) if where.startswith(LAYER) and number.isdecimal() and len(number) < 4 else None


def set_numbers(changed: Transformer, numbers: tuple[Number, ...]) -> None:
    """Set them in a model whose modules are its own, as `sharing` makes it. Raises `ValueError` for a number that there is not."""
    for number in numbers:
        rows, columns = shape(changed, number.where, changed.config.max_positions)
        if not (0 <= number.row < rows and 0 <= number.column < columns):
            raise ValueError(f"There is no number in row {number.row}, column {number.column} of {number.where}.")
        if not (math.isfinite(number.value) and abs(number.value) <= LARGEST):
            raise ValueError(f"A number must be finite and at most {LARGEST:,.0f}, but is {number.value}.")
        if (layer := layer_of(number.where)) is not None:
            leaving(changed, layer, lambda output, number=number: put(output, number))  # type: ignore[misc]
        else:
            weight = dict(changed.named_parameters())[number.where].detach().clone()
            (weight if weight.dim() == 2 else weight[None])[number.row, number.column] = number.value
            replaced(changed, number.where, weight)


def put(output: Tensor, number: Number) -> Tensor:
    """`output (batch, position, d_model)` with the number in its place, if the sentence is that long."""
    if number.row >= output.size(1):
        return output
    found = output.clone()
    found[:, number.row, number.column] = number.value
    return found


def leaving(changed: Transformer, layer: int, become: Callable[[Tensor], Tensor]) -> None:
    """What leaves a layer of the encoder, from 1, shall `become` something else."""

    def hook(_module: nn.Module, _given: object, trace: EncoderLayerTrace) -> EncoderLayerTrace:
        output = become(trace.output)
        return replace(trace, output=output, after_feed_forward=replace(trace.after_feed_forward, output=output))

    changed.encoder_layers[layer - 1].register_forward_hook(hook)


def replaced(changed: Transformer, name: str, weight: Tensor) -> nn.Parameter:
    """Put `weight` in the place of the parameter `name`. Its module is copied first: a changed attention shares the model's own."""
    path, _, last = name.rpartition(".")
    module: nn.Module = changed
    if path:
        above, _, leaf = path.rpartition(".")
        module = sharing(changed.get_submodule(path))
        setattr(changed.get_submodule(above), leaf, module)
    parameter = nn.Parameter(weight, requires_grad=weight.requires_grad)
    setattr(module, last, parameter)
    return parameter


def with_gradient(model: Transformer, where: str, positions: int) -> tuple[Transformer, Tensor]:
    """A copy of the model, and a tensor (row, column) in it by which can be differentiated: the weight, or what is added to a layer's output."""
    changed = sharing(model)
    rows, columns = shape(model, where, positions)
    if (layer := layer_of(where)) is not None:
        added = torch.zeros(rows, columns, requires_grad=True)
        leaving(changed, layer, lambda output: output + added)
        return changed, added
    weight = dict(model.named_parameters())[where].detach().clone().requires_grad_(True)
    return changed, replaced(changed, where, weight)
