"""Decisions as they come, one of them whole, and links that show the same to somebody else."""

import datetime
import re
import urllib.error

from conftest import Watched, eventually, predict, read

MARKUP = '<img src=x onerror="window.__herald_canary=1">'


def rows(page):
    return page.get_by_role("region", name="Live decisions").get_by_role("row")


def is_logged(decision: str) -> bool:
    try:
        return read(f"predictions/{decision}")["decision_id"] == decision
    except urllib.error.HTTPError:
        return False


def newest(page) -> list[str]:
    """Time and notification: the outcome comes in while a list is held."""
    return rows(page).nth(1).inner_text().split("\n")[:2]


def test_live_paused_and_resumed(watched: Watched):
    page = watched.open("predictions")
    eventually("rows", lambda: rows(page).count() > 5)
    first = newest(page)
    page.mouse.move(5, 5)
    eventually("newer rows", lambda: newest(page) != first)
    page.get_by_role("button", name="Pause").click()
    page.mouse.move(5, 5)
    held = newest(page)
    page.get_by_text(re.compile(r"\d+ new decisions wait")).first.wait_for()
    assert newest(page) == held
    page.get_by_role("button", name="Resume").click()
    page.mouse.move(5, 5)
    eventually("newer rows again", lambda: newest(page) != held)


def test_filters_are_in_the_address(watched: Watched):
    page = watched.open("predictions?channel=sms&action=dispatch")
    eventually("rows", lambda: rows(page).count() > 1)
    text = rows(page).nth(1).inner_text().lower()
    assert "sms" in text and "dispatch" in text
    page.get_by_role("button", name=re.compile("Remove the filter Channel")).click()
    page.wait_for_url(re.compile(r"#/predictions\?action=dispatch$"))


def test_one_decision_whole(watched: Watched):
    decided = next(one for one in read("predictions?limit=200&action=dispatch&source=stream")["predictions"] if one["job_id"][0] != "<")
    page = watched.open(f"predictions/{decided['decision_id']}")
    drawer = page.get_by_role("dialog")
    for part in ["Decision", "Attempts", "Actions", "Why", "Conditions", "Job"]:
        drawer.get_by_role("heading", name=re.compile(f"^{part}")).first.wait_for()
    assert decided["notification_id"] in drawer.inner_text()
    assert drawer.get_by_label(re.compile("over the delay, a line for each provider")).count() == 1
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    page.wait_for_url(re.compile(r"#/predictions(\?.*)?$"))


def test_markup_in_a_decision_remains_text(watched: Watched):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    job = {
        "job_id": f"{MARKUP}-job", "notification_id": f"{MARKUP}-notification", "channel": "email", "provider": MARKUP,
        "providers": [MARKUP, "em-a"], "recipient_country": "DE", "template_type": "alert", "payload_size": 100, "created_at": now,
        "send_time": now, "previous_attempts": 0, "last_status": "none",
    }  # fmt: skip
    answer = predict(job)
    eventually("the decision in the log", lambda: is_logged(answer["decision_id"]))
    page = watched.open("predictions")
    page.get_by_label("Find by id").fill(f"{MARKUP}-notification")
    page.keyboard.press("Enter")
    page.get_by_text(f"{MARKUP}-notification").first.wait_for()
    assert page.locator("main img").count() == 0
