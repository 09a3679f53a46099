"""A PostgreSQL server for a moment, out of Debian's package `postgresql`: for tests and for benchmarks.

It listens at a socket in a folder of its own and nowhere else, and is gone afterwards. PostgreSQL refuses to run as root; then it runs as
the package's own user.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = "/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin"
USER = "postgres"  # of Debian's package


class Missing(Exception):
    """There is no PostgreSQL here that could be started; the message says why."""


def programs() -> Path:
    """The folder of its programs. Raises `Missing`."""
    found = [path for place in PLACES for path in sorted(Path("/").glob(place[1:])) if (path / "initdb").exists()]
    if found:
        return found[-1]
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def somebody() -> str | None:
    """Whom it runs as: ourselves, or if we are root the package's user. Raises `Missing`."""
    if os.geteuid():
        return None
    try:
        pwd.getpwnam(USER)
    except KeyError:
        raise Missing(f"PostgreSQL does not run as root, and there is no user {USER!r}") from None
    return USER


@contextmanager
def started() -> Iterator[str]:
    """The address of a new, empty database, as SQLAlchemy wants it. Raises `Missing`."""
    bin, user = programs(), somebody()
    with tempfile.TemporaryDirectory(prefix="atlas-pg-", dir="/tmp") as folder:
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        run(
            [bin / "initdb", "-D", f"{folder}/data", "-U", "atlas", "--auth=trust", "--no-sync", "-E", "UTF8"],
            user,
            folder,
        )
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=120"
        control: list[Path | str] = [bin / "pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log"]
        run([*control, "-o", options, "start"], user, folder)
        try:
            yield f"postgresql+psycopg://atlas@/postgres?host={folder}"
        finally:
            run([*control, "-m", "immediate", "stop"], user, folder)


def run(command: list[Path | str], user: str | None, folder: str) -> None:
    """Run one of its programs. Raises `Missing` with what it said if it fails."""
    quiet = subprocess.DEVNULL
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [str(part) for part in command], user=user, cwd=folder, env=environment, stdin=quiet, stdout=quiet,
        stderr=subprocess.PIPE, text=True, errors="replace",
    )  # fmt: skip
    if done.returncode:
        raise Missing(f"PostgreSQL did not start: {done.stderr[-400:]}")
