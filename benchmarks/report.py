"""What a benchmark hands in, and how it is shown: rows, a table for the terminal, a JSON file for the record."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "torch", "transformers", "ctranslate2", "lightning-fabric", "sentencepiece", "streamlit", "plotly", "playwright",
    "websockets", "psutil",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    name: str
    ours: float | None
    unit: str
    peer: float | None = None
    bound: str = ""  # in words; empty if there is none
    met: bool | None = None
    note: str = ""  # what has to be known to read the figure
    samples: dict[str, list[float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's."""
        return self.ours / self.peer if self.ours is not None and self.peer else None


def table(rows: Sequence[Row]) -> str:
    """All rows under each other, and what the notes say, once each."""
    lines = [("", "ours", "peer", "unit", "ratio", "bound", "met?")]
    notes = list(dict.fromkeys(row.note for row in rows if row.note))
    for row in rows:
        mark = f" [{notes.index(row.note) + 1}]" if row.note else ""
        met = {True: "yes", False: "MISSED", None: ""}[row.met]
        lines.append(
            (row.name + mark, written(row.ours), written(row.peer), row.unit, written(row.ratio), row.bound, met)
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    drawn = ["  ".join(map(align, line, range(len(line)), widths)) for line in lines]
    below = [f"[{number}] {note}" for number, note in enumerate(notes, 1)]
    return "\n".join([drawn[0], "-" * len(drawn[0]), *drawn[1:], "", *below])


def align(cell: str, column: int, width: int) -> str:
    """Numbers to the right, words to the left."""
    return cell.rjust(width) if column in (1, 2, 4) else cell.ljust(width)


def written(number: float | None) -> str:
    """Three digits or more."""
    if number is None:
        return ""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def facts() -> dict[str, Any]:
    """The machine, its load and the versions: without them the figures say nothing."""
    return {
        "processor": processor(), "cores": len(os.sched_getaffinity(0)), "memory_GiB": round(memory_bytes() / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}", "python": platform.python_version(),
        "load_average": [round(load, 2) for load in os.getloadavg()], "commit": commit(),
        "versions": {name: installed for name in PACKAGES if (installed := package_version(name))},
    }  # fmt: skip


def write_json(file: Path, rows: Sequence[Row], machine: dict[str, Any], quick: bool) -> None:
    """All rows with their raw samples. `quick` figures are marked, so that nobody quotes them."""
    content = {"machine": machine, "quick": quick, "rows": [{**asdict(row), "ratio": row.ratio} for row in rows]}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def processor() -> str:
    """The name that the processor gives itself."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def memory_bytes() -> int:
    """The machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def commit() -> str:
    """Which state of the project was measured; `+` if files were changed since."""
    said = subprocess.run(["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True)
    return said.stdout.strip()


def package_version(name: str) -> str:
    """The installed version, or nothing."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
