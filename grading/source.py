"""Read ``exercises/<slug>/exercise.md`` and its hidden tests, and refuse what is not in order.

``read("squared_error")`` gives an ``Exercise``. With ``hidden=folder`` the hidden tests of
``folder/<slug>/hidden.md`` take the place of the default ones, question by question.
"""

import re
from pathlib import Path

from grading.exercise import Exercise, Mistake, Question
from grading.questions import SourceError, parsed, read_question, refuse_brackets

__all__ = ["Exercise", "Mistake", "Question", "SourceError", "read", "read_all", "slugs"]

EXERCISES = Path(__file__).resolve().parent.parent / "exercises"
NAME = re.compile(r"[a-z][a-z0-9_]*")
CHECK = re.compile(r"^from mlebook\.exercises import .*\bcheck\b", re.MULTILINE)


def cells_of(path):
    """The notebook of a MyST file; its cells as (type, metadata, source)."""
    import jupytext
    from jupytext.myst import MystMetadataParsingError

    if not path.is_file():
        raise SourceError(f"{path}: there is no such file")
    try:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    except (MystMetadataParsingError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: {error}") from None
    cells = [(c.cell_type, dict(c.metadata), c.source.strip("\n")) for c in notebook.cells]
    return notebook.metadata, cells


def grouped(path, cells):
    """The cells before the first question, and for each question its own cells, in order."""
    before, questions = [], []
    for cell in cells:
        kind, metadata, _ = cell
        if "question" in metadata:
            if kind != "markdown":
                raise SourceError(f"{path}: a question begins with markdown, not with code")
            questions.append([cell])
        else:
            (questions[-1] if questions else before).append(cell)
    names = [question[0][1]["question"] for question in questions]
    for name in names:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise SourceError(f"{path}: a question's name is like weighted_sum, not {name!r}")
        if names.count(name) > 1:
            raise SourceError(f"{path}: two questions are called {name}")
    return before, questions


def read_opening(path, metadata, cells):
    """Title, introduction and set-up cell."""
    title = metadata.get("exercise", {}).get("title")
    if not isinstance(title, str) or not title.strip():
        raise SourceError(f"{path}: the front matter lacks exercise: title:")
    intro = [source for kind, _, source in cells if kind == "markdown" and source]
    setup = [source for _, data, source in cells if data.get("role") == "setup"]
    strange = [c for c in cells if c[0] != "markdown" and c[1].get("role") != "setup"]
    if strange or len(setup) != 1 or not intro:
        raise SourceError(
            f"{path}: before the first question stand an introduction in markdown and exactly "
            "one code cell with role: setup"
        )
    if not CHECK.search(setup[0]):
        raise SourceError(f"{path}: the set-up cell lacks from mlebook.exercises import check")
    parsed(path, "the set-up cell", setup[0])
    text = "\n\n".join(intro)
    refuse_brackets(path, "the introduction", text)
    return title, text, setup[0]


def read_hidden(path, names):
    """The hidden tests in a file, by question."""
    if not path.is_file():
        return {}
    _, questions = grouped(path, cells_of(path)[1])
    found = {}
    for (_, metadata, _), *cells in questions:
        name = metadata["question"]
        code = [source for kind, data, source in cells if data.get("role") == "hidden"]
        if name not in names:
            raise SourceError(f"{path}: there is no question {name}, but {', '.join(names)}")
        if len(code) != 1 or [c for c in cells if c[1].get("role") not in {None, "hidden"}]:
            raise SourceError(f"{path}, question {name}: one code cell with role: hidden is needed")
        found[name] = code[0]
    return found


def read(slug, folder=EXERCISES, hidden=None):
    """One exercise. ``hidden`` is a folder whose hidden tests replace the default ones."""
    folder = Path(folder)
    path = folder / slug / "exercise.md"
    metadata, cells = cells_of(path)
    before, questions = grouped(path, cells)
    title, intro, setup = read_opening(path, metadata, before)
    if not questions:
        raise SourceError(f"{path}: there is no question")
    names = [question[0][1]["question"] for question in questions]
    tests = read_hidden(folder / slug / "hidden.md", names)
    if hidden is not None:
        tests |= read_hidden(Path(hidden) / slug / "hidden.md", names)
    made = tuple(
        read_question(path, question, tests.get(name, ""))
        for name, question in zip(names, questions, strict=True)
    )
    refuse_shared_names(path, made)
    return Exercise(slug, title, intro, setup, made)


def refuse_shared_names(path, questions):
    """One notebook is one namespace, marked after its last cell: each answer has its own name."""
    for question in questions:
        for other in questions:
            if other is question or other.kind == "text":
                continue
            bound = set(parsed(path, f"question {other.name}", other.solution))
            shared = sorted(bound & set(question.answers))
            if shared:
                raise SourceError(
                    f"{path}: the answer {shared[0]} of question {question.name} is also "
                    f"assigned in the solution of {other.name}; give it another name"
                )


def slugs(folder=EXERCISES):
    """The names of all exercises, sorted."""
    return sorted(path.parent.name for path in Path(folder).glob("*/exercise.md"))


def read_all(folder=EXERCISES, hidden=None, only=()):
    """All exercises, or those named; an overlay of hidden tests must belong to them."""
    known = slugs(folder)
    unknown = [slug for slug in only if slug not in known]
    if unknown:
        raise SourceError(f"there is no exercise {', '.join(unknown)}, but {', '.join(known)}")
    if hidden is not None:
        overlay = [path.parent.name for path in Path(hidden).glob("*/hidden.md")]
        strange = sorted(set(overlay) - set(known))
        if not overlay or strange:
            raise SourceError(
                f"{hidden} holds no <exercise>/hidden.md"
                if not overlay
                else f"{hidden}: there is no exercise {', '.join(strange)}"
            )
    return [read(slug, folder, hidden) for slug in only or known]
