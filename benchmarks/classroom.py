"""A class of thirty at one server with two cores: its memory, the waits while all work, and a burst when all click at once."""

import asyncio
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, product
from statistics import median, quantiles
from urllib.parse import urlencode

from benchmarks.learner import Learner
from benchmarks.report import Row
from benchmarks.server import Server

LEARNERS, PAUSE = 30, (2.0, 4.0)  # seconds between two clicks of a learner
BOUND, BURST_BOUND = 100.0, 1000.0  # ms
WHO = ("The old man", "My little sister", "A young teacher", "The black cat", "Your neighbour", "Our doctor")
WHAT = (
    "sleeps on the red sofa", "does not like cold water", "reads a book in the garden", "will come home tomorrow",
    "has never seen the sea",
)  # fmt: skip
NOTE = (
    f"{LEARNERS} websocket sessions, each with a sentence of its own, on the page of cross-attention with 8 maps; each "
    "chooses another head every 2 to 4 s. From the click's message to the last message of the answer. The server has two "
    "cores; on a machine that has no more, the learners share them."
)
MEMORY_NOTE = (
    "Resident memory of the server; of a session: what it grew between the first and the thirtieth, divided by 29, their "
    "translations included."
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was measured: memory in MiB, waits in ms."""

    memory: dict[str, float]
    waits: list[float]
    bursts: list[list[float]]
    arrival: float  # until all who came at once had their page


def measure(quick: bool) -> list[Row]:
    """Hold a lesson, and write down how long everybody waited."""
    with Server() as server:
        server.wait()
        lesson = asyncio.run(hold(server, seconds=6 if quick else 30, bursts=1 if quick else 7))
    memory, waits = lesson.memory, lesson.waits
    ends = [max(burst) for burst in lesson.bursts]
    of_one = (memory["thirty"] - memory["one"]) / (LEARNERS - 1)
    return [
        Row(name="memory of the server before anybody comes", ours=memory["none"], unit="MiB", note=MEMORY_NOTE),
        Row(name="memory with one session", ours=memory["one"], unit="MiB", note=MEMORY_NOTE),
        Row(name="memory with thirty sessions", ours=memory["thirty"], unit="MiB", note=MEMORY_NOTE),
        Row(name="memory of a session beyond the first", ours=of_one, unit="MiB", note=MEMORY_NOTE),
        Row(name="memory with thirty sessions after the lesson", ours=memory["after"], unit="MiB", note=MEMORY_NOTE),
        Row(name="29 more arrive at once: all have their page", ours=lesson.arrival, unit="ms", note=NOTE),
        Row(name="thirty change heads every 2-4 s: median wait", ours=median(waits), unit="ms", note=NOTE,
            bound=f"at most {BOUND:.0f} ms", met=median(waits) <= BOUND, samples={"ours": waits}),
        Row(name="the same: 90 % wait less than", ours=quantiles(waits, n=10)[-1], unit="ms", note=NOTE),
        Row(name="the same: 99 % wait less than", ours=quantiles(waits, n=100)[-1], unit="ms", note=NOTE),
        Row(name="thirty change heads at once: all are answered after", ours=median(ends), unit="ms", note=NOTE,
            bound=f"at most {BURST_BOUND:.0f} ms", met=median(ends) <= BURST_BOUND, samples={"ours": ends}),
        Row(name="the same: median wait", ours=median(flat(lesson.bursts)), unit="ms", note=NOTE),
    ]  # fmt: skip


async def hold(server: Server, seconds: float, bursts: int) -> Lesson:
    """One learner comes, then the others; all click for a while, then all at once, several times."""
    memory = {"none": server.memory()}
    addresses = iter(queries())
    first = await Learner.arrive(server.address, "cross_attention", next(addresses))
    memory["one"] = server.memory()
    start = time.perf_counter()
    others = await asyncio.gather(*(Learner.arrive(server.address, "cross_attention", query) for query in addresses))
    arrival = 1000 * (time.perf_counter() - start)
    learners = [first, *others]
    memory["thirty"] = server.memory()
    until = time.perf_counter() + seconds
    waits = await asyncio.gather(
        *(work(learner, random.Random(number), until) for number, learner in enumerate(learners))
    )
    ends = [await burst(learners, head) for head in range(1, bursts + 1)]
    memory["after"] = server.memory()
    await asyncio.gather(*(learner.leave() for learner in learners))
    return Lesson(memory, flat(waits), ends, arrival)


async def work(learner: Learner, chance: random.Random, until: float) -> list[float]:
    """Think, choose another head, wait, and again: the waits in milliseconds."""
    waits, head = [], chance.randrange(8)
    await asyncio.sleep(chance.uniform(0, PAUSE[1]))
    while time.perf_counter() < until:
        head += chance.randrange(1, 8)
        waits.append(1000 * await learner.choose(head))
        await asyncio.sleep(chance.uniform(*PAUSE))
    return waits


async def burst(learners: list[Learner], head: int) -> list[float]:
    """All choose at the same moment: the wait of each in milliseconds. Afterwards the room is quiet for a second."""
    waits = await asyncio.gather(*(learner.choose(head) for learner in learners))
    await asyncio.sleep(1)
    return [1000 * wait for wait in waits]


def flat(lists: Iterable[list[float]]) -> list[float]:
    """All the numbers, one after the other."""
    return [*chain.from_iterable(lists)]


def queries() -> list[str]:
    """Thirty addresses, each with a sentence of its own."""
    sentences = [f"{who} {what}." for who, what in product(WHO, WHAT)]
    return [urlencode({"text": sentence, "view": "all", "head": "1"}) for sentence in sentences[:LEARNERS]]
