"""A corpus as files that anybody can open: one TSV for each split, and a README that says whose text it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformer.corpora._files import replace
from transformer.corpora.corpus import SPLITS, Corpus, CorpusError, Pair, Split

README = "README.md"
MARK = "exported by Attention Atlas"
LINKS = """, a tab and the gold links between their words
in Pharaoh format: `0-0 1-2` says that English word 0 and French word 0 translate each other, and so do words 1 and 2.
Words are counted as `transformer.corpora.words` splits them"""


def export(corpus: Corpus, folder: Path) -> list[Path]:
    """Write `train.tsv`, `validation.tsv`, `test.tsv` and a README, and return their paths. Raises `CorpusError`."""
    splits = by_split(corpus)
    texts = {f"{split}.tsv": "".join(map(line, pairs)) for split, pairs in splits.items()}
    return written(texts | {README: readme(corpus, splits)}, folder)


def export_lines(collection: Any, folder: Path) -> list[Path]:
    """The same of examples that are no pairs: a `Collection` of `systems`, each of its lines. Raises `CorpusError`."""
    texts = {
        f"{split}.tsv": "".join(f"{collection.line(each)}\n" for each in collection.split(split)) for split in SPLITS
    }
    return written(texts | {README: readme_of_lines(collection)}, folder)


def written(texts: Mapping[str, str], folder: Path) -> list[Path]:
    """Files with those names and texts. Raises `CorpusError`."""
    refuse_foreign(folder)
    try:
        return [replace(folder / name, text.encode()) for name, text in texts.items()]
    except OSError as error:
        raise CorpusError(f"{folder} cannot be written: {error.strerror}. Give another folder.") from error


def refuse_foreign(folder: Path) -> None:
    """Raises `CorpusError` if the folder holds something else than an earlier export."""
    if folder.exists() and not folder.is_dir():
        raise CorpusError(f"{folder} is a file. Give a folder.")
    if folder.is_dir() and any(folder.iterdir()):
        note = folder / README
        if not note.is_file() or MARK not in note.read_text(encoding="utf-8", errors="replace"):
            raise CorpusError(f"{folder} holds other files. Give a new or an empty folder.")


def by_split(corpus: Corpus) -> dict[Split, list[Pair]]:
    """The pairs of each split, in the corpus's own order."""
    return {split: list(corpus.split(split)) for split in SPLITS}


def line(pair: Pair) -> str:
    """English, tab, French and, for a pair with gold links, another tab and the links."""
    links = f"\t{pharaoh(pair)}" if pair.links else ""
    return f"{pair.source}\t{pair.target}{links}\n"


def pharaoh(pair: Pair) -> str:
    """The gold links as `0-0 1-2`: word 0 of the English with word 0 of the French, word 1 with word 2."""
    return " ".join(f"{source}-{target}" for source, target in pair.links)


def readme(corpus: Corpus, splits: dict[Split, list[Pair]]) -> str:
    """What these files are, whose they are, and how they were split."""
    counts = "\n".join(f"- `{split}.tsv`: {len(pairs):,} pairs" for split, pairs in splits.items())
    linked = any(pair.links for pair in corpus.pairs)
    return f"""# {corpus.title}

The corpus `{corpus.name}`, {MARK}.

{counts}

Each line is an English sentence, a tab and a French sentence{LINKS if linked else ""}.
The text is UTF-8. An English sentence is in one split only, with all its translations: the split is decided by a hash
of the sentence without case and punctuation.

sha256 of the pairs: {corpus.sha256}

## Licence

{corpus.licence}

Attribution: {corpus.attribution}. Keep this note with the text.
"""


def readme_of_lines(collection: Any) -> str:
    """What these files are, and how they were split."""
    counts = "\n".join(f"- `{split}.tsv`: {count:,} examples" for split, count in collection.counts.items())
    return f"""# {collection.title}

The corpus `{collection.name}`, {MARK}.

{counts}

Each line is an example, its columns parted by tabs: {", ".join(collection.columns)}. The text is UTF-8. Which split an example is in
is decided by a hash of what makes two examples the same.

sha256 of the examples: {collection.sha256}

## Licence

{collection.licence}

Attribution: {collection.attribution}. Keep this note with the text.
"""
