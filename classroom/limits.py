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
    300,
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

    def judge(self, person: str, address: str, right: bool) -> int:
        """Seconds until this person is heard; 0 if they are heard now, and then a wrong try counts. Of many at once one after the other."""
        with self.lock:
            now = time.monotonic()
            if wait := max(self.left(who, most, now) for who, most in bounds(person, address)):
                return wait
            if not right:
                self.count(person, address, now)
            return 0

    def count(self, person: str, address: str, now: float) -> None:
        """One more wrong try."""
        for who, _ in bounds(person, address):
            self.of.setdefault(who, deque(maxlen=OF_ALL)).append(now)
            self.of.move_to_end(who)
        while len(self.of) > KNOWN:
            self.of.popitem(last=False)

    def many(self) -> bool:
        """Whether a whole address has to wait, or everybody."""
        with self.lock:
            now = time.monotonic()
            shared = [(who, OF_ALL if who == "all" else OF_ADDRESS) for who in self.of if not who.startswith("person ")]
            return any(self.left(who, most, now) for who, most in shared)

    def forgive(self) -> None:
        """Everybody may try again."""
        with self.lock:
            self.of.clear()

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
