"""Printing and reading back: every page of the book, any formula, a renderer with mistakes."""
import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp
from reading_scene import GIVEN, NAMES, RENDERER, WHERE

from mlebook.catalog import derivations, statements
from mlebook.proof import (
    Definition,
    Derivation,
    DisplayedDefinition,
    Real,
    Reals,
    SameMinimiser,
    Size,
    Step,
    parse,
)
from mlebook.proof import read as reader
from mlebook.proof.evaluate import Undefined, evaluate
from mlebook.proof.read import ReadingError, check_tex, names_of, read
from mlebook.proof.reading import atoms, grammar, names, tokens
from mlebook.proof.refute import differ, samples, tolerance_for
from mlebook.proof.render import Renderer
from mlebook.proof.term import Term, num

# --- every statement of the book -------------------------------------------------------------


def printed_terms(statement):
    """Each term a statement prints, with its LaTeX."""
    if isinstance(statement, DisplayedDefinition):
        return []
    lines = list(statement.lines)
    for step in statement.steps:
        lines += [parse(getattr(step.relation, field)) for field in ("a", "c", "certificate")
                  if hasattr(step.relation, field)]
    return [(statement.renderer().line(line), line) for line in lines]


@pytest.mark.parametrize("address", statements())
def test_every_statement_reads_as_it_was_written(address):
    statement = statements()[address]
    for tex, term in printed_terms(statement):
        check_tex(tex, term, statement.given, statement.where)
    if isinstance(statement, DisplayedDefinition):
        statement.verify()


def without_one_bracket(tex):
    r"""The formula without each of its \left( \right) pairs in turn."""
    marks = list(re.finditer(r"\\left\(|\\right\)", tex))
    open_marks = []
    for mark in marks:
        if mark[0] == r"\left(":
            open_marks.append(mark)
        else:
            opener = open_marks.pop()
            inside = tex[opener.end():mark.start()]
            yield f"{tex[:opener.start()]} {inside} {tex[mark.end():]}"


def test_a_lost_bracket_on_any_page_is_caught_or_was_not_needed():
    caught = kept = 0
    for derivation in derivations():
        names = names_of(derivation.given, derivation.where)
        for tex, term in printed_terms(derivation):
            for damaged in without_one_bracket(tex):
                try:
                    found = read(damaged, names)
                except ReadingError:
                    caught += 1
                    continue
                if reader._same_form(found, term):
                    kept += 1
                    assert worth_the_same(found, term, derivation.given, derivation.where)
                else:
                    caught += 1
    assert caught > 100 and caught > 5 * kept  # most that were not needed: log of a fraction


def worth_the_same(found, term, hypotheses, definitions):
    """An opinion on two terms that does not come from the reader: their values."""
    if term.op in ("argmin", "argmax"):
        found, term = found.args[1], term.args[1]
    with mp.workdps(30):
        for _, env in samples(hypotheses, definitions, str(term), 3):
            try:
                if differ(evaluate(term, env), evaluate(found, env), tolerance_for(term)):
                    return False
            except Undefined:
                continue
    return True


# --- a renderer that makes mistakes -------------------------------------------------------------


class Careless(Renderer):
    """A renderer that forgets the brackets that precedence asks for."""

    def tex(self, term, level=0):
        return super().tex(term)


NEEDS_BRACKETS = [
    "(a + b)*mu", "a - (b - mu)", "a - (b + mu)", "-(a + b)", "(a + b)**2", "(a*b)**2", "(-a)**2",
    "(a**b)**2", "(a/b)**2", "factorial(a + b)", "factorial(a*b)", "sum(y[i] - mu for i in n)",
    "prod(a + y[i] for i in n)", "sum((y[i] - mu)**2 for i in n)", "sum(y[i] for i in n)**2",
    "diff(a*mu, mu)", "diff(a + mu, mu)", "a*(-b)", "(X @ X.T).T", "sqnorm(y)**2",
]


@pytest.mark.parametrize("text", NEEDS_BRACKETS)
def test_a_renderer_without_brackets_is_caught(text):
    term = parse(text)
    check_tex(RENDERER.line(term), term, GIVEN, WHERE)
    with pytest.raises(ReadingError):
        check_tex(Careless(RENDERER.tex_names, RENDERER.vectors).line(term), term, GIVEN, WHERE)


def test_verification_fails_if_the_renderer_forgets_brackets(monkeypatch):
    derivation = Derivation(
        "demo.brackets", "A square", given=(Real("mu"), Real("a")), start="(mu + a)**2",
        steps=(Step("mu**2 + 2*mu*a + a**2", "multiply out"),))
    derivation.verify()
    original = Renderer.tex
    monkeypatch.setattr(Renderer, "tex", lambda self, term, level=0: original(self, term))
    again = derivation.with_step(1, reason="the same, not yet verified")
    with pytest.raises(ReadingError, match=r"demo\.brackets: .* it stands for"):
        again.verify()


def exponential():
    """A derivation whose lines need no bracket, but whose witness c does."""
    return Derivation(
        "demo.witness", "A shift", given=(Real("mu"), Real("a"), Real("b")),
        start="argmin(mu, exp(mu) + a - b + 1)",
        steps=(Step("argmin(mu, exp(mu))", "the rest is free of the parameter",
                    SameMinimiser("1", "a - (b - 1)")),))


def test_verification_reads_the_witnesses_too(monkeypatch):
    exponential().verify()
    original = Renderer.tex
    monkeypatch.setattr(Renderer, "tex", lambda self, term, level=0: original(self, term))
    again = exponential().with_step(1, reason="the same, not yet verified")
    for line in again.lines:
        reader.check_reading(line, again)
    with pytest.raises(ReadingError, match=r"a - b - 1 reads as"):
        again.verify()


def test_the_definitions_on_a_page_are_read(monkeypatch):
    """A parameter y is a number even where y is a vector: its definition is not bold."""
    density = Definition("p", "exp(-abs(y - mu))/2", ("y", "mu"))
    hypotheses = (Size("n"), Reals("y"), Real("mu"))
    shown = DisplayedDefinition("demo.density", "A density", hypotheses, density)
    derivation = Derivation(
        "demo.log", "A log", given=hypotheses, where=(density,),
        start="log(p(y[1], mu)*p(mu, mu))",
        steps=(Step("log(p(y[1], mu)) + log(p(mu, mu))", "the log of a product"),))
    shown.verify()
    derivation.verify()
    monkeypatch.setattr(Renderer, "for_definition", lambda self, parameters: self)
    with pytest.raises(ReadingError, match=r"demo\.density: .*mathbf.* an unknown name"):
        shown.verify()
    with pytest.raises(ReadingError, match=r"demo\.log, definition of p: .*mathbf"):
        derivation.with_step(1, reason="the same, not yet verified").verify()


def test_the_reader_shares_no_code_with_the_renderer():
    """It imports neither the renderer nor anything that does."""
    for module in (reader, atoms, grammar, names, tokens):
        source = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
        assert imported.isdisjoint({"render", "display", "derivation"})


# --- any formula whatever ----------------------------------------------------------------------


def call(function, *arguments):
    return Term("call", (function, *arguments))


LEAVES = [parse(t) for t in (
    "a", "b", "sigma", "mu", "n", "pi", "0", "1", "2", "12", "1/2", "y[1]", "X[1, 1]", "q[n]",
    "y_bar", "r[1]", "y[y[1]]", "X[n, 1 + 1]", "i", "sqnorm(y)", "sqnorm(y - X @ w)",
    "sqnorm(-y)", "sqnorm((X @ X.T) @ y)", "sqnorm(X @ (2*w))", "sqnorm((a + b)*y)")]
BINARY = ["add", "sub", "mul", "mul", "div", "pow", "f", "delta"]
UNARY = ["neg", "log", "log", "exp", "sqrt", "abs", "h", "factorial", "E", "p", "diff"]
BINDERS = [("sum", parse("n")), ("prod", parse("d")), ("integral", parse("R")),
           ("sum", parse("N")), ("sum", Term("set", (num(0), parse("a"))))]


EVERY_KIND = ["leaf", *BINARY, *UNARY, *BINDERS]
QUICK_TO_EVALUATE = ["leaf", "add", "sub", "mul", "mul", "div", "neg", "log", "abs", BINDERS[0]]


@st.composite
def formulas(draw, kinds=EVERY_KIND, depth=4):
    """Formulas built from some kinds of nodes."""
    kind = draw(st.sampled_from(kinds)) if depth else "leaf"
    if kind == "leaf":
        return draw(st.sampled_from(LEAVES))
    inside = draw(formulas(kinds, depth - 1))
    if kind in BINDERS:
        return Term(kind[0], (draw(st.sampled_from("ijt")), kind[1], inside))
    if kind in BINARY:
        pair = (inside, draw(formulas(kinds, depth - 1)))
        return call(kind, *pair) if kind in ("f", "delta") else Term(kind, pair)
    if kind == "diff":
        return Term("diff", (inside, draw(st.sampled_from([parse("mu"), parse("y[1]")]))))
    return Term("neg", (inside,)) if kind == "neg" else call(kind, inside)


LINES = formulas() | st.builds(lambda kind, body: Term(kind, ("mu", body)),
                               st.sampled_from(["argmin", "argmax"]), formulas())


@given(LINES)
def test_any_formula_is_printed_so_that_it_reads_as_itself(term):
    found = read(RENDERER.line(term), NAMES)
    assert reader._same_form(found, term)


@given(formulas(QUICK_TO_EVALUATE))
def test_without_brackets_a_formula_is_refused_or_differs_or_needed_none(term):
    """The reader has its own opinion: it never puts back what the renderer dropped."""
    bare = Careless(RENDERER.tex_names, RENDERER.vectors).line(term)
    if bare == RENDERER.line(term):
        return
    try:
        found = read(bare, NAMES)
    except ReadingError:
        return
    if reader._same_form(found, term):
        assert worth_the_same(found, term, GIVEN, WHERE)
