"""A learner of a class without a browser: known by a cookie, in a room, with a line that hears what is new."""

import asyncio
import json
import secrets
import time
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import ClientConnection, connect  # type: ignore[import-not-found]
from websockets.typing import Subprotocol  # type: ignore[import-not-found]

from classroom import rooms
from classroom.rooms import Room
from classroom.store import Store

PAGE = "tokens"
ACKNOWLEDGED = b"Your answer is in"


class Pupil:
    """One learner: a session of the app, and the line to their browser."""

    def __init__(self, key: str, connection: ClientConnection) -> None:
        self.key, self.connection = key, connection
        self.field, self.button, self.part = "", "", ""  # where the answer goes, as far as a question is there
        self.bar = ""  # the fragment of the room's bar
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @classmethod
    async def come(cls, address: str, store: Store, room: Room, number: int) -> Self:
        """Join, open a page, listen."""
        secret = secrets.token_urlsafe(32)
        member = await asyncio.to_thread(rooms.join, store, room.code, f"learner {number}", secret)
        connection = await connect(
            f"ws://{address}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None,
            additional_headers={"Cookie": f"atlas_person={secret}"},
        )  # fmt: skip
        pupil = cls(member.key, connection)
        await pupil.run()
        await pupil.listen(address)
        return pupil

    async def listen(self, address: str) -> None:
        """The line, as a browser holds it."""
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"GET /atlas/class/{self.key} HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n".encode()
        )
        await writer.drain()
        self.line = reader, writer

    async def news(self) -> dict[str, object]:
        """The next that the line brings."""
        assert self.line
        while True:
            said = await self.line[0].readline()
            if said.startswith(b"data:"):
                found: dict[str, object] = json.loads(said[5:])
                return found

    async def look(self) -> None:
        """Draw the bar again, as the browser does after news."""
        await self.run(part=self.bar)

    async def answer(self, typed: str) -> float:
        """Type and send: seconds until it is said that the answer is in. Raises `RuntimeError` if it is not."""
        states = WidgetStates(
            widgets=[WidgetState(id=self.field, string_value=typed), WidgetState(id=self.button, trigger_value=True)]
        )
        start = time.perf_counter()
        messages = await self.run(states, self.part)
        seconds = time.perf_counter() - start
        if not any(ACKNOWLEDGED in message.delta.new_element.html.body.encode() for message in messages):
            raise RuntimeError("An answer was given, and nobody said that it is in.")
        return seconds

    async def run(self, states: WidgetStates | None = None, part: str = "") -> list[ForwardMsg]:
        """A run of the page, or of a part of it; what it holds for the answer is remembered."""
        ask = BackMsg()
        ask.rerun_script.page_name = PAGE
        ask.rerun_script.fragment_id = part
        if states:
            ask.rerun_script.widget_states.CopyFrom(states)
        await self.connection.send(ask.SerializeToString())
        messages = []
        async for data in self.connection:
            messages.append(message := ForwardMsg.FromString(data))
            self.remember(message)
            if message.WhichOneof("type") == "script_finished":
                return messages
        raise RuntimeError("The server hung up.")

    def remember(self, message: ForwardMsg) -> None:
        """Where the bar is, and the field and the button of a question."""
        element, part = message.delta.new_element, message.delta.fragment_id
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(element.exception.message)
        if kind == "bidi_component" and "class_live" in element.bidi_component.id:
            self.bar = part
        if kind == "text_input" and "class_answer" in element.text_input.id:
            self.field, self.part = element.text_input.id, part
        if kind == "button" and element.button.is_form_submitter and "class_answer" in element.button.form_id:
            self.button = element.button.id

    async def leave(self) -> None:
        """Hang up."""
        if self.line:
            self.line[1].close()
        await self.connection.close()
