"""Sound: MP3 frames one after the other, and nothing else."""

import shutil
import zipfile
from io import BytesIO
from pathlib import Path

from mutagen.apev2 import delete as delete_ape
from mutagen.id3 import delete as delete_id3

from portal.uploads.rules import refuse

# kilobits a second and samples a second, by the version of MPEG in a frame's header; layer III
_KILOBITS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_LYRICS = b"LYRICS200"


def clean_sound(path: Path, target: Path) -> None:
    """Write the frames of an MP3 into a file, without its tags."""
    shutil.copyfile(path, target)
    content = _without_tags(target)
    begin = len(content) - len(content.lstrip(b"\0"))
    end = _end_of_frames(content, begin)
    if content[end:].strip(b"\0"):
        raise refuse("polyglot", kind="MP3")
    target.write_bytes(content[begin:end])
    if zipfile.is_zipfile(target):
        raise refuse("polyglot", kind="MP3")


def _without_tags(path: Path) -> bytes:
    delete_ape(str(path))
    delete_id3(str(path))
    delete_ape(str(path))
    content = path.read_bytes()
    if content.endswith(_LYRICS):
        length = content[-15:-9]
        if not length.isdigit() or int(length) + 15 > len(content):
            raise refuse("damaged")
        content = content[: -15 - int(length)]
    # several tags may stand before the sound; mutagen takes the first away
    while content.startswith(b"ID3"):
        kept = BytesIO(content)
        delete_id3(kept)
        if kept.getbuffer().nbytes >= len(content):
            raise refuse("damaged")
        content = kept.getvalue()
    return content


def _end_of_frames(content: bytes, begin: int) -> int:
    at, frames = begin, 0
    while length := _length(content[at : at + 4]):
        if at + length > len(content):
            # players cope with a last frame that is not whole; a file of less than two is no sound
            raise refuse("cut")
        at, frames = at + length, frames + 1
    if frames < 2:
        raise refuse("damaged")
    return at


def _length(header: bytes) -> int:
    """How long the frame of a header is; 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate, kilobits = header[1] >> 3 & 3, header[2] >> 2 & 3, header[2] >> 4
    if version == 1 or rate == 3 or kilobits in (0, 15):
        return 0
    bits = _KILOBITS[1 if version == 3 else 2][kilobits] * 1000
    factor = 144 if version == 3 else 72
    return factor * bits // _SAMPLES[version][rate] + (header[2] >> 1 & 1)
