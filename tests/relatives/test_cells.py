"""The cells: each is torch's, number for number, and its gates do what their names say."""

import pytest
import torch
from torch import Tensor, nn

from relatives.cells import CELLS, Cell, GruTrace, LstmTrace
from transformer.trace import tensors

THEIRS = {"tanh": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


@pytest.fixture(params=list(CELLS))
def name(request: pytest.FixtureRequest) -> str:
    """Each cell."""
    return str(request.param)


def with_weights_of(name: str, theirs: nn.RNNBase) -> Cell:
    """Our cell with the weights of torch's."""
    mine = CELLS[name](5, 7)
    copied = (theirs.weight_ih_l0, theirs.weight_hh_l0, theirs.bias_ih_l0, theirs.bias_hh_l0)
    with torch.no_grad():
        for own, other in zip(mine.weights(), copied, strict=True):
            own.copy_(other)
    return mine


@pytest.fixture
def inputs() -> Tensor:
    torch.manual_seed(0)
    return torch.randn(3, 11, 5)


def test_written_out_and_fused_a_cell_computes_what_torch_does(name: str, inputs: Tensor) -> None:
    torch.manual_seed(1)
    theirs = THEIRS[name](5, 7, batch_first=True)
    mine, nothing = with_weights_of(name, theirs), CELLS[name](5, 7).nothing(inputs, 3)
    expected, last = theirs(inputs)
    written, (fused, carried) = mine(inputs, nothing), mine.fused(inputs, nothing)
    assert torch.allclose(written.states, expected, rtol=0, atol=1e-5)
    assert torch.allclose(fused, expected, rtol=0, atol=1e-5)
    for mine_last, their_last in zip(carried, last if isinstance(last, tuple) else (last,), strict=True):
        assert torch.allclose(mine_last, their_last[0], rtol=0, atol=1e-5)


def test_the_gradients_of_both_ways_agree(name: str, inputs: Tensor) -> None:
    torch.manual_seed(1)
    cell = CELLS[name](5, 7)
    found = []
    for states in (cell(inputs, cell.nothing(inputs, 3)).states, cell.fused(inputs, cell.nothing(inputs, 3))[0]):
        found.append(torch.autograd.grad(states.square().sum(), cell.weights()))
    for one, other in zip(*found, strict=True):
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-5)


def test_each_row_is_read_to_its_own_end(name: str, inputs: Tensor) -> None:
    """What stands behind the end of a row changes nothing that is carried."""
    cell, real = CELLS[name](5, 7), torch.arange(11) < torch.tensor([[11], [6], [1]])
    _, together = cell.over(inputs, real)
    for row, length in enumerate((11, 6, 1)):
        alone = cell.fused(inputs[row : row + 1, :length], cell.nothing(inputs, 1))[1]
        for one, other in zip(together, alone, strict=True):
            assert torch.allclose(one[row], other[0], rtol=0, atol=1e-6)


def test_the_axes_of_a_trace_are_what_it_says(name: str, inputs: Tensor) -> None:
    cell = CELLS[name](5, 7)
    sizes = {"batch": 3, "position": 11, "d_input": 5, "d_state": 7}
    for path, tensor, names in tensors(cell(inputs, cell.nothing(inputs, 3))):
        assert tuple(tensor.shape) == tuple(sizes[each] for each in names.split()), path


def test_what_a_gru_keeps_and_what_it_takes_add_up(inputs: Tensor) -> None:
    cell = CELLS["gru"](5, 7)
    trace = cell(inputs, cell.nothing(inputs, 3))
    assert isinstance(trace, GruTrace)
    assert torch.equal(trace.before[:, 1:], trace.states[:, :-1])
    assert torch.allclose(trace.states, (1 - trace.update) * trace.candidate + trace.update * trace.before)
    for gate in (trace.reset, trace.update):
        assert ((gate > 0) & (gate < 1)).all()


def test_what_an_lstm_keeps_and_what_it_takes_add_up(inputs: Tensor) -> None:
    cell = CELLS["lstm"](5, 7)
    trace = cell(inputs, cell.nothing(inputs, 3))
    assert isinstance(trace, LstmTrace)
    assert torch.equal(trace.cells_before[:, 1:], trace.cells[:, :-1])
    assert torch.allclose(trace.cells, trace.forget_gate * trace.cells_before + trace.input_gate * trace.candidate)
    assert torch.allclose(trace.states, trace.output_gate * trace.cells.tanh())


def test_an_lstm_begins_by_keeping() -> None:
    """Its forget gate is open before it has learned anything; the others stand in the middle."""
    cell = CELLS["lstm"](5, 7)
    gates = cell(torch.zeros(1, 1, 5), cell.nothing(torch.zeros(1), 1))
    assert isinstance(gates, LstmTrace)
    assert torch.allclose(gates.forget_gate, torch.tensor(1.0).sigmoid())
    assert torch.allclose(gates.input_gate, torch.tensor(0.5))
