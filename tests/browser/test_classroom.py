"""A lesson in a room: a teacher and five learners, two of them with phones; led, asked, revealed; and the app restarted in the middle."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import Visitor
from tools.server import Server, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = ("Mina", "Jun", "<b>Bo</b>", "=1+1", "지우")
SENTENCE = "I gave my dog Charlie some food."
HEADS = f"/many_heads?text={quote(SENTENCE)}&checkpoint=grammar-en-fr&layer=2&head=3"
PATIENCE = 30_000  # ms
RESTART = (
    "ERR_CONNECTION",
    "ERR_EMPTY",
    "ERR_INCOMPLETE",
    "WebSocket",
    "404",
)  # what a browser says of a server that is away for a moment


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Starts the app, always at the same address with the same class; one that runs already is stopped first."""
    port, running = free_port(), []

    def begin() -> Server:
        stop()
        running.append(Server(port=port, ATLAS_RUNS=str(tmp_path)))
        running[-1].wait()
        return running[-1]

    def stop() -> None:
        for server in running:
            said = server.said()
            server.__exit__(None, None, None)
            assert "Traceback" not in said
        running.clear()

    yield begin
    stop()


def room(page: Page) -> Page:
    """The bar of the room."""
    return page.locator(".st-key-atlas_room")  # type: ignore[return-value]


def join(browser: Browser, address: str, code: str, name: str, phone: bool) -> Visitor:
    """A learner comes by the link."""
    visitor = Visitor(browser, address, 390 if phone else 1100, 844, touch=phone)
    page = visitor.page
    page.goto(f"{address}/classroom?room={code}")
    page.get_by_role("textbox", name="Your nickname").fill(name)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(room(page)).to_contain_text(name)
    return visitor


def test_a_lesson_with_a_teacher_and_five_learners(
    browser: Browser, start: Callable[[], Server], tmp_path: Path
) -> None:
    address = f"http://{start().address}"
    teacher = Visitor(browser, address)
    page = teacher.page
    page.goto(f"{address}/classroom")
    page.get_by_role("button", name="Open a room").click()
    code = page.locator(".atlas-code").inner_text()
    expect(page.locator(".atlas-qr img")).to_be_visible()
    class_ = [join(browser, address, code, name, place >= 3) for place, name in enumerate(NAMES)]
    expect(page.locator(".atlas-members")).to_contain_text("5 learners have joined")
    expect(page.locator(".atlas-members")).to_contain_text("<b>Bo</b>")
    expect(room(page)).to_contain_text("5 of 5 learners here")

    lead(teacher, class_, address)
    wander_and_come_back(teacher, class_)
    ask(teacher, class_)

    start()  # again: the server was restarted in the middle
    for each in class_[:-1]:
        expect(room(each.page)).to_contain_text("Your answer is in", timeout=PATIENCE)
    class_[-1].settle()
    expect(room(class_[-1].page).get_by_role("textbox"), "what was typed is not lost").to_have_value("12")
    send(class_[-1])
    teacher.settle()
    expect(room(page)).to_contain_text("5 of 5 answered", timeout=PATIENCE)

    reveal(teacher, class_)
    results(page, address, tmp_path)
    class_[0].page.reload()
    expect(room(class_[0].page)).to_contain_text("Mina")
    page.get_by_role("button", name="End the room").click()
    page.get_by_role("button", name="End it and delete everything").click()
    for each in class_:
        expect(each.page.get_by_text(re.compile(f"The room {code} has ended"))).to_be_visible(timeout=PATIENCE)
    for each in (teacher, *class_):
        each.page.close()
        assert [error for error in each.errors if not any(sign in error for sign in RESTART)] == []
        assert each.outside == []


def lead(teacher: Visitor, class_: list[Visitor], address: str) -> None:
    """All are brought to a map, with its sentence, model and choices; one looks back, and finds their own view."""
    own = class_[0].page
    class_[0].open(f"/tokens?text={quote('My own sentence.')}")
    teacher.open(HEADS)
    teacher.page.get_by_role("button", name="Bring everybody here").click()
    for each in class_:
        each.page.wait_for_url("**/many_heads?*", timeout=PATIENCE)
        expect(each.page.get_by_label("English sentence", exact=True)).to_have_value(SENTENCE)
        expect(each.page.get_by_role("combobox", name="Model")).to_have_value("grammar-en-fr")
        each.settle()
        assert "layer=2" in each.page.url
        assert "head=3" in each.page.url
    expect(room(teacher.page)).to_contain_text("5 of 5 learners here, 5 with you")
    own.go_back()
    expect(own).to_have_url(re.compile("/tokens"))
    expect(own.get_by_label("English sentence", exact=True)).to_have_value("My own sentence.")
    room(own).get_by_role("button", name="Back to the class").click()
    expect(own).to_have_url(re.compile("/many_heads"))


def wander_and_come_back(teacher: Visitor, class_: list[Visitor]) -> None:
    """One goes elsewhere and comes back with a click; while the teacher leads, each move is followed, but not by who is away."""
    wanderer, page = class_[1].page, teacher.page
    wanderer.get_by_role("link", name="The stack →").first.click()
    wanderer.wait_for_url("**/the_stack*")
    expect(room(wanderer)).to_contain_text("The class is elsewhere")
    expect(room(page)).to_contain_text("5 of 5 learners here, 4 with you")
    room(wanderer).get_by_role("button", name="Back to the class").click()
    wanderer.wait_for_url("**/many_heads?*")
    room(page).get_by_role("switch", name="Lead").check()
    expect(room(class_[0].page)).to_contain_text("You follow your teacher")
    teacher.settle()
    wanderer.get_by_role("link", name="The stack →").first.click()
    wanderer.wait_for_url("**/the_stack*")
    expect(room(wanderer)).to_contain_text("The class is elsewhere")
    page.get_by_role("link", name="← One head, step by step").first.click()
    for each in class_[:1] + class_[2:]:
        expect(each.page).to_have_url(re.compile("/one_head"), timeout=PATIENCE)
    assert "/the_stack" in wanderer.url
    room(page).get_by_role("switch", name="Lead").uncheck()


def ask(teacher: Visitor, class_: list[Visitor]) -> None:
    """A question of the machine's own; all answer on the page where they are, but for one who is slow."""
    page = teacher.open(f"/predict?text={quote(SENTENCE)}&checkpoint=grammar-en-fr&pr_about=attention&pr_number=2")
    page.get_by_role("button", name="Put it to the class").click()
    for each in class_:
        bar = room(each.page)
        expect(bar.locator(".atlas-asked")).to_contain_text("Question 1", timeout=PATIENCE)
        bar.get_by_role("textbox").fill("12")
        if each is not class_[-1]:
            send(each)
    expect(room(page)).to_contain_text("4 of 5 answered")
    expect(class_[-1].page.get_by_role("button", name="Show me")).to_be_hidden()


def send(learner: Visitor) -> None:
    """Hand in what is typed."""
    bar = room(learner.page)
    bar.get_by_role("button", name="Answer", exact=True).click()
    expect(bar).to_contain_text("Your answer is in")


def reveal(teacher: Visitor, class_: list[Visitor]) -> None:
    """What the class said, then the truth, its sum, and who had it."""
    bar = room(teacher.page)
    bar.get_by_role("button", name="Close and show").click()
    expect(bar.locator(".atlas-figure .main-svg").first).to_be_attached()
    expect(bar).not_to_contain_text("Mina")
    bar.get_by_role("button", name="Reveal").click()
    expect(bar).to_contain_text(re.compile(r"\d of 5 are right"))
    for each in class_:
        expect(room(each.page).locator(".atlas-cell").first).to_contain_text(
            re.compile("Right:|You said"), timeout=PATIENCE
        )
    bar.get_by_text("With nicknames").click()
    expect(bar).to_contain_text("Mina")


def results(page: Page, address: str, folder: Path) -> None:
    """The file for the teacher."""
    page.goto(f"{address}/classroom")
    page.get_by_text("Results, by learner and question").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as CSV").click()
    waiting.value.save_as(folder / "results.csv")
    rows = list(csv.DictReader(io.StringIO((folder / "results.csv").read_text("utf-8-sig"))))
    assert [row["nickname"] for row in rows] == [name if name != "=1+1" else "'=1+1" for name in NAMES]
    assert all(row["answer"] and row["the right one"] and row["right"] in "01" for row in rows)
