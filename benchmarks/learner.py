"""A learner without a browser: a websocket that speaks Streamlit's own messages, so that thirty fit beside one server."""

import time
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import ClientConnection, connect  # type: ignore[import-not-found]
from websockets.typing import Subprotocol  # type: ignore[import-not-found]


class Learner:
    """One session on a page. It knows the answer is complete when the server says that the script has finished."""

    def __init__(self, connection: ClientConnection, page: str, query: str) -> None:
        self.connection, self.page, self.query = connection, page, query
        self.head, self.names = "", [""]  # the id of the control, and the names of the heads on it

    @classmethod
    async def arrive(cls, address: str, page: str, query: str) -> Self:
        """Open the page and wait for it."""
        connection = await connect(
            f"ws://{address}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None
        )
        learner = cls(connection, page, query)
        for message in await learner.run(WidgetStates()):
            group = message.delta.new_element.button_group
            if message.delta.new_element.WhichOneof("type") == "button_group" and group.label == "Head":
                learner.head, learner.names = group.id, [option.content for option in group.options]
        if not learner.head:
            raise RuntimeError(f"The page {page!r} has no control for heads.")
        return learner

    async def choose(self, number: int) -> float:
        """Choose another head: seconds until the whole answer is there. Raises `RuntimeError` if it has no new picture."""
        name = self.names[1 + number % (len(self.names) - 1)]  # without the mean
        start = time.perf_counter()
        messages = await self.run(
            WidgetStates(widgets=[WidgetState(id=self.head, string_array_value=StringArray(data=[name]))])
        )
        seconds = time.perf_counter() - start
        pictures = [message.delta.new_element.bidi_component.SerializeToString() for message in messages]
        if not any(f"Head {name}".encode() in picture for picture in pictures):
            raise RuntimeError(f"Head {name} was chosen, but its picture did not come.")
        return seconds

    async def run(self, widgets: WidgetStates) -> list[ForwardMsg]:
        """Ask for a run of the page with these widgets: all that the server sends until it has finished."""
        ask = BackMsg()
        ask.rerun_script.query_string, ask.rerun_script.page_name = self.query, self.page
        ask.rerun_script.widget_states.CopyFrom(widgets)
        await self.connection.send(ask.SerializeToString())
        messages = []
        async for data in self.connection:
            messages.append(message := ForwardMsg.FromString(data))
            if message.WhichOneof("type") == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(message.delta.new_element.exception.message)
            if message.WhichOneof("type") == "script_finished":
                return messages
        raise RuntimeError("The server hung up.")

    async def leave(self) -> None:
        """Close the page."""
        await self.connection.close()
