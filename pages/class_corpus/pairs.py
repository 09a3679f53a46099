"""The class's own pairs, typed or from a file: what is a pair, what was dropped and why. Whatever comes, the answer is a sentence."""

import io
from dataclasses import dataclass
from itertools import islice

import streamlit as st

from transformer.corpora import Corpus, CorpusError
from transformer.corpora.columns import separators_of
from transformer.corpora.table import EXPLANATIONS, Table, corpus_of, table_of_file
from ui import controls
from ui.text import translate as _

EXAMPLE = """My teacher likes kimchi. ; Mon professeur aime le kimchi.
My brother eats kimchi. ; Mon frère mange du kimchi.
My sister likes bibimbap. ; Ma sœur aime le bibimbap.
My father likes bibimbap. ; Mon père aime le bibimbap.
Minji eats bibimbap. ; Minji mange du bibimbap.
My brother plays baduk. ; Mon frère joue au baduk.
My teacher plays baduk. ; Mon professeur joue au baduk.
Our school is in Seoul. ; Notre école est à Séoul.
My sister is in Seoul. ; Ma sœur est à Séoul.
Minji is in Seoul. ; Minji est à Séoul."""
MEGABYTES = 5  # of an upload
MOST_TYPED = 100_000  # characters
MOST_PAIRS = 5_000
MOST_LINES = 200_000  # of which most are dropped then
MOST_SHOWN = 100  # dropped lines
FILE = "_class_file"  # in session state: the file that was uploaded, which outlives its widget


@dataclass(frozen=True, slots=True)
class Given:
    """What the class gave: bytes, and the name of the file they came from; no name if they were typed."""

    content: bytes
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What it is: a corpus, or a sentence why it is none. `table` may be there in both cases."""

    corpus: Corpus | None = None
    table: Table | None = None
    said: str = ""


def way() -> str:
    """How the pairs come: `typed` or `file`."""
    return controls.one_of(_("Your pairs"), "class_from", {"typed": _("Type or paste"), "file": _("Upload a file")})


def ask(way: str) -> Given:
    """The field, or the place for a file; what was put into either stays for the session."""
    if way == "file":
        return uploaded()
    label = _("One pair a line: English ; French")
    hint = _("A tab or a comma between the two will do, too: paste two columns of a spreadsheet.")
    text = st.text_area(
        label, EXAMPLE, height=270, max_chars=MOST_TYPED, key="class_text", persist_state="session", help=hint
    )
    return Given((text or "").encode("utf-8", "replace"))


def uploaded() -> Given:
    """The file, TSV or CSV. It is kept when the page changes, until another takes its place."""

    def arrived() -> None:
        if file := st.session_state.get("class_upload"):
            st.session_state[FILE] = Given(file.getvalue(), file.name)

    st.file_uploader(
        _("A TSV or CSV file in UTF-8 with a column of English sentences and one of French"), key="class_upload",
        max_upload_size=MEGABYTES, on_change=arrived,
    )  # fmt: skip
    given: Given = st.session_state.get(FILE, Given(b"", ""))
    return given


@st.cache_resource(max_entries=8, show_spinner=False)
def read(content: bytes, file_name: str = "", sides: tuple[int, int] | None = None) -> Read:
    """The pairs in `content`, from the columns `sides` if somebody has chosen them. Never raises for what a class may give."""
    if not content.strip():
        return Read(said=_("There is no pair yet. Give a few: an English sentence and a French one on each line."))
    if len(content) > MEGABYTES * 1_000_000:
        template = _(
            "This is larger than {megabytes} MB. Give a part of it, or train on the file from the command line."
        )
        return Read(said=template.format(megabytes=MEGABYTES))
    try:
        table = table_of_file(
            io.BytesIO(content), file_name or _("The text"), separators_of(file_name), sides, MOST_LINES
        )
    except CorpusError as error:
        return Read(said=str(error))
    if len(table.pairs) > MOST_PAIRS:
        template = _(
            "These are {count} pairs. This page takes at most {most}, which is more than two minutes can teach."
        )
        return Read(table=table, said=template.format(count=f"{len(table.pairs):,}", most=f"{MOST_PAIRS:,}"))
    return Read(corpus=corpus_of(table, file_name or "class"), table=table)


def dropped(given: Given, table: Table) -> tuple[list[str], list[list[object]]]:
    """The lines that are no pair, with the reason and their text: columns and rows, `MOST_SHOWN` at most."""
    shown = table.dropped[:MOST_SHOWN]
    lines = dict(enumerate(islice(lines_of(given.content), max((one.line for one in shown), default=0)), 1))
    reasons = reason_words()
    rows: list[list[object]] = [[one.line, reasons[one.reason], lines.get(one.line, "")[:80]] for one in shown]
    return [_("Line"), _("Why it was left out"), _("What it says")], rows


def reason_words() -> dict[str, str]:
    """Each reason for which a line is left out, in words."""
    return {reason: f"{reason}: {words}" for reason, words in EXPLANATIONS.items()}


def lines_of(content: bytes) -> io.TextIOWrapper:
    """The lines of a text, counted as `table` counts them."""
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="replace")


def told(read_: Read) -> str:
    """`Pairs: 10 (8 to learn from, 2 held out).`"""
    if (corpus := read_.corpus) is None:
        return read_.said
    learned = len(corpus.split("train"))
    held_out = len(corpus.pairs) - learned
    parts = [
        _("Pairs: {pairs} ({learned} to learn from, {held_out} held out).").format(
            pairs=f"{len(corpus.pairs):,}", learned=f"{learned:,}", held_out=f"{held_out:,}"
        )
    ]
    if not held_out:
        parts.append(_("With so few, nothing is held out for a test."))
    if not learned:
        parts.append(_("All of these sentences are held out in every corpus of this project: add others."))
    return " ".join(parts)
