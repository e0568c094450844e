"""The streams that the browser is given, made by sluice, and what ffmpeg decodes of them."""

import base64
import json
import os
import subprocess
from dataclasses import dataclass

FRAMES = 16
SIZE = "192x108"


@dataclass
class Case:
    """A stream: what is in it, the file's name, sluice's flags, and the frames that go in.

    `foreign` is how ffmpeg makes such a stream, for a kind of which a browser may say that it decodes it and then does not.
    """

    title: str
    file: str
    flags: str
    pixels: str = "i420"
    size: str = SIZE
    frames: int = FRAMES
    layers: int = 1
    foreign: str = ""

    @property
    def chunks(self):
        return self.file + ".jsonl"


def _every_codec():
    quick = "--key-frame-interval 8"
    yield Case("H.264 Constrained Baseline", "baseline.h264", f"--codec avc1.42E01E {quick}")
    yield Case("H.264 Main, B-frames", "main.h264", f"--codec avc1.4D401E {quick}")
    yield Case("H.264 High", "high.h264", f"--codec h264 {quick}")
    yield Case("H.264 High, AVCC", "high.avcc", f"--codec h264 {quick}")
    yield Case("H.264 Main, AVCC, avc3", "main.avcc", f"--codec avc3.4D401E {quick}")
    yield Case("H.264 High, realtime", "realtime.h264", "--codec h264 --latency-mode realtime")
    yield Case("H.264 High, odd size cropped", "cropped.h264", "--codec h264 --odd-size crop", size="191x107")
    yield Case("H.264 High, odd size padded", "padded.h264", "--codec h264 --odd-size pad", size="191x107")
    yield Case("H.264 High 4:4:4, odd size", "444odd.h264", "--codec h264 --chroma 444", "i444", "191x107")
    yield Case("H.264 High 4:4:4", "444.h264", f"--codec h264 --chroma 444 {quick}", "i444")
    yield Case("H.264 High 4:2:2", "422.h264", f"--codec h264 --chroma 422 {quick}", "i422")
    yield Case("H.264 High 10", "high10.h264", f"--codec avc1.6E001E --bit-depth 10 {quick}", "i420p10")
    yield Case("H.264 High 10, AVCC", "high10.avcc", "--codec avc1.6E001E --bit-depth 10", "i420p10")
    yield Case("H.264 4:2:2, 10 bits", "422p10.h264", "--codec h264 --chroma 422 --bit-depth 10", "i422p10")
    yield Case("H.264 4:4:4, 10 bits", "444p10.h264", "--codec h264 --chroma 444 --bit-depth 10", "i444p10")
    yield Case("HEVC Main", "main.h265", "--codec hevc")
    yield Case("VP8", "vp8.ivf", f"--codec vp8 {quick}")
    yield Case("VP8, odd size", "vp8odd.ivf", "--codec vp8", size="191x107")
    yield Case("VP9 profile 0", "vp9.ivf", f"--codec vp9 {quick}")
    yield Case("VP9 profile 0, odd size", "vp9odd.ivf", "--codec vp9", size="191x107")
    yield Case("VP9 profile 1, 4:4:4", "vp9444.ivf", "--codec vp9 --chroma 444", "i444")
    yield Case("VP9 profile 1, 4:2:2", "vp9422.ivf", "--codec vp9 --chroma 422", "i422")
    yield Case("VP9 profile 2, 10 bits", "vp9p10.ivf", f"--codec vp9 --bit-depth 10 {quick}", "i420p10")
    yield Case("VP9 profile 2, 12 bits", "vp9p12.ivf", "--codec vp9 --bit-depth 12", "i420p12")
    yield Case("VP9 profile 3, 4:4:4, 10 bits", "vp9444p10.ivf", "--codec vp9 --chroma 444 --bit-depth 10", "i444p10")
    yield Case("AV1 Main", "av1.ivf", f"--codec av1 {quick}")
    yield Case("AV1 Main, OBU", "av1.obu", f"--codec av1 {quick}")
    yield Case("AV1 Main, odd size", "av1odd.ivf", "--codec av1", size="191x107")
    yield Case("AV1 Main, 10 bits", "av1p10.ivf", f"--codec av1 --bit-depth 10 {quick}", "i420p10")
    yield Case("AV1 High, 4:4:4", "av1444.ivf", "--codec av1 --chroma 444", "i444")
    yield Case("AV1 High, 4:4:4, 10 bits", "av1444p10.ivf", "--codec av1 --chroma 444 --bit-depth 10", "i444p10")
    yield Case("AV1 Professional, 4:2:2", "av1422.ivf", "--codec av1 --chroma 422", "i422")
    yield Case("AV1 Professional, 12 bits", "av1p12.ivf", "--codec av1 --bit-depth 12", "i420p12",
               foreign="-pix_fmt yuv420p12le -c:v libaom-av1 -cpu-used 8")


def _layers():
    for codec, file in [("h264", "h264"), ("h264", "avcc"), ("vp8", "ivf"), ("vp9", "ivf"), ("av1", "ivf"), ("av1", "obu")]:
        for layers in [2, 3]:
            yield Case(f"{codec.upper()} L1T{layers}, {file}", f"{codec}-{layers}.{file}",
                       f"--codec {codec} --scalability-mode L1T{layers} --latency-mode realtime", layers=layers)


def _shown():
    """Color, shape and orientation."""
    for codec, extension in [("h264", "h264"), ("vp9", "ivf"), ("av1", "ivf")]:
        yield Case(f"{codec.upper()}, BT.601, full range", f"{codec}-601.{extension}",
                   f"--codec {codec} --color-primaries bt470bg --color-transfer smpte170m --color-matrix bt470bg "
                   "--color-range full")
        yield Case(f"{codec.upper()}, RGB as BT.709", f"{codec}-709.{extension}", f"--codec {codec}", "rgba")
    for codec, extension in [("h264", "h264"), ("av1", "ivf")]:
        yield Case(f"{codec.upper()}, BT.2020, HLG", f"{codec}-hlg.{extension}",
                   f"--codec {codec} --bit-depth 10 --color-primaries bt2020 --color-transfer hlg "
                   "--color-matrix bt2020-ncl", "i420p10")
        yield Case(f"{codec.upper()}, a color without a name", f"{codec}-unnamed.{extension}",
                   f"--codec {codec} --color-primaries 4 --color-transfer 4 --color-matrix 4")
        yield Case(f"{codec.upper()}, P3, sRGB", f"{codec}-p3.{extension}",
                   f"--codec {codec} --color-primaries smpte432 --color-transfer srgb --color-matrix bt709")
    for codec, extension in [("h264", "h264"), ("h264", "mp4"), ("vp8", "ivf"), ("vp9", "ivf"), ("av1", "ivf")]:
        yield Case(f"{codec.upper()} in {extension}, wide samples", f"{codec}-wide.{extension}",
                   f"--codec {codec} --display-size 384x108")
        yield Case(f"{codec.upper()} in {extension}, tall samples, turned", f"{codec}-turned.{extension}",
                   f"--codec {codec} --display-size 192x162 --rotation 90 --flip")


def _contained():
    for codec, extension in [("h264", "mp4"), ("vp9", "mp4"), ("av1", "mp4"), ("vp8", "webm"), ("vp9", "webm"),
                             ("av1", "webm"), ("h264", "mkv")]:
        yield Case(f"{codec.upper()} in {extension}", f"{codec}.{extension}", f"--codec {codec}", frames=24)
    for codec in ["h264", "vp9", "av1"]:
        yield Case(f"{codec.upper()} in mp4, fragments", f"{codec}-fragments.mp4",
                   f"--codec {codec} --fragment --key-frame-interval 20", frames=40)
    yield Case("VP9 in webm, alpha", "vp9-alpha.webm", "--codec vp9 --alpha keep", "i420a", frames=24)
    yield Case("VP8 in webm, alpha", "vp8-alpha.webm", "--codec vp8 --alpha keep", "i420a", frames=24)


CASES = [*_every_codec(), *_layers(), *_shown(), *_contained()]


def make(sluice, case, folder):
    """Makes the stream and its chunks' lines; says why not in an exception."""
    source = subprocess.Popen(
        [sluice, "testsrc", "-s", case.size, "-p", case.pixels, "--frames", str(case.frames)], stdout=subprocess.PIPE)
    encode = subprocess.run(
        [sluice, "encode", "-s", case.size, "-r", "30", "-p", case.pixels, *case.flags.split(), "--quiet",
         "-o", os.path.join(folder, case.file), "--chunks", os.path.join(folder, case.chunks)],
        stdin=source.stdout, stderr=subprocess.PIPE, text=True, timeout=120)
    source.stdout.close()
    if encode.returncode != 0 or source.wait(10) != 0:
        raise RuntimeError(encode.stderr.strip() or "testsrc failed")


def make_foreign(case, folder):
    """The same kind of stream as ffmpeg writes it, with the lines that there would be; in IVF. The case of it."""
    foreign = Case(case.title, "foreign-" + case.file, "")
    path = os.path.join(folder, foreign.file)
    _output(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s={case.size}:r=30", "-frames:v", "4",
             *case.foreign.split(), "-f", "ivf", path])
    with open(path, "rb") as file:
        data = file.read()
    with open(os.path.join(folder, foreign.chunks), "w") as file:
        config, place, index = chunk_lines(case, folder)[0]["decoderConfig"], 32, 0
        while place < len(data):
            size = int.from_bytes(data[place:place + 4], "little")
            line = {"type": "delta" if index else "key", "timestamp": index * 33333, "duration": 33333,
                    "offset": place + 12, "size": size, "temporalLayerId": 0}
            file.write(json.dumps(line if index else {**line, "decoderConfig": config}) + "\n")
            place, index = place + 12 + size, index + 1
    return foreign


def chunk_lines(case, folder):
    with open(os.path.join(folder, case.chunks)) as file:
        return [json.loads(line) for line in file]


def annexb(lines, data):
    """Length-prefixed NAL units with the parameter sets of their description, as a byte stream that ffmpeg reads."""
    sets = _parameter_sets(base64.b64decode(lines[0]["decoderConfig"]["description"]))
    units = [unit for line in lines for unit in _prefixed(data[line["offset"]:line["offset"] + line["size"]], 4)]
    return b"".join(b"\0\0\0\1" + unit for unit in [*sets, *units])


def _parameter_sets(record):
    """The parameter sets of an `avcC` (ISO/IEC 14496-15, 5.3.3.1)."""
    sets, place = [], 5
    for mask in [0x1F, 0xFF]:
        count, place = record[place] & mask, place + 1
        for _ in range(count):
            end = place + 2 + int.from_bytes(record[place:place + 2], "big")
            sets.append(record[place + 2:end])
            place = end
    return sets


def _prefixed(data, width):
    place = 0
    while place < len(data):
        end = place + width + int.from_bytes(data[place:place + width], "big")
        yield data[place + width:end]
        place = end


def ffmpeg_frames(case, folder):
    """The pixel format, and each frame's SHA-256, in the order in which they are shown."""
    path = os.path.join(folder, case.file)
    if case.file.endswith(".avcc"):
        with open(path, "rb") as file:
            data = annexb(chunk_lines(case, folder), file.read())
        path += ".h264"
        with open(path, "wb") as file:
            file.write(data)
    form = ["-f", "obu"] if path.endswith(".obu") else []
    probed = _output(["ffprobe", "-v", "error", *form, "-select_streams", "v", "-show_entries", "stream=pix_fmt",
                      "-of", "default=nw=1:nk=1", path]).strip()
    lines = _output(["ffmpeg", "-v", "error", "-noautorotate", *form, "-i", path, "-map", "0:v:0", "-fps_mode",
                     "passthrough", "-pix_fmt", probed, "-f", "framehash", "-hash", "sha256", "-"]).splitlines()
    return probed, [line.split(",")[-1].strip() for line in lines if not line.startswith("#")]


def decodes(sluice):
    """Whether this sluice has a command that decodes; one that has not takes the word for an input of `encode`."""
    return _output([sluice, "decode", "--help"]).startswith("OVERVIEW: Decodes")


def sluice_frames(sluice, case, folder):
    """Each frame's SHA-256 as sluice decodes it from what the browser is given as well: the stream and its lines."""
    lines = _output([sluice, "decode", os.path.join(folder, case.file), "--chunks", os.path.join(folder, case.chunks),
                     "--format", "framehash", "-o", "-"]).splitlines()
    return [line.split(", ")[3] for line in lines if not line.startswith("#")]


def _output(command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
