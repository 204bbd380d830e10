"""Development step: make the invented papers that applicants of the demo attach.

Run as `python -m seed_data.make_evidence` where the fonts DejaVu are; the portal itself never needs
it. Each is a page in black and white, as a scanner gives it, and says that it is of the demo.
"""

import io
from importlib import import_module

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from seed_data.tables import HERE

FOLDER = HERE / "evidence"
FONTS = "/usr/share/fonts/truetype/dejavu/DejaVuSans{}.ttf"
PAGE = (620, 877)
DPI = 75

# heading, and lines; every number begins with DEMO
PAPERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "certificate_ru": (
        "СВИДЕТЕЛЬСТВО (ДЕМО)",
        (
            "о регистрации общественной организации",
            "Номер DEMO-0417",
            "",
            "Руководителей избирает общее собрание",
            "на два года, тайным голосованием.",
        ),
    ),
    "certificate_tg": (
        "ШАҲОДАТНОМА (НАМОИШӢ)",
        (
            "дар бораи бақайдгирии созмони ҷамъиятӣ",
            "Рақам DEMO-0523",
            "",
            "Роҳбаронро маҷлиси умумӣ",
            "барои ду сол интихоб мекунад.",
        ),
    ),
    "rules_ru": (
        "ПРАВИЛА (ДЕМО)",
        (
            "1. Записи ведутся под кодами.",
            "2. Ключ от шкафа у двух человек.",
            "3. Через три года бумаги уничтожаются.",
            "4. Каждый подписывает эти правила.",
        ),
    ),
    "rules_tk": (
        "DÜZGÜNLER (DEMO)",
        (
            "1. Ýazgylar kod bilen ýöredilýär.",
            "2. Şkafyň açary iki adamda.",
            "3. Üç ýyldan soň kagyzlar ýok edilýär.",
            "4. Her kim şu düzgünlere gol çekýär.",
        ),
    ),
    "children_ru": (
        "РАБОТА С ДЕТЬМИ (ДЕМО)",
        (
            "1. Работают только проверенные люди.",
            "2. К ребёнку идут вдвоём.",
            "3. Сообщения принимает ответственный",
            "за защиту детей, в тот же день.",
        ),
    ),
    "account_ru": (
        "ГОДОВОЙ ОТЧЁТ (ДЕМО)",
        (
            "Взносы членов           ■■■■■■",
            "Пожертвования           ■■■■■■",
            "Поездки к людям         ■■■■■■",
            "Утверждён общим собранием.",
        ),
    ),
}


def make_all() -> None:
    """Every paper, anew."""
    FOLDER.mkdir(exist_ok=True)
    taken = import_module("seed_data.make_materials").as_taken
    for name, (head, lines) in PAPERS.items():
        path = FOLDER / f"{name}.pdf"
        path.write_bytes(paper(head, lines))
        path.write_bytes(taken(path))


def paper(head: str, lines: tuple[str, ...]) -> bytes:
    """One page as a picture of two colours, packed without a loss."""
    page = Image.new("1", PAGE, 1)
    pen = ImageDraw.Draw(page)
    pen.rectangle((30, 30, PAGE[0] - 30, PAGE[1] - 30), outline=0, width=2)
    pen.text((PAGE[0] / 2, 120), head, font=_font(28, "-Bold"), anchor="mm", fill=0)
    for number, line in enumerate(lines):
        pen.text((70, 220 + 48 * number), line, font=_font(20), anchor="lm", fill=0)
    content = io.BytesIO()
    page.save(content, "PDF", resolution=DPI)
    return _plain(content)


def _font(size: int, weight: str = "") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS.format(weight), size)


def _plain(made: io.BytesIO) -> bytes:
    """Without the words that say who made it and when."""
    plain = io.BytesIO()
    with pikepdf.open(made) as book:
        del book.docinfo
        book.save(plain, deterministic_id=True)
    return plain.getvalue()


if __name__ == "__main__":
    make_all()
