"""What was chosen stays: when the page changes, and in the address, so that a link shows the next person the same view.

Two kinds of values live here. A *held* one has no widget of its own (a chosen piece, or the code behind a control whose words are
translated), or is a number field's. Session state holds it under its key, `hold` and `hold_number` read it from the address at arrival.
A *bound* one belongs to a widget with `bind="query-params"`; Streamlit writes it into the address, but forgets it when the page changes,
and `kept` does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import ASSETS

HELD, BOUND, PAGE = "_held", "_bound", "_page"  # in session state: by key, (value, page, default)
GIVEN = {
    "to_checkpoint": "checkpoint",
    "to_text": "text",
}  # for links: on the way to another page Streamlit drops what is bound
SHOWN = (
    "_scope",
    "_pointed",
    "_french_of",
    "_force_scope",
    "_race_scope",
)  # what was shown last, by which a change is noticed
Number = int | float
BACK = "to_back"  # for links: the page to which the page they lead to offers the way back
VIEW = "to_view"  # for links: what the link asks for comes before what was chosen earlier
LED = "to_led"  # whoever is led here by a teacher sees what the address says, and nothing chosen earlier

_component = st.components.v2.component(
    "atlas_address", html="<span></span>", js=(ASSETS / "address.js").read_text("utf-8")
)


def arrive(page: str) -> None:
    """Say which page is being drawn, before its first widget, and take in what a link within the app brings: see `GIVEN`, `VIEW`."""
    st.session_state[PAGE] = page
    if LED in st.query_params:
        led(st.query_params[LED])
    elif (run := get_script_run_ctx()) and run.is_history_navigation:
        # After the browser's Back Streamlit reads bound widgets from the address, but has taken out of it what the page left behind had
        # bound: the sentence and the model would be lost. What is kept stays kept.
        run.is_history_navigation = False
    for given, key in GIVEN.items():
        if given in st.query_params:
            st.session_state.setdefault(BOUND, {})[key] = (st.query_params[given], None, None)
            if key == "checkpoint":
                st.session_state.pop("moment", None)
            del st.query_params[given]
    if BACK in st.query_params:
        st.session_state["_back"] = (page, st.query_params[BACK])
        del st.query_params[BACK]
    elif st.session_state.get("_back", (page,))[0] != page:
        del st.session_state["_back"]  # whoever comes here again another way is not led back
    if VIEW in st.query_params:
        for key in [key for key in st.session_state.get(HELD, {}) if key in st.query_params]:
            st.session_state.pop(key, None)
            del st.session_state[HELD][key]
        del st.query_params[VIEW]


def led(address: str) -> None:
    """Forget what was chosen: the whole view is in `address`.

    The browser came as by its Back, so bound widgets read the address too. It stands in one parameter, because on the way to another page
    Streamlit takes out what the page left behind had bound.
    """
    for key in (*st.session_state.get(HELD, {}), *SHOWN):
        st.session_state.pop(key, None)
    st.session_state[HELD], st.session_state[BOUND] = {}, {}
    if run := get_script_run_ctx():
        with run.session_state.query_params() as asked:
            asked.set_initial_query_params(address)
            asked.populate_from_query_string(address)


def here() -> str:
    """The page that is being drawn."""
    return str(st.session_state.get(PAGE, ""))


def came_from(page: str) -> str:
    """The page to which `page` offers the way back, because a link of its led here; "" if there is none."""
    here, before = st.session_state.get("_back", ("", ""))
    return before if here == page else ""


def hold(key: str, default: str | int | None = None) -> None:
    """Take part of the page: `st.session_state[key]` is text if `default` is, otherwise a number or `None`.

    Before anything asks for it, in every run. Whoever reads it checks it: an address can ask for anything. Where another page began with
    another default, and nobody chose, this page's default counts.
    """
    if unchosen(key):
        st.session_state[key] = default
    if key not in st.session_state:
        asked = st.query_params.get(key)
        st.session_state[key] = default if asked is None else asked if isinstance(default, str) else number(asked)
    st.session_state.setdefault(HELD, {})[key] = (st.session_state[key], st.session_state.get(PAGE), default)


def unchosen(key: str) -> bool:
    """Whether what is held under `key` is only what its page began with: another page may begin with something else."""
    value, _page, default = st.session_state.get(HELD, {}).get(key, (None, None, None))
    return default is not None and value == default == st.session_state.get(key)


def hold_number(key: str, default: Number, low: Number, high: Number) -> None:
    """Hold what a number field between `low` and `high` shows: `st.session_state[key]`, of the type of `low`. Just before the field,
    which is not bound, because Streamlit reads a bound one from the address by itself and falls over `inf` and 400 digits.
    """
    if key not in st.session_state:
        value, _, _ = st.session_state.get(HELD, {}).get(key, (None, None, None))
        asked = within(st.query_params.get(key, ""), low, high)
        st.session_state[key] = value if value is not None else default if asked is None else asked
    st.session_state.setdefault(HELD, {})[key] = (st.session_state[key], st.session_state.get(PAGE), default)


def within(text: str, low: Number, high: Number) -> Number | None:
    """The number that `text` is, if it is one from `low` to `high`; whole if `low` is."""
    try:
        found = float(text)
    except ValueError:
        return None
    return type(low)(found) if low <= found <= high else None


def number(text: str) -> int | None:
    """The number that `text` is, if it is a small one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


@contextmanager
def kept(key: str, default: object = None) -> Iterator[None]:
    """`with kept("text", "Hello."): st.text_input(..., "Hello.", key="text", bind="query-params")`, wherever this widget is.

    On arriving at another page it holds what it held on the page before, also when the browser's Back led there. Only when the app is
    opened does the address come first.
    """
    memory, page = st.session_state.setdefault(BOUND, {}), st.session_state.get(PAGE)
    value, where, _ = memory.get(key, (None, page, None))
    if where != page and (value is not None or key not in st.query_params):
        st.session_state[key] = value
    yield
    memory[key] = (st.session_state.get(key), page, default)


def put(key: str, value: object) -> None:
    """Set what a bound widget holds, also if another page is drawn next. Only in callbacks."""
    memory = st.session_state.setdefault(BOUND, {})
    _, page, default = memory.get(key, (None, None, None))
    memory[key] = (value, page, default)
    st.session_state[key] = value


def address(name: str = "address") -> None:
    """Write into the address what is held, and what is bound if Streamlit left it out. The last thing in a fragment.

    A fragment inside another has a `name` of its own here, or its choices would wait for the outer one.
    """
    with st.container(key=f"atlas_hidden_{name}"):
        _component(key=name, data={"held": written(HELD), "bound": written(BOUND)})


def written(kind: str) -> dict[str, str | None]:
    """What this page has of a kind, as it stands in the address; `None` for what is as it would be anyway."""
    page = st.session_state.get(PAGE)
    return {
        key: None if (now := st.session_state.get(key, value)) == default else spelled(now)
        for key, (value, where, default) in st.session_state.get(kind, {}).items()
        if where == page
    }


def spelled(value: object) -> str:
    """A value as Streamlit writes it into the address."""
    return str(value).lower() if isinstance(value, bool | None) else str(value)
