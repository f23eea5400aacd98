"""What decides now, what may replace it, and the change there and back."""

import re

from conftest import Watched, eventually, read


def champion():
    return next((one["version"] for one in read("models")["models"] if "champion" in one["aliases"]), None)


def test_champion_beside_challenger(watched: Watched):
    page = watched.open("model")
    table = page.get_by_role("table", name="Figures of champion and challenger on their test rows")
    table.wait_for()
    text = table.inner_text()
    assert "v1" in text and "v2" in text and re.search(r"0\.\d{3}", text)
    page.get_by_role("heading", name="History").wait_for()
    page.get_by_role("table", name=re.compile(" by ")).first.wait_for()


def test_diagrams_from_the_log(watched: Watched):
    page = watched.open("model")
    page.get_by_role("button", name=re.compile("judged or not")).click()
    page.get_by_label("Reliability diagram: share delivered over predicted probability").or_(
        page.get_by_text("Not enough decisions with an outcome")
    ).first.wait_for()


def test_promoted_and_rolled_back(watched: Watched):
    watched.expect("POST", r"^/models/v1/promote", 409)
    page = watched.open("model")
    before = champion()
    assert before == "v2"
    page.get_by_role("button", name=re.compile("Promote")).first.click()
    dialog = page.get_by_role("dialog", name="Promote v1?")
    dialog.get_by_role("button", name="Promote v1").click()
    # Trained on other rows: the registry refuses it, and the page says why.
    dialog.get_by_role("alert").or_(dialog.locator(".notice")).first.wait_for()
    assert champion() == "v2"
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Force v1").click()
    page.get_by_role("dialog", name="v1 decides now").wait_for()
    page.keyboard.press("Escape")
    eventually("v1", lambda: champion() == "v1")
    page.get_by_role("button", name=re.compile("Roll back")).click()
    page.get_by_role("dialog", name="Roll back?").get_by_role("button", name="Roll back").click()
    page.get_by_role("dialog", name="v2 decides again").wait_for()
    page.keyboard.press("Escape")
    eventually("v2", lambda: champion() == "v2")


def test_a_training_run_is_watched_and_cancelled(watched: Watched):
    page = watched.open("model")
    page.get_by_role("button", name="Train…").click()
    dialog = page.get_by_role("dialog", name="Train a model")
    dialog.get_by_text("CSV file", exact=True).click()
    dialog.get_by_label("File").last.fill("notifications.csv")
    dialog.get_by_role("button", name="Start training").click()
    eventually("a run", lambda: read("train")["runs"] != [])
    page.get_by_role("dialog", name="Training run").get_by_role("button", name="Cancel…").click()
    page.get_by_role("dialog", name="Cancel the training run?").get_by_role("button", name="Cancel the run").click()
    eventually("its end", lambda: read("train")["runs"][0]["state"] == "cancelled")
