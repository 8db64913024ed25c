"""The reader of printed formulas: what it reads, what it refuses, and what it catches."""
import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from mlebook.catalog import derivations, statements
from mlebook.proof import (
    Definition,
    Derivation,
    DisplayedDefinition,
    Function,
    Index,
    Positive,
    PositiveFunction,
    Real,
    Reals,
    SameMinimiser,
    Simplex,
    Size,
    Step,
    parse,
)
from mlebook.proof import read as reader
from mlebook.proof.derivation import renderer_for
from mlebook.proof.evaluate import Undefined, evaluate
from mlebook.proof.read import ReadingError, check_tex, names_of, read
from mlebook.proof.reading import atoms, grammar, names, tokens
from mlebook.proof.reading.names import spell
from mlebook.proof.reading.tokens import tokenise
from mlebook.proof.refute import differ, samples, tolerance_for
from mlebook.proof.render import Renderer
from mlebook.proof.term import Term, num

GIVEN = (Size("n"), Size("d"), Positive("a"), Positive("b"), Positive("sigma"), Real("mu"),
         Index("i", size="n"), Reals("y"), Reals("X", sizes=("n", "d")),
         Reals("w", sizes=("d",)), Simplex("q", sizes=("n",)), PositiveFunction("p"),
         Function("f", tex=r"f_{{}}\left({}\right)"))
WHERE = (Definition("y_bar", "sum(y[i] for i in n)/n"),
         Definition("r", "y[i] - mu", ("i",), indexed=True))
NAMES = names_of(GIVEN, WHERE)
RENDERER = renderer_for(GIVEN, WHERE)

# --- what is read ------------------------------------------------------------------------

READ = [
    (r"a + b - 2", "a + b - 2"),
    (r"-a b + \mu", "-(a*b) + mu"),
    (r"a - \left(b - \mu\right)", "a - (b - mu)"),
    (r"2 \pi \sigma^{2}", "2*pi*sigma**2"),
    (r"12 \cdot 34", "12*34"),
    (r"a\left(a + b\right)", "a*(a + b)"),
    (r"p\left(a + b\right)", "p(a + b)"),
    (r"f_{\mu}\left(a\right)^{2}", "f(mu, a)**2"),
    (r"h\left(\frac{a}{b}\right)", "h(a/b)"),
    (r"\frac{1}{n} \sum_{i=1}^{n} y_i \sigma + b", "1/n*sum(y[i]*sigma for i in n) + b"),
    (r"\sum_{i=1}^n \sum_{j=1}^d X_{ij} w_j", "sum(sum(X[i, j]*w[j] for j in d) for i in n)"),
    (r"\sum_{t \in \{0, 1\}} t a", "sum(t*a for t in {0, 1})"),
    (r"\sum_{t=0}^{\infty} \frac{a^{t}}{t!}", "sum(a**t/factorial(t) for t in N)"),
    (r"\prod_{i=1}^{n} p\left(y_{i}\right)", "prod(p(y[i]) for i in n)"),
    (r"\log \prod_{i=1}^{n} q_{i}", "log(prod(q[i] for i in n))"),
    (r"\sum_{i=1}^{n} q_i \, \log q_i", "sum(q[i]*log(q[i]) for i in n)"),
    (r"\log\left(a\right) b", "log(a)*b"),
    (r"\log p\left(a\right) - b", "log(p(a)) - b"),
    (r"\int_{-\infty}^{\infty} t \, p\left(t\right) \, \mathrm{d}t + 1",
     "integral(t*p(t) for t in R) + 1"),
    (r"\int_{-\infty}^{\infty} \int_{-\infty}^{\infty} p(s) p(t) \mathrm{d}s \, \mathrm{d}t",
     "integral(integral(p(s)*p(t) for s in R) for t in R)"),
    (r"\frac{\partial}{\partial \mu} \sum_{i=1}^{n} \left(y_{i} - \mu\right)^{2}",
     "diff(sum((y[i] - mu)**2 for i in n), mu)"),
    (r"\frac{\partial}{\partial \mathbf{w}} \left\lVert \mathbf{y} - \mathbf{X} \mathbf{w} "
     r"\right\rVert^{2}", "diff(sqnorm(y - X @ w), w)"),
    (r"2 \mathbf{X}^{\top} \mathbf{y}", "(2*X.T) @ y"),
    (r"\operatorname*{arg\,min}_{\mathbf{w}} \left[a - b\right]", "argmin(w, a - b)"),
    (r"\mathbb{E}\left[y_{1}^{2}\right]", "E(y[1]**2)"),
    (r"\left|a - b\right|^{3}", "abs(a - b)**3"),
    (r"\exp\left(-a\right) \sqrt{b}", "exp(-a)*sqrt(b)"),
    (r"\delta_{n,1} + \delta_{nd}", "delta(n, 1) + delta(n, d)"),
    (r"\bar y + r_{1}", "y_bar + r[1]"),
    (r"\infty", "oo"),
]


@pytest.mark.parametrize("tex, text", READ)
def test_a_formula_is_read_as_a_mathematician_reads_it(tex, text):
    assert reader._same_form(read(tex, NAMES), parse(text))


REFUSED = [
    (r"\log a \, b", "how far does the log reach"),
    (r"\log a \cdot b", "how far does the log reach"),
    (r"\log a \sum_{i=1}^{n} y_{i}", "how far does the log reach"),
    (r"\log a^{2}", "log of a power"),
    (r"\log\left(a\right)^{2}", "log of a power"),
    (r"\frac{\partial}{\partial \mu} \mu a", "how far does the derivative reach"),
    (r"\operatorname*{arg\,min}_{\mu} \mu - a", "how far does the arg min reach"),
    (r"\operatorname*{arg\,min}_{a + b} a", "needs a parameter"),
    (r"\operatorname*{lim}_{a} a", "expected arg min"),
    (r"\operatorname*{arg\,min}_{\mu} -a", "an unknown name"),
    (r"a^{2}^{3}", "second mark"), (r"a!^{2}", "second mark"), (r"a^{2}!", "second mark"),
    (r"\left\lVert \mathbf{y} \right\rVert^{2}^{2}", "second superscript"),
    (r"\left\lVert \mathbf{y} \right\rVert", r"expected \^"),
    (r"\frac{a}{b}^{2}", "power of a fraction"),
    (r"a 2", "needs a dot"), (r"2 \frac{1}{2}", "needs a dot"),
    (r"a + -b", "an unknown name"), (r"a / b", "unknown sign"), (r"a +", "an unknown name"),
    (r"c + a", "an unknown name:  ‸ c"), (r"p + a", r"expected \("), (r"y + a", "expected _"),
    (r"y_{1,2}", "expected 1 index"), (r"X_{123}", "expected 2 index"),
    (r"k + \sum_{k=1}^{n} y_{k}", "an unknown name"),
    (r"\sum_{k=1}^{n} y_{k} + y_{k}", "an unknown name"),
    (r"\sum_{i=2}^{n} y_{i}", "starts at 1"), (r"\sum_{n} a", "below the sign"),
    (r"\int_{-\infty}^{\infty} a", "without its d x"),
    (r"\int_{0}^{\infty} a \mathrm{d}t", "expected"),
    (r"\left(a", r"expected \)"), (r"\left(a\right]", r"expected \)"), (r"a\right)", "cannot go on"),
    (r"\frac{a}{b", "never closed"), (r"a}", "closes nothing"), (r"{a + b} a", "an unknown name"),
    (r"\sqrt", "ends too early"), ("", "an unknown name"), (r"a = b", "cannot go on"),
]


@pytest.mark.parametrize("tex, complaint", REFUSED)
def test_what_is_unclear_or_unknown_is_refused(tex, complaint):
    with pytest.raises(ReadingError, match=complaint):
        read(tex, NAMES)


# --- names that mislead --------------------------------------------------------------------

MISLEADING = [
    ((Positive("s"), Positive("sigma", tex="s")), r"'s' and 'sigma' are both printed as s"),
    ((Positive("sigma"), Positive("v", tex=r"\sigma^2")), r"'v' .* may take for sigma\*\*2"),
    ((Size("n"), Reals("y"), Real("t", tex="y_i")), r"'t' .* may take for y\[i\]"),
    ((Real("a"), Real("b"), Real("c", tex="ab")), r"'c' .* may take for a\*b"),
    ((Positive("sigma"), Function("s", tex=r"\sigma\left({}\right)")), r"'s' .* sigma\*⋆"),
    ((Function("f"), Function("g", tex=r"f\left({}\right)")), r"'g' .* may take for f\(⋆\)"),
    ((Real("theta_hat"), Real("t", tex=r"\hat\theta")), r"both printed as \\hat \\theta"),
]


@pytest.mark.parametrize("hypotheses, complaint", MISLEADING)
def test_two_names_may_not_look_the_same(hypotheses, complaint):
    with pytest.raises(ReadingError, match=complaint):
        names_of(hypotheses)


def test_names_that_only_share_a_letter_are_fine():
    names = names_of((Size("n"), Reals("x"), Real("x_new"), Real("x_bar"), Real("mu_0"),
                      Real("mu"), Positive("h")))
    assert str(read(r"x_{\mathrm{new}} + \bar{x} + \mu_{0} \mu + h \left(x_{1}\right)", names)) \
        == "x_new + x_bar + mu_0*mu + h*x[1]"


def test_a_form_that_drops_an_argument_is_caught():
    hypotheses = (Real("theta"), Real("x"), Function("f", tex=r"f_{\theta}\left({}\right)"))
    term = parse("f(x, theta)")
    with pytest.raises(ReadingError, match=r"reads as f\(x\), but it stands for f\(x, theta\)"):
        check_tex(renderer_for(hypotheses, ()).line(term), term, hypotheses)


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
    assert caught > 100 and caught > 10 * kept


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


@pytest.mark.parametrize("name", [
    "mu", "lam", "y_bar", "w_hat", "x_new", "mu_0", "y_1", "y_12", "theta_hat_n", "w_hat_1", "zeta",
    "Phi", "loss", "lam_tilde", "sigma_p", "p_data"])
def test_reader_and_renderer_agree_on_how_a_name_looks(name):
    assert tokenise(Renderer({}).symbol(name)) == spell(name)


def test_the_reader_shares_no_code_with_the_renderer():
    """It imports neither the renderer nor anything that does."""
    for module in (reader, atoms, grammar, names, tokens):
        source = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
        assert imported.isdisjoint({"render", "display", "derivation"})


# --- comparing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("tex, text", [
    ("b + a", "a + b"), (r"-2 \mathbf{X}^{\top} \mathbf{y}", "-2*(X.T @ y)"), (r"-\infty", "-oo"),
    (r"\operatorname*{arg\,min}_{\mu} \left[b + \mu\right]", "argmin(mu, mu + b)"),
    (r"\sum_{k=1}^{n} y_{k}", "sum(y[i] for i in n)"),
])
def test_a_formula_may_be_printed_in_any_way_that_means_the_same(tex, text):
    check_tex(tex, parse(text), GIVEN, WHERE)


@pytest.mark.parametrize("tex, text", [
    ("a - b", "a + b"), (r"\infty", "-oo"), (r"\infty", "a"), ("a", "b"), ("a", "log(-a)"),
    (r"\operatorname*{arg\,min}_{\mu} \mu", "argmax(mu, mu)"), (r"\mu", "argmin(mu, mu)"),
    (r"\operatorname*{arg\,min}_{\mu} a", "argmin(a, a)"), (r"\mathbf{y}", "y[1]"),
    (r"\operatorname*{arg\,min}_{\mu} \mu^{2}", "argmin(mu, mu**3)"),
    (r"\sum_{k=1}^{n} y_{k} + a", "sum(y[k] + a for k in n)"),
    (r"\mathbf{y} \mathbf{y}", "y*y"),
])
def test_a_formula_that_means_something_else_is_caught(tex, text):
    with pytest.raises(ReadingError, match="it stands for"):
        check_tex(tex, parse(text), GIVEN, WHERE)


def test_a_negative_number_gets_brackets():
    term = Term("mul", (parse("a"), num(-1)))
    check_tex(RENDERER.line(term), term, GIVEN, WHERE)


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
