"""A text like Tatoeba's, of a few lines, and a corpus if it is there."""

import io
import zipfile

import pytest

from transformer.corpora import Corpus, load_corpus, tatoeba_en_fr

ATTRIBUTION = "CC-BY 2.0 (France) Attribution: tatoeba.org #1 (a) & #2 (b)"
FAKE_LINES = [
    "Hi.\tSalut\u202f!",
    "Hi.\tSalut !",  # the same pair but for the kind of space
    "Hi.\tBonjour.",
    "I see the cat.\tJe vois le chat.",
    "Is she tired?\tEst-elle fatiguée\u202f?",
    "He is here.\tIl est là.",
]
FAKE_TEXT = "".join(f"{line}\n" for line in FAKE_LINES)
NEWER_TEXT = "".join(f"{line}\t{ATTRIBUTION}\n" for line in FAKE_LINES)


def available(name: str) -> Corpus:
    """The corpus; without Tatoeba's real text a test of it is skipped."""
    if name == tatoeba_en_fr.NAME and not tatoeba_en_fr.cached_file().exists():
        pytest.skip(f"{name} is not in the cache; import it with: {tatoeba_en_fr.COMMAND} --file PATH")
    return load_corpus(name)


def zipped(text: str, member: str = "fra.txt") -> bytes:
    """A zip as the host packs it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_about.txt", "about")
        archive.writestr(member, text)
    return content.getvalue()
