"""What holds for each page: it can be read by everybody, it fits, it stays responsive, and texts remain texts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from conftest import Watched, eventually

PAGES = ["", "try", "predictions", "model", "queues"]
# Milliseconds that the page may be deaf.
LONG_TASK = 50


def settle(watched: Watched, place: str):
    page = watched.open(place)
    page.get_by_role("heading", level=1).wait_for()
    # Skeletons stand for what has not come yet.
    eventually(f"all of #/{place}", lambda: page.locator("[aria-busy=true]").count() == 0)
    return page


@pytest.mark.parametrize("place", PAGES)
def test_accessible_and_fits(looks: Watched, place: str):
    page = settle(looks, place)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    violations = found.response["violations"]
    assert not violations, "\n".join(
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['target'] for node in one['nodes']][:5]}" for one in violations
    )
    excess = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert excess <= 0, f"{excess} px too wide"


@pytest.mark.parametrize("place", PAGES)
def test_by_keyboard(watched: Watched, place: str):
    """The first step skips the navigation; every step shows where it is."""
    page = settle(watched, place)
    page.keyboard.press("Tab")
    assert "skip" in page.evaluate("document.activeElement.textContent").lower()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement) || document.activeElement.tagName === 'MAIN'")
    for _ in range(12):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => {
                const element = document.activeElement
                if (element === document.body) return true
                const style = getComputedStyle(element)
                return style.outlineStyle !== 'none' || style.boxShadow !== 'none'
            }"""
        )
        assert shown, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
