"""Files that people really send, and files that nobody should: made with ffmpeg when a test asks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg

TONE = ("-f", "lavfi", "-i", "sine=440:d=6")
PICTURE = ("-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=6")


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg quietly; a failure fails the test."""
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


def film(target: Path) -> Path:
    """Make six seconds of picture and sound, ready to stream."""
    ffmpeg(*PICTURE, *TONE, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-movflags", "+faststart", target)
    return target


def empty(folder: Path) -> Path:
    made = folder / "vide.mp4"
    made.touch()
    return made


def text(folder: Path) -> Path:
    made = folder / "texte.mp4"
    made.write_text("Bonjour, je suis un texte.\n" * 50)
    return made


def playlist(folder: Path) -> Path:
    made = folder / "liste.mp4"
    made.write_text(f"#EXTM3U\n#EXTINF:6,\nfile://{film(folder / 'secret.mp4')}\n#EXT-X-ENDLIST\n")
    return made


def concatenation(folder: Path) -> Path:
    made = folder / "suite.mp4"
    made.write_text(f"ffconcat version 1.0\nfile '{film(folder / 'secret.mp4')}'\n")
    return made


def truncated(folder: Path) -> Path:
    whole = film(folder / "entier.mp4").read_bytes()
    made = folder / "coupe.mp4"
    made.write_bytes(whole[:len(whole) // 2])
    return made


def truncated_wav(folder: Path) -> Path:
    ffmpeg(*TONE, folder / "entier.wav")
    made = folder / "coupe.wav"
    made.write_bytes((folder / "entier.wav").read_bytes()[:200_000])
    return made


def noise_behind_a_header(folder: Path) -> Path:
    made = folder / "bruit.mp4"
    made.write_bytes(film(folder / "entier.mp4").read_bytes()[:40] + bytes(range(256)) * 400)
    return made


def without_sound(folder: Path) -> Path:
    ffmpeg(*PICTURE, "-c:v", "libx264", "-preset", "ultrafast", folder / "muet.mp4")
    return folder / "muet.mp4"


def photograph(folder: Path) -> Path:
    ffmpeg(*PICTURE, "-frames:v", "1", folder / "photo.png")
    return (folder / "photo.png").rename(folder / "photo.mp4")


def thirty_one_minutes(folder: Path) -> Path:
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "1860", "-c:a", "aac", folder / "long.m4a")
    return folder / "long.m4a"


def a_day(folder: Path) -> Path:
    """Twenty-four hours in a megabyte: one black picture an hour and a moment of sound."""
    ffmpeg("-f", "lavfi", "-i", "color=black:s=16x16:r=1/3600:d=86400", *TONE, "-c:v", "libx264", "-c:a", "aac",
           folder / "jour.mp4")
    return folder / "jour.mp4"


def too_large(folder: Path) -> Path:
    ffmpeg("-f", "lavfi", "-i", "color=black:s=6144x5632:r=1:d=1", *TONE, "-c:v", "libx264", "-preset", "ultrafast",
           folder / "geant.mp4")
    return folder / "geant.mp4"


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "nothing in it": (empty, "vide"),
    "a text named mp4": (text, "ni une vidéo ni un son"),
    "an HLS playlist named mp4": (playlist, "ni une vidéo ni un son"),
    "a concat list named mp4": (concatenation, "ni une vidéo ni un son"),
    "a picture named mp4": (photograph, "ni une vidéo ni un son"),
    "a header followed by noise": (noise_behind_a_header, "ni une vidéo ni un son"),
    "the first half of a film": (truncated, "incomplet"),
    "the first half of a WAV": (truncated_wav, "incomplet"),
    "a film without sound": (without_sound, "piste sonore"),
    "31 minutes": (thirty_one_minutes, "30 minutes"),
    "24 hours in a megabyte": (a_day, "30 minutes"),
    "a picture beyond 8K": (too_large, "trop grande"),
}
