"""A hundred thousand invented documents, always the same ones for a seed, and questions to them.

People have Turkmen, Tajik, Russian and Uzbek names, some written in the other alphabet too; few
names and words are frequent and most are rare, as in life. Nobody in here exists.
"""

import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate

from search.engine import Document

SEED = 20_26
Pool = tuple[list[str], list[float]]


def _each(words: str) -> list[str]:
    return words.split()


TURKMEN = _each(
    """
    Maral Aýgül Ogulgerek Jeren Bahar Gözel Ejegyz Oguljan Enejan Gülşat Läle Sona Täzegül Bibi
    Meret Serdar Çary Gurban Döwlet Myrat Batyr Kakajan Rejep Şöhrat Ýazgeldi Hudaýberdi Ata
    Guwanç Nury Orazmuhammet Berdimyrat Annagül Akmyrat Pälwan Weli Ýusup Aman Baýram Begenç
    """
)
TAJIK = _each(
    """
    Фарзона Зарина Мадина Гулноз Нигина Шаҳло Тоҷинисо Муҳаббат Ситора Парвина Зебунисо Меҳринисо
    Рустам Фирӯз Ҷамшед Далер Сӯҳроб Ёқуб Абдуллоҳ Хуршед Баҳром Исмоил Қурбон Насим Шариф Ҳаким
    Лутфулло Умед Азиз Раҷаб Гулрухсор Саодат Моҳира Анӯша Ғафур Эмомалӣ Дилшод Файзулло
    """
)
RUSSIAN = _each(
    """
    Анна Мария Елена Ольга Наталья Екатерина Татьяна Светлана Юлия Ирина Ксения Людмила Александр
    Сергей Дмитрий Андрей Алексей Михаил Владимир Евгений Юрий Пётр Фёдор Яков Игорь Виктор Роман
    """
)
UZBEK = _each(
    """
    Dilnoza Gulnora Shahnoza Nilufar Malika Zulfiya Feruza Oydin Gʻulom Jahongir Botir Xurshid
    Shuhrat Oʻktam Sherzod Rahim Yoqub Tohir Ulugʻbek Jasur Otabek Qodir Sardor Elyor Nodira
    """
)
PEOPLES = (TURKMEN, TAJIK, RUSSIAN, UZBEK)
ENDINGS = (("ow", "owa", "ew", "ewa"), ("зода", "ов", "ова", "ӣ"), ("ов", "ова", "ин", "енко"),
           ("ov", "ova", "yev", "yeva"))  # fmt: skip

CYRILLIC = str.maketrans(
    {
        "a": "а", "b": "б", "c": "к", "ç": "ч", "d": "д", "e": "е", "ä": "я", "f": "ф", "g": "г",
        "h": "х", "i": "и", "j": "ж", "ž": "ж", "k": "к", "l": "л", "m": "м", "n": "н", "ň": "н",
        "o": "о", "ö": "ё", "p": "п", "r": "р", "s": "с", "ş": "ш", "t": "т", "u": "у", "ü": "ю",
        "w": "в", "v": "в", "y": "ы", "ý": "й", "z": "з", "x": "х", "q": "к", "ʻ": "",
    }
)  # fmt: skip
LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ғ": "gh", "д": "d", "е": "e", "ё": "yo",
        "ж": "zh", "з": "z", "и": "i", "ӣ": "i", "й": "y", "к": "k", "қ": "q", "л": "l", "м": "m",
        "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ӯ": "u", "ф": "f",
        "х": "kh", "ҳ": "h", "ц": "ts", "ч": "ch", "ҷ": "j", "ш": "sh", "щ": "shch", "ъ": "",
        "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip
TOGETHER = {"ýa": "я", "ýo": "ё", "ýu": "ю", "ýe": "е", "ya": "я", "yo": "ё", "sh": "ш", "ch": "ч"}

REGIONS = ("TM-A", "TM-B", "TM-D", "TM-L", "TM-M", "TM-S", "TJ-DU", "TJ-GB", "TJ-KT", "TJ-RA",
           "TJ-SU")  # fmt: skip
PROFESSIONS = ("lawyer", "psychologist", "doctor", "teacher", "translator", "police")
LANGUAGES = ("tk", "tg", "ru", "en", "uz")
SYLLABLES = {
    "latin": _each(
        """
        ba be bi bo da de do ga ge gi gu ka ke ky la le li ma me mi my na ne no pa pe ra re ri ro
        sa se si so ta te ti ty wa we za ze şa şe ça çe ýa ýo al er in or un ar yş ly
        """
    ),
    "cyrillic": _each(
        """
        ба бе би во ва го га гу да де до жа за зи ка ке ко ла ле ли ло ма ме ми мо на не ни но па
        пе по пра ра ре ри ро са се си ста та те ти то тра у фа хи хо цы ча ше щи эл ю я
        """
    ),
}
KINDS = (("practitioners", 60), ("organisations", 10), ("places", 10), ("materials", 20))
ROOMS = ("centre", "union", "fund", "society", "hotline", "shelter", "network", "school")


def other_alphabet(written: str) -> str:
    """A name as somebody types it who has the other keyboard."""
    small = written.lower()
    if any("Ѐ" <= letter <= "ӿ" for letter in small):
        return small.translate(LATIN).title()
    for two, one in TOGETHER.items():
        small = small.replace(two, one)
    return small.translate(CYRILLIC).title()


@cache
def names_of(people: int) -> tuple[Pool, Pool]:
    """Given names and surnames of one people, the first ones frequent."""
    luck = random.Random(f"{SEED} {people}")
    script = "cyrillic" if people in (1, 2) else "latin"
    stems = [*PEOPLES[people], *_invented(luck, script, 2_500, 2, 3)]
    surnames = [
        stem.rstrip("аяaäy" if stem[-1] in "аяaäy" else "") + ending
        for stem in stems
        for ending in ENDINGS[people]
    ]
    given = [*PEOPLES[people], *_invented(luck, script, 300, 2, 3)]
    return _frequencies(given, 0.8), _frequencies(surnames, 0.6)


@cache
def words_of(language: str) -> Pool:
    """The words of one language, the first ones frequent."""
    luck = random.Random(f"{SEED} {language}")
    script = "cyrillic" if language in ("ru", "tg") else "latin"
    return _frequencies([word.lower() for word in _invented(luck, script, 25_000, 1, 5)], 1.0)


def _invented(luck: random.Random, script: str, many: int, least: int, most: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < many:
        parts = luck.choices(SYLLABLES[script], k=luck.randint(least, most))
        made["".join(parts).capitalize()] = None
    return list(made)


def _frequencies(words: list[str], steep: float) -> Pool:
    """Zipf's law: the second word is half as frequent as the first, the third a third, ..."""
    return words, list(accumulate((place + 1) ** -steep for place in range(len(words))))


def draw(luck: random.Random, pool: Pool, many: int = 1) -> list[str]:
    """So many words, the frequent ones often."""
    return luck.choices(pool[0], cum_weights=pool[1], k=many)


def documents(count: int) -> Iterator[Document]:
    """So many documents, never more than one of them in memory."""
    kinds = random.Random(SEED).choices(
        [kind for kind, _ in KINDS], weights=[share for _, share in KINDS], k=count
    )
    for number, kind in enumerate(kinds):
        yield MAKERS[kind](random.Random(f"{SEED} {number}"), f"{kind}:{number:06}")


def _person(luck: random.Random, id: str) -> Document:
    people = luck.choices(range(4), weights=(40, 40, 10, 10))[0]
    given, surnames = names_of(people)
    name = f"{draw(luck, given)[0]} {draw(luck, surnames)[0]}"
    more = (other_alphabet(name),) if luck.random() < 0.4 else ()
    facets = {
        "region": (luck.choice(REGIONS),),
        "profession": (luck.choice(PROFESSIONS),),
        "language": tuple(luck.sample(LANGUAGES, 2)),
    }
    return Document(
        id, "practitioners", {"": name}, more, url=f"/practitioners/{id}", facets=facets
    )


def _organisation(luck: random.Random, id: str) -> Document:
    people = luck.choices(range(4), weights=(40, 40, 10, 10))[0]
    name = f"{draw(luck, names_of(people)[0])[0]} {luck.choice(ROOMS)}"
    about = " ".join(draw(luck, words_of(luck.choice(LANGUAGES[:4])), 25))
    titles = {"": name, "ru": other_alphabet(name)}
    facets = {"region": (luck.choice(REGIONS),)}
    return Document(id, "organisations", titles, (), about, facets=facets, weight=luck.random())


def _place(luck: random.Random, id: str) -> Document:
    name = draw(luck, names_of(luck.randrange(2))[1])[0]
    name += luck.choice(("", "", " Oba", "-Depe", " 2"))
    spellings = (other_alphabet(name), other_alphabet(other_alphabet(name)))
    facets = {"region": (luck.choice(REGIONS),)}
    weight = float(int(10 ** luck.uniform(2, 6)))
    return Document(id, "places", {"": name}, spellings, facets=facets, weight=weight)


def _material(luck: random.Random, id: str) -> Document:
    language = luck.choice(LANGUAGES[:4])
    words = draw(luck, words_of(language), luck.randint(120, 400))
    for place in range(0, len(words), 40):
        words[place] = draw(luck, names_of(luck.randrange(4))[luck.randrange(2)])[0]
    title, body = " ".join(words[1:5]).capitalize(), " ".join(words)
    facets = {"language": (language,), "topic": (luck.choice(words_of("en")[0][:30]),)}
    return Document(id, "materials", {"": title, language: title}, (), body, facets=facets)


MAKERS: dict[str, Callable[[random.Random, str], Document]] = {
    "practitioners": _person,
    "organisations": _organisation,
    "places": _place,
    "materials": _material,
}
