"""The same tests on a file and on a server."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from classroom import limits
from classroom.store import Store
from classroom.tables import Base
from tools import postgres


@pytest.fixture(scope="session")
def server() -> Iterator[str | postgres.Missing]:
    """The address of a PostgreSQL server, or why there is none."""
    with ExitStack() as stack:
        try:
            found: str | postgres.Missing = stack.enter_context(postgres.started())
        except postgres.Missing as missing:
            found = missing
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the class is kept."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'class.sqlite'}"
    server = request.getfixturevalue("server")
    if isinstance(server, postgres.Missing):
        pytest.skip(str(server))
    return str(server)


@pytest.fixture
def store(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store, and no wrong tries yet."""
    monkeypatch.setattr("classroom.rooms.TRIES", limits.Tries())
    store = Store(database)
    yield store
    Base.metadata.drop_all(store.engine)
    store.engine.dispose()
