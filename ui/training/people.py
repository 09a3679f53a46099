"""Who is in front of the screen: a secret in a cookie, so that a training is still one's own after the tab was closed.

Nobody signs in. The first training makes the secret; the browser keeps it for a year and only sends it to this server. Streamlit can
read cookies but not write them, so a component of one line does.
"""

import hmac
import math
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

COOKIE = "atlas_person"
TOKEN, TEACHER = "_person", "_teacher"  # in session state
SOUND = re.compile(r"[A-Za-z0-9_-]{22,86}")
MAPPED = "::ffff:"  # before an address of version 4, where a server answers to both versions at one socket
YEAR = 365 * 24 * 3600
TRIES, OF_ALL, WINDOW = 8, 200, 600  # wrong codes of one browser, and of all, in so many seconds, after which one waits

_component = st.components.v2.component(
    "atlas_person",
    html="<span></span>",
    js="""export default function ({ data }) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${data.name}=${data.token}; Path=/; Max-Age=${data.age}; SameSite=Lax${secure}`;
}""",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks."""

    token: str  # "" for somebody who has not begun anything here
    teacher: bool


def known() -> Person:
    """Who asks, without making up a secret for them."""
    token = st.session_state.get(TOKEN) or cookie()
    return Person(token, bool(st.session_state.get(TEACHER)))


def me() -> Person:
    """Who asks, from now on known by a secret. For whoever is about to own something; the next full run writes the cookie."""
    if not (person := known()).token:
        st.session_state[TOKEN] = secrets.token_urlsafe(32)
        person = known()
    return person


def cookie() -> str:
    """The secret that the browser sent when it connected; nothing if there is none or it is not one of ours."""
    token = st.context.cookies.get(COOKIE, "")
    return token if isinstance(token, str) and SOUND.fullmatch(token) else ""


def address() -> str:
    """The network address that the person comes from; nothing for this very machine."""
    found = st.context.ip_address
    return found.removeprefix(MAPPED) if isinstance(found, str) else ""


def here() -> bool:
    """Whether the person sits at this very machine, and there is no teacher whose word counts instead."""
    if has_teacher():
        return False
    origin = urlsplit(st.context.headers.get("Origin") or st.context.url or "")
    return address() in ("", "127.0.0.1", "::1") and origin.hostname in ("localhost", "127.0.0.1", "::1")


def remember() -> None:
    """Have the browser keep the secret, if there is one that it does not have yet. Part of every page, mostly nothing."""
    token = st.session_state.get(TOKEN)
    if token and token != cookie():
        with st.container(key="atlas_hidden_person"):
            _component(key="person", data={"name": COOKIE, "token": token, "age": YEAR})


def has_teacher() -> bool:
    """Whether whoever serves the app has set a code for the teacher in Streamlit's secrets."""
    return bool(code())


def code() -> str:
    """The teacher's code; nothing if there is none."""
    try:
        return str(st.secrets.get("teacher_code", "")) if st.secrets.load_if_toml_exists() else ""
    except Exception:  # whatever is wrong with that file, there is no teacher then
        return ""


def become_teacher(typed: str) -> bool:
    """Check what was typed against the code; from then on this session is the teacher's. Not while one has to `wait`."""
    right = has_teacher() and not wait() and hmac.compare_digest(typed.strip().encode(), code().strip().encode())
    if not right:
        wrong().setdefault(asking(), []).append(time.monotonic())
    st.session_state[TEACHER] = right
    return right


def asking() -> str:
    """Who tries, from now on known by a secret."""
    return me().token


def wait() -> int:
    """Minutes until a code may be tried again: after `TRIES` wrong ones the same browser waits, after `OF_ALL` by whomever, all do. Otherwise 0."""
    now = time.monotonic()
    for who, tried in list(wrong().items()):
        wrong()[who] = [when for when in tried if now - when < WINDOW][-TRIES:]
        if not wrong()[who]:
            del wrong()[who]
    mine, everybody = wrong().get(asking(), []), sorted(when for tried in wrong().values() for when in tried)
    counted = [(mine, TRIES), (everybody, OF_ALL)]
    left = [WINDOW - (now - tried[-most]) for tried, most in counted if len(tried) >= most]
    return max(1, math.ceil(max(left) / 60)) if left else 0


@st.cache_resource(show_spinner=False)
def wrong() -> dict[str, list[float]]:
    """When wrong codes were typed on this server, by whom."""
    return {}
