"""What stands between the network and the pages, in the order in which a request meets it:

    guard       who may connect, and what a browser may do with a page
    uploads     how much one visitor's uploads may hold in memory
    live        what the browsers of a class hear without asking
    lasting     what never changes is compressed once and kept by the browser for good; plotly.js is such a file

`app.py` hands all of it to Streamlit's own `st.App`; nothing of Streamlit is replaced. No page knows this folder.
"""

import importlib
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from hosting.guard import Guard
from hosting.lasting import Lasting, plotly
from hosting.live import Live
from hosting.uploads import Uploads
from ui.classroom import stream
from ui.show import plotly_file


def middleware() -> list[Middleware]:
    """What each request goes through before it reaches Streamlit, outermost first."""
    return [Middleware(Guard), Middleware(Uploads), Middleware(Lasting)]


def routes() -> list[BaseRoute]:
    """What is served beside the pages."""
    return [Route(plotly_file.address(), plotly), Route(stream.address("{key}"), Live().answer)]


@asynccontextmanager
async def shown(_app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Import what every page needs, and open the app in the browser of whoever starts it at a screen; an `st.App` does neither by itself.

    Two first visitors who import at the same moment may each find the other's modules half imported.
    """
    importlib.import_module("ui.frame")
    if not st.get_option("server.headless"):
        threading.Thread(target=webbrowser.open, args=(address(),), daemon=True).start()
    yield None


def address() -> str:
    """Where whoever starts the app finds it."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    host, port = st.get_option("browser.serverAddress"), st.get_option("browser.serverPort")
    return f"{scheme}://{host}:{port}/{str(st.get_option('server.baseUrlPath')).strip('/')}"
