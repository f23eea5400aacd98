"""The dashboard in a real browser, against the sidecar at HERALD_URL whose line is at work.

HERALD_BROWSER names the browser, HERALD_SHOTS a folder for screenshots of what failed.
Every test fails by what the browser complains about: errors on the console, broken policies, requests to others, failed requests.
"""

import json
import os
import pathlib
import re
import time
import urllib.request

import pytest
from playwright.sync_api import Page, sync_playwright

URL = os.environ["HERALD_URL"].rstrip("/")
# What an injected text would set.
CANARY = "__herald_canary"


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        # In a container Chromium cannot have a sandbox of its own.
        browser = playwright.chromium.launch(executable_path=os.environ["HERALD_BROWSER"], args=["--no-sandbox"])
        yield browser
        browser.close()


class Watched:
    """A page and what went wrong in it."""

    def __init__(self, browser, url=URL, **options):
        self.url = url
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        # Answers that a test provokes: (method, pattern of the path, status).
        self.expected: list[tuple[str, str, int]] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def expect(self, method: str, path: str, status: int):
        self.expected.append((method, path, status))

    def _is_expected(self, method, path, status) -> bool:
        return any(one == method and status == code and re.search(pattern, path) for one, pattern, code in self.expected)

    def _console(self, message):
        # The browser's own line about a failed request: the answer itself is looked at.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request):
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"request to others: {request.url}")

    def _response(self, response):
        path = response.url.removeprefix(self.url)
        if response.status >= 400 and not self._is_expected(response.request.method, path, response.status):
            self.complaints.append(f"{response.status}: {response.request.method} {path}")

    def open(self, place: str = "") -> Page:
        self.page.goto(f"{self.url}/#/{place}")
        self.page.get_by_role("main").wait_for()
        return self.page

    def check(self):
        assert not self.page.evaluate(f"window.{CANARY}"), "a text was run as a script"
        assert not self.complaints, "\n".join(self.complaints)


@pytest.fixture
def watched(browser, request):
    """A page at desktop size in the light."""
    yield from _watched(browser, request, viewport={"width": 1440, "height": 900}, color_scheme="light")


@pytest.fixture(params=["light", "dark", "phone"])
def looks(browser, request):
    """A page in each of the looks that are promised."""
    phone = request.param == "phone"
    size = {"width": 360, "height": 740} if phone else {"width": 1440, "height": 900}
    yield from _watched(
        browser, request, viewport=size, color_scheme="dark" if request.param == "dark" else "light", has_touch=phone
    )


def _watched(browser, request, **options):
    watched = Watched(browser, **options)
    yield watched
    shots = os.environ.get("HERALD_SHOTS")
    if shots:
        pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9]+", "-", request.node.name).strip("-")
        watched.page.screenshot(path=f"{shots}/{name}.png", full_page=True)
    try:
        watched.check()
    finally:
        watched.context.close()


def eventually(what: str, condition, seconds: float = 20):
    """Waits until `condition()` holds, and says what did not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not come within {seconds} s"
        time.sleep(0.1)


def read(path: str):
    """What the sidecar says, past the page."""
    with urllib.request.urlopen(f"{URL}/{path}", timeout=20) as answer:
        return json.load(answer)


def predict(job: dict):
    request = urllib.request.Request(
        f"{URL}/predict", data=json.dumps(job).encode(), headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)
