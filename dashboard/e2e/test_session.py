"""Where tokens are asked for: nothing without one, and only what its role allows."""

import os

from conftest import Watched

SECURED = os.environ["HERALD_SECURED_URL"]


def test_sign_in(browser, request):
    watched = Watched(browser, url=SECURED, viewport={"width": 1440, "height": 900})
    watched.expect("GET", ".", 401)
    page = watched.open()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Token").fill("herald_wrong")
    dialog.get_by_role("button", name="Sign in").click()
    dialog.get_by_text("no such token").wait_for()
    dialog.get_by_label("Token").fill(os.environ["HERALD_READER"])
    dialog.get_by_role("button", name="Sign in").click()
    dialog.wait_for(state="hidden")
    page.get_by_text("Jobs decided").wait_for()
    # What the role does not allow is there, disabled, and says why.
    page.goto(f"{SECURED}/#/try")
    button = page.get_by_role("button", name="Predict")
    button.wait_for()
    assert button.get_attribute("aria-disabled") == "true" or button.is_disabled()
    # The token goes with the tab, and is nowhere in what stays.
    assert page.evaluate("localStorage.length === 0 || !JSON.stringify(localStorage).includes('herald_')")
    watched.check()
    watched.context.close()
