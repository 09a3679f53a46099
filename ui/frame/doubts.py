"""Why a translation may be wrong, said where it stands, on every page: what the model never met, and what it wrote itself."""

import math
from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from figures.labels import SPACE, label
from transformer.text import clean
from transformer.tokenizer import Tokenizer
from ui.measures.words import runs
from ui.session.state import Search
from ui.session.walk import Passage
from ui.text import plain
from ui.text import translate as _

MANY = 4  # pieces of one word, from which on the model has hardly met it
UNSURE = 0.5  # probability of a piece, on average, below which the model is said to be unsure
LONGEST = 8  # words of a repetition


def say(tokenizer: Tokenizer, walk: Passage, search: Search) -> None:
    """One line with all of it, and that lots were drawn for the translation; nothing if there is nothing."""
    found = [
        unmet(tokenizer, walk.source_text, walk.target_text if walk.forced else ""),
        cut_up(tokenizer, walk.source_text),
    ]
    if not walk.forced:
        found += [drawn(search), ended(walk), repeated(walk.target_text), unsure(walk)]
    if told := " ".join(filter(None, found)):
        st.caption(plain(told))


def unmet(tokenizer: Tokenizer, *texts: str) -> str:
    """Which signs the model has no piece for: of those it only sees bytes, which it has seldom or never met."""
    found = [
        clean(text)[piece.start : piece.end] for text in texts for piece in tokenizer.pieces(text) if piece.is_byte
    ]
    if signs := " ".join(dict.fromkeys(found)):
        told = _(
            "Not in the vocabulary, so read byte by byte: {characters}. The model may copy it, or go astray around it."
        )
        return told.format(characters=signs)
    return ""


def cut_up(tokenizer: Tokenizer, text: str) -> str:
    """Which words are cut into so many pieces that the model has hardly met them."""
    names = [piece.piece for piece in tokenizer.pieces(text)]
    cut = [[names[place] for place in run] for run in runs(names) if len(run) >= MANY]
    long = ["".join(word).removeprefix(SPACE) for word in cut if not any(name.startswith("<0x") for name in word)]
    told = _("Hardly met in training, so cut into many pieces: {words}.")
    return told.format(words=", ".join(long)) if long else ""


def drawn(search: Search) -> str:
    """That the translation is one of many that could have been drawn."""
    return _("Drawn by lot, with the seed {seed}.").format(seed=search.seed) if search.draws else ""


def ended(walk: Passage) -> str:
    """That the translation is empty, or has no end."""
    if not walk.finished:
        told = _("The model did not come to an end, so its translation is cut off after {count} pieces.")
        return told.format(count=len(walk.written))
    return "" if walk.target_text.strip() else _("The translation is empty: the model wrote the end at once.")


def repeated(text: str) -> str:
    """That words come twice in a row, or three of them twice anywhere."""
    words = [word.strip('.,;:!?"()«»') for word in text.lower().split()]
    found = again([word for word in words if word])
    return _("The translation repeats itself: “{words}”.").format(words=" ".join(found)) if found else ""


def again(words: Sequence[str]) -> Sequence[str]:
    """The longest run of words that is followed by itself (three times, if it is one word), or of at least four that comes twice."""
    for length in range(min(LONGEST, len(words) // 2), 1, -1):
        runs = [tuple(words[place : place + length]) for place in range(len(words) - length + 1)]
        if any(
            run in runs[place + length : None if length > 3 else place + length + 1] for place, run in enumerate(runs)
        ):
            return next(run for place, run in enumerate(runs) if run in runs[place + length :])
    thrice = [word for word, run in groupby(words) if len(list(run)) > 2]
    return thrice[:1]


def unsure(walk: Passage) -> str:
    """How probable a piece was on average, and which was least, if that is little."""
    if not walk.chances:
        return ""
    mean = math.exp(sum(math.log(max(chance, 1e-30)) for chance in walk.chances) / len(walk.chances))
    if mean >= UNSURE:
        return ""
    least = min(range(len(walk.chances)), key=walk.chances.__getitem__)
    told = _("The model is not sure: {mean} a piece on average, {least} for “{piece}”.")
    return told.format(mean=f"{mean:.2f}", least=f"{walk.chances[least]:.2f}", piece=label(walk.written[least]))
