"""Who may connect, and what a browser is told."""

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from hosting import guard
from tests.hosting.conftest import FRIEND, App

FOREIGN = (
    "http://elsewhere.example.org", "null", "http://[", "https://127.0.0.1.example.org", "file://", "http://127.0.0.1@a.example.org",
    "https://other.school.example.org",
)  # fmt: skip


def status(app: App, origin: str | None) -> int:
    """How a websocket is answered that a page of `origin` opens."""
    try:
        connect(f"ws://{app.address}/_stcore/stream", subprotocols=["streamlit"], origin=origin, proxy=None).close()
    except InvalidStatus as refused:
        return refused.response.status_code
    return 101


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_site_is_refused_and_nobody_is_asked(server: App, origin: str) -> None:
    assert status(server, origin) == 403
    assert server.asked == []


def test_its_own_pages_and_those_that_the_settings_name_may_connect_and_nobody_is_asked(server: App) -> None:
    port = server.address.partition(":")[2]
    mine = (None, f"http://{server.address}", f"http://localhost:{port}", "http://127.0.0.1:9", FRIEND)
    assert {origin: status(server, origin) for origin in mine} == dict.fromkeys(mine, 101)
    assert server.asked == []


@pytest.mark.parametrize("path", ["/", "/tokens", "/_stcore/health", "/nothing.js"])
def test_every_answer_says_what_it_is_for(server: App, path: str) -> None:
    answer, _ = server.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_teacher_may_let_a_site_show_it_in_a_frame() -> None:
    told = guard.headers(["https://moodle.example.org"])
    assert told["Content-Security-Policy"] == "frame-ancestors 'self' https://moodle.example.org"
    assert "X-Frame-Options" not in told, "it knows no list, and browsers would obey it"


def test_the_numbers_of_the_server_are_nobody_s_business(server: App) -> None:
    assert server.get("/_stcore/metrics")[0].status == 404
    assert server.get("/_stcore/health")[0].status == 200
