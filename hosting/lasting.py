"""What never changes: compressed once, kept by the browser for good, and not sent again to one that has it.

Streamlit's own scripts come uncompressed, and what it does compress it compresses anew for everybody.
"""

import asyncio
import gzip
import hashlib
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.show import plotly_file

FOR_GOOD = "public, max-age=31536000, immutable"
TEXT = (".js", ".css")  # files that become smaller


async def plotly(_request: Request) -> Response:
    """The script that draws the pictures."""
    return Response(plotly_file.content(), media_type="text/javascript", headers={"Cache-Control": FOR_GOOD})


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it is sent."""

    body: bytes  # gzip
    headers: dict[str, str]


class Lasting:
    """Scripts and styles whose name changes with what is in them are packed when the first browser asks, and kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.packed: dict[str, Packed] = {}  # by path; only of files that exist, so there is an end to them
        self.packing = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is packed, or let the app answer."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].endswith(TEXT):
            return await self.app(scope, receive, send)
        asked = Headers(scope=scope)
        if "gzip" not in asked.get("accept-encoding", "") or "range" in asked:
            return await self.app(scope, receive, send)
        if scope["path"] not in self.packed:
            async with self.packing:  # nobody packs what another is packing
                answer = [] if scope["path"] in self.packed else await self.pack(scope, receive)
            for message in answer:
                await send(message)
        if found := self.packed.get(scope["path"]):
            has_it = found.headers["ETag"] in asked.get("if-none-match", "")
            answered = Response(status_code=304) if has_it else Response(found.body)
            answered.headers.update(found.headers)
            await answered(scope, receive, send)

    async def pack(self, scope: Scope, receive: Receive) -> list[Message]:
        """Let the app answer, and keep the answer if it is good for good; any other is handed back as it came."""
        answer: list[Message] = []

        async def hear(message: Message) -> None:
            answer.append(message)

        plain = [
            (name, value) for name, value in scope["headers"] if name not in (b"accept-encoding", b"if-none-match")
        ]
        await self.app({**scope, "headers": plain}, receive, hear)
        headers = MutableHeaders(scope=answer[0])
        if answer[0]["status"] != 200 or "immutable" not in headers.get("cache-control", ""):
            return answer
        body = await asyncio.to_thread(
            gzip.compress, b"".join(each.get("body", b"") for each in answer[1:]), 9, mtime=0
        )
        kept = {"Content-Type": headers["content-type"], "Cache-Control": FOR_GOOD, "Content-Encoding": "gzip"}
        kept |= {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"', "Vary": "Accept-Encoding"}
        self.packed[scope["path"]] = Packed(body, kept)
        return []
