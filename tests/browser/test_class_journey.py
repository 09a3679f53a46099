"""A lesson, as a class would have it: train, watch attention form, go back in time, teach the model ten pairs of one's own."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import Visitor, target
from tools.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]
SENTENCE, FRENCH = "The black cat sleeps in the red house.", "Lechatnoirdortdanslamaisonrouge."
NEW, NEW_FRENCH = "My teacher likes kimchi.", "Monprofesseuraimelekimchi."
PATIENCE = 400_000  # ms for a training that should take a minute: the machine may be busy


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the class's models are kept."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def address(shelf: Path) -> Iterator[str]:
    """The app with an empty shelf of models of its own. It wrote no traceback."""
    with Server(ATLAS_RUNS=str(shelf)) as server:
        server.wait()
        yield f"http://{server.address}"
        assert "Traceback" not in server.said()


def sharpness(visitor: Visitor) -> float:
    """The mean over rows of the largest weight in the picture: 1 if each row looks at one piece only."""
    rows = visitor.weights()
    return sum(max(row) for row in rows) / len(rows)


def french(page: Page) -> str:
    """What the model wrote, without the marks of its pieces."""
    return re.sub(r"[·<>/s]*$|^<s>|[·␣]", "", target(page).replace("<s>", "").replace("</s>", ""))


def test_train_watch_go_back_in_time_teach_and_translate(browser: Browser, address: str, shelf: Path) -> None:
    visitor = Visitor(browser, address)
    page = visitor.open(f"/train?text={quote(SENTENCE)}&checkpoint=grammar-en-fr")
    page.get_by_test_id("stMain").get_by_role("button", name="Train", exact=True).click()
    # a quick machine is soon past the first step
    forming = re.compile(r"Cross-attention (before the first step|after [\d,]+ steps)")
    page.get_by_text(forming).first.wait_for(timeout=PATIENCE)
    visitor.page.reload()  # a closed tab is no end
    page.get_by_test_id("stMain").get_by_text(re.compile("finished")).first.wait_for(timeout=PATIENCE)
    visitor.settle()
    formed = sharpness(visitor)

    (name,) = (folder.name for folder in shelf.iterdir() if (folder / "card.json").exists())
    page = visitor.open(f"/cross_attention?text={quote(SENTENCE)}&checkpoint={name}&search=greedy")
    alike = SequenceMatcher(
        None, french(page), FRENCH
    ).ratio()  # processors round otherwise, which may cost a word after a minute
    assert alike > 0.85, french(page)
    slider = page.get_by_role("slider", name="Moment of training")
    slider.focus()
    # while the page is drawn again, an empty strip stands before the other for a moment
    chips = page.locator(".atlas-target").last
    slider.press("Home")
    expect(chips).not_to_contain_text("maison", timeout=PATIENCE)
    visitor.settle()
    assert "moment=0" in page.url
    assert formed > max(0.5, 2 * sharpness(visitor)), "attention has formed"
    slider.press("End")
    expect(chips).to_contain_text("maison", timeout=PATIENCE)
    visitor.settle()

    page = visitor.open(f"/?text={quote(NEW)}&checkpoint=grammar-en-fr")
    assert NEW_FRENCH not in re.sub(r"\s", "", page.get_by_test_id("stMain").inner_text()), (
        "the shipped model has no kimchi"
    )
    page = visitor.open("/class_corpus?checkpoint=grammar-en-fr")
    expect(page.get_by_test_id("stMain").locator("textarea")).to_have_value(re.compile(re.escape(NEW)))
    page.get_by_role("button", name="Fine-tune", exact=True).click()
    until(lambda: (shelf / "our-class" / "model.safetensors").exists() and finished(shelf / "our-class"), page)
    page = visitor.open(f"/?text={quote(NEW)}&checkpoint=our-class")
    assert NEW_FRENCH in re.sub(r"\s", "", page.get_by_test_id("stMain").inner_text())
    visitor.close()


def finished(folder: Path) -> bool:
    """Whether the job in that folder reached its end."""
    return '"finished"' in (folder / "job.json").read_text("utf-8")


def until(true: object, page: Page) -> None:
    """Wait for something on the disk."""
    for _ in range(PATIENCE // 500):
        if true():
            return
        page.wait_for_timeout(500)
    pytest.fail("it took too long")
