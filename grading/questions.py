"""Read one question from its cells, and refuse what is not in order."""

import re

from grading import stubs
from grading.exercise import KINDS, TEXT_STUB, Mistake, Question
from grading.stubs import StubError

BRACKETS = re.compile(r"\[\[\s*[A-Za-z_]")
OPTIONS = {  # what a statement may say besides name, title, kind, points and answers
    "numbers": {"tolerance": float},
    "function": {"gradient": bool},
    "formula": {"names": list, "forms": list},
    "derivation": {"steps": list},
    "custom": {},
    "text": {},
}
NEEDED = {  # what a test cell must define, unless it defines judge
    "numbers": {"judge"},
    "function": {"cases"},
    "formula": {"given"},
    "derivation": {"given", "start", "target"},
    "custom": {"judge"},
}
ROLES = {
    "markdown": {"hint", "explanation", "answer", "rubric"},
    "code": {"answer", "mistake", "equivalent", "test"},
}
SINGLE = {"answer", "explanation", "rubric", "test"}


class SourceError(Exception):
    """The source of an exercise is not in order; the message names file, question and cause."""


def refuse_brackets(where, what, text):
    """Only an explanation is rendered; elsewhere brackets would be shown as they are."""
    if BRACKETS.search(text):
        raise SourceError(f"{where}: no [[ ]] in {what}; they are for explanations alone")


def parsed(where, what, code):
    """The names that a cell binds; ``SourceError`` if it is no Python."""
    try:
        return stubs.top_level_names(code)
    except StubError as error:
        raise SourceError(f"{where}: {what}: {error}") from None


def read_head(where, metadata, statement):
    """The statement's own data: title, kind, points, answers, options."""
    head = dict(metadata)
    name = head.pop("question")
    title, kind, points = (head.pop(key, None) for key in ("title", "kind", "points"))
    answers = head.pop("answers", [])
    if kind not in KINDS:
        raise SourceError(f"{where}: kind is one of {', '.join(KINDS)}, not {kind!r}")
    if not isinstance(title, str) or not title.strip() or not statement.strip():
        raise SourceError(f"{where}: a title and a statement are needed")
    if isinstance(points, bool) or not isinstance(points, int | float) or not points > 0:
        raise SourceError(f"{where}: points is a positive number, not {points!r}")
    if not isinstance(answers, list) or not all(
        isinstance(a, str) and a.isidentifier() for a in answers
    ):
        raise SourceError(f"{where}: answers is a list of variable names, not {answers!r}")
    if bool(answers) == (kind == "text") or len(set(answers)) < len(answers):
        raise SourceError(f"{where}: a {kind} question cannot have the answers {answers!r}")
    check_options(where, kind, head)
    refuse_brackets(where, "a statement", statement)
    return {
        "name": name,
        "title": title,
        "kind": kind,
        "points": points,
        "answers": tuple(answers),
        "options": head,
        "statement": statement,
    }


def check_options(where, kind, options):
    """Refuse an option that this kind of question does not know, or of a wrong type."""
    for option, value in options.items():
        wanted = OPTIONS[kind].get(option)
        if wanted is None:
            raise SourceError(f"{where}: a {kind} question has no option {option!r}")
        if not isinstance(value, wanted):
            raise SourceError(f"{where}: {option} is a {wanted.__name__}, not {value!r}")
    least_most = options.get("steps", [1, 1])
    if len(least_most) != 2 or not all(isinstance(n, int) and n > 0 for n in least_most):
        raise SourceError(f"{where}: steps is [least, most], not {least_most!r}")


def by_role(where, kind, cells):
    """The sources of a question's cells, and their metadata, by role."""
    found = {}
    for cell_type, metadata, source in cells:
        role = metadata.get("role")
        if role not in ROLES.get(cell_type, ()):
            known = ", ".join(sorted(ROLES.get(cell_type, ())))
            raise SourceError(f"{where}: a {cell_type} cell has no role {role!r}, but {known}")
        if role == "answer" and (cell_type == "markdown") != (kind == "text"):
            raise SourceError(f"{where}: the answer to a {kind} question is no {cell_type} cell")
        if not source.strip():
            raise SourceError(f"{where}: the {role} is empty")
        if cell_type == "markdown" and role != "explanation":
            refuse_brackets(where, f"the {role}", source)
        extra = set(metadata) - {"role"}
        if role == "mistake":
            extra -= {"name", "share", "hint"}
        if extra:
            raise SourceError(f"{where}: a {role} cell has no {', '.join(sorted(extra))}")
        found.setdefault(role, []).append((metadata, source))
    for role in SINGLE & set(found):
        if len(found[role]) > 1:
            raise SourceError(f"{where}: there are {len(found[role])} cells with role {role}")
    return found


def read_mistakes(where, cells):
    """The listed wrong answers."""
    mistakes = []
    for metadata, source in cells:
        name, share, hint = (metadata.get(key) for key in ("name", "share", "hint"))
        if not isinstance(name, str) or name in [other.name for other in mistakes]:
            raise SourceError(f"{where}: each mistake has a name of its own, not {name!r}")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
            raise SourceError(f"{where}: mistake {name}: 0 <= share < 1, not {share!r}")
        if not isinstance(hint, str) or not hint.strip():
            raise SourceError(f"{where}: mistake {name} lacks its hint")
        mistakes.append(Mistake(name, float(share), hint.strip(), source))
    return tuple(mistakes)


def check_code(where, question):
    """Each answer in code binds what is asked for; the test cells define what they must."""
    answers = {"the solution": question.solution}
    answers |= {f"mistake {mistake.name}": mistake.source for mistake in question.mistakes}
    answers |= {f"equivalent {n}": code for n, code in enumerate(question.equivalents, start=1)}
    answers["the stub"] = question.stub
    for what, code in answers.items():
        missing = set(question.answers) - set(parsed(where, what, code))
        if missing:
            raise SourceError(f"{where}: {what} does not give {', '.join(sorted(missing))}")
        if stubs.BEGIN in code or stubs.END in code:
            raise SourceError(f"{where}: {what} holds a marker of a solution")
    for what, code in (("the test", question.test), ("the hidden test", question.hidden)):
        defined = set(parsed(where, what, code))
        missing = NEEDED[question.kind] - defined
        if code and missing and "judge" not in defined:
            raise SourceError(f"{where}: {what} does not define {', '.join(sorted(missing))}")
    if not question.test and question.kind != "numbers":
        raise SourceError(f"{where}: a {question.kind} question needs a test cell")


def read_question(path, cells, hidden):
    """One question from its cells."""
    (_, metadata, statement), *rest = cells
    where = f"{path}, question {metadata['question']}"
    head = read_head(where, metadata, statement)
    found = by_role(where, head["kind"], rest)
    is_text = head["kind"] == "text"
    missing = {"answer", *(["rubric"] if is_text else [])} - set(found)
    if missing:
        raise SourceError(f"{where}: there is no cell with role {', '.join(sorted(missing))}")
    wrong = {"mistake", "equivalent", "test"} & set(found) if is_text else {"rubric"} & set(found)
    if wrong or (is_text and hidden):
        raise SourceError(
            f"{where}: a {head['kind']} question has no {', '.join(sorted(wrong)) or 'hidden test'}"
        )
    text = {role: found[role][0][1] if role in found else "" for role in SINGLE}
    try:
        solution = text["answer"] if is_text else stubs.solution(text["answer"])
        stub = TEXT_STUB if is_text else stubs.stub(text["answer"], head["answers"])
    except StubError as error:
        raise SourceError(f"{where}: the answer: {error}") from None
    question = Question(
        **head,
        **text,
        hints=tuple(source for _, source in found.get("hint", [])),
        solution=solution,
        stub=stub,
        hidden=hidden,
        mistakes=read_mistakes(where, found.get("mistake", [])),
        equivalents=tuple(source for _, source in found.get("equivalent", [])),
    )
    if not is_text:
        check_code(where, question)
    return question
