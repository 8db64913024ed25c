"""Students whose file is the attack: broken and forged notebooks, and what surrounds them."""

import io
import json
import os
import zipfile

from grading import release
from grading.tests.attacks.student import HONEST, PLANT, SLUG, Student

ALL = ("by_hand", "weighted", "log_scale", "outlier")


def edited(edit):
    """Hand in a notebook as JSON after ``edit`` changed it."""

    def change(notebook):
        data = json.loads(release.as_text(notebook))
        return json.dumps(edit(data) or data)

    return change


def raw(content):
    """Hand in these bytes instead of a notebook."""
    return lambda notebook: content


def cell(data, name):
    """The cell of this id."""
    return next(cell for cell in data["cells"] if cell.get("id") == name)


def more_points(data):
    """Claim other points in every cell's metadata."""
    for item in data["cells"]:
        item["metadata"].setdefault("nbgrader", {}).update(points=1000, grade=True)
    data["metadata"]["nbgrader"] = {"score": 1000, "student": "complete"}


def changed_checks(data):
    """Replace set-up and checks by code that claims that all is right."""
    for item in data["cells"]:
        if item["id"] == "setup" or item["id"].endswith("-check"):
            item["source"] = "import builtins\nbuiltins.check = print\nprint('full marks')"
            item["metadata"]["nbgrader"].update(locked=False, solution=True)


def twice(data):
    """Have two cells of one question: the right answer first, a wrong one after it."""
    right = cell(data, "by_hand")
    data["cells"].append({**right, "id": "again", "source": "loc = scale = total = 0.0"})


def many_cells(data):
    """Hide the notebook behind a hundred thousand cells."""
    empty = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": []}
    data["cells"] += [{**empty, "id": f"x{number}"} for number in range(100_000)]


def large_output(data):
    """Store 100 megabytes of output."""
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 100_000_000}
    cell(data, "by_hand")["outputs"] = [output]


def odd_types(data):
    """Put numbers and lists where text belongs."""
    data["cells"] += [None, 7, [], {"cell_type": 3, "source": {"a": 1}}, {"source": [1, None]}]
    data["metadata"] = []


def version_three(data):
    """Hand in the format of ten years ago."""
    cells = [{**c, "input": c["source"]} for c in data["cells"]]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


def zip_of(entries):
    """Return a zip with these names and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def slipping_zip(folder, content):
    """A student's zip whose entries lead out of it."""
    names = [f"../{PLANT}", f"/tmp/{PLANT}", f"../complete/{SLUG}.ipynb", f"..\\{PLANT}"]
    entries = [(name, "{}") for name in names] + [(f"{SLUG}.ipynb", content)]
    (folder / "slipping-zip.zip").write_bytes(zip_of(entries))


def bomb(folder, content):
    """A student's zip that unpacks to gigabytes."""
    zeros = b"\0" * (1 << 20)
    with zipfile.ZipFile(folder / "zip-bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(f"{SLUG}.ipynb", "w", force_zip64=True) as file:
            for _ in range(600):
                file.write(zeros)
        archive.writestr("again.zip", zip_of([("x", zeros)]))


def links(folder, content):
    """Links to another's work, to the machine's files, and round in a circle."""
    place = folder / "symlinks"
    place.mkdir()
    (place / f"{SLUG}.ipynb").symlink_to(folder / "complete" / f"{SLUG}.ipynb")
    (place / "etc").symlink_to("/etc")
    (place / "round").symlink_to(place)


def pipe(folder, content):
    """A named pipe, on which a reader waits for ever."""
    place = folder / "named-pipe"
    place.mkdir()
    os.mkfifo(place / f"{SLUG}.ipynb")


def sparse(folder, content):
    """A file of a hundred gigabytes that takes no space on the disk."""
    place = folder / "sparse-file"
    place.mkdir()
    with (place / f"{SLUG}.ipynb").open("wb") as file:
        file.truncate(100 << 30)


def hostile(name, about, change=release.as_text, **options):
    """A student whose file is meant to do harm."""
    return Student(name, about, change=change, **options)


def nothing(name, about, content):
    """A student who hands in what is no notebook, and deserves nothing."""
    return Student(name, about, change=raw(content), right=())


STUDENTS = [
    hostile("claims-points", "metadata says 1000 points a cell", edited(more_points)),
    hostile("changed-checks", "set-up and checks are replaced", edited(changed_checks)),
    hostile("answers-twice", "two cells of one question", edited(twice), may_lose=("by_hand",)),
    hostile("many-cells", "a hundred thousand cells", edited(many_cells)),
    hostile("large-output", "100 MB of stored output", edited(large_output), may_lose=("by_hand",)),
    hostile("odd-types", "numbers where text belongs", edited(odd_types)),
    Student("version-3", "the format of ten years ago", change=edited(version_three), right=ALL,
            kind=HONEST),
    nothing("no-json", "text that is no JSON", "This is my solution."),
    nothing("empty-file", "an empty file", ""),
    nothing("deep-json", "a hundred thousand brackets", "[" * 100_000 + "]" * 100_000),
    nothing("bracket-flood", "millions of lists", '{"cells": [' + "[[]]," * 3_900_000 + "0]}"),
    nothing("huge-number", "a number of a million digits", '{"cells": ' + "9" * 10**6 + "}"),
    nothing("binary-file", "bytes that are no text", bytes(range(256)) * 100),
    nothing("other-encoding", "UTF-16", "{}".encode("utf-16")),
    nothing("zip-as-notebook", "a zip with a notebook's name", zip_of([("a.ipynb", "{}")])),
    hostile("=cmd|' !A0", "a name that a spreadsheet would run"),
    hostile("@SUM(1+1)*9", "another name that a spreadsheet would run"),
    hostile("<script>alert(1)<⁄script>", "a name that a browser would run"),
    hostile("-rf", "a name that is an option"),
    hostile("%2e%2e%2fcomplete", "a name that leads to another student"),
    hostile("COMPLETE", "a name that differs from another one in case"),
    hostile("e\u0301lodie", "a name in one normal form of Unicode"),
    hostile("\u00e9lodie", "the same name in another normal form"),
    hostile("x" * 200, "a name of 200 letters"),
    hostile("new\nline", "a name of two lines"),
    hostile("other-exercise", "hands in one exercise as another", right=(),
            place="other-exercise/absolute_error.ipynb"),
    hostile("slipping-zip", "a zip that leads out of its folder", hand_in=slipping_zip),
    hostile("zip-bomb", "a zip that unpacks to 600 MB", hand_in=bomb, right=()),
    hostile("symlinks", "links to the work of another student", hand_in=links, right=()),
    hostile("named-pipe", "a pipe that is never written to", hand_in=pipe, right=()),
    hostile("sparse-file", "a file of 100 GB", hand_in=sparse, right=()),
]
