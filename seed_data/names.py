"""Invented people's names in real scripts and in the form their gender has; see CREDITS.md."""

from collections.abc import Iterator
from itertools import product
from random import Random

TURKMEN = {
    "female": (
        "Aýgül Aýna Aýsoltan Akjemal Almagül Bahar Bibi Bilbil Bossan Enejan Gözel Gülälek "
        "Güljahan Gülnar Gülşat Gunça Jahan Jemal Jeren Kümüş Lale Läle Mähri Maral Maýsa "
        "Merjen Nabat Ogulgerek Ogulnabat Oguljan Ogulşat Ösmürje Selbi Şemşat Sona Tawus "
        "Täzegül Ýazgül Zöhre"
    ),
    "male": (
        "Allaberdi Amangeldi Aman Arslan Atamyrat Aşyr Baýram Begenç Berdi Çary Döwlet Döwran "
        "Eziz Gurban Guwanç Hemra Kakajan Kerim Maksat Meret Merdan Muhammet Myrat Nazar "
        "Nurmuhammet Oraz Öwez Parahat Rahym Rejep Resul Rüstem Serdar Söhbet Şöhrat Tahyr "
        "Wepa Ýusup"
    ),
    "surname": (
        "Allanazarow Amanow Annaberdiýew Annamyradow Annaýew Ataýew Aşyrow Babaýew Baýramow "
        "Begliýew Berdiýew Çaryýew Durdyýew Döwletow Garaýew Geldiýew Gurbanow Gylyjow "
        "Hojamyradow Hudaýberdiýew Hydyrow Işanow Jumaýew Kakajanow Kulyýew Mämmedow Meredow "
        "Myradow Nazarow Nuryýew Orazow Öwezow Permanow Rahmanow Rejepow Saparow Sähedow "
        "Taganow Täçmyradow Tirkişow Welmyradow Ýagmyrow Ýazmyradow"
    ),
}
TAJIK = {
    "female": (
        "Адолат Анзурат Баҳор Гулбаҳор Гулнора Гулчеҳра Дилором Дилбар Заррина Зебо Зулфия "
        "Лайло Лола Мавзуна Малика Манижа Мастура Матлуба Меҳрангез Мунира Нигина Нигора Нилуфар "
        "Нозанин Парвина Рухшона Сайёра Саодат Ситора Сурайё Тахмина Фарзона Фирӯза Хуршеда "
        "Шаҳло Шаҳноза Шоира Ҷамила"
    ),
    "male": (
        "Абдулло Алишер Амирҷон Аслиддин Баҳром Бахтиёр Далер Дилшод Далердод Зафар Искандар "
        "Камол Меҳроҷ Манучеҳр Муҳаммадҷон Некрӯз Нодир Нурулло Парвиз Рустам Саидҷон Сино "
        "Сорбон Сӯҳроб Толиб Умед Фарҳод Фаррух Фирдавс Хуршед Шерзод Шодмон Юсуф Ҷамшед "
        "Ҳабиб Ҳаким"
    ),
    "surname": (
        "Азимов Алиев Ашуров Бобоев Бобоҷонов Гулов Давлатов Ёров Зокиров Исмоилов Каримов "
        "Қодиров Қурбонов Мирзоев Муродов Назаров Наимов Неъматов Одинаев Пӯлодов Раҳимов "
        "Раҷабов Саидов Сафаров Сангинов Солеҳов Тоҷиев Турсунов Умаров Файзуллоев Хоҷаев "
        "Холов Чориев Шарипов Шоев Юнусов Ҷалилов Ҷӯраев Ҳакимов Ҳамидов Ҳасанов"
    ),
}
RUSSIAN = {
    "female": "Алла Вера Галина Ирина Лариса Людмила Марина Надежда Ольга Светлана",
    "male": "Андрей Виктор Владимир Дмитрий Игорь Константин Николай Олег Сергей",
    "surname": "Белов Волков Громов Журавлёв Корнилов Никитин Орлов Соловьёв Фролов",
}
TRADITIONS = {"TM": TURKMEN, "TJ": TAJIK}
RUSSIAN_IN_A_HUNDRED = 4


def full_names(country: str, gender: str) -> Iterator[str]:
    """Different names of that country and gender, always in the same order."""
    chance = Random(f"names {country} {gender}")
    local = _shuffled(TRADITIONS[country], gender, chance)
    # Each country has half of the Russian names, so that nobody appears in both.
    russian = _shuffled(RUSSIAN, gender, Random(f"russian names {gender}"))
    russian = russian[::2] if country == "TM" else russian[1::2]
    while local:
        is_russian = russian and chance.randrange(100) < RUSSIAN_IN_A_HUNDRED
        yield (russian if is_russian else local).pop()


def _shuffled(tradition: dict[str, str], gender: str, chance: Random) -> list[str]:
    """All given names with all surnames of a tradition, mixed."""
    pairs = product(tradition[gender].split(), tradition["surname"].split())
    names = [f"{given} {_surname(surname, gender)}" for given, surname in pairs]
    chance.shuffle(names)
    return names


def _surname(surname: str, gender: str) -> str:
    """A woman's surname has an ending of its own: Annaýewa, Раҳимова."""
    if gender == "male":
        return surname
    return surname + ("a" if surname.endswith("w") else "а")
