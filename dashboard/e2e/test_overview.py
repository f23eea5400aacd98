"""What an operator sees first, against what the sidecar says."""

import re

from conftest import Watched, eventually, read


def test_figures_flow_and_routes(watched: Watched):
    page = watched.open()
    page.get_by_role("heading", name="Overview", level=1).wait_for()
    figures = page.get_by_role("region", name="Figures of the last hour")
    for label in ["Jobs decided", "Delivered", "On time", "Median time to delivery", "Cost per delivery"]:
        figures.get_by_text(label, exact=True).wait_for()
    # A rate, a share, a duration, a cost: none is left open while the line works.
    eventually("figures", lambda: re.search(r"\d/s.*\d %.*\d %.*\d (ms|s).*\d", figures.inner_text().replace("\n", " ")))

    page.get_by_role("img", name="Decisions by action").or_(page.get_by_label("Decisions by action")).first.wait_for()
    main = page.get_by_role("main")
    for stage in ["Jobs", "Dispatch", "Undeliverable", "Quarantine", "Retry ladder"]:
        main.get_by_text(stage, exact=True).first.wait_for()

    grid = page.get_by_role("grid", name="Share delivered by provider and country")
    grid.wait_for()
    providers = {route["provider"] for route in read("queues?routes=1000")["routes"]}
    named = [provider for provider in providers if provider.isascii() and "<" not in provider]
    assert named
    for provider in named:
        grid.get_by_text(provider, exact=True).wait_for()


def test_attention_leads_to_the_quarantine(watched: Watched):
    page = watched.open()
    attention = page.get_by_role("region", name="What needs attention now")
    row = attention.get_by_role("link", name=re.compile("quarantine"))
    row.wait_for()
    row.click()
    page.get_by_role("heading", name=re.compile("Queues"), level=1).wait_for()


def test_period_is_in_the_address(watched: Watched):
    page = watched.open()
    page.get_by_role("radio", name="24 h").or_(page.get_by_role("button", name="24 h")).first.click()
    page.wait_for_url("**/#/?period=24h")
    page.get_by_role("region", name="Figures of the last 24 hours").wait_for()
    page.reload()
    page.get_by_role("region", name="Figures of the last 24 hours").wait_for()


def test_lives_while_it_is_looked_at(watched: Watched):
    """The live picture moves without anybody's doing, and the browser stays responsive."""
    page = watched.open()
    page.get_by_text("Live", exact=True).wait_for()
    page.evaluate(
        """() => {
            window.longTasks = []
            new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(entry => entry.duration)))
                .observe({ type: "longtask" })
        }"""
    )
    before = page.get_by_role("main").inner_text()
    eventually("another picture", lambda: page.get_by_role("main").inner_text() != before)
