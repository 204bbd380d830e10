"""The letters of four languages in plain Latin ones, and which spellings count as the same.

Sources: the Turkmen alphabet of 1999 (with BGN/PCGN 2000 for its older Cyrillic), BGN/PCGN 1994
for Tajik, BGN/PCGN 1947 for Russian, ISO 9:1995 and the Slavic Latin alphabets for letters with
a caron, the Uzbek alphabet of 1995 for x, q and apostrophes. Letters not listed are left to
anyascii. All keys are lower case.
"""

RUSSIAN = {
    "а": "a",  # BGN/PCGN a
    "б": "b",  # BGN/PCGN b
    "в": "v",  # BGN/PCGN v
    "г": "g",  # BGN/PCGN g
    "д": "d",  # BGN/PCGN d
    "е": "e",  # BGN/PCGN e, ye: the rules below make ye e
    "ё": "yo",  # BGN/PCGN ë, yë; Tajik yo
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
    "ä": "a",  # 1999 ä, Cyrillic ә
    "ž": "zh",  # 1999 ž, Cyrillic ж
    "ň": "n",  # 1999 ň, Cyrillic ң
    "ö": "o",  # 1999 ö, Cyrillic ө
    "ş": "sh",  # 1999 ş, Cyrillic ш
    "ü": "u",  # 1999 ü, Cyrillic ү
    "ý": "y",  # 1999 ý, Cyrillic й
    "җ": "j",  # Cyrillic until 1993, 1999 j
    "ә": "a",  # Cyrillic until 1993, 1999 ä
    "ң": "n",  # Cyrillic until 1993, 1999 ň
    "ө": "o",  # Cyrillic until 1993, 1999 ö
    "ү": "u",  # Cyrillic until 1993, 1999 ü
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
    "ў": "u",  # Uzbek Cyrillic, o‘
}

LETTERS = {**RUSSIAN, **TAJIK, **TURKMEN, **OTHER}

# What one system of transliteration writes and another does not. Longest first; every right side
# is shorter than its left, or a letter that no rule takes away again, so repeating them ends.
SAME_SOUND = {
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
