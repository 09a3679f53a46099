"""The code that computed what is on the screen, shown from its own source."""

import importlib
import inspect
import re
import textwrap
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui import ROOT
from ui.text import filled
from ui.text import translate as _

SOURCE = re.compile(r"^source: *((?:transformer|relatives|systems|classroom)\.[\w.]+) *$", re.MULTILINE)


def show(section: str) -> None:
    """Markdown in which each line `source: transformer.module.function`, or of `relatives`, `systems` or `classroom`, stands for that function."""
    for number, part in enumerate(SOURCE.split(section)):
        if number % 2 == 0:
            st.markdown(part)
        else:
            file, line, text = source(part)
            where = filled(_("{file}, line {line}"), file=file, line=line)
            st.html(f'<p class="atlas-source-of">{where}</p>')
            st.code(text, language="python", wrap_lines=True)


@lru_cache
def source(dotted: str) -> tuple[str, int, str]:
    """The file, the line and the text of a function, a method or a class. Raises `LookupError` if there is none."""
    thing = found(dotted)
    lines, first = inspect.getsourcelines(inspect.unwrap(thing))
    file = Path(inspect.getsourcefile(inspect.unwrap(thing)) or "").resolve().relative_to(ROOT)
    return file.as_posix(), first, textwrap.dedent("".join(lines))


def found(dotted: str) -> Any:
    """What a dotted name means: the longest part that is a module, then attributes."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            thing = getattr(thing, name)
        return thing
    raise LookupError(f"There is no {dotted}.")
