"""A job is asked about, as form and as JSON, with everything that the answer explains."""

import json
import re

from conftest import Watched, predict


def test_a_sample_is_explained(watched: Watched):
    page = watched.open("try")
    page.get_by_role("button", name="Predict").click()
    answer = page.get_by_role("main")
    answer.get_by_text("What it chose from").wait_for()
    answer.get_by_text(re.compile(r"^(Send now|Wait|Give up).*\.$")).first.wait_for()
    # Nothing has matured yet: the band is of the attempts of the test period with about this probability.
    answer.get_by_text(re.compile(r"Of [\d,]+ attempts with about this probability on v2's test period")).wait_for()
    assert answer.get_by_label(re.compile(r"^Probability \d+.* %.*calibration band")).count() == 1
    assert page.get_by_label("Probability of success over the delay, a line for each provider").count() >= 1
    assert page.get_by_label("Expected utility in points over the delay, a line for each provider").count() >= 1
    assert page.get_by_label("Contributions of features to the log-odds of success").count() >= 1


def test_what_is_shown_is_what_was_sent(watched: Watched):
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched.open("try")
    page.get_by_role("button", name="Predict").click()
    page.get_by_text("As it went over the wire").wait_for()
    sent = json.loads(page.get_by_label("The request").inner_text())
    page.get_by_role("button", name="Copy as curl").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl ") and "/predict" in copied and sent["job_id"] in copied
    # The same request by another client: the same action, for the job has not changed.
    again = predict(sent)
    assert again["job_id"] == sent["job_id"]
    assert page.get_by_role("main").get_by_text(again["model"]).count() >= 1


def test_a_wrong_field_is_said_at_the_field(watched: Watched):
    watched.expect("POST", r"^/predict", 422)
    page = watched.open("try")
    country = page.get_by_label("Country")
    country.fill("Deutschland")
    page.get_by_role("button", name="Predict").click()
    page.wait_for_function("document.activeElement.getAttribute('aria-invalid') === 'true'")
    assert country.get_attribute("aria-invalid") == "true"
    described = country.get_attribute("aria-describedby")
    assert described and page.locator(f"[id='{described.split()[-1]}']").inner_text()
    country.fill("DE")
    page.get_by_role("button", name="Predict").click()
    page.get_by_text("What it chose from").wait_for()


def test_uploaded_markup_remains_text(watched: Watched, tmp_path):
    markup = "<img src=x onerror=window.__herald_canary=1>"
    page = watched.open("try")
    page.get_by_text("JSON", exact=True).click()
    job = json.loads(page.get_by_role("textbox").first.input_value())
    job |= {"job_id": markup, "notification_id": markup, "provider": markup, "providers": [markup]}
    file = tmp_path / "job.json"
    file.write_text(json.dumps(job))
    page.get_by_label("File with a job").set_input_files(file)
    page.get_by_role("button", name="Predict").click()
    page.get_by_text("As it went over the wire").wait_for()
    assert markup in page.get_by_role("main").inner_text()
    assert page.locator("main img").count() == 0
