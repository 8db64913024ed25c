"""What the trial looks at besides marks: processes, files, network, and what the class is told."""

import csv
import ctypes
import html.parser
import os
import site
import socket
import threading
from pathlib import Path

from grading.tests.attacks.student import PLANT, PORT

ROOT = Path(__file__).resolve().parents[3]
SET_CHILD_SUBREAPER = 36
PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/etc", "/")
CANARY = "CANARY_of_the_hidden_tests"
SECRET = "0.7319264581"  # stands in the data of the hidden tests
# The same in spellings that an attack could bring into a message.
SECRETS = (CANARY, "7319264", "7, 3, 1, 9", "REACHED [")


def adopt_orphans():
    """Whatever the run leaves behind becomes a child of this process, and can be seen."""
    if ctypes.CDLL(None, use_errno=True).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl could not make the trial adopt orphans")


def descendants():
    """Return the command lines of all processes below this one, except those that have ended."""
    parents, commands = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = folder.joinpath("stat").read_text().rpartition(")")[2].split()[:2]
            commands[folder.name] = folder.joinpath("cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if state != "Z":
            parents[folder.name] = parent
    below, found = {str(os.getpid())}, []
    while new := [pid for pid, parent in parents.items() if parent in below and pid not in below]:
        below.update(new)
        found += [f"{pid}: {commands[pid]}" for pid in new]
    return found


class Doorbell:
    """Listens where attacks try to connect, and counts who comes."""

    def __init__(self, port=PORT, name=PLANT):
        """Take the port and the unix socket's name that the attacks know, or others."""
        self.visitors = []
        self._servers = [
            socket.create_server(("0.0.0.0", port)),
            socket.socket(socket.AF_UNIX),
        ]
        self._servers[1].bind(f"\0{name}")
        self._servers[1].listen()

    def __enter__(self):
        for server in self._servers:
            threading.Thread(target=self._listen, args=(server,), daemon=True).start()
        return self

    def __exit__(self, *error):
        for server in self._servers:
            server.close()

    def _listen(self, server):
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            self.visitors.append(str(address))
            connection.close()

    def rings(self):
        """Whether a visitor is noticed at all; a bell that cannot ring proves nothing."""
        before = len(self.visitors)
        port = self._servers[0].getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5) as visitor:
            visitor.recv(1)
        heard = len(self.visitors) > before
        self.visitors.clear()
        return heard


def files_below(folder):
    """Every file below a folder with its size and time; links are not followed."""
    found = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in {".git", "_build", "__pycache__"}]
        for name in names:
            path = os.path.join(place, name)  # noqa: PTH118 (a hundred thousand of them)
            try:
                status = os.lstat(path)
            except OSError:
                continue
            found[path] = (status.st_size, status.st_mtime_ns)
    return found


def snapshot():
    """The files that attacks try to change: package, grader, exercises, environment, home."""
    folders = [ROOT / name for name in ("mlebook", "grading", "exercises", "tools")]
    found = {}
    for folder in [*folders, *map(Path, site.getsitepackages())]:
        found |= files_below(folder)
    for path in Path.home().glob(".*"):
        if path.is_file():
            found[str(path)] = (path.stat().st_size, path.stat().st_mtime_ns)
    return found


def changes(before, after):
    """The files that are new, gone or changed."""
    return sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p))


def plants():
    """Files that an attack left in a place that is open to all."""
    places = [Path(place) for place in (*PLACES, Path.home(), ROOT, ROOT.parent)]
    return [str(path) for place in places for path in place.glob(f"{PLANT}*")]


def leaks(out):
    """Files that a student could see, or that show a student's output, and hold a secret."""
    found = []
    for folder in ("feedback", "autograded", "results"):
        for path in (out / folder).rglob("*"):
            if path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                found += [f"{path.relative_to(out)}: {s}" for s in SECRETS if s in text]
    return found


class Tags(html.parser.HTMLParser):
    """Collects what a browser would run, load or follow."""

    RUNS = frozenset({"script", "iframe", "object", "embed", "form", "base", "svg", "math"})

    def __init__(self):
        super().__init__()
        self.found = []
        self.headings = 0

    def handle_starttag(self, tag, attributes):
        """Look at one tag."""
        self.headings += tag == "h1"
        wrong = tag in self.RUNS
        for name, value in attributes:
            address = (value or "").strip().lower()
            wrong = wrong or name.startswith("on")
            wrong = wrong or (name in {"href", "src"} and ":" in address.split("/")[0])
        if wrong:
            self.found.append(self.get_starttag_text()[:80])


def unsafe_pages(out):
    """Feedback pages in which something foreign would run, load or pass for the page's own."""
    found = []
    for path in (out / "feedback").rglob("*.html"):
        tags = Tags()
        tags.feed(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(out)}: {tag}" for tag in tags.found]
        if tags.headings != 1:
            found.append(f"{path.relative_to(out)}: {tags.headings} first headings")
    return found


def unsafe_tables(out):
    """Cells of the tables that a spreadsheet would run."""
    found = []
    for path in out.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        found += [f"{path.name}: {cell!r}" for cell in cells if cell[:1] in "=+-@\t\r" and cell]
    return found
