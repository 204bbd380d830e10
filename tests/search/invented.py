"""Invented people and the ways in which others write their names: the judge of search.

The tables of spelling are the judge's own and not those of `search`, so that one proves the other.
Everything comes from one seed and is the same each time.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from search.engine import Document


def table(letters: str, spelt: str) -> dict[str, str]:
    """What each letter, or group of letters, becomes."""
    return dict(zip(letters.split(" ") if " " in letters else letters, spelt.split(), strict=True))


RU_TO_BGN = table(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya",
)
RU_TO_ISO = RU_TO_BGN | table("ёжйхцчшщыэюя", "ë ž j h c č š ŝ y è û â")
RU_TO_PASSPORT = RU_TO_BGN | table("ёйъюя", "e i ie iu ia")
TG_TO_RU = table("ғӣқӯҳҷ", "г и к у х дж")
TG_TO_LATIN = RU_TO_BGN | table("ғӣқӯҳҷхё", "gh i q u h j kh yo")
TG_TO_CHAT = RU_TO_BGN | table("ғӣқӯҳҷхжшч", "g i k u h j h j sh ch")
TK_TO_ENGLISH = table("çäžňöşüýw", "ch a zh n o sh u y v")
TK_TO_CHAT = table("çäžňöşüý", "c a z n o s u y")
TK_TO_RU = table("ýa ýe ýo ýu ýü", "я е ё ю ю") | table(
    "abçdeäfgžhijklmnňoöprsştuüwyýz",
    "а б ч д е я ф г ж х и дж к л м н н о ё п р с ш т у ю в ы й з",
)
UZ_TO_CYRILLIC = table("yo‘ o‘ g‘ sh ch yo yu ya ye", "йў ў ғ ш ч ё ю я е") | table(
    "abdefghijklmnopqrstuvxyz", "а б д е ф г ҳ и ж к л м н о п қ р с т у в х й з"
)
UZ_TO_RU = table("ўғҳқ", "у г х к")
LAYOUT = table(
    "йцукенгшщзхъфывапролджэячсмитьбюё",
    "q w e r t y u i o p [ ] a s d f g h j k l ; ' z x c v b n m , . `",
)
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")

TURKMEN = (
    "Aýgül Maral Ogulgerek Jeren Bahar Leýli Gözel Şemşat Enejan Mähri Sülgün Çynar"
    " Ogulnabat Jemal",
    "Merdan Döwlet Batyr Serdar Çary Begenç Myrat Rejep Ýusup Gurbangeldi Öwez Şöhrat"
    " Muhammet Kakajan",
    "Annaýew Berdimyradow Hojamyradow Saparow Çaryýew Öwezow Nyýazow Muhammetgulyýew"
    " Garajaýew Şyhyýew Orazow Gurbanow Ataýew Jumaýew Mämmedow Ýazmyradow Hudaýberdiýew"
    " Täçmyradow Kulyýew Allaberdiýew",
)
TAJIK = (
    "Гулнора Зарина Мавзуна Фарзона Ситора Нигора Шаҳноза Моҳира Тоҷинисо Зуҳро Ҳавасмоҳ"
    " Қумрӣ Дилором",
    "Рустам Ҷамшед Фирӯз Сӯҳроб Баҳром Шерзод Ёқуб Бахтиёр Нуриддин Ҳусейн Қурбон Ғайрат"
    " Парвиз Хуршед",
    "Раҳимов Каримов Саидов Қосимов Ҳакимов Шарипов Юсупов Ҷӯраев Ғуломов Назаров Мирзоев"
    " Холов Зоиров Давлатов Одинаев Сафаров Тоҷиддинов Хуҷамуродов Шоев Ҷалилов",
)
RUSSIAN = (
    "Екатерина Ольга Татьяна Наталья Юлия Светлана Любовь Анастасия Ксения Алёна Мария"
    " Дарья Оксана",
    "Александр Дмитрий Сергей Фёдор Алексей Юрий Николай Артём Михаил Евгений Максим Пётр"
    " Игорь Илья",
    "Иванов Щербаков Семёнов Цветков Королёв Жуков Чернышёв Соловьёв Кузнецов Яковлев"
    " Шевцов Хохлов Быков Зайцев Юдин Ефимов Горбачёв Ильин Третьяков Воробьёв",
)
UZBEK = (
    "Gulchehra Nilufar Dilfuza Shahnoza Zuhra Oygul Barno Xurshida Mohigul Sevara Yulduz"
    " Feruza Lola",
    "O‘tkir G‘ayrat Baxtiyor Sherzod Jahongir Ulug‘bek Qodir Xurshid Shuhrat Yoqub"
    " Abdulla Hamid Ilhom",
    "Yo‘ldoshev Xo‘jayev To‘rayev Qodirov Rahimov Toshmatov G‘aniyev Shodiyev Abdullayev"
    " Usmonov Ergashev Xolmatov Nazarov Umarov Jo‘rayev O‘rinov Mahmudov Ismoilov Saidov"
    " Hakimov",
)
ENDINGS = {"tk": "a", "tg": "а", "ru": "а", "uz": "a"}


class Person(NamedTuple):
    """Somebody invented."""

    id: str
    language: str
    given: str
    surname: str
    father: str

    @property
    def name(self) -> str:
        """As the register has it."""
        return " ".join(part for part in (self.given, self.surname, self.father) if part)


class Asked(NamedTuple):
    """One query of a kind and the ids of which any is right."""

    kind: str
    text: str
    accepted: set[str]


def invent(most: int, seed: int) -> list[Person]:
    """So many people of four languages, none with another's name."""
    chance, seen, people = random.Random(seed), set[tuple[str, str]](), list[Person]()
    lists = {"tk": TURKMEN, "tg": TAJIK, "ru": RUSSIAN, "uz": UZBEK}
    while len(people) < most:
        language = chance.choice(list(lists))
        women, men, surnames = (each.split() for each in lists[language])
        is_woman = chance.random() < 0.6
        given = chance.choice(women if is_woman else men)
        surname = chance.choice(surnames) + (ENDINGS[language] if is_woman else "")
        father = _father(language, chance.choice(men), is_woman) if chance.random() < 0.3 else ""
        if (given, surname) not in seen:
            seen.add((given, surname))
            people.append(Person(f"person-{len(people)}", language, given, surname, father))
    return people


def _father(language: str, name: str, is_woman: bool) -> str:
    if language == "ru":
        return name.rstrip("йьяр") + ("овна" if is_woman else "ович")
    if language == "tg":
        return name + ("зода" if name[-1] not in "аӣ" else "")
    return (
        name
        + {"tk": "owna" if is_woman else "owiç", "uz": "ovna" if is_woman else "ovich"}[language]
    )


def documents(people: list[Person]) -> list[Document]:
    """The people as they are indexed."""
    return [Document(each.id, "practitioners", {"": each.name}) for each in people]


def spellings(person: Person, name: str) -> list[str]:
    """The name by other systems of transliteration and on a phone without special letters."""
    if person.language == "tk":
        russian = _spelt(name, TK_TO_RU)
        return [_letters(name, TK_TO_ENGLISH), _letters(name, TK_TO_CHAT), russian]
    if person.language == "tg":
        russian = _letters(name, TG_TO_RU)
        return [russian, _letters(name, TG_TO_LATIN), _letters(name, TG_TO_CHAT)]
    if person.language == "ru":
        systems = (RU_TO_BGN, RU_TO_ISO, RU_TO_PASSPORT)
        return [*(_letters(name, each) for each in systems), name.replace("ё", "е")]
    cyrillic = _spelt(name, UZ_TO_CYRILLIC)
    russian = _letters(cyrillic, UZ_TO_RU)
    return [cyrillic, russian, name.replace("‘", ""), name.replace("‘", "'")]


def questions(people: list[Person], seed: int) -> Iterator[Asked]:
    """Each kind of question about each person."""
    chance = random.Random(seed)
    for person in people:
        yield from _about(person, chance)


def _about(person: Person, chance: random.Random) -> Iterator[Asked]:
    short, own = f"{person.given} {person.surname}", {person.id}
    other = chance.choice(spellings(person, short))
    yield Asked("other alphabet", other, own)
    yield Asked("one slip", slip(other, chance), own)
    part = round(len(other) * chance.uniform(0.65, 0.9))
    yield Asked("typed so far", other[:part].strip(), own)
    yield Asked("swapped", " ".join(reversed(other.split())), own)
    if person.father:
        yield Asked("with father", chance.choice(spellings(person, person.name)), own)
    given, surname = chance.choice(spellings(person, short)).split()
    yield Asked("initial", f"{given[0]}. {surname}", own)
    if person.language in ("tg", "ru"):
        typed = _letters(_letters(short, TG_TO_RU).lower(), LAYOUT)
        yield Asked("wrong layout", typed, own)


def slip(text: str, chance: random.Random) -> str:
    """One letter too many, too few, swapped, or another one near it on the keyboard."""
    place = chance.choice([n for n, sign in enumerate(text) if sign.isalpha() and n > 0])
    before, letter, after = text[:place], text[place], text[place + 1 :]
    kind = chance.choice(("insert", "delete", "swap", "near", "double"))
    if kind == "swap" and after[:1].isalpha():
        return before + after[0] + letter + after[1:]
    if kind == "delete":
        return before + after
    if kind == "double":
        return before + letter * 2 + after
    near = neighbour(letter, chance)
    return before + (letter + near if kind == "insert" else near) + after


def neighbour(letter: str, chance: random.Random) -> str:
    """A letter beside this one on a Latin or Russian keyboard."""
    for row in KEYS:
        if letter.lower() in row:
            place = row.index(letter.lower())
            return chance.choice([row[n] for n in (place - 1, place + 1) if 0 <= n < len(row)])
    return "а" if "Ѐ" <= letter <= "ӿ" else "a"


def _letters(text: str, table: dict[str, str]) -> str:
    return "".join(_like(letter, table.get(letter.lower(), letter)) for letter in text)


def _spelt(text: str, pairs: dict[str, str]) -> str:
    """Letters and groups of letters, the longer ones first as they are listed."""
    result, rest = "", text
    while rest:
        pair = next((p for p in pairs.items() if rest.lower().startswith(p[0])), (rest[0], rest[0]))
        result += _like(rest[0], pair[1])
        rest = rest[len(pair[0]) :]
    return result


def _like(letter: str, other: str) -> str:
    other = other.replace("-", "")
    return other.capitalize() if letter.isupper() else other
