"""What the page shows of the class's pairs: what was left out, the table, and the words that are cut into most pieces."""

import streamlit as st

from pages.class_corpus import markup, pairs, words
from pages.class_corpus.pairs import Given, Read
from transformer.analysis.before_after import LONGEST
from transformer.corpora import Corpus
from ui.session import state
from ui.show import tables
from ui.text import plain
from ui.text import translate as _

MOST_BARS = 8
MOST_NAMED = 12  # new words in a sentence
Bars = tuple[list[str], list[float]]  # labels and values


def outcome(given: Given, read: Read) -> None:
    """How many pairs there are, or why there is none; the lines that were left out, folded."""
    told = pairs.told(read)
    if read.corpus is None:
        (st.warning if given.content.strip() else st.info)(plain(told))
    else:
        st.markdown(f"**{plain(told)}**")
    if read.table and read.table.dropped:
        columns, rows = pairs.dropped(given, read.table)
        with st.expander(
            _("Lines left out: {count}").format(count=f"{len(read.table.dropped):,}"), key="class_dropped"
        ):
            tables.plain(columns, rows, "dropped_lines")


def survey(corpus: Corpus, origin: state.Origin) -> words.Survey:
    """The table of the pairs with their pieces, and a sentence about the new words; answers with what was counted."""
    with st.spinner(_("Reading what the model was trained on …")):
        found, known = words.survey(origin, corpus.pairs), words.met(origin)
    st.markdown(new_words(found, exact=known is not None))
    markup.show(markup.pairs(corpus, state.opened(origin).tokenizer, known))
    if len(corpus.pairs) > markup.MOST_ROWS:
        st.caption(_("The first {count} pairs are shown; all are used.").format(count=markup.MOST_ROWS))
    if long := words.too_long(state.opened(origin), corpus.pairs, LONGEST):
        template = _("{count} pairs have a side of more than {most} pieces: they are too long to learn from.")
        st.caption(template.format(count=long, most=LONGEST))
    return found


def new_words(found: words.Survey, exact: bool) -> str:
    """Which words the model has never met, and what counts as that; Markdown."""
    named = ", ".join(plain(word) for word in found.new[:MOST_NAMED])
    more = "" if len(found.new) <= MOST_NAMED else " …"
    meaning = (
        _("New: nowhere in the sentences that this model was trained on.")
        if exact
        else _(
            "The text that this model was trained on is not on this machine, so a word counts as new if it is cut into three pieces or more."
        )
    )
    if not found.new:
        return f"**{_('No new words.')}** {meaning}"
    return f"**{_('New words: {count}').format(count=len(found.new))}** ({named}{more}). {meaning}"


def bars(found: words.Survey) -> Bars:
    """The words in most pieces, each with its pieces, and how many they are."""
    longest = found.words[:MOST_BARS]
    labels = [f"{word.text}: {' | '.join(word.cut)}" for word in longest]
    return labels, [float(len(word.cut)) for word in longest]


def alt(found: words.Survey, title: str) -> str:
    """The figure in words."""
    labels, values = bars(found)
    return f"{title}. " + "; ".join(f"{label} ({value:.0f})" for label, value in zip(labels, values, strict=True))


def table(found: words.Survey) -> tuple[list[str], list[list[object]]]:
    """Every word with its pieces: columns and rows."""
    rows: list[list[object]] = [
        [word.text, len(word.cut), " | ".join(word.cut), _("yes") if word.new else _("no")] for word in found.words
    ]
    return [_("Word"), _("Pieces"), _("Cut"), _("New")], rows


def values(found: words.Survey | None, corpus: Corpus | None) -> dict[str, str]:
    """What the lesson tells of these pairs."""
    learned = len(corpus.split("train")) if corpus else 0
    return {
        "pairs": str(len(corpus.pairs)) if corpus else "0", "learned": str(learned),
        "held_out": str(len(corpus.pairs) - learned) if corpus else "0",
        "words": str(len(found.words)) if found else "0", "new": str(len(found.new)) if found else "0",
        "english": f"{found.per_word[0]:.2f}" if found else "0", "french": f"{found.per_word[1]:.2f}" if found else "0",
    }  # fmt: skip
