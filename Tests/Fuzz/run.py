#!/usr/bin/env python3
"""Feeds every parser with bytes that libFuzzer makes up. Usage: run.py SLUICE-FUZZ SECONDS [FILTER]

SECONDS for each parser, two parsers at a time. Seeds are in Corpus/PARSER; what is found beside them is forgotten, but for
what crashes a parser, which is kept in .build-fuzz/found: it belongs into a test, and into the corpus.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
# Leaks are counted for parsers alone: the codec libraries have some of their own.
OPTIONS = ["-max_len=4096", "-timeout=25", "-rss_limit_mb=3000", "-print_final_stats=1", "-verbosity=1"]


# Words that libFuzzer would hardly come upon by itself, by the parsers that they are for.
DICTIONARIES = {
    "manifest-json": "json", "manifest-yaml": "yaml", "frame-options": "json", "chunk-lines": "json", "values": "numbers",
    "y4m": "numbers", "frame-times": "numbers", "chapters": "numbers",
}


def dictionary(name):
    return [f"-dict={os.path.join(HERE, 'Dictionaries', DICTIONARIES[name] + '.dict')}"] if name in DICTIONARIES else []


def fuzz(program, name, seconds, found):
    """A row: what came of a parser."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = os.path.join(HERE, "Corpus", name)
        folders = [folder] + ([seeds] if os.path.isdir(seeds) else [])
        leaks = "0" if name.startswith("config") else "1"
        environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no", "ASAN_OPTIONS": f"detect_leaks={leaks}"}
        command = [program, name, *OPTIONS, *dictionary(name), f"-max_total_time={seconds}", f"-artifact_prefix={found}/{name}-", *folders]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment)
    executions = re.search(r"number_of_executed_units:\s*(\d+)", run.stderr)
    covered = re.findall(r"cov: (\d+)", run.stderr)
    return name, run.returncode, executions and executions[1], covered[-1] if covered else "", run.stderr


def words_of(log):
    """What a crash says of itself."""
    lines = [line for line in log.splitlines() if re.search(r"Fatal error|ERROR|SUMMARY|Test unit written|#[0-9] ", line)]
    return lines[:24] or log.splitlines()[-8:]


def main():
    program, seconds = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    names = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    names = [name for name in names if len(sys.argv) < 4 or sys.argv[3] in name]
    found = os.path.abspath(".build-fuzz/found")
    os.makedirs(found, exist_ok=True)
    began, failed = time.monotonic(), 0
    print(f"{'parser':16} {'inputs':>10} {'covered':>8}  in {seconds} s")
    with ThreadPoolExecutor(2) as pool:
        for name, code, executions, covered, log in pool.map(lambda name: fuzz(program, name, seconds, found), names):
            failed += code != 0
            print(f"{name:16} {executions or '':>10} {covered:>8}  {'clean' if code == 0 else f'FAILED ({code})'}")
            for line in words_of(log) if code else []:
                print(f"    {line}")
            sys.stdout.flush()
    print(f"\n{len(names)} parsers in {time.monotonic() - began:.0f} s: "
          + (f"{failed} failed; what crashed them is in {found}" if failed else "clean"))
    sys.exit(1 if failed or not names else 0)


if __name__ == "__main__":
    main()
