"""The running app, with all that leaves the machine led to a listener of ours."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse

import pytest

from tools.server import Server

FRIEND = "https://school.example.org"  # named in the settings


@dataclass
class App:
    """Where it answers, the process it runs in, and how often it has asked the outside for something."""

    address: str
    process: int
    asked: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """The answer to a request, and its body; `_` in the name of a header is a hyphen."""
        connection = HTTPConnection(self.address, timeout=60)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body


@pytest.fixture(scope="package")
def server() -> Iterator[App]:
    """The app, started as `make app` starts it."""
    with socket.create_server(("127.0.0.1", 0)) as outside:
        proxy = f"http://127.0.0.1:{outside.getsockname()[1]}"
        with Server(
            http_proxy=proxy, https_proxy=proxy, no_proxy="", STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS=FRIEND
        ) as running:
            running.wait()
            app = App(running.address, running.process.pid)
            threading.Thread(target=listen, args=(outside, app.asked), daemon=True).start()
            yield app
            assert "Traceback" not in running.said()
        outside.shutdown(socket.SHUT_RDWR)


def listen(outside: socket.socket, asked: list[str]) -> None:
    """Write down who is asked for, and give no answer."""
    while True:
        try:
            connection, _ = outside.accept()
        except OSError:
            return
        asked.append(connection.recv(200).decode("latin-1"))
        connection.close()
