"""Development step: pages of the invented materials as SVG, with big type and simple shapes.

DejaVu Sans has every letter of the four languages, and may be embedded (see CREDITS.md).
"""

from html import escape
from typing import Any

from PIL import ImageColor, ImageFont

A4 = (595, 842)
SLIDE = (960, 540)
FONT = "DejaVu Sans"
FILES = {
    "normal": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "bold": "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
}
HOTLINE = {
    "en": ("Hotline", "The numbers are invented for the demo."),
    "ru": ("Горячая линия", "Номера вымышлены для демонстрации."),
    "tk": ("Gyzgyn liniýa", "Belgiler demo üçin toslanan."),
    "tg": ("Хатти боварӣ", "Рақамҳо барои намоиш сохта шудаанд."),
}
NUMBERS = "TM +993 00 0000 · TJ +992 000 0000"

# what a poster shows in its middle, in a square of 200, drawn in {light} on {ground}
PICTURES = {
    "road": '<path d="M0 200 80 60h40l80 140z" fill="{light}"/>'
    '<path d="M97 66h6l2 28h-10zM94 108h12l2 34h-16zM90 156h20l3 44H87z" fill="{ground}"/>'
    '<circle cx="100" cy="34" r="26" fill="{mark}"/>',
    "sun": '<circle cx="100" cy="100" r="52" fill="{mark}"/><g stroke="{mark}" stroke-width="12">'
    '<path d="M100 4v28M100 168v28M4 100h28M168 100h28M32 32l20 20M148 148l20 20M168 32l-20 20'
    'M52 148l-20 20"/></g><path d="M86 82a14 14 0 1 1 20 13c-6 3-6 6-6 12M100 118v6" fill="none" '
    'stroke="{ground}" stroke-width="9"/>',
    "passport": '<rect x="40" y="6" width="120" height="168" rx="10" fill="{mark}"/>'
    '<circle cx="100" cy="74" r="34" fill="none" stroke="{ground}" stroke-width="7"/>'
    '<path d="M66 74h68M100 40v68M58 132h84M58 150h84" stroke="{ground}" stroke-width="6"/>'
    '<path d="M20 150q20 44 80 44t80-44" fill="none" stroke="{light}" stroke-width="12"/>',
    "paper": '<path d="M40 4h86l34 34v158H40z" fill="{mark}"/><path d="M126 4v34h34z" '
    'fill="{ground}"/><path d="M58 70h84M58 92h84M58 114h60" stroke="{ground}" stroke-width="7"/>'
    '<path d="M62 164q14-30 24 0t26-6 30-2" fill="none" stroke="{ground}" stroke-width="6"/>',
    "school": '<path d="M100 10 10 70v14h180V70z" fill="{mark}"/><path d="M22 88h156v104H22z" '
    'fill="{light}"/><path d="M84 130h32v62H84z" fill="{mark}"/><path d="M38 108h30v30H38z'
    'M132 108h30v30h-30z" fill="{ground}"/>',
    "hands": '<circle cx="62" cy="52" r="30" fill="{mark}"/><circle cx="142" cy="60" r="26" '
    'fill="{light}"/><path d="M12 190q0-96 50-96t50 96z" fill="{mark}"/><path d="M94 190q4-92 48-92'
    't46 92z" fill="{light}"/>',
    "hook": '<path d="M100 0v104a40 40 0 1 1-80 0" fill="none" stroke="{light}" '
    'stroke-width="14"/><path d="M20 96 4 122h34z" fill="{light}"/><rect x="104" y="120" '
    'width="92" height="56" rx="6" fill="{mark}"/><circle cx="150" cy="148" r="16" '
    'fill="{ground}"/>',
    "bricks": '<path d="M4 150h92v40H4zM104 150h92v40h-92zM54 102h92v40H54zM4 54h92v40H4z" '
    'fill="{mark}"/><path d="M154 102h42v40h-42zM4 102h42v40H4zM104 54h44v40h-44z" '
    'fill="{light}"/><circle cx="150" cy="24" r="22" fill="{mark}"/>',
    "phone": '<rect x="52" y="4" width="96" height="190" rx="16" fill="{light}"/><rect x="62" '
    'y="26" width="76" height="130" fill="{ground}"/><circle cx="100" cy="175" r="9" '
    'fill="{ground}"/><path d="M74 62h52v38H98l-14 16v-16H74z" fill="{mark}"/>',
}

Page = dict[str, Any]


def poster(work: Page, page: Page, language: str) -> str:
    """One big sentence, one picture, one line of what to do, and the hotline."""
    ground, light, mark = work["colours"]
    head, size = _fitted(page["head"], 515, 3, 54)
    below = 70 + len(head) * size * 1.18
    shape = PICTURES[work["picture"]].format(ground=ground, light=light, mark=mark)
    text, small = _fitted(page["text"], 515, 3, 30)
    above = 692 - len(text) * small * 1.3
    scale = max(0.5, (above - below - 30) / 200)
    left = (595 - 200 * scale) / 2
    return _svg(
        A4,
        ground,
        f'<path d="M0 0h595v14H0z" fill="{mark}"/>'
        + _lines(head, 40, 40 + size, size, light, "bold")
        + f'<g transform="translate({left:.0f} {below:.0f}) scale({scale:.2f})">{shape}</g>'
        + _lines(text, 40, above + small, small, light)
        + _foot(language, mark, max(ground, light, key=lambda each: _contrast(each, mark))),
    )


def leaflet(work: Page, page: Page, language: str, number: int) -> str:
    """A band with the title, a sentence, and numbered points that one can tick off."""
    ground, light, mark = work["colours"]
    head, size = _fitted(page["head"], 515, 3, 34)
    band = 60 + len(head) * size * 1.2
    lead, small = _fitted(page["lead"], 515, 2, 19)
    y = band + 50
    drawn = _lines(lead, 40, y, small, "#222222", "bold")
    y += len(lead) * small * 1.3 + 30
    step = min(108.0, (690 - y) / len(page["points"]))
    for each, point in enumerate(page["points"], start=1 + 5 * (number - 1)):
        lines, fit = _fitted(point, 430, 2, 21)
        drawn += (
            f'<circle cx="68" cy="{y + 22:.0f}" r="26" fill="{ground}"/>'
            f'<text x="68" y="{y + 30:.0f}" font-family="{FONT}" font-weight="bold" font-size="22" '
            f'text-anchor="middle" fill="{light}">{each}</text>'
        ) + _lines(lines, 118, y + 16 + fit * 0.6, fit, "#222222")
        y += step
    title = f'<path d="M0 0h595v{band:.0f}H0z" fill="{ground}"/>'
    title += f'<path d="M0 {band:.0f}h595v10H0z" fill="{mark}"/>'
    title += _lines(head, 40, 36 + size, size, light, "bold")
    return _svg(A4, "#ffffff", title + drawn + _foot(language, ground, light))


def slide(work: Page, page: Page, _language: str, number: int) -> str:
    """A landscape page with a title and a few words in big type."""
    ground, light, mark = work["colours"]
    head, size = _fitted(page["head"], 800, 2, 62)
    y = 110 + len(head) * size * 1.2
    drawn = _lines(head, 80, 80 + size, size, light, "bold")
    for point in page.get("points", []):
        lines, fit = _fitted(point, 740, 2, 38)
        drawn += f'<circle cx="92" cy="{y + fit * 0.66:.0f}" r="10" fill="{mark}"/>'
        drawn += _lines(lines, 122, y + fit, fit, light)
        y += len(lines) * fit * 1.3 + 26
    corner = f'<path d="M0 0h24v540H0z" fill="{mark}"/><circle cx="{900 - 60 * number}" cy="470" '
    return _svg(SLIDE, ground, corner + f'r="34" fill="{mark}"/>' + drawn)


def _svg(size: tuple[int, int], ground: str, inside: str) -> str:
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" '
        f'fill="{ground}"/>{inside}</svg>'
    )


def _foot(language: str, ground: str, light: str) -> str:
    name, invented = HOTLINE[language]
    return (
        f'<path d="M0 732h595v110H0z" fill="{ground}"/>'
        + _lines([name], 40, 768, 24, light, "bold")
        + _lines([NUMBERS], 40, 798, 22, light, "bold")
        + _lines([invented], 40, 824, 13, light)
    )


def _contrast(one: str, other: str) -> int:
    """How far apart two colours are in brightness."""
    bright, other_bright = (sum(ImageColor.getrgb(each)[:3]) for each in (one, other))
    return abs(bright - other_bright)


def _lines(
    lines: list[str], x: float, y: float, size: float, colour: str, weight: str = "normal"
) -> str:
    return "".join(
        f'<text x="{x:.0f}" y="{y + number * size * 1.22:.0f}" font-family="{FONT}" '
        f'font-weight="{weight}" font-size="{size}" fill="{colour}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _fitted(text: str, width: float, most_lines: int, largest: int) -> tuple[list[str], int]:
    """The text in at most so many lines, and the largest size at which they fit."""
    for size in range(largest, 9, -1):
        lines = _wrapped(text, width, size)
        if len(lines) <= most_lines:
            return lines, size
    raise ValueError(text)


def _wrapped(text: str, width: float, size: int) -> list[str]:
    font = ImageFont.truetype(FILES["bold"], size)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    too_wide = any(font.getlength(line) > width for line in lines)
    return lines + [""] * 99 if too_wide else [line for line in lines if line]
