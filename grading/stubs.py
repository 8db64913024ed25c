"""From an answer cell with markers: the model solution, and the stub that a student starts from."""

import ast

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
PLACEHOLDER = "...  # your code"


class StubError(Exception):
    """The markers of an answer cell are wrong; the message says how."""


def parse(code):
    """The syntax tree; a ``StubError`` that shows the line where there is none."""
    try:
        return ast.parse(code)
    except SyntaxError as error:
        raise StubError(f"line {error.lineno} is no Python: {error.msg}") from None


def top_level_names(code):
    """The names that code binds outside functions and classes, in the order of binding."""
    found = []
    for node in parse(code).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                found += [n.id for n in ast.walk(target) if isinstance(n, ast.Name)]
    return list(dict.fromkeys(found))


def split(source):
    """Yield (is solution, lines, indent) for each part of an answer cell, markers left out."""
    inside, lines, indent, regions = False, [], "", 0
    for line in source.splitlines():
        marker = line.strip()
        if marker not in (BEGIN, END):
            if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
                raise StubError(f"a marker stands alone on its line, written {BEGIN}: {line!r}")
            lines.append(line)
            continue
        if (marker == BEGIN) == inside:
            raise StubError(f"{marker} without its partner")
        if inside and not "".join(lines).strip():
            raise StubError(f"nothing between {BEGIN} and {END}")
        yield inside, lines, indent
        inside, lines, indent = not inside, [], line[: len(line) - len(line.lstrip())]
        regions += inside
    if inside:
        raise StubError(f"{BEGIN} without {END}")
    if not regions:
        raise StubError(f"there is no {BEGIN}")
    yield False, lines, ""


def solution(source):
    """The model solution: the cell without its markers."""
    kept = [line for _, lines, _ in split(source) for line in lines]
    return "\n".join(kept).strip("\n")


def placeholder(lines, indent, answers):
    """What a student finds in place of a solution: an ellipsis for each answer, or one line."""
    if indent:
        return [indent + PLACEHOLDER]
    bound = top_level_names("\n".join(lines))
    wanted = [name for name in answers if name in bound]
    if not wanted:
        raise StubError(f"between the markers none of the answers is assigned: {list(answers)}")
    return [f"{name} = ..." for name in wanted]


def stub(source, answers):
    """The cell that a student starts from. It runs, and answers nothing."""
    made = []
    for is_solution, lines, indent in split(source):
        made += placeholder(lines, indent, answers) if is_solution else lines
    return "\n".join(made).strip("\n")
