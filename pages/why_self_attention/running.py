"""A measurement on this machine, in a process of its own: one at a time on a server, whoever asked, and for everybody to see.

Its results live as long as the server. Whoever began it, or the teacher, may cancel it; what was measured until then stays.
"""

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from relatives import measuring
from relatives.measuring import RECORDED, WIDTHS, Record
from transformer.jobs import Limits
from ui.text import plain
from ui.text import translate as _
from ui.training import people

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "relatives.measuring", "--attended", "--out")
LARGE = 900  # oom_score_adj: it needs 0.9 GB at most, and if that is not there, it goes before the server
EVERY = 1  # seconds between two looks
WIDE = 380  # pixels of the words beside the button
TICKING = "_wsa_ticking"  # in session state: whether the page looks again by itself


@dataclass
class Bench:
    """The place of the one measurement of a server."""

    file: Path | None = None  # where the results are
    lock: threading.Lock = field(default_factory=threading.Lock)
    process: subprocess.Popen[bytes] | None = None
    owner: str = ""
    cancelled: bool = False

    @property
    def running(self) -> bool:
        """Whether one is measuring now."""
        return self.process is not None and self.process.poll() is None

    def begin(self, owner: str, more: Sequence[str] = ()) -> bool:
        """Begin a measurement; False if there is one already."""
        with self.lock:
            if self.running:
                return False
            self.owner, self.cancelled = owner, False
            with tempfile.NamedTemporaryFile(prefix="atlas-table-one-", delete=False) as fresh:
                before, self.file = self.file, Path(fresh.name)
            if before:
                before.unlink(missing_ok=True)
            quiet = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
            self.process = subprocess.Popen(
                [*COMMAND, str(self.file), *more], cwd=ROOT, env=quiet, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            with suppress(OSError):
                Path(f"/proc/{self.process.pid}/oom_score_adj").write_text(str(LARGE))
            return True

    def cancel(self) -> None:
        """End it; what was measured stays."""
        with self.lock:
            if self.process is not None and self.running:
                self.cancelled = True
                self.process.terminate()
                self.process.wait()

    def close(self) -> None:
        """End it and take its results away: the server ends."""
        self.cancel()
        if self.file is not None:
            self.file.unlink(missing_ok=True)

    @property
    def failed(self) -> bool:
        """Whether it ended by itself before its end."""
        return self.process is not None and not self.running and not self.cancelled and self.process.returncode != 0


@st.cache_resource(show_spinner=False)
def bench() -> Bench:
    """The server's own."""
    made = Bench()
    atexit.register(made.close)
    return made


def pace() -> int | None:
    """How often the page looks again: only while something is measured. Asked for in each full run."""
    st.session_state[TICKING] = bench().running
    return EVERY if bench().running else None


def settle() -> None:
    """First in what is drawn again: once nothing is measured any more, the looking again ends."""
    if st.session_state.get(TICKING) and not bench().running:
        st.rerun(scope="app")


def mine() -> Record | None:
    """What was measured on this machine since the server began, as far as it has come."""
    file = bench().file
    return measuring.read(file) if file else None


def recorded() -> Record | None:
    """What was recorded; it comes with the app."""
    return _recorded(RECORDED, RECORDED.stat().st_mtime_ns if RECORDED.exists() else 0)


@st.cache_resource(show_spinner=False, max_entries=2)
def _recorded(file: Path, when: int) -> Record | None:  # noqa: ARG001, which tells old from new
    return measuring.read(file)


def show(d: int, mine_shown: bool) -> None:
    """How far a measurement is, or the button that begins one, with the width `d` first; and where the numbers of the picture come from."""
    here, found = bench(), mine()
    with st.container(key="atlas_controls_measure", horizontal=True, vertical_alignment="center"):
        if here.running:
            told = _("Measuring here: {done} of {total} points") if found else _("Measuring here: it starts")
            done, total = (len(found.points), found.total) if found else (0, 1)
            st.progress(min(1.0, done / total), text=told.format(done=done, total=total))
            if may_cancel(here):
                st.button(_("Cancel"), key="wsa_cancel", on_click=here.cancel)
        elif Limits.from_environment().training:
            said = _("Measure here again") if found else _("Measure here (1–2 minutes)")
            if st.button(said, key="wsa_measure"):
                here.begin(
                    people.me().token, ("--widths", *map(str, sorted(WIDTHS, key=lambda width: (width != d, width))))
                )
                st.rerun(scope="app")
        st.caption(plain(" ".join(sources(here, found, mine_shown))), width=WIDE)


def may_cancel(here: Bench) -> bool:
    """Whether this person began it, or is the teacher."""
    person = people.known()
    return person.teacher or people.here() or bool(person.token and person.token == here.owner)


def sources(here: Bench, found: Record | None, mine_shown: bool) -> list[str]:
    """Where the numbers of the picture come from, in sentences."""
    told, shipped = [], recorded()
    if found and mine_shown:
        told.append(_("Filled: measured here, {processor}, {date}.").format(**named(found)))
    if found and len(found.points) < found.total and not here.running:
        told.append(_("Measured here: {done} of {total} points.").format(done=len(found.points), total=found.total))
    if here.failed:
        told.append(_("The measurement broke off; what it had measured is shown."))
    if shipped is None:
        return [*told, _("The recorded results cannot be read. Measure here to see your own.")]
    on = _("Open: recorded on {processor}, {threads} thread, torch {torch}, {date}.")
    alone = _("Recorded on {processor}, {threads} thread, torch {torch}, {date}.")
    told.append((on if mine_shown else alone).format(**named(shipped)))
    if shipped.spoilt:
        told.append(_("{count} lines of the recorded results are damaged and left out.").format(count=shipped.spoilt))
    return told


def named(record: Record) -> dict[str, str]:
    """The machine of a record, with what is not known as a question mark."""
    return {name: record.machine.get(name, "?") for name in ("processor", "threads", "torch", "date")}
