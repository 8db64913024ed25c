"""What a chapter depends on, as one hash, so that only what changed is built again.

A chapter depends on its source, on its exercises, on the builder, and on those modules of mlebook
that its code imports (followed through their own imports) or whose statements it shows. Contents
are hashed, never times: a fresh clone has nothing to rebuild. The pins are not part of it: whether
the stored outputs still hold under other versions is what nbval tells.
"""

import ast
import hashlib
import re
from pathlib import Path

from tools import exercises, setup_cell
from tools.environment import ROOT

BUILDER = (
    *("tools/chapters.py", "tools/rendering.py", "tools/execution.py", "tools/environment.py"),
    *("tools/exercises.py", "grading/source.py", "grading/questions.py", "grading/stubs.py"),
    *("grading/exercise.py", "grading/release.py"),
    *("tools/setup_cell.py", "mlebook/catalog.py"),
)
CODE_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
# The yaml header and the :tag: lines of a cell are not Python.
CELL_HEADER = re.compile(r"\A---\n(?:.*\n)*?---\n|\A(?::.*\n)+")
STATEMENT = re.compile(r"\[\[\s*(\w+)\.")


def normalised(path):
    """The bytes of a file with the line ends of Unix, so that Windows agrees."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def imported_names(code, package="mlebook"):
    """Every dotted name that Python code imports; magics are passed over."""
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:  # execution will report it, with the cell
        return set()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: -(node.level - 1) or None] if node.level else []
            module = ".".join([*parts, *filter(None, [node.module])])
            names |= {f"{module}.{alias.name}" for alias in node.names}
            # "from mlebook import datasets" needs datasets, not all of mlebook
            names |= {module} - {"mlebook"}
    return names


def module_file(name, root):
    """The file of a module of mlebook, or None."""
    base = root.joinpath(*name.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if name.split(".")[0] == "mlebook" and path.is_file():
            return path
    return None


def closure(names, root):
    """The files of mlebook reached from these names through imports.

    The catalog and the bare package load modules by name, which cannot be followed:
    whoever imports them depends on all of mlebook.
    """
    everything = set((root / "mlebook").rglob("*.py"))
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name in {"mlebook", "mlebook.catalog"}:
            return everything
        path = module_file(name, root)
        if path is None or path in found:
            continue
        found.add(path)
        parts = name.split(".")
        waiting += [".".join(parts[:end]) for end in range(2, len(parts))]
        package = name if path.name == "__init__.py" else ".".join(parts[:-1])
        waiting += imported_names(path.read_text(encoding="utf-8"), package)
    return found


def with_exercises(source, root):
    """The source of a chapter together with the sources of its exercises."""
    paths = [exercises.path(slug, root) for slug in exercises.used(source)]
    # One that is missing is reported by the build, with its name
    return "\n".join([source, *(p.read_text(encoding="utf-8") for p in paths if p.is_file())])


def drawn_by(folder):
    """The files beside the modules that make an interactive figure."""
    return {*folder.glob("*.css"), *folder.glob("js/*.js"), *folder.glob("stills/*.svg")}


def dependencies(source, root=ROOT):
    """The files of mlebook on which a chapter's source depends, sorted."""
    files = set()
    for cell in CODE_CELL.findall(source):
        names = imported_names(CELL_HEADER.sub("", cell))
        files |= closure(names, root)
        if "mlebook.interactive" in names:
            files |= drawn_by(root / "mlebook" / "interactive")
    shown = set(STATEMENT.findall(source))
    if shown:
        files |= set((root / "mlebook" / "proof").rglob("*.py"))
    for slug in shown:
        package = (root / "mlebook" / "losses" / slug).glob("*.py")
        for path in (*(root / "mlebook").rglob(f"{slug}.py"), *package):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            files |= closure([name], root)
    if root / "mlebook" / "datasets.py" in files:
        files |= set((root / "mlebook" / "data").glob("*.csv"))
    return sorted(files)


def fingerprint(source, root=ROOT):
    """The hash of all that a chapter is built from."""
    source = with_exercises(source, root)
    digest = hashlib.sha256(source.replace("\r\n", "\n").encode())
    digest.update(setup_cell.repository().encode())
    own = [Path(__file__).parent.parent / name for name in BUILDER]
    for path in [*own, *dependencies(source, root)]:
        digest.update(path.name.encode() + b"\0" + normalised(path) + b"\0")
    return digest.hexdigest()
