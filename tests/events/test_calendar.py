"""The public calendar as phones and desks read it."""

from datetime import UTC, date, datetime

from icalendar import Calendar
from litestar.testing import TestClient

from portal.db import Store
from tests.conftest import LANGUAGES


def entries(client: TestClient, code: str = "en") -> dict[str, dict]:
    answer = client.get(f"/{code}/events/feed")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="events.ics"'
    calendar = Calendar.from_ical(answer.content)
    return {str(each["uid"]): each for each in calendar.walk("VEVENT")}


def test_all_days_of_an_event_in_the_language_of_the_address(visitor: TestClient) -> None:
    for code in LANGUAGES:
        training = entries(visitor, code)["e-2014tj@events.portal"]
        assert training["dtstart"].dt == date(2014, 1, 30)
        assert training["dtend"].dt == date(2014, 2, 1)
        assert str(training["url"]).endswith(f"/{code}/events/e-2014tj")
    assert "Тренинг" in entries(visitor, "ru")["e-2014tj@events.portal"]["summary"]


def test_the_list_shows_all_days_and_the_address_to_subscribe_to(visitor: TestClient) -> None:
    page = visitor.get("/en/events").text
    assert "30 January 2014 – 31 January 2014" in page.replace("\xa0", " ")
    assert "/en/events/feed</code>" in page


def test_a_yearly_event_comes_back_every_year(visitor: TestClient) -> None:
    forum = entries(visitor)["e-forumtj@events.portal"]
    assert forum["dtstart"].dt == date(2026, 3, 3)
    assert forum["rrule"]["FREQ"] == ["YEARLY"]


def test_hours_of_the_programme_where_there_is_one_day(client: TestClient, store: Store) -> None:
    row = {"event_id": "e-8n4w2k", "day": 1, "titles": "{}"}
    with store.transaction() as db:
        db.execute("UPDATE events SET ends_on = starts_on WHERE id = 'e-8n4w2k'")
        for number, (starts, ends) in enumerate((("09:00", "10:00"), ("10:30", "17:00"))):
            session = {"id": f"s-{number}", "title": "x", "starts_at": starts, "ends_at": ends}
            db.table("event_sessions").insert({**row, **session})
    forum = entries(client)["e-8n4w2k@events.portal"]
    day = forum["dtstart"].dt.date()
    assert forum["dtstart"].dt == datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)
    assert forum["dtend"].dt == datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def test_nothing_of_members_is_in_it_whoever_asks(member: TestClient) -> None:
    store = member.app.state.site.store
    with store.read() as db:
        sql = "SELECT id FROM events WHERE starts_on > '2026-11-23' AND NOT open"
        hidden = {f"{row[0]}@events.portal" for row in db.execute(sql)}
    found = entries(member)
    assert not hidden & set(found)
    assert found


def test_a_closed_one_and_a_local_place_are_in_no_calendar(
    client: TestClient, store: Store
) -> None:
    with store.transaction() as db:
        db.execute("UPDATE events SET closed = 1 WHERE id = 'e-2010tm'")
        db.execute("UPDATE places SET origin = 'network' WHERE id = '1221874'")
    found = entries(client)
    assert "e-2010tm@events.portal" not in found
    with store.transaction() as db:
        db.execute("UPDATE places SET name = 'Zzhidden' WHERE id = '1221874'")
    assert b"Zzhidden" not in client.get("/en/events/feed").content


def test_a_cancelled_one_says_so(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        db.execute("UPDATE events SET cancelled_at = '2026-11-20T05:00:00Z' WHERE open")
    assert entries(client)["e-8n4w2k@events.portal"]["status"] == "CANCELLED"


def test_line_breaks_in_a_title_add_no_property(client: TestClient, store: Store) -> None:
    hostile = "Party\r\nATTENDEE:mailto:x@example.org\nEND:VEVENT"
    with store.transaction() as db:
        db.execute("UPDATE events SET title = ? WHERE id = 'e-2014tj'", [hostile])
    found = entries(client)["e-2014tj@events.portal"]
    assert "attendee" not in found
    assert "Party" in found["summary"]


def test_what_was_read_already_is_not_sent_again(client: TestClient, store: Store) -> None:
    first = client.get("/en/events/feed")
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/en/events/feed").content == first.content
    again = client.get("/en/events/feed", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    with store.transaction() as db:
        db.execute("UPDATE events SET title = 'Another' WHERE id = 'e-2014tj'")
    assert client.get("/en/events/feed", headers=known).status_code == 200
