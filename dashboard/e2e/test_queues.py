"""Where messages wait, and the way back out of quarantine: real moves through the broker, audited."""

import re

from conftest import Watched, eventually, read


def test_depths_are_the_brokers(watched: Watched):
    page = watched.open("queues")
    table = page.get_by_role("table", name="Queues with depth, age and rates")
    table.wait_for()
    for queue in read("queues")["queues"][:5]:
        table.get_by_text(queue["name"], exact=True).first.wait_for()


def quarantined():
    """All of it, the oldest first: what comes back is the last."""
    page = read("quarantine?limit=100")
    messages = page["messages"]
    while page["next"]:
        page = read(f"quarantine?limit=100&cursor={page['next']}")
        messages += page["messages"]
    return messages


def test_a_message_is_looked_at_and_goes_back(watched: Watched):
    page = watched.open("queues")
    eventually("messages in quarantine", lambda: any(one["requeueable"] for one in quarantined()))
    list_ = page.get_by_role("table", name="Messages in quarantine, the oldest first")
    list_.wait_for()
    message = next(one for one in quarantined() if one["requeueable"])
    page = watched.open(f"queues/{message['id']}")
    drawer = page.get_by_role("dialog", name="Message in quarantine")
    drawer.get_by_role("button", name=re.compile("Requeue")).click()
    confirm = page.get_by_role("dialog", name=re.compile(r"Requeue 1 message\?"))
    confirm.get_by_text("written to the audit log").wait_for()
    confirm.get_by_role("button", name="Requeue 1").click()
    done = page.get_by_role("dialog", name="Moved back")
    done.get_by_text("1 message moved back.").wait_for()
    # Its body is as it was: it comes into quarantine again, one return later.
    eventually("its return", lambda: any(one["requeued"] >= 1 for one in quarantined()))


def test_markup_in_quarantine_remains_text(watched: Watched):
    page = watched.open("queues")
    page.get_by_role("table", name="Messages in quarantine, the oldest first").wait_for()
    for message in quarantined()[:3]:
        watched.open(f"queues/{message['id']}")
        page.get_by_role("dialog", name="Message in quarantine").wait_for()
        page.keyboard.press("Escape")
    assert page.locator("main img, main script, dialog img, dialog script").count() == 0


def test_nothing_moves_without_a_yes(watched: Watched):
    page = watched.open("queues")
    button = page.get_by_role("button", name=re.compile("Requeue all"))
    button.click()
    dialog = page.get_by_role("dialog", name="Requeue all?")
    dialog.get_by_role("button", name="Cancel").click()
    dialog.wait_for(state="hidden")
