"""How much of everything: rooms, members, questions; and how often a wrong code may be tried before one has to wait."""

import os
import threading
import time
from collections import OrderedDict, deque

DAY = 24 * 3600  # seconds, after which a room ends by itself
ROOMS = "ATLAS_ROOMS", 200  # at the same time; of one teacher `OWN`
OWN = 5
MEMBERS = "ATLAS_ROOM_MEMBERS", 120  # of a room
QUESTIONS = 100  # that a room may be asked
WINDOW = 600  # seconds
OF_ONE, OF_ADDRESS, OF_ALL = (
    8,
    60,
    600,
)  # wrong codes in a window: of one person, of a network address (a class has one), of everybody
KNOWN = 5000  # people and addresses whose tries are remembered at once


def bound(setting: tuple[str, int]) -> int:
    """A limit that whoever serves the app may set; what is no number leaves it as it is."""
    name, usual = setting
    told = os.environ.get(name, "").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else usual


class Tries:
    """Wrong tries of the last minutes, in memory: who they are by is written nowhere."""

    def __init__(self) -> None:
        self.of: OrderedDict[str, deque[float]] = OrderedDict()
        self.lock = threading.Lock()

    def wait(self, person: str, address: str) -> int:
        """Seconds until the next try is heard; 0 if it is heard now."""
        with self.lock:
            now = time.monotonic()
            return max(self.left(who, most, now) for who, most in bounds(person, address))

    def wrong(self, person: str, address: str) -> None:
        """One more. It is counted before the code is looked at and taken back by `right`, so that many at once gain nothing."""
        with self.lock:
            for who, _ in bounds(person, address):
                self.of.setdefault(who, deque(maxlen=OF_ALL)).append(time.monotonic())
                self.of.move_to_end(who)
            while len(self.of) > KNOWN:
                self.of.popitem(last=False)

    def right(self, person: str, address: str) -> None:
        """The last one was none."""
        with self.lock:
            for who, _ in bounds(person, address):
                if tries := self.of.get(who):
                    tries.pop()

    def left(self, who: str, most: int, now: float) -> int:
        """Seconds that one of the counted has to wait."""
        tries = self.of.get(who, deque())
        while tries and now - tries[0] > WINDOW:
            tries.popleft()
        return 0 if len(tries) < most else int(WINDOW - (now - tries[-most])) + 1


def bounds(person: str, address: str) -> list[tuple[str, int]]:
    """Who a try is counted for, and how many each may have."""
    found = [("all", OF_ALL), (f"address {address}", OF_ADDRESS)]
    return [*found, (f"person {person}", OF_ONE)] if person else found


TRIES = Tries()
