"""Names in the order of the alphabets people learned at school, not of code points.

Turkmen Latin after the alphabet of 1999, Tajik Cyrillic after the orthography of 2021; Russian
letters stand at their places in the Tajik one, English letters in the Turkmen one. One key serves
both: Latin before Cyrillic.
"""

import unicodedata

_LATIN = "aäbcçdeéfgğhiıjžklmnňoöpqrsştuüvwxyýz"
_CYRILLIC = "абвгғдеёжзиӣйкқлмнопрстуӯфхҳцчҷшщъыьэюя"
_PLACE = {letter: f"{place:02d}" for place, letter in enumerate(_LATIN + _CYRILLIC, start=10)}


def sort_key(name: str) -> str:
    """A text whose plain byte order is the alphabet's; other characters sort first."""
    folded = unicodedata.normalize("NFC", name).lower()
    return "".join(_PLACE.get(letter, "00" if letter == " " else "01") for letter in folded)
