"""`python -m transformer jobs`: the trainings that were started through the app's queue, and a way to stop one."""

import argparse
import sys

from transformer import jobs
from transformer.commands import FAILED, FINE, Subparsers, command

DESCRIPTION = """List the trainings of the app's queue: name, phase, place of those that wait, and why one failed.
Whoever may use this machine may stop any of them; it saves first, and can be resumed in the app."""
EPILOG = """
examples:
  python -m transformer jobs
  python -m transformer jobs --stop NAME
  python -m transformer train --resume runs/NAME    go on with one that was stopped, without the queue
"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command and its options."""
    parser = command(subparsers, "jobs", "list the trainings of the app's queue, or stop one", DESCRIPTION, EPILOG)
    parser.add_argument("--stop", metavar="NAME", help="ask that training to save and end")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one line for each job, newest first; or stop one."""
    from transformer.checkpoint import FOLDERS

    found = jobs.find(FOLDERS[-1])
    try:
        if args.stop is not None:
            return stop(args.stop, found)
    except jobs.JobError as error:
        print(error, file=sys.stderr)
        return FAILED
    for job in found:
        place = f"place {job.place}" if job.place else ""
        print(f"{job.name:32} {job.phase:9} {place:9} {job.said}".rstrip())
    if not found:
        print("None yet.")
    return FINE


def stop(name: str, found: list[jobs.Job]) -> int:
    """Ask the job of that name to end. Raises `JobError`."""
    chosen = [job for job in found if job.name == name]
    if not chosen:
        known = ", ".join(job.name for job in found if job.active) or "none is waiting or running"
        raise jobs.JobError(f"There is no job {name!r} here. To be stopped: {known}.")
    jobs.stop(chosen[0], owner_token="", teacher=True)
    print(f"{name}: {chosen[0].phase}, asked to stop.")
    return FINE
