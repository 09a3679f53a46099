"""The first minute of a visit, for `make check`: type a sentence, turn a page, click a cell. The other files here look closely."""

import pytest

from tests.browser.visitor import WITH_A_PAST, Visitor, looks_right, target

pytestmark = pytest.mark.browser


def test_the_first_minute(visitor: Visitor) -> None:
    visitor.open(f"/?checkpoint={WITH_A_PAST}&fold_formula=true")
    page = visitor.type("The black cat sees the dog.")
    assert "chat" in target(page)
    looks_right(page)
    for name in ("the_whole_machine", "tokens"):
        page.locator(".st-key-atlas_ways a").last.click()
        page.wait_for_url(f"**/{name}**")
        visitor.settle()
    looks_right(page)
    assert "chat" in target(page), "the sentence comes along"
    visitor.open(f"/one_head?{page.url.partition('?')[2]}")
    before = visitor.weights()
    visitor.click(2, 1)
    assert f"{before[2][1]:.2f}".rstrip("0") in page.get_by_test_id("stMain").inner_text()
    looks_right(page)
