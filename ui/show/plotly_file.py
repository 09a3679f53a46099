"""plotly.js out of the installed plotly package, so that no page needs the internet. It is served as it is, and written nowhere."""

import hashlib
from functools import cache

import streamlit as st
from plotly.offline import get_plotlyjs, get_plotlyjs_version


@cache
def content() -> bytes:
    """The script."""
    return str(get_plotlyjs()).encode()


@cache
def name() -> str:
    """What it is called: another script has another name, so that a browser may keep this one for good."""
    return f"plotly-{get_plotlyjs_version()}-{hashlib.sha256(content()).hexdigest()[:8]}.min.js"


def address() -> str:
    """Where the browser finds it."""
    return f"{base()}/atlas/{name()}"


def base() -> str:
    """What stands before every path of the app: nothing, or `/` and the path that the app is served under."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""
