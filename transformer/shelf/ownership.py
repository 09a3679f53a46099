"""The models people made: who may rename and delete which, and how that is done without another's page or training breaking.

A model that ships with the project stays as it is. One from the training queue belongs to the person who started it, one that was
uploaded to the person who brought it, and the teacher may change both. One from a terminal has no owner: see `may`.
"""

import os
import shutil
import time
from pathlib import Path

from transformer import checkpoint, jobs
from transformer.jobs.names import claim, safe
from transformer.shelf import archive

WRITING = 15  # seconds: a file younger than this may belong to a training that runs in a terminal
HIDDEN = ".deleted-"


class ShelfError(ValueError):
    """Why a model was not renamed or deleted: a sentence for the person who asked."""


def is_shipped(folder: Path) -> bool:
    """Whether the model came with the project."""
    return folder.parent.absolute() != checkpoint.FOLDERS[-1].absolute()


def job_of(folder: Path) -> jobs.Job | None:
    """The training job that made it, if it was one."""
    return next((job for job in jobs.find(folder.parent) if job.folder.name == folder.name), None)


def may(folder: Path, token: str, teacher: bool, here: bool) -> bool:
    """Whether that person may rename and delete the model.

    Who trained or uploaded it may, and the teacher; a model without an owner, the teacher or, where there is no teacher, whoever
    sits at this very machine (`here`). Nobody may change a shipped one.
    """
    if is_shipped(folder):
        return False
    if job := job_of(folder):
        return jobs.may(job, token, teacher)
    mine = archive.owner(folder)
    return teacher or (token != "" and mine == archive.digest(token) if mine else here)


def rename(folder: Path, name: str, token: str, teacher: bool, here: bool) -> Path:
    """Give the model another name, made safe and unique; answers with its new folder. Raises `ShelfError`."""
    if not name.strip():
        raise ShelfError("Type a name first.")
    try:
        if job := job_of(folder):
            return jobs.rename(job, name, token, teacher).folder
        settled(folder, token, teacher, here)
        if safe(name) == folder.name:
            return folder
        place = claim(folder.parent, safe(name), checkpoint.FOLDERS[0])
        try:
            os.rename(folder, place)
        except OSError:
            place.rmdir()
            raise
        return place
    except jobs.JobError as error:
        raise ShelfError(str(error)) from error
    except OSError as error:
        raise ShelfError(f"The model could not be renamed: {error.strerror}.") from error


def delete(folder: Path, token: str, teacher: bool, here: bool) -> None:
    """Remove the model and all that belongs to it; it is gone for everybody at once. Raises `ShelfError`."""
    try:
        if job := job_of(folder):
            return jobs.delete(job, token, teacher)
        settled(folder, token, teacher, here)
        gone = folder.with_name(f"{HIDDEN}{time.time_ns()}")
        gone.mkdir()
        try:
            os.rename(folder, gone / "model")  # one deeper than a model, so it is none from here on
        except OSError:
            gone.rmdir()
            raise
        shutil.rmtree(gone)
    except jobs.JobError as error:
        raise ShelfError(str(error)) from error
    except OSError as error:
        raise ShelfError(f"The model could not be deleted: {error.strerror}.") from error


def settled(folder: Path, token: str, teacher: bool, here: bool) -> None:
    """Raise `ShelfError` unless the model is there, the person may change it, and nothing seems to be writing to it."""
    if not folder.is_dir():
        raise ShelfError(f"There is no model “{folder.name}” any more.")
    if is_shipped(folder):
        raise ShelfError(f"“{folder.name}” came with Attention Atlas and stays as it is.")
    if not may(folder, token, teacher, here):
        raise ShelfError(f"Only the person who made “{folder.name}”, or the teacher, may do that.")
    log = folder / "history.jsonl"
    if log.is_file() and time.time() - log.stat().st_mtime < WRITING and not archive.owner(folder):
        raise ShelfError(f"“{folder.name}” seems to be in training. Try again in a moment.")
