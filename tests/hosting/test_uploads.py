"""How much one visitor's uploads may hold in memory."""

import os
import uuid
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.hosting.conftest import App

MEGABYTE = 2**20


@pytest.fixture
def session(server: App) -> Iterator[str]:
    """The session of a visitor whose page stays open."""
    url = f"ws://{server.address}/_stcore/stream"
    with connect(url, subprotocols=["streamlit"], max_size=None, proxy=None) as socket:
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        socket.send(ask.SerializeToString())
        for data in socket:
            message = ForwardMsg.FromString(data)
            if message.WhichOneof("type") == "new_session":
                found = message.new_session.initialize.session_id
            elif message.WhichOneof("type") == "script_finished":
                break
        yield found


def upload(app: App, session: str, size: int, name: str = "a.zip") -> int:
    """Send a file under an invented id; the status of the answer."""
    token = app.get("/_stcore/health")[0].headers["Set-Cookie"].partition("_streamlit_xsrf=")[2].partition(";")[0]
    head = f'--q\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
    connection = HTTPConnection(app.address, timeout=60)
    told = {
        "Content-Type": "multipart/form-data; boundary=q",
        "Cookie": f"_streamlit_xsrf={token}",
        "X-Xsrftoken": token,
    }
    body = head + os.urandom(size) + b"\r\n--q--\r\n"
    connection.request("PUT", f"/_stcore/upload_file/{session}/{uuid.uuid4()}", body, told)
    status = connection.getresponse().status
    connection.close()
    return status


def memory(app: App) -> int:
    """What the app holds, in bytes."""
    return int(Path(f"/proc/{app.process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_files_under_invented_names_do_not_pile_up(server: App, session: str) -> None:
    """Eight of 60 MB were 540 MB as long as the page was open."""
    before = memory(server)
    assert [upload(server, session, 60 * MEGABYTE) for _ in range(8)] == [204] * 8
    assert memory(server) - before < 200 * MEGABYTE


def test_one_that_is_too_large_is_refused(server: App, session: str) -> None:
    assert upload(server, session, 65 * MEGABYTE) == 413
    assert upload(server, "nobody", 10) == 400
