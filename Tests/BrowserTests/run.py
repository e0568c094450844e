#!/usr/bin/env python3
"""Has a browser decode and play every kind of stream that sluice writes. Usage: run.py SLUICE [FILTER]

WebCodecs is given the streams' chunks and configurations as the lines of --chunks have them; what it makes of them has to be,
to the bit, what ffmpeg makes of the same file. Needs chromium-headless-shell or chromium, ffmpeg, and nothing else.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from browser import Browser, BrowserError, find_browser
from checks import color_faults, faults_of_frames, format_of, shape_faults
from server import Server
from streams import CASES, FRAMES, chunk_lines, decodes, ffmpeg_frames, make, make_foreign, sluice_frames

HERE = os.path.dirname(os.path.abspath(__file__))
PAGES = {
    "client": os.path.join(HERE, "client.html"),
    "player": os.path.join(HERE, "../../Examples/webcodecs-player/index.html"),
}


@dataclass
class Row:
    """A line of the table; neither passed nor failed if the browser says that it has no such decoder."""

    title: str
    codec: str
    frames: str
    verdict: str
    faults: list

    @property
    def failed(self):
        return bool(self.faults)

    @property
    def passed(self):
        return not self.faults and not self.verdict.startswith("not in")

    def say(self):
        print(f"{self.title:50} {self.codec:32} {self.frames:>6}  {'FAILED' if self.faults else self.verdict}")
        for fault in self.faults[:6]:
            print(f"    {fault}")
        sys.stdout.flush()


class Runner:
    """One browser, one page, and the streams."""

    def __init__(self, browser, address, folder):
        self.browser, self.address, self.folder = browser, address, folder

    def ask(self, function, **request):
        return self.browser.evaluate(f"{function}({json.dumps(request)})", 40)

    def decode(self, case, **request):
        return self.ask("decode", stream=f"streams/{case.file}", chunks=f"streams/{case.chunks}", **request)

    def decoded(self, case, oracle):
        """The rows of a stream: of all of it, and of each of its lower layers."""
        lines = chunk_lines(case, self.folder)
        codec = lines[0]["decoderConfig"]["codec"]
        answer = self.decode(case)
        if not answer["supported"]:
            yield Row(case.title, codec, "", "not in this browser (isConfigSupported: false)", [])
            return
        if answer["error"] and case.foreign:
            foreign = self.decode(make_foreign(case, self.folder))
            if foreign["error"] == answer["error"]:
                yield Row(case.title, codec, "", "not in this browser (which refuses ffmpeg's own stream, too)", [])
                return
        pixels, hashes, ours = oracle
        pictures = dict(zip(sorted(line["timestamp"] for line in lines), hashes))
        faults = [] if len(hashes) == len(lines) else [f"ffmpeg decodes {len(hashes)} frames of {len(lines)}"]
        faults += [] if ours == hashes else ["sluice decode's pictures are not ffmpeg's"]
        faults += faults_of_frames(answer, lines, pictures, format_of(pixels))
        faults += shape_faults(answer, lines[0]["decoderConfig"]) + color_faults(answer, lines[0]["decoderConfig"])
        faults += self.faults_without_words(case, lines[0]["decoderConfig"])
        faults += self.faults_after_seeking(case, lines, pictures, format_of(pixels))
        yield Row(case.title, codec, str(len(answer["frames"])), f"identical, {format_of(pixels)}", faults)
        for layer in range(case.layers - 1):
            kept = [line for line in lines if line["temporalLayerId"] <= layer]
            part = self.decode(case, maxLayer=layer)
            yield Row(f"  its temporal layers up to {layer}", codec, str(len(part["frames"])), "identical",
                      faults_of_frames(part, kept, pictures, format_of(pixels)))

    def faults_without_words(self, case, config):
        """Where the bitstream itself says the size and the color, it says what our configuration says."""
        answer = self.decode(case, bare=True)
        if not answer["supported"] or not answer["frames"]:
            return [f"without size and color in the configuration: {answer.get('error')}"]
        width, height = answer["frames"][0]["visible"][2:]
        faults = []
        if (width, height) != (config["codedWidth"], config["codedHeight"]):
            faults.append(f"the bitstream's picture is {width}x{height}, by the configuration "
                          f"{config['codedWidth']}x{config['codedHeight']}")
        if config["codec"] != "vp8":
            faults += [f"in the bitstream, {fault}" for fault in color_faults(answer, config)]
        return faults

    def faults_after_seeking(self, case, lines, pictures, pixels):
        """A decoder that begins at the last key chunk has the same pictures."""
        start = max(index for index, line in enumerate(lines) if line["type"] == "key")
        if start == 0:
            return []
        faults = faults_of_frames(self.decode(case, **{"from": start}), lines[start:], pictures, pixels)
        return [f"from chunk {start} on, {fault}" for fault in faults]

    def played(self, title, case, kind, pieces=False, transparent=False):
        """The row of a file in a <video>."""
        codec = chunk_lines(case, self.folder)[0]["decoderConfig"]["codec"]
        answer = self.ask("play", address=f"streams/{case.file}", type=f'{kind}; codecs="{codec}"', pieces=pieces)
        if not answer["supported"]:
            return Row(title, codec, "", "not in this browser (canPlayType: no)", [])
        faults = [answer["error"]] if answer["error"] else []
        if not faults:
            if f"{answer['videoWidth']}x{answer['videoHeight']}" != case.size:
                faults.append(f"it is {answer['videoWidth']}x{answer['videoHeight']}")
            if abs(answer["duration"] - case.frames / 30) > 0.002:
                faults.append(f"it lasts {answer['duration']} s")
            if answer["totalVideoFrames"] != case.frames:
                faults.append(f"{answer['totalVideoFrames']} frames of {case.frames}")
            if (answer["alpha"] < 255) != transparent:
                faults.append(f"the least alpha is {answer['alpha']}")
        return Row(title, codec, str(answer.get("totalVideoFrames", "")), "played to the end", faults)

    def shown_by_player(self, case):
        """The row of a stream in the player of Examples/."""
        address = f"{self.address}/player?stream=streams/{case.file}&chunks=streams/{case.chunks}&play=1"
        title = f"the player, {case.title}"
        codec = chunk_lines(case, self.folder)[0]["decoderConfig"]["codec"]
        self.browser.errors.clear()
        try:
            self.browser.open_page(address)
            self.browser.wait_for("['ended', 'failed'].includes(document.body.dataset.state)", 20)
        except BrowserError as error:
            return Row(title, codec, "", "", [str(error)])
        words = "words: document.querySelector('#message').textContent"
        state = self.browser.evaluate(f"({{...document.body.dataset, {words}}})", 5)
        faults = list(self.browser.errors)
        if state["state"] != "ended" or state["shown"] != str(case.frames) or state["open"] != "0":
            faults.append(json.dumps(state))
        return Row(title, codec, state.get("shown", ""), "shown to the end", faults)


def rows(runner, cases, oracles):
    for case in cases:
        try:
            yield from runner.decoded(case, oracles[case.file].result())
        except (BrowserError, RuntimeError, subprocess.SubprocessError) as error:
            yield Row(case.title, "", "", "", [str(error).split("\n")[0]])
    for case in cases:
        kind = {"mp4": "video/mp4", "webm": "video/webm"}.get(case.file.split(".")[-1])
        if not kind or case.frames == FRAMES:
            continue
        yield runner.played(f"<video>, {case.title}", case, kind, transparent="alpha" in case.title)
        if "--fragment" in case.flags:
            yield runner.played(f"MediaSource, {case.title}", case, kind, pieces=True)
    for case in cases:
        if case.file in ["main.h264", "high.avcc", "vp8.ivf", "vp9p10.ivf", "av1.obu", "h264-turned.h264", "vp9.webm"]:
            yield runner.shown_by_player(case)


def prepare(sluice, case, folder, has_decoder):
    """Makes the stream, and has ffmpeg decode it, and sluice if it can: their pixel format and their pictures."""
    make(sluice, case, folder)
    pixels, hashes = ffmpeg_frames(case, folder)
    return pixels, hashes, sluice_frames(sluice, case, folder) if has_decoder else hashes


def main():
    path = find_browser()
    if not path:
        sys.exit("there is no browser: make browser-setup installs chromium-headless-shell")
    sluice = os.path.abspath(sys.argv[1])
    cases = [case for case in CASES if len(sys.argv) < 3 or sys.argv[2] in f"{case.title} {case.file}"]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Server(PAGES, folder) as server:
        has_decoder = decodes(sluice)
        # Streams are made while the browser decodes those that there are.
        with ThreadPoolExecutor(os.cpu_count() or 2) as pool, Browser(path) as browser:
            oracles = {case.file: pool.submit(prepare, sluice, case, folder, has_decoder) for case in cases}
            browser.open_page(f"{server.address}/client")
            version = browser.call("Browser.getVersion", {}, 10)["product"]
            peer = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout
            print(f"{version}; {peer.split(' Copy')[0]}")
            peers = "ffmpeg's and sluice's pictures" if has_decoder else "ffmpeg's pictures"
            print(f"\n{'stream':50} {'codec string':32} {'frames':>6}  against {peers}")
            passed = failed = 0
            for row in rows(Runner(browser, server.address, folder), cases, oracles):
                row.say()
                passed, failed = passed + row.passed, failed + row.failed
    print(f"\nin {time.monotonic() - began:.0f} s\n{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
