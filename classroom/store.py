"""Where a class is kept: SQLite in a file beside the runs, or any server that SQLAlchemy reaches, by the setting ATLAS_DATABASE."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from classroom import Refused
from classroom.tables import Base

DATABASE, RUNS = "ATLAS_DATABASE", "ATLAS_RUNS"  # settings of the environment
FILE = "classroom.sqlite"
PATIENCE = 10  # seconds that a write waits for others
ROOT = Path(__file__).resolve().parent.parent


class Store:
    """Reads and writes, each in a transaction of its own. Raises `Refused("away")` if the database cannot be reached."""

    def __init__(self, address: str) -> None:
        url = make_url(address)
        more: dict[str, Any] = {}
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            more["connect_args"] = {"timeout": PATIENCE, "isolation_level": None}
        self.engine = create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=32, **more)
        if url.get_backend_name() == "sqlite":
            plain(self.engine)
        self.prepare()

    def prepare(self) -> None:
        """Make the tables. Those of another version of the app go first: what is in them would have ended within a day."""
        known = inspect(self.engine)
        for name, table in Base.metadata.tables.items():
            if known.has_table(name) and {each["name"] for each in known.get_columns(name)} != set(
                table.columns.keys()
            ):
                Base.metadata.drop_all(self.engine)
                break
        Base.metadata.create_all(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look at what is there."""
        with guarded(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A change. In SQLite one at a time, from its first line on, so that none is lost against another."""
        with (
            guarded(),
            self.engine.connect().execution_options(writes=True) as connection,
            Session(connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session


@contextmanager
def guarded() -> Iterator[None]:
    """What goes wrong with the database is said in one word."""
    try:
        yield
    except SQLAlchemyError as error:
        raise Refused("away") from error


def plain(engine: Engine) -> None:
    """SQLite as several visitors need it: readers beside a writer, rows that go with their room, transactions as we begin them."""

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        for line in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {line}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def address() -> str:
    """Which database: the one that is set, or the file beside the runs."""
    runs = Path(os.environ.get(RUNS) or ROOT / "runs")
    return os.environ.get(DATABASE, "").strip() or f"sqlite:///{runs / FILE}"


def opened() -> Store:
    """The store. Raises `Refused("away")` if there is none to be reached. A file that somebody has deleted is made anew."""
    if not exists():
        kept.cache_clear()
    return kept(address())


@cache
def kept(address: str) -> Store:
    """One store for each address; one that could not be opened is tried again."""
    try:
        return Store(address)
    except (SQLAlchemyError, OSError, ImportError, ValueError, TypeError) as error:
        raise Refused("away") from error


def exists() -> bool:
    """Whether there may be rooms at all; so that nobody makes a file who only looks."""
    try:
        url = make_url(address())
    except SQLAlchemyError:
        return True  # so that whoever asks is told
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
