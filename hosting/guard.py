"""Who may connect, and what a browser may do with a page. What is refused is refused at once, and nobody is asked about it."""

import os
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EMBED = "ATLAS_EMBED"  # the sites that may show the app in a frame of theirs, such as "https://moodle.example.org"; "*" is all
METRICS = "/_stcore/metrics"  # Streamlit's, open to everybody
REFUSED = 1008  # "policy violation" of RFC 6455; before the handshake it becomes 403


class Guard:
    """Refuses websockets that a page of another site has opened, and tells the browser what this site's pages are for.

    Streamlit refuses them too, but not before it has asked the internet for its own address, in the loop that serves everybody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.sent = headers(os.environ.get(EMBED, "").split())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in or not."""
        if scope["type"] == "websocket":
            await self.connect(scope, receive, send)
        elif scope["type"] == "http":
            served = self.app if not scope["path"].endswith(METRICS) else PlainTextResponse("Not found", 404)
            await served(scope, receive, self.telling(send))
        else:
            await self.app(scope, receive, send)

    async def connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a websocket in if a page of this site opens it, or of one that the settings name. Streamlit, which asks the internet
        about an origin before it looks into the settings, is not told of any."""
        asked = Headers(scope=scope)
        origin = asked.get("origin")
        if origin is None or origin.partition("://")[2] == asked.get("host") or allowed(origin):
            others = [(name, value) for name, value in scope["headers"] if name != b"origin"]
            await self.app({**scope, "headers": others}, receive, send)
        else:
            await send({"type": "websocket.close", "code": REFUSED})

    def telling(self, send: Send) -> Send:
        """`send`, with the headers of every answer."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for name, value in self.sent.items():
                    answered.setdefault(name, value)
            await send(message)

        return told


def headers(embedding: list[str]) -> dict[str, str]:
    """What a browser is told with each answer; only this site and those `embedding` it may show a page in a frame.

    Types are as said, and addresses, which hold the sentence, go to no other site.
    """
    told = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Content-Security-Policy": " ".join(["frame-ancestors", "'self'", *embedding]),
    }
    return told if embedding else {**told, "X-Frame-Options": "SAMEORIGIN"}


def allowed(origin: str) -> bool:
    """Whether pages of another site may connect: one on this machine, or one that Streamlit's settings name."""
    if not st.get_option("server.enableCORS"):
        return True
    named = [st.get_option("browser.serverAddress"), *st.get_option("server.corsAllowedOrigins")]
    found = host(origin)
    return found is not None and found in {"localhost", "127.0.0.1", *(host(str(each)) for each in named)}


def host(origin: str) -> str | None:
    """The host of an origin or of a bare address."""
    try:
        return urlsplit(origin if "//" in origin else f"//{origin}").hostname
    except ValueError:
        return None
