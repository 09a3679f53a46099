"""Where the pairs of a class are kept: as `corpora/NAME.tsv` on the shelf of the runs, whole or not at all, and never over another's.

Beside each file, hidden, stands whose it is: who kept it may remove it, and the teacher.
"""

import os
from itertools import count
from pathlib import Path

from transformer.checkpoint import ROOT
from transformer.corpora import Corpus, CorpusError
from transformer.jobs.names import safe
from ui.text import translate as _

FOLDER = "corpora"
MOST = 200  # files


def keep(shelf: Path, name: str, corpus: Corpus, owner: str = "") -> Path:
    """Write the pairs to a file named after `name`; if that holds other pairs, to `NAME-2` and so on. Raises `CorpusError`.

    `owner` is the digest of whoever kept them first.
    """
    content = "".join(f"{pair.source}\t{pair.target}\n" for pair in corpus.pairs).encode()
    folder = shelf.absolute() / FOLDER
    if len(kept(shelf)) >= MOST:
        template = _(
            "{count} files of pairs are kept on this server already. Remove some that nobody needs, then try again."
        )
        raise CorpusError(template.format(count=MOST))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = written(folder, safe(name), content)
        if owner and not beside(file).exists():
            beside(file).write_text(owner, encoding="utf-8")
        return file
    except OSError as error:
        template = _("The pairs cannot be kept on this server: {reason}.")
        raise CorpusError(template.format(reason=error.strerror or error)) from error


def written(folder: Path, name: str, content: bytes) -> Path:
    """The file with that content; a new one appears as a whole. Raises `OSError`."""
    part = folder / f".{name}.{os.getpid()}.{id(content)}.part"
    try:
        part.write_bytes(content)
        for number in count(1):
            file = folder / f"{name if number == 1 else f'{name}-{number}'}.tsv"
            if file.is_file() and file.read_bytes() == content:
                return file
            try:
                os.link(part, file)  # fails if it is there, so that two at once get two files
            except FileExistsError:
                continue
            return file
    finally:
        part.unlink(missing_ok=True)
    raise AssertionError("there is always another number")


def beside(file: Path) -> Path:
    """Where it stands whose a file is."""
    return file.with_name(f".{file.stem}.owner")


def may(file: Path, owner: str, teacher: bool, here: bool) -> bool:
    """Whether that person may remove it: who kept it, the teacher, and whoever sits at this machine if nobody knows whose it is."""
    try:
        whose = beside(file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        whose = ""
    return teacher or (whose == owner if whose else here)


def remove(file: Path) -> None:
    """Remove the pairs. Raises `CorpusError`."""
    try:
        file.unlink(missing_ok=True)
        beside(file).unlink(missing_ok=True)
    except OSError as error:
        raise CorpusError(
            _("{name} could not be removed: {reason}.").format(name=file.name, reason=error.strerror)
        ) from error


def told(file: Path) -> str:
    """The path as a training is given it: short if it lies within the project, so that no card tells where that is."""
    return str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file)


def is_kept(told: str, shelf: Path) -> bool:
    """Whether a path that a training was given is that of pairs on this shelf."""
    return (ROOT / told).parent == shelf.absolute() / FOLDER


def kept(shelf: Path) -> list[Path]:
    """The files of pairs on the shelf, the newest first."""
    files = [file for file in (shelf / FOLDER).glob("*.tsv") if file.is_file()]
    return sorted(files, key=lambda file: -file.stat().st_mtime_ns)
