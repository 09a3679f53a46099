"""How every page looks: wide and narrow, light and dark, on a projector; and that each picture can be read without being seen."""

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import PAGES, SENTENCE
from tests.browser.visitor import DRAWN, WITH_A_PAST, Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_every_page_fits_and_can_be_read(browser: Browser, address: str, width: int, height: int, theme: str) -> None:
    """No sideways scrolling, no empty chart, a text alternative for each, and no accessibility rule broken in our own parts."""
    visitor = Visitor(browser, address, width, height, theme)
    for path in PAGES:
        past = f"&checkpoint={WITH_A_PAST}" if path == "/time_machine" else ""
        page = visitor.open(f"{path}?text={quote(SENTENCE)}{past}")
        wide = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=\"stMain\"]'); return m.scrollWidth - m.clientWidth }"
        )
        assert wide <= 2, f"{path} scrolls sideways by {wide} px"
        expect(page.locator(DRAWN).first).to_be_attached()
        assert all(figure.get_attribute("aria-label") for figure in page.locator(".atlas-figure").all())
        found = Axe().run(page, context=parts(page), options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert found.violations_count == 0, found.generate_report()
    visitor.close()


def parts(page: Page) -> list[str]:
    """Our own parts of the page, as far as there are any."""
    return [part for part in (".atlas-figure", ".atlas-machine", ".atlas-map") if page.locator(part).count()]


def test_the_map_is_above_the_fold(visitor: Visitor) -> None:
    """At 1280 by 800 the picture can be seen without scrolling."""
    page = visitor.open(f"/cross_attention?text={quote(SENTENCE)}")
    box = page.locator(".js-plotly-plot").first.bounding_box()
    assert box
    assert box["y"] < 400


def test_presentation_has_larger_type_and_no_sidebar(visitor: Visitor) -> None:
    page = visitor.open(f"/cross_attention?text={quote('I see him.')}&present=true")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)") > 18
    assert page.evaluate("() => document.querySelector('.js-plotly-plot')._fullLayout.font.size") > 16
    page.get_by_text("Presentation", exact=True).click()
    visitor.settle()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
