#!/usr/bin/env python3
"""Checks the layout of the sources: arrows between targets and between the folders of a target point one way.

    run.py [ROOT] [--graph]

Reads the types that each Swift file declares and names. Fails if a target of Package.swift depends on one that stands after
it, if a file imports a target that its own does not declare, if the folders of a target use each other in a circle, if a target is
larger than it may be, if one imports Foundation whole, or if a target below the program names one of its flags. --graph prints
the arrows between the targets. Types are matched by name, so that two types of one target must not share a name.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

LARGEST_TARGET = 6000
# Its files are one parser each, of formats that have nothing to do with each other.
UNBOUNDED = {"Bitstream"}
# The program declares the flags, and a batch starts the program with them.
KNOWS_FLAGS = {"SluiceCLI", "Batch"}
# Swift has no operator of two dashes; style sheets have variables.
FLAG = re.compile(r"(?<!var\()--[a-z][\w-]*(?![\w:-])")

DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|final|indirect|nonisolated)\s+)*"
    r"(?:struct|class|enum|protocol|actor|typealias)\s+`?(\w+)",
    re.MULTILINE,
)


def code(text):
    """The text without comments, and of strings only what is interpolated."""
    text = re.sub(r'"""(?:.|\n)*?"""', '""', text)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', lambda match: " ".join(re.findall(r"\\\(([^)]*)\)", match[0])), text)
    return re.sub(r"//[^\n]*", "", text)


def folder(path, target):
    """The folder of a file within its target; files of the target itself are on top of all."""
    parts = path.relative_to(target).parts[:-1]
    return parts[0] if parts else "."


def uses_between_folders(target):
    """For each folder the folders that it uses, with an example: (file, type)."""
    files = {path: code(path.read_text()) for path in sorted(target.rglob("*.swift"))}
    declared = {}
    for path, text in files.items():
        for name in DECLARATION.findall(text):
            declared[name] = folder(path, target)
    uses = collections.defaultdict(dict)
    for path, text in files.items():
        own = folder(path, target)
        for name in set(re.findall(r"\b[A-Z]\w*", text)):
            other = declared.get(name)
            if other and other != own:
                uses[own].setdefault(other, (path.relative_to(target), name))
    return uses


def circle(graph):
    """A circle of the graph as a list of nodes, or None."""
    state, stack = {}, []

    def visit(node):
        state[node] = "open"
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if state.get(other) == "open":
                return stack[stack.index(other):] + [other]
            if other not in state:
                found = visit(other)
                if found:
                    return found
        state[node] = "done"
        stack.pop()
        return None

    for node in sorted(graph):
        if node not in state:
            found = visit(node)
            if found:
                return found
    return None


def targets_of_package(root):
    """The library's and the program's targets, in the order of Package.swift, with what each depends on."""
    manifest = json.loads(subprocess.check_output(["swift", "package", "dump-package"], cwd=root))
    names = [target["name"] for target in manifest["targets"]]
    for target in manifest["targets"]:
        if target["type"] not in ("regular", "executable") or target.get("path"):
            continue
        dependencies = [
            (dependency.get("byName") or dependency.get("target") or [None])[0] for dependency in target["dependencies"]
        ]
        yield target["name"], [name for name in dependencies if name in names]


def undeclared_imports(target, dependencies, names):
    """Imports of our own targets that Package.swift does not declare: whether they build depends on what was built before."""
    for path in sorted(target.rglob("*.swift")):
        for name in re.findall(r"^(?:@\w+ )?(?:\w+ )?import (?:\w+ )?(\w+)", path.read_text(), re.MULTILINE):
            if name in names and name not in dependencies and name != target.name:
                yield f"{target.name}: {path.relative_to(target)} imports {name}, which Package.swift does not declare"


def whole_foundation(target):
    """Imports of all of Foundation, where its small part does: the static one links 40 MB of tables of languages."""
    for path in sorted(target.rglob("*.swift")):
        text = re.sub(r"#if canImport\(FoundationEssentials\)\n.*\n#else\n.*\n#endif", "", path.read_text())
        if re.search(r"^\s*(?:\w+ )?import Foundation$", text, re.MULTILINE):
            yield f"{target.name}: {path.relative_to(target)} imports Foundation: import FoundationEssentials if there is one"


def named_flags(target):
    """Flags in the texts of a target, which has to name settings by their type."""
    for path in sorted(target.rglob("*.swift")):
        text = re.sub(r"(?:^|(?<=\s))//.*", "", path.read_text(), flags=re.MULTILINE)
        for name in FLAG.findall(text):
            yield f"{target.name}: {path.relative_to(target)} names {name}, which only the program knows: interpolate a Setting"


def check(root, targets):
    problems = []
    for name in targets:
        target = root / "Sources" / name
        problems += undeclared_imports(target, targets[name], targets)
        problems += whole_foundation(target)
        problems += named_flags(target) if name not in KNOWS_FLAGS else []
        lines = sum(len(path.read_text().splitlines()) for path in target.rglob("*.swift"))
        if lines > LARGEST_TARGET and name not in UNBOUNDED:
            problems.append(f"{name} has {lines} lines of Swift, more than {LARGEST_TARGET}: split it")
        uses = uses_between_folders(target)
        found = circle({node: set(others) for node, others in uses.items()})
        if found:
            steps = [(a, b, *uses[a][b]) for a, b in zip(found, found[1:])]
            problems += [f"{name}: the folders {' → '.join(found)} use each other in a circle:"]
            problems += [f"    {a} uses {b}: {path} names {type_}" for a, b, path, type_ in steps]
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", default=pathlib.Path(__file__).resolve().parents[2], type=pathlib.Path)
    parser.add_argument("--graph", action="store_true", help="print the arrows between the targets")
    arguments = parser.parse_args()
    targets, problems = {}, []
    for name, dependencies in targets_of_package(arguments.root):
        if arguments.graph and dependencies:
            print(f"{name} → {', '.join(sorted(dependencies))}")
        problems += [
            f"Package.swift: {name} depends on {other}, which stands after it: arrows point down"
            for other in dependencies
            if other not in targets and (arguments.root / "Sources" / other).glob("**/*.swift")
            and any((arguments.root / "Sources" / other).rglob("*.swift"))
        ]
        targets[name] = dependencies
    problems += check(
        arguments.root, {name: uses for name, uses in targets.items() if (arguments.root / "Sources" / name).is_dir()}
    )
    print("\n".join(problems) or f"layers: {len(targets)} targets, every arrow down, no circle of folders")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
