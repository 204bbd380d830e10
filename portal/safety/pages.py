"""The way out: leave at once, to a page that says nothing about where one was."""

import calendar
from typing import Any

from babel.dates import get_day_names, get_month_names
from litestar import Request, Response, Router, get
from litestar.response import Redirect

from portal.accounts.actions import sign_out
from portal.web.page import page
from portal.web.session import clear_session, cookie_name
from portal.web.site import language_of, preferred_language, site_of, today_of


@get("/exit", sync_to_thread=True, include_in_schema=False)
def leave(request: Request[Any, Any, Any]) -> Redirect:
    """End the asker's own session, clear, and go to the neutral page."""
    site = site_of(request)
    token = request.cookies.get(cookie_name(site.settings))
    if token:
        with site.store.transaction() as db:
            sign_out(db, token, site.clock())
    neutral = site.settings.exit_url or f"/{preferred_language(request)}/calendar"
    answer = Redirect(neutral, status_code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    clear_session(answer, site.settings)
    return answer


@get("/calendar", sync_to_thread=False, include_in_schema=False)
def neutral(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The built-in neutral page: this month, with nothing of ours around it."""
    today, code = today_of(request), language_of(request).code
    weeks = calendar.Calendar().monthdayscalendar(today.year, today.month)
    days = get_day_names("abbreviated", "stand-alone", locale=code)
    month = get_month_names("wide", "stand-alone", locale=code)[today.month]
    return page(
        request,
        "calendar.html",
        block="content",
        weeks=weeks,
        days=[days[n] for n in range(7)],
        title=f"{month} {today.year}",
        today=today.day,
    )


router = Router("/", route_handlers=[neutral])
