"""The app without a browser: opened at an address, what a person would see of it, and what a page would be given."""

import json
import re
from html import escape, unescape
from types import SimpleNamespace
from typing import Any

from streamlit.testing.v1 import AppTest

from tests import ROOT
from transformer.checkpoint import Checkpoint
from ui.frame import Session
from ui.session import state
from ui.session.walk import walk

PAGES = ["", *sorted(f"pages/{file.name}" for file in (ROOT / "pages").glob("[0-9]*.py"))]
# Those whose picture is of the sidebar's sentence, and those that have a matter of their own.
OWN = [page for page in PAGES if page and "frame.workshop(" in (ROOT / page).read_text("utf-8")]
READERS = [page for page in PAGES if page not in OWN]
TERM = re.compile(r'<span class="atlas-term"[^>]*>([^<]*)</span>')
CHIP = re.compile(r'<span class="atlas-piece"[^>]*>([^<]*)</span>')
SEEN, SEEN_FRENCH = "The black cat sees the dog.", "Le chat noir voit le chien."


def session_of(checkpoint: Checkpoint, special: bool = True, origin: state.Origin | None = None) -> Session:
    """What a page would be given: `SEEN` and its French, searched greedily."""
    ids = (*checkpoint.tokenizer.encode(SEEN_FRENCH), checkpoint.model.config.end_id)
    shown = walk(checkpoint, SEEN, ids, forced=True)
    return SimpleNamespace(  # type: ignore[return-value]
        walk=shown, checkpoint=checkpoint, special=special, search=state.Search(1), origin=origin, mode="light"
    )


def app(page: str = "", **asked: str) -> AppTest:
    """The app at a page, with an address."""
    test = AppTest.from_file(str(ROOT / "home.py"), default_timeout=120)
    for key, value in asked.items():
        test.query_params[key] = value
    if page:
        test.switch_page(page)
    return test.run()


def trouble(test: AppTest) -> list[str]:
    """What a person would have seen as a traceback."""
    return [str(exception.value) for exception in test.exception]


def pictures(test: AppTest) -> int:
    """How many components are on the page: the strip of chips and the pictures."""
    return len(test.get("bidi_component"))


def sent(test: AppTest) -> list[Any]:
    """What was sent to the browser for each component; the words of the field, the same on every page, are left out."""
    found = [json.loads(each.proto.json) for each in test.get("bidi_component") if each.proto.json]
    return [each for each in found if not (isinstance(each, dict) and "cards" in each)]


def written(test: AppTest) -> list[str]:
    """What the page says in Markdown, a term like any other word."""
    return [TERM.sub(r"\1", each.value) for each in test.markdown]


def html(test: AppTest) -> list[str]:
    """What the page says outside Markdown; a chip is read like any other value of a sentence, a term like any other word."""
    return [CHIP.sub(as_value, TERM.sub(r"\1", element.proto.body)) for element in test.get("html")]


def as_value(chip: re.Match[str]) -> str:
    """A chip as bold text."""
    return f"<b>{escape(unescape(chip[1]))}</b>"


def headed(test: AppTest) -> list[str]:
    """The headings of the first order: the page's name."""
    return [text for text in html(test) if "<h1" in text]


def seen(test: AppTest) -> str:
    """The first line: what is to be seen."""
    [found] = [text for text in html(test) if 'class="atlas-seen"' in text]
    return found


def room(test: AppTest) -> str:
    """The one sentence about what was chosen in the picture."""
    [found] = [text for text in html(test) if 'class="atlas-cell' in text]
    return found


def said(test: AppTest) -> str:
    """All that the page says outside Markdown."""
    return " ".join(html(test))


def told(test: AppTest, value: float, *words: str) -> bool:
    """Whether room 4 shows `value` in bold, as exact as it is written, in a text with all the `words`."""
    for text in html(test):
        if all(word in text for word in words):
            for shown in re.findall(r"<b>(−?[0-9]+\.([0-9]+))</b>", text):
                if abs(float(shown[0].replace("−", "-")) - float(value)) <= 0.5 * 10 ** -len(shown[1]) + 1e-5:
                    return True
    return False


def fall(test: AppTest) -> float:
    """By how much the page says the reference falls."""
    found = re.search(r"(falls|rises) by <b>([0-9.]+)</b>", said(test))
    assert found, said(test)[:400]
    return float(found[2]) * (1 if found[1] == "falls" else -1)


def stands_at_every_depth(test: AppTest) -> None:
    """Whatever was typed or asked for: no trouble, the pictures, no markup taken for markup, no value missing in the lesson."""
    unfold(test, "numbers", "formula", "code")
    assert trouble(test) == []
    assert pictures(test) >= 2
    assert "<i>$" not in said(test)
    assert not any("[[" in each.value for each in test.markdown)


def unfold(test: AppTest, *depths: str) -> AppTest:
    """Fold out what is below the story: `numbers`, `formula`, `code`."""
    for depth in depths:
        test.session_state[f"fold_{depth}"] = True
    return test.run()
