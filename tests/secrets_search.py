"""Look for what must not be published: in files, in zips within zips, in several encodings."""

import base64
import html
import io
import json
import re
import zipfile
from pathlib import Path

SHORTEST = 12  # shorter lines stand everywhere


def members(folder):
    """Yield (name, bytes) of every file, those inside zips and wheels among them."""
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            yield from unpacked(path.relative_to(folder).as_posix(), path.read_bytes())


def unpacked(name, data):
    """The file itself, and what it holds if it is a zip."""
    yield name, data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from unpacked(f"{name}!{inner}", archive.read(inner))


def spellings(marker):
    """A marker as bytes, in the encodings in which it could lie in a file."""
    text = marker.encode()
    yield text
    yield marker.encode("utf-16-le")
    yield text.hex().encode()
    yield text[::-1]
    for shift in range(3):  # base64 looks different at each offset of three bytes
        encoded = base64.b64encode(b"\0" * shift + text)
        yield encoded[4 if shift else 0 : -4]


def where(marker, folder):
    """The files in which a marker lies."""
    wanted = list(spellings(marker))
    return [name for name, data in members(folder) if any(w in data for w in wanted)]


def strings(data):
    """Every string of decoded JSON, at any depth."""
    if isinstance(data, str):
        return [data]
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [text for item in inner for text in strings(item)]


def readable(name, data):
    """The lines that a reader of this file sees, stripped."""
    text = data.decode("utf-8", "ignore")
    if name.endswith((".ipynb", ".json")):
        text = "\n".join(strings(json.loads(text)))
    elif name.endswith(".html"):
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return {line.strip() for line in text.splitlines()}


def lines(*sources):
    """The lines of code that are long enough to tell something."""
    found = {line.strip() for source in sources for line in source.splitlines()}
    return {line for line in found if len(line) >= SHORTEST}


def public_lines(exercise):
    """The lines that everybody may see: statements, stubs, set-up and visible tests."""
    shown = [exercise.intro, exercise.setup]
    for question in exercise.questions:
        shown += [question.statement, *question.hints, question.stub, question.test]
    return lines(*shown)


def hidden_lines(exercise):
    """What nobody may see: hidden tests, listed mistakes, other right answers, rubrics."""
    kept = []
    for question in exercise.questions:
        kept += [question.hidden, question.rubric, *question.equivalents]
        kept += [mistake.source for mistake in question.mistakes]
    return lines(*kept) - public_lines(exercise)


def kept_from_the_book(exercises, sources):
    """The hidden lines of each exercise but those that its chapter or a solution shows anyway."""
    shown = lines(*sources, *(q.solution for e in exercises for q in e.questions))
    return {exercise.slug: hidden_lines(exercise) - shown for exercise in exercises}


def solution_lines(exercise):
    """What a student may not see: solutions and explanations."""
    kept = [text for q in exercise.questions for text in (q.solution, q.explanation)]
    return lines(*kept) - public_lines(exercise)
