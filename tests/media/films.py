"""Small films made by ffmpeg for the tests, and what can be measured of the ones the product makes."""

import re
import subprocess
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from media.ffmpeg_run import find_ffmpeg

NURSE = Path(__file__).resolve().parents[2] / "studio/demo/media/fr1_nurse_night_shift.mp4"
ENCODED = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p", "-c:a", "aac"]


def ffmpeg(*arguments: str) -> str:
    done = subprocess.run([find_ffmpeg(), "-hide_banner", "-nostdin", "-y", *arguments], capture_output=True, text=True,
                          check=True)
    return done.stderr


def ramp(target: Path, fps: int = 25, seconds: float = 4.0) -> Path:
    """A film whose n-th picture has the grey 16 + 2n: one look tells which frame it was."""
    ffmpeg("-f", "lavfi", "-i", f"color=black:s=64x36:r={fps}:d={seconds},geq=lum='16+2*mod(N,110)':cb=128:cr=128",
           "-f", "lavfi", "-i", f"sine=f=440:d={seconds}", *ENCODED, "-g", "12", str(target))
    return target


def beeps(target: Path, seconds: float = 12.0) -> Path:
    """A film with a white flash and a beep together at each second."""
    flash = "drawbox=t=fill:c=white:enable='lt(mod(t,1),0.04)'"
    ffmpeg("-f", "lavfi", "-i", f"color=black:s=64x36:r=25:d={seconds},{flash}",
           "-f", "lavfi", "-i", f"aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t,1),0.04)':s=48000:d={seconds}",
           *ENCODED, str(target))
    return target


def part_of_nurse(target: Path, *options: str, seconds: float = 3.0) -> Path:
    """A few seconds of the recorded nurse, changed by ffmpeg options."""
    ffmpeg("-ss", "13", "-t", str(seconds), "-i", str(NURSE), *(options or ("-c", "copy")), str(target))
    return target


def pictures(film: Path) -> NDArray[np.uint8]:
    """All pictures as grey, frames × height × width."""
    with av.open(str(film)) as opened:
        return np.stack([frame.to_ndarray(format="gray") for frame in opened.decode(video=0)])


def picture(film: Path, number: int) -> NDArray[np.uint8]:
    """One picture in colour."""
    with av.open(str(film)) as opened:
        for at, frame in enumerate(opened.decode(video=0)):
            if at == number:
                return frame.to_ndarray(format="rgb24")
    raise IndexError(number)


def smaller(grey: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """The same picture, each pixel the mean of times × times."""
    height, width = grey.shape[0] // times, grey.shape[1] // times
    cut = grey[:height * times, :width * times].reshape(height, times, width, times)
    return cut.mean(axis=(1, 3)).astype(np.uint8)


def voice(film: Path) -> NDArray[np.float32]:
    """The sound as mono samples at 48 kHz."""
    done = subprocess.run([find_ffmpeg(), "-v", "error", "-nostdin", "-i", str(film), "-ac", "1", "-ar", "48000", "-f",
                           "f32le", "-"], capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.float32)


def loudness(film: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP (EBU R 128)."""
    said = ffmpeg("-i", str(film), "-vn", "-af", "ebur128=peak=true", "-f", "null", "-")
    said = said[said.rindex("Summary:"):]
    integrated, peak = re.search(r"I:\s*(-?[\d.]+) LUFS", said), re.search(r"Peak:\s*(-?[\d.]+) dBFS", said)
    assert integrated is not None
    assert peak is not None
    return float(integrated[1]), float(peak[1])
