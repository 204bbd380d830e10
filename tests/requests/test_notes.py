"""What a note may say, and what is refused because it looks as if it were about one person."""

import pytest

from portal.requests.rules import personal_in

REFUSED = {
    "number": [
        "call +993 65 12 34 56",
        "8 (800) 123-45-67",
        "tel 12-34-56",
        "тел. 5-12-34",
        "９９３６５１２３４５６",
        "٩٩٣٦٥١٢٣٤٥٦",
        "9 9 3 6 5 1 2 3",
        "9\u200b9\u200b3\u200b6\u200b5\u200b1",
        "993.65.12.34.56",
        "99365·123456",
        "9_9_3_6_5_1_2",
        "8O65l23456",
        "8О65З23456",
        "993six5one23456",
        "nine nine three six five one",
        "nine hundred and ninety three, sixty five, twelve",
        "восемь девять три шесть пять один",
        "шестьдесят пять двенадцать тридцать четыре",
        "девятьсот девяносто три шестьдесят пять",
        "sekiz altmyş bäş on iki otuz dört alty",
        "нуҳ нуҳ ду нуҳ ҳафт як",
        "+992 (93) 123 45 67",
        "passport I-AŞ 123456",
        "паспорт А 0123456",
        "шиноснома А1234",
        "passport AB 1234",
        "ИНН 123456789",
        "№ 400123456",
        "993 then 65 then 12 then 34",
        "12:34:56",
        "65:12:34",
        "65.12.34",
        "12-10-11",
        "line one\n65\n12\n34 56",
        "⑨⑨③⑥⑤①",
        "𝟗𝟗𝟑𝟔𝟓𝟏",
    ],
    "address": [
        "write to aylar@example.org",
        "aylar (at) example",
        "aylar собака example точка ru",
        "@aylar_m",
        "t.me/aylar",
        "https://example.org/x",
        "www.example.org",
        "aylar.example.com",
        "aylar＠example.org",
    ],
    "birth": [
        "born 12.03.2009",
        "12/03/1998",
        "род. 1998-03-12",
        "12.03.1985 г.р.",
    ],
}

ACCEPTED = [
    "",
    "2 children",
    "2 children, 6 and 8 years",
    "from 9:30 to 12:00",
    "9.30-12.00",
    "с 9:30 до 12:00",
    "28.11.2026",
    "28.11.26",
    "2026-11-28",
    "28/11/2026",
    "28.11, 29.11 or 30.11",
    "28.11-30.11",
    "28-30.11 in the morning",
    "on 28.11. after 14:00",
    "28 November 2026, 9:30–12:00",
    "worked abroad 2019–2021",
    "3rd floor, no lift",
    "2-х этажный дом, 3 подъезд",
    "two adults and one child",
    "один взрослый, двое детей",
    "bir uly adam, iki çaga",
    "як калонсол, ду кӯдак",
    "the passport was lost, 2 papers are missing",
    "потерян паспорт",
    "wheelchair; bring a form 2 and 3",
    "The door bell does not work. Please come to the side door, not to the street side.",
    "20 km on a dirt road",
    "не раньше 14.00",
    "maslahat 2 sagat dowam eder",
    "on 10 or on 12 December",
]


@pytest.mark.parametrize(("kind", "note"), [(k, n) for k, notes in REFUSED.items() for n in notes])
def test_a_note_that_could_lead_to_somebody_is_refused(kind: str, note: str) -> None:
    assert personal_in(note) == kind


@pytest.mark.parametrize("note", ACCEPTED)
def test_a_plain_note_is_let_through(note: str) -> None:
    assert personal_in(note) is None


@pytest.mark.parametrize("note", ["9" * 300, "9 " * 150, "a@" * 150, "2.1" * 100, "12:3" * 75])
def test_a_hostile_note_is_judged_at_once(note: str) -> None:
    assert personal_in(note) is not None
