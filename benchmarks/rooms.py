"""A class in a room: how long an answer takes to be acknowledged, how far the teacher's picture is behind, what idle learners cost."""

import asyncio
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

import psutil  # type: ignore[import-untyped,import-not-found]

from benchmarks.pupil import Pupil
from benchmarks.report import Row
from benchmarks.screen import FLAGS, PATIENCE
from benchmarks.server import Server
from classroom import asking, rooms
from classroom.rooms import Room
from classroom.store import DATABASE, Store
from tools import postgres
from tools.browser import find
from ui.asking import packed
from ui.asking.poll import Poll

Item = TypeVar("Item")
Result = TypeVar("Result")
LEARNERS, WITHIN, IDLE = 30, 10.0, (30, 300)  # seconds in which all answer; learners who only listen
ACKNOWLEDGED, BEHIND = 300.0, 2.0  # ms, s
QUIET = 20  # seconds in which idle learners are watched
ROOMS, THREADS = 100, 12  # of the load on the storage alone
TEACHER = "t" * 43  # the secret of the teacher's browser
QUESTION = packed.pack(Poll(way="number", asked="How much attention does Charlie get?", right="0.41", tolerance=0.05))
NOTE = (
    "30 websocket sessions of a page with the bar of the room, each with a line of server-sent events; all answer at random moments within 10 s. "
    "From the answer's message to the last message of what comes back. The server has two cores; learners and the teacher's Chromium share them."
)
BEHIND_NOTE = "Headless Chromium with the picture of the answers open: from the moment an answer is acknowledged until the picture has as many dots."
IDLE_NOTE = "Processor time of the server, all its threads, while learners sit on a page with the room's bar and nothing happens, per minute."
STORE_NOTE = (
    f"{ROOMS} rooms of 30: 3,000 learners join, then 3,000 answers, {THREADS} threads, without any page. On paper: a room of 30 that is asked "
    "every two minutes writes 0.25 answers a second, 100 such rooms 25; looked for every 0.3 s, they are three short queries for all."
)


def measure(quick: bool) -> list[Row]:
    """A lesson, idle classes, and the storage alone."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/class.sqlite"
        with Server(**{DATABASE: address, "ATLAS_ROOM_MEMBERS": "400"}) as server:
            server.wait()
            os.environ["ATLAS_ROOM_MEMBERS"] = "400"
            rows = lesson(server, Store(address))
            for count in IDLE[: 1 if quick else 2]:
                rows += asyncio.run(idle(server, Store(address), count, 4 if quick else QUIET))
    return rows + storage(5 if quick else ROOMS)


def lesson(server: Server, store: Store) -> list[Row]:
    """Thirty answer within ten seconds, before a teacher who watches."""
    room = rooms.open_room(store, TEACHER)
    question = asking.put(store, room, QUESTION)
    seen: list[tuple[float, int]] = []  # when the picture had how many dots
    ready, done = threading.Event(), threading.Event()
    watching = threading.Thread(target=watch, args=(server.address, seen, ready, done))
    watching.start()
    ready.wait(PATIENCE / 1000)
    waits, moments = asyncio.run(answers(server.address, store, room))
    until = time.perf_counter() + 20
    while (not seen or seen[-1][1] < LEARNERS) and time.perf_counter() < until:
        time.sleep(0.05)
    done.set()
    watching.join()
    lags = [
        next((when for when, count in seen if count >= place), until) - moment
        for place, moment in enumerate(sorted(moments), 1)
    ]
    assert len(asking.answers(store, question)) == LEARNERS, "an answer was lost"
    return [
        Row(name="thirty answer within 10 s: median until it is acknowledged", ours=median(waits), unit="ms", note=NOTE,
            bound=f"at most {ACKNOWLEDGED:.0f} ms", met=median(waits) <= ACKNOWLEDGED, samples={"ours": waits}),
        Row(name="the same: 90 % wait less than", ours=quantiles(waits, n=10)[-1], unit="ms", note=NOTE),
        Row(name="the teacher's picture is behind: at most", ours=max(lags), unit="s", note=BEHIND_NOTE,
            bound=f"at most {BEHIND:.0f} s", met=max(lags) <= BEHIND, samples={"ours": lags}),
        Row(name="the same: median", ours=median(lags), unit="s", note=BEHIND_NOTE),
    ]  # fmt: skip


def watch(address: str, seen: list[tuple[float, int]], ready: threading.Event, done: threading.Event) -> None:
    """The teacher's browser, with the answers as they arrive."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "atlas_person", "value": TEACHER, "url": f"http://{address}"}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"http://{address}/tokens")
        page.get_by_text("Watch them arrive").click()
        page.get_by_text("Nobody has answered").wait_for()
        ready.set()
        dots = "() => document.querySelector('.st-key-atlas_room_question .js-plotly-plot')?.data?.[0]?.x?.length ?? 0"
        while not done.is_set():
            if (count := int(page.evaluate(dots))) != (seen[-1][1] if seen else 0):
                seen.append((time.perf_counter(), count))
            page.wait_for_timeout(40)
        browser.close()


async def answers(address: str, store: Store, room: Room) -> tuple[list[float], list[float]]:
    """All come, and answer: the waits in ms, and when each was acknowledged."""
    class_ = [await Pupil.come(address, store, room, number) for number in range(LEARNERS)]
    dice = random.Random(1)

    async def one(pupil: Pupil, moment: float, said: str) -> tuple[float, float]:
        await asyncio.sleep(moment)
        wait = 1000 * await pupil.answer(said)
        return wait, time.perf_counter()

    found = await asyncio.gather(*(one(each, dice.uniform(0, WITHIN), f"{dice.uniform(0, 1):.2f}") for each in class_))
    await asyncio.gather(*(pupil.leave() for pupil in class_))
    return [wait for wait, _ in found], [moment for _, moment in found]


async def idle(server: Server, store: Store, count: int, seconds: float) -> list[Row]:
    """A class in which nothing happens."""
    room = rooms.open_room(store, f"teacher of {count}")
    class_: list[Pupil] = []
    for first in range(0, count, 10):
        class_ += await asyncio.gather(
            *(Pupil.come(server.address, store, room, n) for n in range(first, min(count, first + 10)))
        )
    await asyncio.sleep(3)
    process = psutil.Process(server.process.pid)
    before, memory = process.cpu_times(), server.memory()
    await asyncio.sleep(seconds)
    after = process.cpu_times()
    used = (after.user + after.system - before.user - before.system) * 60 / seconds
    await asyncio.gather(*(pupil.leave() for pupil in class_))
    rooms.end(store, room)
    return [
        Row(name=f"{count} idle learners: processor time a minute", ours=used, unit="s", note=IDLE_NOTE),
        Row(name=f"{count} idle learners: memory of the server", ours=memory, unit="MiB", note=IDLE_NOTE),
    ]


def storage(count: int) -> list[Row]:
    """The storage alone, on a file and on a server."""
    rows: list[Row] = []
    os.environ["ATLAS_ROOMS"] = str(10 * count)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        addresses = {"SQLite": f"sqlite:///{Path(folder) / 'load.sqlite'}"}
        try:
            addresses["PostgreSQL"] = stack.enter_context(postgres.started())
        except postgres.Missing as missing:
            rows.append(Row(name="storage on PostgreSQL: not measured", ours=None, unit="", note=str(missing)))
        for name, address in addresses.items():
            rows += load(name, Store(address), count)
    return rows


def load(name: str, store: Store, count: int) -> list[Row]:
    """Rooms full of learners, all at once."""
    opened = [rooms.open_room(store, f"teacher {number}") for number in range(count)]
    questions = {room.id: asking.put(store, room, QUESTION) for room in opened}
    pupils = [(room, number) for number in range(LEARNERS) for room in opened]
    members, joining = timed(
        pupils, lambda each: rooms.join(store, each[0].code, f"n{each[1]}", f"{each[0].id}/{each[1]}")
    )
    _, answering = timed(
        members, lambda member: asking.answer(store, questions[member.room_id], member, "1", "1", 1.0, True)
    )
    counted = sum(len(asking.answers(store, question)) for question in questions.values())
    assert counted == count * LEARNERS, "an answer was lost"
    store.engine.dispose()
    return [
        Row(
            name=f"storage on {name}: median of a join",
            ours=median(joining),
            unit="ms",
            note=STORE_NOTE,
            samples={"ours": joining},
        ),
        Row(
            name=f"storage on {name}: median of an answer",
            ours=median(answering),
            unit="ms",
            note=STORE_NOTE,
            samples={"ours": answering},
        ),
        Row(
            name=f"storage on {name}: answers a second",
            ours=1000 * THREADS / (sum(answering) / len(answering)),
            unit="1/s",
            note=STORE_NOTE,
        ),
    ]


def timed(items: list[Item], act: Callable[[Item], Result]) -> tuple[list[Result], list[float]]:
    """Do it to all, some at a time: the results, and the milliseconds of each."""

    def one(item: Item) -> tuple[Result, float]:
        start = time.perf_counter()
        result = act(item)
        return result, 1000 * (time.perf_counter() - start)

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(one, items))
    return [result for result, _ in found], [wait for _, wait in found]
