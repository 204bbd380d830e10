"""What is taken to meetings on paper fits the paper."""

import pytest
from pypdfium2 import PdfDocument

from tests.journeys.conftest import Visiting

MARGIN = dict.fromkeys(("top", "bottom", "left", "right"), "10mm")


@pytest.mark.parametrize("language", ["en", "ru", "tk", "tg"])
def test_a_quarter_of_all_indicators_is_one_sheet(visiting: Visiting, language: str) -> None:
    visit = visiting(role="coordinator", language=language)
    visit.open("indicators/quarter")
    assert visit.page.locator("th[scope=row]").count() == 31
    sheet = PdfDocument(visit.page.pdf(format="A4", margin=MARGIN))
    assert len(sheet) == 1
    # the address of no page and the number of no telephone are on it
    printed = sheet[0].get_textpage().get_text_range()
    assert "+993" not in printed
    assert "http" not in printed
