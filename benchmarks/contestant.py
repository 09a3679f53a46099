"""Contestants: processes that get ready once, then run one round whenever they are asked, and so can take turns.

A contestant is a function `prepare(**options) -> round`, where `round()` does the work once and returns what it measured.
`Contestant("benchmarks.training:ours", threads=2)` runs it in a new process: the memory settings and the threads of one
do not touch the others, and while one works the others wait for a line to arrive.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib import import_module
from types import TracebackType
from typing import Any

QUIET = {
    "CUDA_VISIBLE_DEVICES": "",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONWARNINGS": "ignore",
}


class Contestant:
    """A process that plays rounds. Close it (or use `with`) when done."""

    def __init__(self, function: str, **options: Any) -> None:
        command = [sys.executable, "-m", "benchmarks.contestant", function, json.dumps(options)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **QUIET}
        )
        self.answer()  # is ready

    def round(self) -> Any:
        """What the contestant measured in one more round."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> Any:
        """The next line that the process says. Raises `RuntimeError` if it has died."""
        assert self.process.stdout is not None
        if not (line := self.process.stdout.readline()):
            raise RuntimeError(f"{self.process.args!r} ended with status {self.process.wait()}")
        return json.loads(line)

    def __enter__(self) -> "Contestant":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


def take_turns(contestants: Mapping[str, tuple[str, dict[str, Any]]], rounds: int) -> dict[str, list[Any]]:
    """What each of the contestants (function and options, by name) measured, round by round, after one to warm up."""
    with ExitStack() as stack:
        players = {
            name: stack.enter_context(Contestant(function, **options))
            for name, (function, options) in contestants.items()
        }
        for player in players.values():
            player.round()
        turns = [{name: player.round() for name, player in players.items()} for _ in range(rounds)]
    return {name: [turn[name] for turn in turns] for name in contestants}


def serve(function: str, options: dict[str, Any]) -> None:
    """The process itself: a round for every line that comes in, until no more come."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not be taken for an answer
    module, _, name = function.partition(":")
    prepare: Callable[..., Callable[[], Any]] = getattr(import_module(module), name)
    play = prepare(**options)
    print("true", file=answers, flush=True)
    for _ in sys.stdin:
        print(json.dumps(play()), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], json.loads(sys.argv[2]))
