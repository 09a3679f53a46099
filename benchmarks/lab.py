"""What a learner of the lab waits for in a headless Chromium: from a change of the machine to the pictures of what comes of it."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.report import Row
from benchmarks.screen import Wait, answered, browser, row, settle
from benchmarks.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

TWELVE = "text=" + quote("The animal did not cross the street because it was tired.")  # pieces of the shipped models
OTHER = "The animal did not cross street number {number} because it was tired."
# The middle of a cell of the first map that holds rows and columns, in pixels of the window.
CELL = """([row, column]) => {
  const plot = document.querySelector('.js-plotly-plot'), box = plot.getBoundingClientRect(), { xaxis, yaxis } = plot._fullLayout;
  return [box.left + xaxis._offset + xaxis.l2p(column), box.top + yaxis._offset + yaxis.l2p(row)] }"""


def as_it_was(page: "Page", _number: int) -> None:
    """Nothing is changed."""
    button = page.get_by_role("button", name="As it was", exact=True)
    if button.is_enabled():
        button.click()
    settle(page)
    page.locator(".js-plotly-plot").first.scroll_into_view_if_needed()


def unscored(page: "Page", number: int) -> None:
    """The switches of a sentence that nobody has asked about."""
    page.get_by_role("radio", name="Switches", exact=True).click()
    field = page.get_by_label("English sentence", exact=True)
    field.fill(OTHER.format(number=number))
    field.press("Enter")
    settle(page)


def scoreboard(page: "Page", _number: int) -> None:
    """Ask what each head is worth."""
    page.get_by_role("radio", name="Scoreboard", exact=True).click()


def click(page: "Page", row: int, column: int) -> None:
    """Click on a cell of the first picture."""
    page.mouse.click(*page.evaluate(CELL, [row, column]))


def head(page: "Page", number: int) -> None:
    """Switch off another head; rows 1 to 3 of the board are the encoder's layers, 5 to 7 the decoder's."""
    click(page, (1, 2, 3, 5, 6, 7)[number % 6], number // 6)


def painted(page: "Page", number: int) -> None:
    """Open another cell above the diagonal of the decoder's mask."""
    click(page, number % 10, number % 10 + 1 + number // 10)


def pinned(page: "Page", number: int) -> None:
    """Let another row look at one piece only; the first row of the map is the third, below the names of its sides."""
    click(page, 2 + number % 10, number // 10)


WAITS = (
    Wait("a head switched off", f"head_switchboard?{TWELVE}", head, 300, "last picture", as_it_was),
    Wait("a row of attention set", f"attention_editor?{TWELVE}&head=1", pinned, 300, "last picture", as_it_was),
    Wait("a cell of the mask painted", f"machine_parts?{TWELVE}&mp_ask=false", painted, 300, "last picture", as_it_was),
    Wait("the scoreboard of a sentence", f"head_switchboard?{TWELVE}", scoreboard, 1500, "picture", unscored),
)


def measure(quick: bool) -> list[Row]:
    """All the waits of the lab."""
    with browser() as chromium, Server() as server:
        server.wait()
        return [row(wait, answered(chromium, server, wait, 4 if quick else 20)) for wait in WAITS]
