"""What the browsers of a class hear without asking: that something in their room has changed (server-sent events).

A browser listens with the key of its learner or teacher. One look at the database every `PAUSE` serves all who listen, however many they
are; a page is only drawn again, by its own browser, when there is something new on it.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from classroom import Refused, store, watching
from classroom.watching import Listener, State

PAUSE, BEAT, PRESENT = (
    0.3,
    5.0,
    15.0,
)  # seconds between looks; until all are counted again; between signs that browsers are there
AWAY = 2.0  # seconds until a database that cannot be reached is asked again
MOST, OF_ONE = 4000, 4  # who may listen in all, and with one key
RETRY = 2000  # milliseconds after which a browser that lost the line calls again
GONE: dict[str, object] = {"gone": True}
CROWD: dict[str, object] = {"crowd": True}  # to a tab of somebody with too many


@dataclass(eq=False, slots=True)
class Ear:
    """A browser that listens."""

    listener: Listener
    key: str
    news: asyncio.Queue[dict[str, object]] = field(default_factory=lambda: asyncio.Queue(1))
    told: dict[str, object] | None = None

    def tell(self, news: dict[str, object]) -> None:
        """Something to send, unless it was told already; what is older and was not sent yet is forgotten."""
        if news == self.told:
            return
        self.told = news
        if self.news.full():
            self.news.get_nowait()
        self.news.put_nowait(news)


class Live:
    """All who listen at this server, and the one task that looks for them."""

    def __init__(self) -> None:
        self.ears: list[Ear] = []
        self.task: asyncio.Task[None] | None = None

    async def answer(self, request: Request) -> Response:
        """Let a browser listen. 204, which tells it to stop, for a key of nobody; 503 if there are too many."""
        key = str(request.path_params["key"])
        try:
            listener = await asyncio.to_thread(found, key) if len(key) < 64 else None
        except Refused:
            return Response(status_code=503)
        if listener is None:
            return Response(status_code=204)
        if len(self.ears) >= MOST:
            return Response(status_code=503)
        return EventSourceResponse(
            self.heard(Ear(listener, key)), ping=int(PRESENT), headers={"Cache-Control": "no-store"}
        )

    async def heard(self, ear: Ear) -> AsyncIterator[ServerSentEvent]:
        """What one browser is sent, until it goes or its room has ended."""
        mine = [each for each in self.ears if each.key == ear.key]
        for old in mine[: max(0, len(mine) - OF_ONE + 1)]:
            old.tell(CROWD)
        self.ears.append(ear)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.watch())
        try:
            while True:
                news = await ear.news.get()
                yield ServerSentEvent(data=json.dumps(news), retry=RETRY)
                if news in (GONE, CROWD):
                    return
        finally:
            self.ears.remove(ear)

    async def watch(self) -> None:
        """Look again and again, as long as somebody listens."""
        stamps: dict[int, int] = {}
        counted = present = time.monotonic()
        while self.ears:
            try:
                now = time.monotonic()
                if now - present > PRESENT:
                    present = now
                    await asyncio.to_thread(there, [ear.listener.member for ear in self.ears if ear.listener.member])
                stamps = await self.look(stamps, everything=now - counted > BEAT)
                counted = now if now - counted > BEAT else counted
                await asyncio.sleep(PAUSE)
            except Refused:
                logging.getLogger(__name__).warning("The database of the class cannot be reached.")
                await asyncio.sleep(AWAY)

    async def look(self, before: dict[int, int], everything: bool) -> dict[int, int]:
        """Tell everybody what is new; answers with the rooms' stamps."""
        rooms = {ear.listener.room for ear in self.ears}
        stamps = await asyncio.to_thread(stamped, rooms)
        due = {room for room, stamp in stamps.items() if everything or before.get(room) != stamp}
        due |= {ear.listener.room for ear in self.ears if ear.told is None} & stamps.keys()
        states = await asyncio.to_thread(seen, due) if due else {}
        out = await asyncio.to_thread(sent_out, due) if due else set()
        for ear in [*self.ears]:
            if ear.listener.member in out:
                ear.tell(GONE)
            elif ear.listener.room in states:
                ear.tell(states[ear.listener.room].told(teacher=ear.listener.member is None))
            elif ear.listener.room in rooms - stamps.keys():
                ear.tell(GONE)
        return stamps


def found(key: str) -> Listener | None:
    """Who listens with a key; their browser is there."""
    if not store.exists():
        return None
    listener = watching.listener(store.opened(), key)
    if listener and listener.member:
        there([listener.member])
    return listener


def there(members: list[int]) -> None:
    """These learners' browsers are there."""
    watching.seen(store.opened(), members)


def stamped(rooms: set[int]) -> dict[int, int]:
    """Which rooms there are, and how far they are."""
    return watching.stamps(store.opened(), rooms)


def seen(rooms: set[int]) -> dict[int, State]:
    """What is to be seen of them."""
    return watching.states(store.opened(), rooms)


def sent_out(rooms: set[int]) -> set[int]:
    """Who is no longer welcome there."""
    return watching.sent_out(store.opened(), rooms)
