"""Join the network on a small phone without script, stay in it, and object to a refusal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, expect

import seed_data
from portal.applying.actions import send_letters
from portal.charter.queries import find_charter
from portal.db import Store, column
from portal.mail import is_night
from tests.conftest import OPERATOR, settings_for
from tests.journeys.site import serving
from tests.journeys.visits import Visit, begin
from tests.people import PASSWORD
from tests.worlds import copy_world

NAME = "Täze umyt"
ADDRESS = "office@taze-umyt.example"
PAPER = Path(seed_data.__file__).parent / "evidence" / "rules_ru.pdf"
ANSWER = "Since 2021, in writing; all eleven of us have signed it, and we read it once a year."


@dataclass
class Stage:
    """The site, its browser, and everybody who has come to it."""

    site: str
    browser: Browser
    folder: Path
    store: Store
    visits: list[Visit] = field(default_factory=list)

    def visit(self, role: str | None = None, organisation: str = "", language: str = "en") -> Visit:
        """Somebody on a small phone whose browser runs no script."""
        who = {"role": role, "organisation": organisation, "language": language}
        begun = begin(self.browser, self.site, width=320, script=False, **who)  # type: ignore[arg-type]
        self.visits.append(begun)
        return begun

    def ask(self, sql: str, **parameters: str) -> list:
        """The first column of what stands in the database."""
        with self.store.read() as db:
            return column(db, sql, **parameters)

    def change(self, sql: str, **parameters: str) -> None:
        """What no person does, but time."""
        with self.store.transaction() as db:
            db.execute(sql, parameters)

    def letters(self) -> list[str]:
        """The texts of all letters, after those that wait were sent: by day, whatever it is now."""
        settings = settings_for(self.folder)
        at = datetime.now(UTC)
        while is_night(at, settings.timezone):
            at -= timedelta(hours=1)
        send_letters(self.store, settings, OPERATOR, at)
        found = sorted(settings.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime)
        letters = [message_from_bytes(path.read_bytes(), policy=default) for path in found]
        return [each.get_content() for each in letters if each["To"] == ADDRESS]


@pytest.fixture
def stage(today: Path, tmp_path: Path, browser: Browser) -> Iterator[Stage]:
    """A site of its own, on which everybody may change what they like."""
    folder = tmp_path / "data"
    copy_world(today, folder)
    store = Store(settings_for(folder).database)
    with serving(folder) as address:
        opened = Stage(address, browser, folder, store)
        yield opened
        assert [visit.faults for visit in opened.visits if visit.faults] == []
        for visit in opened.visits:
            visit.page.context.close()
    store.close()


def criteria(stage: Stage) -> dict[str, tuple[str, bool]]:
    """The title of each criterion, and whether it asks for a file."""
    with stage.store.read() as db:
        charter = find_charter(db)
    assert charter is not None
    return {each.code: (each.title.original, each.asks_file) for each in charter.criteria}


def fits(visit: Visit) -> None:
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320, visit.page.url


def apply(stage: Stage) -> tuple[Visit, str]:
    """Everything from the front page to "Send now"; the applicant and the application's id."""
    visit = stage.visit()
    visit.open("")
    visit.page.locator("main").get_by_role("link", name="Join the network").click()
    visit.follow("Apply to join")
    visit.page.fill("#applicant", NAME)
    visit.page.fill("#email", ADDRESS)
    visit.press("Send me a link to my application")
    visit.follow("Open the application")
    (application,) = stage.ask("SELECT id FROM applications WHERE email = :to", to=ADDRESS)
    assert stage.ask("SELECT count(*) FROM organisations WHERE name = :n", n=NAME) == [0]

    visit.follow("Organisation")
    visit.page.select_option("#kind", "ngo")
    visit.page.fill("#place", "Baýramaly")
    visit.page.fill("#about", "Eleven people; legal help for migrants and their families.")
    visit.page.check('input[name=services][value="legal"]')
    visit.press("Save")
    fits(visit)
    asked = list(criteria(stage).values())
    visit.page.locator("ol.steps").get_by_role("link", name=asked[0][0]).click()
    for number, (title, asks_file) in enumerate(asked, 1):
        expect(visit.page.locator("h1")).to_have_text(title)
        visit.page.fill("#answer", ANSWER)
        if asks_file:
            visit.page.set_input_files("#file", PAPER)
        fits(visit)
        visit.press("Save")
        expect(visit.page.locator("[role=status]")).to_contain_text("Saved.", timeout=20_000)
        if asks_file:
            expect(visit.page.locator("li.card")).to_contain_text(PAPER.name)
        fits(visit)
        last = number == len(asked)
        visit.follow("Go on to the principles" if last else f"Go on to criterion {number + 1}")
    visit.page.check("#principles")
    visit.page.check("#terms")
    visit.press("Save")
    expect(visit.page.locator("ol.steps")).to_contain_text("opens when everything above is done")
    visit.follow("Contact")
    visit.page.fill("#contact_name", "Aýlar Meredowa")
    visit.page.fill("#contact_work", "director")
    visit.page.fill("#contact_phone", "+993 65 010203")
    visit.press("Save")
    visit.follow("Send")
    visit.press("Send now")
    expect(visit.page.locator("main")).to_contain_text("It has arrived")
    assert "010203" not in visit.page.content()
    fits(visit)
    return visit, application


def review(stage: Stage, organisation: str, application: str, **verdicts: str) -> None:
    """A member takes the review if it is not theirs yet, and sends it; the rest is met."""
    visit = stage.visit("member", organisation)
    visit.open(f"applications/{application}")
    if visit.page.get_by_role("button", name="Take this review").count():
        assert ANSWER not in visit.page.content()
        visit.press("Take this review")
    else:
        visit.follow("Review")
    expect(visit.page.locator("h1")).to_have_text("Review")
    asked = visit.page.locator('input[type=radio][value="met"]')
    for number in range(asked.count()):
        code = str(asked.nth(number).get_attribute("name")).removeprefix("verdict-")
        verdict = verdicts.get(code, "met")
        visit.page.check(f'input[name="verdict-{code}"][value="{verdict}"]')
        if verdict != "met":
            visit.page.fill(f'[id="note-{code}"]', f"Please say more about {code}.")
    fits(visit)
    visit.press("Send the review")
    expect(visit.page.locator("h1")).to_have_text(NAME)
    visit.page.context.close()
    stage.visits.remove(visit)


def decide(stage: Stage, application: str, organisation: str, **reasons: str) -> None:
    """A coordinator decides: what has a reason is not met, the rest is."""
    visit = stage.visit("coordinator", organisation)
    visit.open("work")
    visit.open(f"applications/{application}")
    visit.follow("Decision")
    for code in criteria(stage):
        met = "not_met" if code in reasons else "met"
        visit.page.check(f'input[name="met-{code}"][value="{met}"]')
        if code in reasons:
            visit.page.fill(f'[id="reason-{code}"]', reasons[code])
    fits(visit)
    visit.press("See what it comes to")
    visit.page.check("#sure")
    visit.press("Decide")
    verdict = "Declined" if reasons else "Admitted"
    expect(visit.page.locator("main .notice").first).to_contain_text(verdict)


def states(stage: Stage, application: str) -> list[str]:
    sql = "SELECT state FROM membership_states WHERE application_id = :id ORDER BY id"
    return stage.ask(sql, id=application)


def test_apply_more_information_two_reviews_admitted_sign_in_renew(stage: Stage) -> None:
    applicant, application = apply(stage)
    code = "confidential"
    review(stage, "", application, **{code: "more"})
    review(stage, "another", application)
    assert "there are questions about what you sent" in stage.letters()[-1]

    applicant.page.reload()
    expect(applicant.page.locator("main")).to_contain_text(f"Please say more about {code}.")
    applicant.follow("Answer")
    applicant.page.fill("#answer", ANSWER + " The keys are with two people.")
    applicant.press("Save")
    applicant.follow("Your application")
    applicant.follow("Send")
    applicant.press("Send now")
    review(stage, "", application)
    review(stage, "another", application)
    decide(stage, application, "")
    walked = ["applicant", "under_review", "more_information", "under_review", "admitted"]
    assert states(stage, application) == walked

    applicant.page.reload()
    applicant.follow("Read the decision")
    expect(applicant.page.locator("main")).to_contain_text("is admitted to the network")
    (link,) = re.findall(r"\S+(/join/\S+)", stage.letters()[-1])
    joining = stage.visit()
    joining.open(link)
    for name, text in {"name": "aylar", "password": PASSWORD, "again": PASSWORD}.items():
        joining.page.fill(f"#{name}", text)
    joining.press("Go on")
    key = joining.page.inner_text(".key").replace(" ", "")
    joining.page.fill("#code", pyotp.TOTP(key).now())
    joining.press("Go on")

    # a year goes by
    (organisation,) = stage.ask(
        "SELECT organisation_id FROM applications WHERE id = :id", id=application
    )
    stage.change(
        "UPDATE membership_states SET at = strftime('%Y-%m-%dT%H:%M:%SZ', at, '-350 days')"
        " WHERE organisation_id = :id",
        id=organisation,
    )
    stage.change(
        "UPDATE organisations SET joined_on = date(joined_on, '-350 days') WHERE id = :id",
        id=organisation,
    )
    joining.open("work")
    joining.open("membership")
    joining.follow("Renew for another year")
    for each in criteria(stage):
        joining.page.check(f'input[name="holds-{each}"][value="yes"]')
    joining.page.check("#principles")
    fits(joining)
    joining.press("Send the renewal")
    expect(joining.page.locator("main")).to_contain_text("Renewed. Thank you.")
    renewed = "SELECT verdict FROM renewals WHERE organisation_id = :id"
    assert stage.ask(renewed, id=organisation) == ["renewed"]


def test_declined_with_reasons_then_an_appeal_to_others(stage: Stage) -> None:
    applicant, application = apply(stage)
    review(stage, "", application, registered="not_met")
    review(stage, "another", application, registered="not_met")
    decide(stage, application, "", registered="The certificate is of another organisation.")
    assert "there is an answer to what you sent" in stage.letters()[-1]

    applicant.page.reload()
    applicant.follow("Read the decision")
    letter = applicant.text()
    assert "is not admitted to the network" in letter
    assert "The certificate is of another organisation." in letter
    fits(applicant)
    applicant.follow("Appeal against the decision")
    applicant.page.fill("#appeal", "It is our old name: the court changed it in 2022.")
    applicant.page.set_input_files("#file", PAPER)
    applicant.press("Save so far")
    expect(applicant.page.locator("li.card")).to_contain_text(PAPER.name, timeout=20_000)
    fits(applicant)
    applicant.press("Send the appeal")
    expect(applicant.page.locator("main")).to_contain_text("Others look at it anew")
    assert states(stage, application) == ["applicant", "under_review", "declined", "under_review"]

    # nobody of those who have decided decides again
    member = stage.visit("member")
    member.open(f"applications/{application}")
    assert member.page.get_by_role("button", name="Take this review").count() == 0
    coordinator = stage.visit("coordinator", "another")
    coordinator.open(f"applications/{application}")
    expect(coordinator.page.locator("main")).to_contain_text("appeal")
    # and once it is under way, there is no second appeal
    applicant.page.reload()
    assert "Appeal against the decision" not in applicant.text()


@pytest.mark.parametrize("language", ["en", "ru", "tk", "tg"])
def test_a_changed_criterion_is_shown_in_every_language(stage: Stage, language: str) -> None:
    visit = stage.visit(language=language)
    visit.open("criteria/versions/2/changes")
    with stage.store.read() as db:
        charter = find_charter(db)
    assert charter is not None
    (changed,) = [each for each in charter.points if each.code == "child_safety"]
    card = visit.page.locator("#child_safety")
    text = changed.text
    for code in ("en", "ru", "tk", "tg"):
        words = text.original if code == text.language else text.others[code]
        shown = card.locator(f'p[lang="{code}"]', has=visit.page.locator("ins"))
        last = words.split()[-1]
        assert shown.filter(has_text=last).count() >= 1, (code, last)
    assert card.locator(f'> p[lang="{language}"] ins').count() >= 1
    assert card.locator("h2").inner_text()
    fits(visit)
