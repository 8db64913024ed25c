"""Questions answered with a derivation: steps that the engine verifies one by one."""
from __future__ import annotations

from dataclasses import dataclass, replace

from ..proof import Derivation, EngineError, ProofError, Step
from ..proof import relations as rel
from ..proof.term import EXTREMA, Term, TermError, as_term
from .formula_names import check_declared
from .formula_text import FormulaError, read_formula
from .samples import Samples, Unlike
from .settings import Setting
from .spelling import kept, places, spelling
from .verdicts import RIGHT, AnswerError, TestError, Verdict, mistaken, verdict_of

LEADING = 0.5  # what a correct beginning can earn
STEPS = (1, 20)
OPTIMISATION = {"TakeLog", "SameMinimiser", "Attained", "ByConvexity"}
INEQUALITIES = {"AtLeast", "Greater"}


@dataclass(frozen=True)
class Task:
    """The ends of a derivation and the kinds of steps that lead from one to the other."""

    given: tuple
    where: tuple
    start: Term
    target: Term
    relations: frozenset[str]  # those of the model solution
    whole: bool  # the model solution shows that its minimiser is the only one
    limits: tuple  # what tends where in it

    @classmethod
    def of(cls, setting: Setting, rules: dict) -> Task:
        """The task of a test cell; ``rules`` is what the model solution allows."""
        tests = setting.tests
        return cls(tuple(tests["given"]), tuple(tests.get("where", ())), as_term(tests["start"]),
                   as_term(tests["target"]), frozenset(rules["relations"]), rules["whole"],
                   tuple(map(tuple, rules["limits"])))

    def forbidden(self, relation: rel.Relation) -> str:
        """Why a step of this kind would show something else than the target asks; or ""."""
        kind, used = type(relation).__name__, self.relations
        allowed = {"Equal"} | used
        if used & OPTIMISATION:
            allowed |= OPTIMISATION
        if used & INEQUALITIES:
            allowed |= INEQUALITIES
        if kind not in allowed:
            return f"the relation {kind} does not lead to this target"
        if kind == "Attained" and self.whole and not relation.unique:
            return "show that the minimiser is the only one (unique=True)"
        if kind == "Limit" and (relation.variable, relation.to) not in self.limits:
            return f"nothing is asked about {relation.variable} tending to {relation.to}"
        return ""


@dataclass(frozen=True)
class Failure:
    """The first line that is not right: its number, what is wrong, its formula and relation."""

    leading: int
    text: str
    term: Term | None = None
    relation: rel.Relation | None = None
    manual: bool = False


@dataclass(frozen=True)
class WrongLine:
    """The first wrong line of a listed mistake, with its relation and the witnesses."""

    samples: Samples
    relation: str
    witnesses: dict[str, Samples]

    @classmethod
    def of(cls, task: Task, failure: Failure) -> WrongLine:
        """The wrong line that a failure shows."""
        return cls(_samples(task, failure.term), type(failure.relation).__name__,
                   {field: _samples(task, as_term(text))
                    for field, text in _witnesses(failure.relation).items()})

    def fits(self, failure: Failure) -> bool:
        """Whether a student's first wrong line is this one."""
        if failure.term is None or type(failure.relation).__name__ != self.relation:
            return False
        given = _witnesses(failure.relation)
        try:
            return not self.samples.compare(failure.term) and not any(
                known.compare(as_term(given[field])) for field, known in self.witnesses.items())
        except (Unlike, TermError):
            return False


def _witnesses(relation: rel.Relation) -> dict[str, str]:
    return {field: getattr(relation, field) for field in ("a", "c", "certificate")
            if hasattr(relation, field)}


def _samples(task: Task, term: Term) -> Samples:
    return Samples.of(task.given, task.where, term)


@dataclass(frozen=True)
class Expected:
    """The task and the wrong lines of the listed mistakes."""

    task: Task
    wrongs: tuple[WrongLine, ...]


# --- what is expected -----------------------------------------------------------------------


def expected(setting: Setting) -> Expected:
    """The task, once the solution is verified; each mistake's first wrong line."""
    question = setting.question
    solution = _source_steps(setting, question["solution"])
    task = Task.of(setting, _rules(solution))
    if failure := first_failure(task, solution, _bounds(setting)):
        raise TestError(f"the solution of {question['name']} is not verified: {failure.text}")
    return Expected(task, tuple(_wrong_line(setting, task, m) for m in setting.mistakes))


def _rules(solution: list[Step]) -> dict:
    relations = [step.relation for step in solution]
    return {
        "relations": sorted({type(r).__name__ for r in relations}),
        "whole": all(r.unique for r in relations if isinstance(r, rel.Attained)),
        "limits": sorted([r.variable, r.to] for r in relations if isinstance(r, rel.Limit)),
    }


def _source_steps(setting: Setting, source: str) -> list[Step]:
    try:
        return read_steps(setting.run(source).value(setting.question["answers"][0]))
    except (AnswerError, FormulaError) as error:
        raise TestError(f"steps of the source cannot be used: {error}") from None


def _wrong_line(setting: Setting, task: Task, mistake: dict) -> WrongLine:
    steps = _source_steps(setting, mistake["source"])
    failure = first_failure(task, steps, _bounds(setting))
    if failure is None or failure.term is None:
        raise TestError(f"the mistake {mistake['name']} has no wrong line")
    return WrongLine.of(task, failure)


def to_data(found: Expected) -> dict:
    """The rules, and the wrong lines as values at sampled points."""
    task = found.task
    return {"rules": {"relations": sorted(task.relations), "whole": task.whole,
                      "limits": [list(pair) for pair in task.limits]},
            "wrongs": [{"values": w.samples.values, "relation": w.relation,
                        "witnesses": {f: s.values for f, s in w.witnesses.items()}}
                       for w in found.wrongs]}


def from_data(data: dict, setting: Setting) -> Expected:
    """What ``to_data`` stored."""
    task = Task.of(setting, data["rules"])

    def samples(values):
        return Samples(task.given, task.where, values)

    return Expected(task, tuple(
        WrongLine(samples(w["values"]), w["relation"],
                  {field: samples(values) for field, values in w["witnesses"].items()})
        for w in data["wrongs"]))


# --- reading --------------------------------------------------------------------------------


def read_steps(value) -> list[Step]:
    """The steps that a student gave, each formula and witness read within bounds."""
    if not isinstance(value, list | tuple) or not value or not all(
            isinstance(step, Step) for step in value):
        raise FormulaError("the answer is a list of steps: [Step(formula, reason), …]")
    return [_read_step(number, step) for number, step in enumerate(value, start=1)]


def _read_step(number: int, step: Step) -> Step:
    try:
        witnesses = {field: str(read_formula(text, forms=None))
                     for field, text in _witnesses(step.relation).items()}
        return replace(step, formula=read_formula(step.formula, forms=None),
                       relation=replace(step.relation, **witnesses))
    except FormulaError as error:
        raise FormulaError(f"step {number}: {error}") from None


# --- verifying ------------------------------------------------------------------------------


def first_failure(task: Task, steps: list[Step], bounds: tuple[int, int]) -> Failure | None:
    """The first line that is not verified; None if the derivation is complete."""
    least, most = bounds
    if len(steps) > most:
        return Failure(0, f"{len(steps)} steps; at most {most} are asked for")
    derivation = Derivation("your derivation", "", task.given, task.start, tuple(steps),
                            task.where)
    for number, step in enumerate(steps, start=1):
        found = _failure_of(task, derivation, number)
        if found:
            text, manual = found
            return Failure(number - 1, f"step {number}: {text}", step.term, step.relation, manual)
    if spelling(steps[-1].term) != spelling(task.target):
        return Failure(len(steps) - 1, f"the last line must be {task.target}", steps[-1].term,
                       steps[-1].relation)
    if "Greater" in task.relations and not any(
            isinstance(step.relation, rel.Greater) for step in steps):
        return Failure(0, "the target is strictly smaller: one step must be Greater")
    if _lines_that_count(task, steps) < least:
        return Failure(0, f"show the way: at least {least} steps are asked for, and "
                          "moving signs, factors or summands about is none")
    return None


def _lines_that_count(task: Task, steps: list[Step]) -> int:
    """The lines that say something new, up to the one that gives the answer.

    A line that only moves parts of the line above about is no step, and neither is what
    follows the answer.  Lines that only add something, which the answer drops again, lead
    nowhere: one line besides the answer must take something away.
    """
    if task.start.op in EXTREMA and task.target.op not in EXTREMA:
        answers = [step.term.op not in EXTREMA for step in steps]
    else:
        answers = [spelling(step.term) == spelling(task.target) for step in steps]
    count, known, above = 0, {spelling(task.start)}, places(task.start)
    left, taking = above, 0  # what stands to be simplified, and the lines that did so
    for step in steps[:answers.index(True) + 1]:
        new, here = spelling(step.term) not in known, places(step.term)
        count += new and here != above
        if kept(left, here) != left:
            left, taking = here, taking + 1
        known.add(spelling(step.term))
        above = here
    return count if taking > 1 else min(count, 1)


def _failure_of(task: Task, derivation: Derivation, number: int) -> tuple[str, bool] | None:
    """Why a step fails, and whether a person must look."""
    step = derivation.steps[number - 1]
    if reason := task.forbidden(step.relation):
        return reason, False
    try:
        check_declared(task.given, task.where, step.term)
        derivation.check(number)
    except ProofError as error:
        return _explained(error), error.counterexample is None and error.left != error.right
    except (TermError, FormulaError) as error:
        return str(error)[:300], False
    except (EngineError, ArithmeticError, MemoryError, RecursionError, ValueError, TypeError,
            AttributeError, LookupError):
        return "the engine could not decide it; a person will look at it", True
    return None


def _explained(error: ProofError) -> str:
    if error.counterexample is None:
        if error.left == error.right:
            return "it repeats the line above"
        return f"it could not be proved (left over: {error.residual[:200]})"
    found = error.counterexample
    return (f"it is not true where {found.values}: {found.complaint}: {found.left[:60]} against "
            f"{found.right[:60]}")


def _bounds(setting: Setting) -> tuple[int, int]:
    return tuple(setting.question["options"].get("steps", STEPS))


def judge(setting: Setting, answers, found: Expected) -> Verdict:
    """Full marks if every step is verified and the last line is the target."""
    try:
        steps = read_steps(answers.value(setting.question["answers"][0]))
        failure = first_failure(found.task, steps, _bounds(setting))
    except AnswerError as error:
        return verdict_of(error)
    except FormulaError as error:
        return Verdict(0.0, str(error))
    if failure is None:
        return Verdict(1.0, RIGHT)
    for mistake, wrong in zip(setting.mistakes, found.wrongs, strict=True):
        if wrong.fits(failure):
            return mistaken(mistake)
    share = LEADING * failure.leading / len(steps)
    return Verdict(share, failure.text, manual=failure.manual)
