"""A headless Chromium, driven by the Chrome DevTools Protocol through a pipe, with nothing but the standard library."""

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

NAMES = ["chromium-headless-shell", "chromium"]


class BrowserError(Exception):
    """The browser did not do what it was asked: it said so, it ended, or its time was up."""


def find_browser():
    """The path of the browser, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One process with one page. It is a context manager: leaving it ends every process and deletes the profile."""

    LONGEST_MESSAGE = 64 << 20

    def __init__(self, path):
        self.profile = tempfile.mkdtemp(prefix="sluice-browser-")
        # The browser reads commands from its descriptor 3 and answers on 4.
        command_end, self.commands = os.pipe()
        self.answers, answer_end = os.pipe()

        def place_descriptors():
            # Copies far above 3 and 4 first, as one pipe's end may stand where the other's is to go.
            spare = [os.dup2(end, 100 + index, inheritable=False) for index, end in enumerate([command_end, answer_end])]
            for index, end in enumerate(spare):
                os.dup2(end, 3 + index)

        self.log = open(os.path.join(self.profile, "log"), "wb+")
        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--remote-debugging-pipe", f"--user-data-dir={self.profile}",
             "--no-first-run", "--disable-gpu", "--mute-audio", "--autoplay-policy=no-user-gesture-required",
             "--disable-background-networking", "--disable-dev-shm-usage", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True,
            close_fds=False, preexec_fn=place_descriptors,
        )
        os.close(command_end)
        os.close(answer_end)
        self.received = b""
        self.number = 0
        self.errors = []
        self.session = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.commands)
        os.close(self.answers)
        # Its helpers are in the process group that it was started with.
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(10)
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def open_page(self, address, width=1000, height=800, timeout=30):
        """Opens a page of the given size, and makes it the one that everything else is about."""
        target = self.call("Target.createTarget", {"url": "about:blank"}, timeout)["targetId"]
        self.session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True}, timeout)["sessionId"]
        for domain in ["Page", "Runtime"]:
            self.call(f"{domain}.enable", {}, timeout)
        self.call("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}, timeout)
        self.call("Page.navigate", {"url": address}, timeout)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'", timeout)

    def wait_for(self, condition, timeout):
        """Waits until a JavaScript expression is true."""
        deadline = time.monotonic() + timeout
        while not self.evaluate(condition, timeout):
            if time.monotonic() > deadline:
                raise BrowserError(f"after {timeout} s it is not so that {condition}")
            time.sleep(0.05)

    def evaluate(self, expression, timeout):
        """The value of a JavaScript expression, once it has settled."""
        result = self.call("Runtime.evaluate",
                           {"expression": expression, "awaitPromise": True, "returnByValue": True}, timeout)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def call(self, method, parameters, timeout):
        """One command and its answer. What the page throws meanwhile is kept in `errors`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + timeout
        while True:
            answer = json.loads(self._receive(method, deadline))
            if answer.get("method") == "Runtime.exceptionThrown":
                details = answer["params"]["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description") or details["text"])
            if answer.get("id") != self.number:
                continue
            if "error" in answer:
                raise BrowserError(f"{method}: {answer['error']['message']}")
            return answer["result"]

    def _receive(self, method, deadline):
        while b"\0" not in self.received:
            if not select.select([self.answers], [], [], max(0, deadline - time.monotonic()))[0]:
                raise BrowserError(f"{method} was not answered in time")
            data = os.read(self.answers, 1 << 16)
            if not data:
                raise BrowserError(f"the browser ended: {self._last_words()}")
            self.received += data
            if len(self.received) > self.LONGEST_MESSAGE:
                raise BrowserError(f"the answer to {method} has no end")
        message, self.received = self.received.split(b"\0", 1)
        return message

    def _last_words(self):
        self.log.seek(0)
        return self.log.read()[-500:].decode(errors="replace").strip() or "without a word"
