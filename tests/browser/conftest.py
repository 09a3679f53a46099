"""One browser, one running app, one visitor; a file that wants the app otherwise has an `address` of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor, started
from tools.server import Server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The running app, started as `make app` starts it. It wrote no traceback."""
    with Server() as server:
        server.wait()
        yield f"http://{server.address}"
        assert "Traceback" not in server.said()


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """A visitor at a desk."""
    visitor = Visitor(browser, address)
    yield visitor
    visitor.close()
