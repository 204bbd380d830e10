"""A picture and a smaller version of a video, where the machine has ffmpeg; else neither."""

import shutil
import subprocess
from pathlib import Path

# together well below what the process has that looks at a file
POSTER_SECONDS = 20
LIGHT_SECONDS = 60


def make_poster(path: Path, target: Path) -> Path | None:
    """A picture from its first seconds that shows something, or None."""
    how = ("-vf", "thumbnail=60,scale=900:1200:force_original_aspect_ratio=decrease")
    return _run(path, target, POSTER_SECONDS, "-an", *how, "-frames:v", "1")


def lighten(path: Path, target: Path) -> Path | None:
    """The video at most 360 lines high, its sound at 48 kbit/s; it starts before it is whole."""
    picture = ("-vf", "scale=-2:'min(360,ih)'", "-c:v", "libx264", "-preset", "veryfast")
    sound = ("-c:a", "aac", "-b:a", "48k", "-ac", "1")
    rest = ("-crf", "30", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-map_metadata", "-1")
    return _run(path, target, LIGHT_SECONDS, *picture, *sound, *rest)


def _run(path: Path, target: Path, seconds: int, *how: str) -> Path | None:
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    # security: a playlist dressed as a video reaches no address and no other kind of file
    source = ("-protocol_whitelist", "file", "-f", "mp4", "-i", f"file:{path.absolute()}")
    quiet = ("-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-y")
    try:
        subprocess.run(  # noqa: S603  a fixed list of words, no shell
            [program, *quiet, *source, *how, f"file:{target.absolute()}"],
            check=True,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (subprocess.SubprocessError, OSError):
        target.unlink(missing_ok=True)
        return None
    return target
