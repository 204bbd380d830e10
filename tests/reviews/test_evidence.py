"""Who opens which file of an application."""

from datetime import timedelta

from tests.reviews.stage import APPLICATION, Stage, apply

HERE = f"/en/applications/{APPLICATION}"
CLEAN = f"{HERE}/evidence/ev-{APPLICATION}-clean"


def test_the_files_open_for_its_reviewers_and_coordinators_alone(stage: Stage) -> None:
    apply(stage, "ap-other")
    stage.post("maral", f"{HERE}/take")
    stage.post("nigora", f"{HERE}/take")
    stage.post("nigora", f"{HERE}/step-back")
    stage.post("farrukh", f"{HERE}/take")
    stage.post("farrukh", f"{HERE}/conflict", {"reason": "money"})
    stage.post("karim", f"{HERE}/conflict", {"reason": "money"})
    allowed = {"maral": 200, "zarina": 200, "olga": 200}
    for name in ("maral", "nigora", "farrukh", "dilbar", "zarina", "olga", "karim", "olim", "root"):
        answer = stage.as_(name).get(CLEAN)
        assert answer.status_code == allowed.get(name, 404), name
    assert stage.as_(None).get(CLEAN, follow_redirects=False).status_code == 303
    given = stage.as_("maral").get(CLEAN)
    assert given.content == f"%PDF {APPLICATION}clean".encode()
    assert given.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in given.headers["content-security-policy"]
    assert given.headers["cache-control"] == "no-store"
    # the id of another application's file, below one's own and where it belongs
    for path in (f"{HERE}/evidence/ev-ap-other-clean", "/en/applications/ap-other/evidence/"):
        for evidence in ("", "ev-ap-other-clean", f"ev-{APPLICATION}-clean"):
            assert stage.as_("maral").get(f"{path}{evidence}").status_code == 404


def test_what_no_scanner_has_passed_is_refused_in_words(stage: Stage) -> None:
    for scan, status in (("none", 200), ("clean", 200), ("pending", 422), ("infected", 422)):
        answer = stage.as_("zarina").get(f"{HERE}/evidence/ev-{APPLICATION}-{scan}")
        assert answer.status_code == status, scan
        assert ("is not given out" in answer.text) == (status == 422)


def test_each_opening_leaves_a_line_of_ids(stage: Stage) -> None:
    for _ in range(2):
        stage.as_("zarina").get(CLEAN)
    stage.as_("dilbar").get(CLEAN)
    sql = """
        SELECT "by" || ' ' || entity_id || ' ' || detail FROM audit
        WHERE entity = 'application_evidence' ORDER BY id
    """
    line = f'a-zarina ev-{APPLICATION}-clean {{"application":"{APPLICATION}"}}'
    assert stage.ask(sql) == [line, line]


def test_the_link_of_an_outside_reviewer_opens_the_files_until_it_is_used(stage: Stage) -> None:
    apply(stage, "ap-other")
    stage.may_use("maral")
    stage.post("karim", f"{HERE}/conflict", {"reason": "money"})
    stage.clock.moment += timedelta(days=4)
    link = stage.outside_link()
    nobody = stage.as_(None)
    path = f"{link}/evidence/ev-{APPLICATION}-clean"
    given = nobody.get(path)
    assert given.status_code == 200
    assert given.headers["cache-control"] == "no-store"
    assert nobody.get(f"{link}/evidence/ev-{APPLICATION}-infected").status_code == 422
    assert nobody.get(f"{link}/evidence/ev-ap-other-clean").status_code == 404
    assert nobody.get(CLEAN, follow_redirects=False).status_code == 303
    nobody.post(link, data=stage.verdicts())
    assert nobody.get(path).status_code == 404
    sql = "SELECT \"by\" FROM audit WHERE entity = 'application_evidence'"
    assert stage.ask(sql) == ["outside_reviewer"]


def test_reviewers_read_nothing_once_it_is_decided(stage: Stage) -> None:
    stage.review("maral")
    stage.review("nigora")
    stage.decide("zarina", "admitted")
    assert stage.as_("maral").get(CLEAN).status_code == 404
    assert stage.as_("zarina").get(CLEAN).status_code == 200
