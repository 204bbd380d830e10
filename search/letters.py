"""The letters of the region in plain Latin ones, and which spellings count as the same.

Sources: the Turkmen alphabet of 1999 (with BGN/PCGN 2000 for its older Cyrillic), BGN/PCGN 1994
for Tajik, BGN/PCGN 1947 for Russian, the Uzbek alphabet of 1995 (with BGN/PCGN 2000 for its
Cyrillic), BGN/PCGN 1979 for Kazakh and Kyrgyz, BGN/PCGN 1958 for Persian, ISO 9:1995 and the
Slavic Latin alphabets for letters with a caron. Letters not listed are left to anyascii. All keys
are lower case.
"""

LATIN = {letter: letter for letter in "abcdefghijklmnopqrstuvwxyz"}  # as they are, also Uzbek x, q

RUSSIAN = {
    "а": "a",  # BGN/PCGN a
    "б": "b",  # BGN/PCGN b
    "в": "v",  # BGN/PCGN v
    "г": "g",  # BGN/PCGN g
    "д": "d",  # BGN/PCGN d
    "е": "e",  # BGN/PCGN e, ye: the rules below make ye e
    "ё": "yo",  # BGN/PCGN ë, yë; Tajik yo; often written е: see SECOND_READING
    "ж": "zh",  # BGN/PCGN zh
    "з": "z",  # BGN/PCGN z
    "и": "i",  # BGN/PCGN i
    "й": "y",  # BGN/PCGN y
    "к": "k",  # BGN/PCGN k
    "л": "l",  # BGN/PCGN l
    "м": "m",  # BGN/PCGN m
    "н": "n",  # BGN/PCGN n
    "о": "o",  # BGN/PCGN o
    "п": "p",  # BGN/PCGN p
    "р": "r",  # BGN/PCGN r
    "с": "s",  # BGN/PCGN s
    "т": "t",  # BGN/PCGN t
    "у": "u",  # BGN/PCGN u
    "ф": "f",  # BGN/PCGN f
    "х": "kh",  # BGN/PCGN kh
    "ц": "ts",  # BGN/PCGN ts
    "ч": "ch",  # BGN/PCGN ch
    "ш": "sh",  # BGN/PCGN sh
    "щ": "shch",  # BGN/PCGN shch
    "ъ": "",  # BGN/PCGN ”, Tajik ’: left out
    "ы": "y",  # BGN/PCGN y
    "ь": "",  # BGN/PCGN ’: left out
    "э": "e",  # BGN/PCGN e
    "ю": "yu",  # BGN/PCGN yu
    "я": "ya",  # BGN/PCGN ya
}

TAJIK = {
    "ғ": "gh",  # BGN/PCGN gh
    "ӣ": "i",  # BGN/PCGN í
    "қ": "q",  # BGN/PCGN q
    "ӯ": "u",  # BGN/PCGN ŭ
    "ҳ": "h",  # BGN/PCGN h
    "ҷ": "j",  # BGN/PCGN j
}

TURKMEN = {
    "ç": "ch",  # 1999 ç, Cyrillic ч
    "ä": "a",  # 1999 ä, Cyrillic ә, in Russian spellings я
    "ž": "zh",  # 1999 ž, Cyrillic ж
    "ň": "n",  # 1999 ň, Cyrillic ң
    "ö": "o",  # 1999 ö, Cyrillic ө, in Russian spellings ё
    "ş": "sh",  # 1999 ş, Cyrillic ш
    "ü": "u",  # 1999 ü, Cyrillic ү, in Russian spellings ю
    "ý": "y",  # 1999 ý, Cyrillic й
    "җ": "j",  # Cyrillic until 1993, 1999 j
    "ә": "a",  # Cyrillic until 1993, 1999 ä
    "ң": "n",  # Cyrillic until 1993, 1999 ň
    "ө": "o",  # Cyrillic until 1993, 1999 ö
    "ү": "u",  # Cyrillic until 1993, 1999 ü
    "ñ": "n",  # Latin of 1993-1999 for ň, Kazakh Latin
    "ÿ": "y",  # Latin of 1993-1999 for ý
}

UZBEK = {
    "ў": "u",  # BGN/PCGN o‘, Russian у; also typed for Tajik ӯ: see SECOND_READING
}

KAZAKH_AND_KYRGYZ = {  # letters the tables above lack
    "ұ": "u",  # BGN/PCGN ū
    "һ": "h",  # BGN/PCGN h
    "і": "i",  # BGN/PCGN i
}

PERSIAN = {  # without short vowels, so only near the Latin spelling
    "ا": "a",  # BGN/PCGN ā
    "آ": "a",  # BGN/PCGN ā
    "أ": "a",  # alef with a hamza above
    "إ": "e",  # alef with a hamza below
    "ب": "b",  # BGN/PCGN b
    "پ": "p",  # BGN/PCGN p
    "ت": "t",  # BGN/PCGN t
    "ث": "s",  # BGN/PCGN s̄
    "ج": "j",  # BGN/PCGN j
    "چ": "ch",  # BGN/PCGN ch
    "ح": "h",  # BGN/PCGN ḩ
    "خ": "kh",  # BGN/PCGN kh
    "د": "d",  # BGN/PCGN d
    "ذ": "z",  # BGN/PCGN z̄
    "ر": "r",  # BGN/PCGN r
    "ز": "z",  # BGN/PCGN z
    "ژ": "zh",  # BGN/PCGN zh
    "س": "s",  # BGN/PCGN s
    "ش": "sh",  # BGN/PCGN sh
    "ص": "s",  # BGN/PCGN ş
    "ض": "z",  # BGN/PCGN ẕ
    "ط": "t",  # BGN/PCGN ţ
    "ظ": "z",  # BGN/PCGN z̧
    "ع": "",  # BGN/PCGN ‘: left out
    "غ": "gh",  # BGN/PCGN gh
    "ف": "f",  # BGN/PCGN f
    "ق": "q",  # BGN/PCGN q
    "ک": "k",  # BGN/PCGN k
    "ك": "k",  # Arabic form of k
    "گ": "g",  # BGN/PCGN g
    "ل": "l",  # BGN/PCGN l
    "م": "m",  # BGN/PCGN m
    "ن": "n",  # BGN/PCGN n
    "و": "v",  # BGN/PCGN v, ū: see SECOND_READING
    "ؤ": "v",  # with a hamza
    "ه": "h",  # BGN/PCGN h
    "ة": "h",  # Arabic form at the end of words
    "ۀ": "h",  # with a hamza
    "ی": "y",  # BGN/PCGN y, ī
    "ي": "y",  # Arabic form of y
    "ى": "y",  # the same without dots
    "ئ": "y",  # with a hamza
    "ء": "",  # hamza alone: left out
}

OTHER = {
    "ə": "a",  # Azerbaijani, 1999 Turkmen ä
    "ı": "y",  # Turkish, 1999 Turkmen y
    "ğ": "gh",  # Turkish and the Turkmen of 1993-1995
    "ș": "sh",  # Romanian letter often typed for ş
    "š": "sh",  # ISO 9 for ш
    "ŝ": "sh",  # ISO 9 for щ, Esperanto
    "č": "ch",  # ISO 9 for ч
    "ķ": "q",  # ISO 9 for қ
    "ŭ": "u",  # BGN/PCGN for ӯ
}

LETTERS = {
    **LATIN,
    **RUSSIAN,
    **TAJIK,
    **TURKMEN,
    **UZBEK,
    **KAZAKH_AND_KYRGYZ,
    **PERSIAN,
    **OTHER,
}

# Letters that people who write well write in two ways: the other way to read them. A word is found,
# and is the same word, by either reading; `'` stands for any apostrophe within a word.
SECOND_READING = {
    "ё": "e",  # Russian and everyday Tajik write е: Фёдор, Федор; Бахтиёр, Бахтиер
    "yo": "e",  # the same in Latin: Fyodor, Fedor
    "ýo": "e",  # the same in Turkmen Latin: Ýolöten
    "ў": "o",  # the Uzbek law has o‘, usually typed o: Ўткир, Otkir
    "o'": "u",  # Uzbek o‘, in Russian у: O‘tkir, Уткир
    "و": "u",  # Persian ū
    "ؤ": "u",  # the same with a hamza
}

# Letters of the two alphabets that look alike, of which a word may hold one by mistake: Aшгабат.
ALIKE_LATIN = "abcehijkmopstxy"
ALIKE_CYRILLIC = "авсеһіјкморѕтху"

# Where a word that begins so has an x which is ks; elsewhere it is х.
BEGINNINGS = {
    "alex": "aleks",  # Александр, Алексей
    "maxim": "maksim",  # Максим
    "oxan": "oksan",  # Оксана
    "xeni": "kseni",  # Ксения
}

# What one system of transliteration writes and another does not. Longest first; each right side is
# shorter than its left, or holds nothing that a rule takes away again, so repeating them ends.
SAME_SOUND = {
    "myrat": "murad",  # Turkmen Myrat, Russian Мурад
    "myrad": "murad",  # the same before an ending: Myradow
    "mirat": "murad",  # both typed with i
    "mirad": "murad",
    "murat": "murad",  # Turkish and Kazakh
    "amet": "amed",  # Turkmen Mämmet, Muhammet; Russian Мамед, Мухаммед
    "hmet": "hmed",  # Turkmen Ahmet, Russian Ахмед
    "zade": "zoda",  # Russian and Turkish -заде, Tajik -зода
    "zada": "zoda",  # the same, typed as it is heard
    "shch": "s",  # щ
    "tsch": "c",  # German ч
    "dsch": "j",  # German дж
    "sch": "s",  # German ш
    "dzh": "j",  # дж, ҷ
    "tch": "c",  # French ч
    "sh": "s",  # ш, ş, often typed s
    "ch": "c",  # ч, ç, often typed c
    "zh": "j",  # ж, ž
    "dj": "j",  # French дж
    "kh": "h",  # х, ҳ
    "gh": "g",  # ғ
    "ts": "s",  # ц, in Turkmen names s
    "x": "h",  # Uzbek and Tajik Latin х
    "q": "k",  # қ
    "w": "v",  # Turkmen w, Russian в
    "y": "i",  # й, ы, ý, y
}
