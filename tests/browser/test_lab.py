"""The lab in a real browser: what a mouse and a keyboard change, and the link to it."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import WITH_A_PAST, Visitor, looks_right

pytestmark = pytest.mark.browser


def told(visitor: Visitor) -> str:
    """All that the page says of what was done or clicked."""
    return " ".join(visitor.page.locator("[role=status]").all_inner_texts())


def test_a_mask_is_painted_by_mouse_and_by_key(visitor: Visitor) -> None:
    """A cell that is painted changes the address and the outcome; a second click on the same cell takes it back."""
    page = visitor.open(f"/machine_parts?mp_ask=false&checkpoint={WITH_A_PAST}&text={quote('I see him.')}")
    assert "Nothing is changed" in visitor.said()
    visitor.click(1, 3)
    assert "mp_do=mdt.2-4" in page.url
    assert re.search(r"\d times (less likely|likelier)", visitor.said())
    visitor.click(1, 3)
    assert "mp_do" not in page.url
    assert "Nothing is changed" in visitor.said()
    assert visitor.walk("ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown").endswith(": hidden, as in training")
    page.keyboard.press("Enter")
    visitor.settle()
    assert "mp_do=mdt.2-3" in page.url
    assert visitor.walk().endswith(": opened")
    assert re.search(r"\d times (less likely|likelier)", visitor.said())


def test_a_head_is_switched_and_comes_back(visitor: Visitor) -> None:
    """By clicks on its cell, by undo, and from the link in another window."""
    page = visitor.open(f"/head_switchboard?checkpoint={WITH_A_PAST}&text={quote('I see him.')}")
    visitor.click(1, 2)
    visitor.click(8, 0)
    assert "sw_heads=e1.3-c2.1" in page.url
    verdict = visitor.said()
    other = Visitor(page.context.browser, visitor.address)
    other.open(page.url.removeprefix(visitor.address))
    assert other.said() == verdict
    other.close()
    visitor.click(8, 0)
    assert re.search("sw_heads=e1.3(&|$)", page.url)
    page.get_by_role("button", name="Undo", exact=True).click()
    visitor.settle()
    assert visitor.said() == verdict


def test_a_cell_of_a_probe_tells_its_number(visitor: Visitor) -> None:
    """The sentence below has the number of the cell that was clicked; a head that is clicked shows its map."""
    page = visitor.open(f"/grammar_probes?checkpoint={WITH_A_PAST}")
    value = visitor.weights()[12][1]
    assert value > 0.1
    visitor.click(12, 1)
    assert "gp_row=12" in page.url
    assert f"{value:.3f} of their mean length" in told(visitor)
    page.get_by_role("radio", name="Which heads", exact=True).click()
    page.get_by_role("radio", name="Cross", exact=True).click()
    visitor.settle()
    value = visitor.weights()[5][3]
    visitor.click(5, 3)
    assert "gp_head=c2.4" in page.url
    assert f"This head brings {value:.2f} of the way" in told(visitor)


def test_a_question_is_answered_by_keyboard_and_leads_to_the_machine(visitor: Visitor) -> None:
    """What is no number is refused with a sentence; any number reveals the model's own; the link shows where it is from."""
    page = visitor.open(
        f"/predict?text={quote('I see him.')}&fold_formula=true&checkpoint={WITH_A_PAST}&pr_about=attention"
    )
    field = page.get_by_label(re.compile("Your answer: a number"))
    while not field.count():
        page.get_by_role("button", name="Next question →").click()
        visitor.settle()
    hidden = visitor.weights()
    field.fill("<b>many</b>")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is not a number")
    field.fill("99999")
    field.press("Enter")
    page.wait_for_url(re.compile("pr_said=99999"))
    visitor.settle()
    assert page.get_by_test_id("stMain").get_by_text("You said").count() == 1
    assert visitor.weights() != hidden
    page.get_by_text(re.compile("^See it on")).click()
    page.wait_for_url(re.compile("(queries_keys_values|one_head|many_heads).*fold_formula=true"))
    visitor.settle()
    looks_right(page)
