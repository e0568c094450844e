"""The templates for farms that cannot be had here: checked by their own schemas, and their commands run."""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from rows import EXAMPLES, Row, compared, timed

README = os.path.join(EXAMPLES, "../README.md")
JOBS = {name: os.path.join(EXAMPLES, f"kubernetes/{name}.yaml") for name in ["shards", "join"]}
OPENJD = os.path.join(EXAMPLES, "openjd/template.yaml")
# The first version of Kubernetes that has FailIndex unasked, and the last that the validator knows.
VERSIONS = ["1.29", None]
LIMIT = 60


def tool(name):
    """A command of the Python that runs this, where make farm-setup puts them, or of the path."""
    beside = os.path.join(os.path.dirname(sys.executable), name)
    return beside if os.path.exists(beside) else shutil.which(name)


def lasting_statuses():
    """The exit statuses that would be the same again, as the README's table has them."""
    with open(README, encoding="utf-8") as file:
        return [int(code) for code in re.findall(r"^\| (\d+) \|.*\| no \|$", file.read(), re.MULTILINE)]


def policy_faults(name, job):
    """What is wrong with a job's failure policy: it has to give up on what lasts, and on nothing else."""
    action = {"shards": "FailIndex", "join": "FailJob"}[name]
    rules = [rule["onExitCodes"] for rule in job["spec"]["podFailurePolicy"]["rules"] if rule["action"] == action]
    containers = [container["name"] for container in job["spec"]["template"]["spec"]["containers"]]
    if len(rules) != 1 or rules[0]["operator"] != "In" or rules[0]["containerName"] not in containers:
        return [f"{name}: the rules for exit codes are {rules}"]
    if rules[0]["values"] != lasting_statuses():
        return [f"{name}: {action} at {rules[0]['values']}, but the README has {lasting_statuses()}"]
    return []


@timed
def kubernetes_policies(_):
    title = "Kubernetes: the failure policies"
    try:
        import yaml
    except ImportError:
        return Row(title, skipped="this Python has no PyYAML (make farm-setup)")
    faults = []
    for name, path in JOBS.items():
        with open(path, encoding="utf-8") as file:
            faults += policy_faults(name, yaml.safe_load(file))
    return Row(title, faults=faults)


@timed
def kubernetes_schema(_):
    title = "Kubernetes: its schemas of 1.29 and of today"
    program = tool("kubernetes-validate")
    if not program:
        return Row(title, skipped="there is no kubernetes-validate, which is not in Debian (make farm-setup)")
    faults = []
    for version in VERSIONS:
        choice = ["-k", version] if version else []
        result = subprocess.run([program, "--strict", "--quiet", *choice, *JOBS.values()], capture_output=True, text=True,
                                timeout=LIMIT)
        if result.returncode:
            faults.append((result.stdout + result.stderr).strip())
    return Row(title, faults=faults)


@timed
def kubernetes_commands(work):
    """The pods' commands, run here with a folder in the volume's place, the indexes set as Kubernetes does."""
    title = "Kubernetes: the pods' commands"
    try:
        import yaml
    except ImportError:
        return Row(title, skipped="this Python has no PyYAML (make farm-setup)")
    case = work.case("kubernetes")
    places = {"/farm/plan.json": case.plan, "/farm/out.mp4": case.output, "sluice": work.sluice}

    def pod(name, **variables):
        with open(JOBS[name], encoding="utf-8") as file:
            container = yaml.safe_load(file)["spec"]["template"]["spec"]["containers"][0]
        command = [places.get(word, word) for word in container["command"]]
        result = subprocess.run(command, env={**work.environment, **variables}, capture_output=True, text=True, timeout=LIMIT,
                                stdin=subprocess.DEVNULL)
        return [f"{name} {variables}: status {result.returncode}: {result.stderr.strip()}"] if result.returncode else []

    with ThreadPoolExecutor(2) as pool:
        pods = pool.map(lambda index: pod("shards", JOB_COMPLETION_INDEX=str(index)), range(case.count))
        faults = [fault for found in pods for fault in found]
    return compared(title, case, 0, faults + pod("join"))


@timed
def openjd(work):
    title = "Open Job Description: openjd run"
    program = tool("openjd")
    if not program:
        return Row(title, skipped="there is no openjd-cli, which is not in Debian (make farm-setup)")
    case = work.case("openjd")
    parameters = {"Plan": case.plan, "Output": case.output, "LastSegment": case.count - 1, "Program": work.sluice}
    words = [word for name, value in parameters.items() for word in ("-p", f"{name}={value}")]
    result = subprocess.run([program, "run", OPENJD, "--step", "Join", "--run-dependencies", *words], capture_output=True,
                            text=True, timeout=LIMIT, stdin=subprocess.DEVNULL,
                            env={**work.environment, "TMPDIR": case.folder})
    text = result.stdout + result.stderr
    faults = [f"status {result.returncode}: {text.strip()[-600:]}"] if result.returncode else []
    if "openjd_progress: " not in text:
        faults.append("no line of openjd_progress was seen")
    return compared(title, case, 0, faults)


CASES = {case.__name__.replace("_", " "): case for case in [kubernetes_policies, kubernetes_schema, kubernetes_commands, openjd]}


def rows(work, wanted):
    for name, case in CASES.items():
        if wanted(name):
            try:
                yield case(work)
            except (OSError, KeyError, subprocess.SubprocessError) as error:
                yield Row(name, faults=[f"{type(error).__name__}: {error}"])
