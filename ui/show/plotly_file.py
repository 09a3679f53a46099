"""`static/plotly.min.js`, copied out of the installed plotly package, so that no page needs the internet."""

import os
from contextlib import suppress
from pathlib import Path

import streamlit as st
from plotly.offline import get_plotlyjs, get_plotlyjs_version

from ui import ROOT

FILE = ROOT / "static" / "plotly.min.js"


def ensure(file: Path = FILE) -> str:
    """Write the file if it is missing or of another version, whole or not at all. Answers with the trouble, if any."""
    if current(file):
        return ""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(exist_ok=True)
        part.write_text(get_plotlyjs(), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        return f"The pictures need the file {file}, but it cannot be written: {error.strerror}."
    return ""


def current(file: Path) -> bool:
    """Whether the file is there, whole and of the installed version."""
    source = get_plotlyjs()
    return file.is_file() and file.stat().st_size == len(source.encode()) and file.read_text("utf-8") == source


def address() -> str:
    """Where the browser finds the file; the version in it outdates older copies in the browser's cache."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{'/' + base if base else ''}/app/static/{FILE.name}?v={get_plotlyjs_version()}"
