"""The corpus `tatoeba-en-fr`: everyday English sentences and their French translations, from the Tatoeba project.

The sentences were written and translated by the volunteers of tatoeba.org, paired by manythings.org/anki and published
under CC-BY 2.0 France. Attention Atlas does not ship the text: `python -m transformer corpus tatoeba-en-fr` puts it in
the cache folder, from a local copy or from the network. The models of this project were trained on the edition of
2019-04-07; newer editions are accepted, and the corpus's title says so.
"""

import hashlib
import os
import re
from pathlib import Path

from transformer.corpora._files import MOST_BYTES, fetch, read, replace, unpacked
from transformer.corpora.corpus import Corpus, CorpusError, Pair

NAME = "tatoeba-en-fr"
URL = "https://www.manythings.org/anki/fra-eng.zip"
SHA256_2019 = "0bb85dbaa1c896844649094d7eaf2e34bee34e84fe362b26ce7e8f2e12aae104"  # of the unpacked text
MEMBER = "fra.txt"
LEAST_PAIRS = 150_000  # a guard against a text cut short: 167,130 in 2019
COMMAND = f"python -m transformer corpus {NAME}"
RECIPES = {  # options of `train`, by the minutes from which they are the right ones
    0: """--pairs 20000 --minutes 10 --vocabulary-size 4000 --d-model 128 --layers 2 --heads 4 --d-ff 512 --peak-rate 0.002
    --warm-up 400 --batch-tokens 1000 --cool-down 0.5 --validation-pairs 100""",
    30: """--vocabulary-size 8000 --d-model 256 --layers 3 --heads 8 --d-ff 1024 --peak-rate 0.0014
    --warm-up 1200 --batch-tokens 3000 --cool-down 0.4 --validation-pairs 300""",
}
COMMON = {  # words of which most sentences hold one: 85 % and 91 % in 2019
    "English": re.compile(r"\b(the|you|i|to|is|a|he|she|it)\b", re.IGNORECASE),
    "French": re.compile(r"\b(je|vous|est|le|la|les|de|il|elle|pas|un|une|nous)\b|\b[jlncdsmt]['’]", re.IGNORECASE),
}


def load() -> Corpus:
    """The pairs in the cache, each once. Raises `CorpusError` that tells how to import what is missing."""
    file = cached_file()
    if not file.exists():
        raise CorpusError(
            f"The corpus {NAME} is not on this machine yet. Download it with: {COMMAND} "
            f"or import a copy of fra.txt, fra.txt.gz or fra-eng.zip with: {COMMAND} --file PATH"
        )
    content = read(file)
    if fault := fault_of(content):
        raise CorpusError(f"The cached text {file} is damaged: {fault}. Remove the file, then run: {COMMAND}")
    return Corpus(
        name=NAME,
        title=f"Everyday sentences of the Tatoeba project, {edition(content)}",
        licence="CC-BY 2.0 France (https://creativecommons.org/licenses/by/2.0/fr/)",
        attribution="Sentences by the contributors of tatoeba.org, paired by www.manythings.org/anki",
        pairs=parse(content.decode("utf-8-sig")),
    )


def parse(text: str) -> tuple[Pair, ...]:
    """The distinct pairs of `English TAB French [TAB attribution]` lines, every run of white space made one space."""
    rows = (line.split("\t") for line in text.split("\n") if line)
    sides = dict.fromkeys((" ".join(row[0].split()), " ".join(row[1].split())) for row in rows)
    return tuple(Pair(source, target) for source, target in sides)


def edition(content: bytes) -> str:
    """Which edition the unpacked text is: the one of 2019-04-07, or another one by its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    return "edition of 2019-04-07" if sha256 == SHA256_2019 else f"another edition than 2019-04-07 (sha256 {sha256})"


def cached_file() -> Path:
    """Where the unpacked text lies: in the folder `ATLAS_CACHE`, or `~/.cache/attention-atlas` without it."""
    folder = os.environ.get("ATLAS_CACHE") or Path.home() / ".cache" / "attention-atlas"
    return Path(folder) / NAME / MEMBER


def import_file(path: Path) -> Path:
    """Check a local `.txt`, `.gz` or `.zip` copy and put its text into the cache. Raises `CorpusError`."""
    return keep(read(path), str(path))


def download() -> Path:
    """Fetch the archive from `URL`, check it and put its text into the cache. Raises `CorpusError`."""
    try:
        packed = fetch(URL, NAME)
    except ConnectionError as error:
        raise CorpusError(
            f"{URL} could not be downloaded ({error}). If this machine has no network, get the file with another "
            f"one, copy it here and import it with: {COMMAND} --file fra-eng.zip"
        ) from error
    return keep(packed, URL)


def keep(packed: bytes, origin: str) -> Path:
    """Unpack, check and cache; what was in the cache stays if anything is wrong."""
    content = unpacked(packed, MEMBER, origin)
    if fault := fault_of(content):
        raise CorpusError(f"{origin} is not the English-French archive of manythings.org/anki: {fault}.")
    file = cached_file()
    try:
        return replace(file, content)
    except OSError as error:
        cause = f"The corpus cannot be written to {file}: {error.strerror}."
        raise CorpusError(f"{cause} Set ATLAS_CACHE to a folder that you can write to.") from error


def fault_of(content: bytes) -> str:
    """What an edition of the archive would not have: a clause of a sentence, or nothing."""
    if hashlib.sha256(content).hexdigest() == SHA256_2019:
        return ""
    if len(content) > MOST_BYTES:
        return f"its text is larger than {MOST_BYTES // 1_000_000} MB"
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        return f"byte {error.start:,} is not UTF-8 text"
    if lines[-1]:
        return f"its last line, line {len(lines):,}, does not end, so it may be cut short"
    return fault_of_lines(lines[:-1])


def fault_of_lines(lines: list[str]) -> str:
    """The same for its lines: their columns, their number, their languages."""
    rows = [line.split("\t") for line in lines]
    for number, row in enumerate(rows, start=1):
        if len(row) not in (2, 3) or not row[0].strip() or not row[1].strip():
            return f"line {number:,} should be English, a tab and French, but is {lines[number - 1][:60]!r}"
    if len(rows) < LEAST_PAIRS:
        return f"it has {len(rows):,} pairs, fewer than {LEAST_PAIRS:,} (in 2019: 167,130), so it may be cut short"
    sample = rows[:: max(1, len(rows) // 2000)]
    for column, (language, common) in enumerate(COMMON.items()):
        if sum(bool(common.search(row[column])) for row in sample) < len(sample) / 2:
            return f"its column {column + 1} does not look like {language}"
    return ""
