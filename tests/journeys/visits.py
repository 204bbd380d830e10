"""One person at one browser, watched: what went wrong behind the page is remembered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Request, expect

LOCALES = {"en": "en-GB", "ru": "ru-RU", "tk": "tk-TM", "tg": "tg-TJ"}

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


class Steps:
    """What one had to do so far.

    A step is one act that the site answers: a link followed, a button pressed, a fold opened, an
    address typed; with script also a field chosen, since the results come with it. Without script
    the fields of a form belong to the one step of sending it.
    """

    def __init__(self) -> None:
        self.acts: list[str] = []

    def __len__(self) -> int:
        return len(self.acts)

    def add(self, act: str) -> None:
        """One more."""
        self.acts.append(act)


@dataclass
class Visit:
    """A page, who looks at it, and how."""

    page: Page
    site: str
    language: str
    role: str | None
    script: bool
    width: int
    steps: Steps = field(default_factory=Steps)
    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def address(self, path: str) -> str:
        """A path below the language, or one that begins with a slash, as a whole address."""
        if path.startswith("/"):
            return self.site + path
        return f"{self.site}/{self.language}/{path}".rstrip("/")

    def open(self, path: str, status: int = 200) -> None:
        """Go to an address; the answer has that status."""
        if status >= 400:
            self.expected.add(status)
        answer = self.page.goto(self.address(path))
        assert answer is not None
        assert answer.status == status, (path, answer.status)

    def follow(self, name: str, within: str = "main") -> None:
        """Click a link."""
        self.steps.add(f"follow “{name}”")
        self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()

    def press(self, name: str, within: str = "main") -> None:
        """Press a button."""
        self.steps.add(f"press “{name}”")
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()

    def unfold(self, name: str) -> None:
        """Open what is folded."""
        self.steps.add(f"unfold “{name}”")
        self.page.locator("summary", has_text=name).click()

    def choose(self, field_id: str, value: str) -> None:
        """Choose or type a value; with script the page has answered when this returns."""
        if not self.script:
            self._fill(field_id, value)
            return
        self.steps.add(f"choose {field_id} = {value}")
        with self.page.expect_response(self._answers_the_form, timeout=5_000):
            self._fill(field_id, value)
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def _fill(self, field_id: str, value: str) -> None:
        control = self.page.locator(f"main #{field_id}")
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
            control.blur()

    def _answers_the_form(self, answer: object) -> bool:
        request = answer.request  # type: ignore[attr-defined]
        return request.resource_type == "fetch" and "/places" not in request.url

    def text(self, selector: str = "main") -> str:
        """What one reads there, with single spaces."""
        return " ".join(self.page.locator(selector).inner_text().split())

    def card(self, text: str) -> Locator:
        """The first card that says this."""
        return self.page.locator("li.card", has_text=text).first

    def is_clean(self) -> list[str]:
        """What went wrong: nothing, in every journey."""
        return self.faults


def begin(
    browser: Browser,
    site: str,
    *,
    width: int = 1280,
    script: bool = True,
    language: str = "en",
    role: str | None = None,
    scheme: str = "light",
    organisation: str = "",
) -> Visit:
    """A fresh browser profile, signed in when a role is named, and watched from the start."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        locale=LOCALES[language],
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    context.set_default_timeout(5_000)
    context.add_init_script(REPORT_VIOLATIONS)
    if role:
        form = {"role": role, "organisation": organisation}
        answer = context.request.post(f"{site}/demo/sign-in", form=form, max_redirects=0)
        assert answer.status == 303, answer.text()
    visit = Visit(context.new_page(), site, language, role, script, width)
    context.on("page", lambda other: visit.faults.append(f"a new window: {other.url}"))
    context.on("request", _watch_requests(visit))
    visit.page.on("console", _watch_console(visit))
    visit.page.on("pageerror", lambda error: visit.faults.append(f"script error: {error}"))
    visit.page.on("dialog", _watch_dialogs(visit))
    return visit


def _watch_requests(visit: Visit) -> Callable[[Request], None]:
    def watch(request: Request) -> None:
        visit.requests.append(request)
        if f"//{urlsplit(request.url).netloc}" != visit.site.removeprefix("http:"):
            visit.faults.append(f"request elsewhere: {request.url}")

    return watch


def _watch_console(visit: Visit) -> Callable[[ConsoleMessage], None]:
    def watch(message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if any(
            f"the server responded with a status of {n} " in message.text for n in visit.expected
        ):
            return
        visit.faults.append(f"console {message.type}: {message.text} {message.location['url']}")

    return watch


def _watch_dialogs(visit: Visit) -> Callable[[Dialog], None]:
    def watch(dialog: Dialog) -> None:
        visit.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    return watch
