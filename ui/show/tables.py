"""The numbers behind a picture, for reading, for screen readers and for a spreadsheet."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ui.text import translate as _

AFTER = re.compile(r"([;\t\r\n]\s*)(?=[=+@-])")
Rows = Sequence[Sequence[Any]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


def twin(columns: Sequence[str], rows: Rows, name: str) -> None:
    """The table of a picture, folded away, with its CSV. It is only made when it is unfolded."""
    folded = st.expander(_("The numbers as a table"), key=f"{name}_table", on_change="rerun")
    if folded.open:
        with folded:
            st.dataframe(pd.DataFrame(rows, columns=list(columns)), hide_index=True, width="stretch")
            download(columns, rows, name)


def plain(columns: Sequence[str], rows: Rows, name: str) -> None:
    """A table that is a picture of its own, with its CSV."""
    height = min(38 + 35 * max(1, len(rows)), 360)
    st.dataframe(pd.DataFrame(rows, columns=list(columns)), hide_index=True, width="stretch", height=height)
    download(columns, rows, name)


def folded(title: str, columns: Sequence[str], rows: Rows, name: str) -> None:
    """A second table, under its own title, only made when it is unfolded."""
    fold = st.expander(title, key=f"{name}_fold", on_change="rerun")
    if fold.open:
        with fold:
            plain(columns, rows, name)


def download(columns: Sequence[str], rows: Rows, name: str) -> None:
    """A button that saves the table, as CSV that spreadsheets read with its accents."""
    label, data = _("Save as CSV"), csv_text(columns, rows).encode("utf-8-sig")
    st.download_button(label, data, f"{name}.csv", "text/csv", key=f"{name}_csv", on_click="ignore")


def csv_text(columns: Sequence[str], rows: Rows) -> str:
    """The table as RFC 4180 writes it: quotes around whatever holds commas, quotes or line breaks."""
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    return text.getvalue()


def harmless(cell: Any) -> Any:
    """Text that no spreadsheet runs."""
    if isinstance(cell, str):
        cell = AFTER.sub(r"\1'", cell)  # where a spreadsheet splits at semicolons
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) and not number_like(cell) else cell


def number_like(text: str) -> bool:
    """Whether it is a number and nothing else."""
    try:
        float(text)
    except ValueError:
        return False
    return True
