"""Photos and films as phones make them: with a place, a time, a device and a name wherever tools can fill one in."""

from __future__ import annotations

import struct
import subprocess
import zlib
from pathlib import Path

# What must not be in anything that was sealed; each stands in the file before.
SECRETS = (b"Wang Qiang", b"iPhone 15 Pro", b"dorm 3 bed 7", b"36.1234", b"2026:11:20", b"2026-11-20")
GPS = ["-GPSLatitude=36.1234", "-GPSLatitudeRef=N", "-GPSLongitude=118.4321", "-GPSLongitudeRef=E"]


def run(*command: str | Path) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def picture(path: Path, size: str = "1600x1200", *, noise: bool = True) -> Path:
    """A picture by ffmpeg, in the format of its name; noise does not compress away."""
    source = f"testsrc2=size={size}:rate=1" + (",noise=alls=40:allf=t" if noise else "")
    run("ffmpeg", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1", path)
    return path


def tagged(path: Path) -> Path:
    """EXIF with GPS, time, device and artist, a thumbnail's worth of XMP, a comment; lying on its side."""
    told = [
        *("-Artist=Wang Qiang", "-Model=iPhone 15 Pro", "-Comment=dorm 3 bed 7", "-XMP:Title=dorm 3 bed 7"),
        *("-DateTimeOriginal=2026:11:20 10:00:00", "-XMP:CreateDate=2026-11-20T10:00:00", "-XMP:Creator=Wang Qiang"),
        *("-Orientation#=6", *GPS),
    ]
    run("exiftool", "-q", "-overwrite_original", *told, path)
    return path


def film(path: Path, seconds: int = 4, rate: str = "8M") -> Path:
    """A film in the format of its name, with a title, a place, a comment, a device, names of its tracks and handlers;
    x264 writes a message of its own between the pictures."""
    codecs = {
        ".mp4": ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", rate, "-c:a", "aac"],
        ".webm": ["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M", "-c:a", "libopus"],
        ".m4a": ["-vn", "-c:a", "aac"],
        ".mp3": ["-vn", "-c:a", "libmp3lame"],
    }
    codecs[".mov"] = codecs[".mp4"]
    told = {
        "title": "Wang Qiang", "comment": "dorm 3 bed 7", "artist": "Wang Qiang", "model": "iPhone 15 Pro",
        "location": "+36.1234+118.4321/", "creation_time": "2026-11-20T10:00:00Z",
        "com.apple.quicktime.location.ISO6709": "+36.1234+118.4321/",
    }  # fmt: skip
    tags = [part for name, value in told.items() for part in ("-metadata", f"{name}={value}")]
    tracks = ["-metadata:s", "handler_name=Wang Qiang", "-metadata:s", "title=dorm 3 bed 7"]
    size = "1280x720" if path.suffix == ".mp4" else "320x240"
    sources = [f"testsrc2=size={size}:rate=25,noise=alls=60:allf=t", "sine=frequency=440"]
    inputs = [part for source in sources for part in ("-f", "lavfi", "-i", source)]
    tail = ["-movflags", "+use_metadata_tags"] if path.suffix == ".mov" else []
    run("ffmpeg", "-y", *inputs, "-t", str(seconds), *codecs[path.suffix], *tags, *tracks, *tail, path)
    return path


def tracks(path: Path) -> list[str]:
    """Codec and packets of each track: the film can be read to its end."""
    fields = "stream=codec_name,nb_read_packets"
    command = ["ffprobe", "-v", "error", "-count_packets", "-show_entries", fields, "-of", "csv=p=0", str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def tells(path: Path) -> list[str]:
    """Every line that exiftool finds beside what any picture has."""
    found = subprocess.run(["exiftool", "-G1", "-a", "-u", "-s", path], check=True, capture_output=True)
    plain = ("[System]", "[File]", "[ExifTool]", "[JFIF]", "[Composite]", "[PNG]")
    return [line for line in found.stdout.decode(errors="replace").splitlines() if not line.startswith(plain)]


def size(path: Path) -> tuple[int, int]:
    found = subprocess.run(
        ["exiftool", "-s3", "-ImageWidth", "-ImageHeight", path], check=True, capture_output=True, text=True
    )
    width, height = found.stdout.split()
    return int(width), int(height)


def pixels(path: Path, crop: str) -> bytes:
    """Grey values of a part of a picture."""
    command = ["ffmpeg", "-i", str(path), "-vf", crop, "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header says so; its pixels would fill the memory of any phone."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    )
