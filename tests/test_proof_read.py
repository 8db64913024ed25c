"""The reader of printed formulas: what it reads, what it refuses, and what it catches."""
import pytest
from reading_scene import GIVEN, NAMES, RENDERER, WHERE

from mlebook.proof import Function, Positive, Real, Reals, Size, parse
from mlebook.proof import read as reader
from mlebook.proof.derivation import renderer_for
from mlebook.proof.read import ReadingError, check_tex, names_of, read
from mlebook.proof.reading.names import spell
from mlebook.proof.reading.tokens import tokenise
from mlebook.proof.render import Renderer
from mlebook.proof.term import Term, num

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
    (r"\int_{0}^{1} a \mathrm{d}t", "between two numbers"),
    (r"\left(a", r"expected \)"), (r"\left(a\right]", r"expected \)"),
    (r"a\right)", "cannot go on"),
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


@pytest.mark.parametrize("name", [
    "mu", "lam", "y_bar", "w_hat", "x_new", "mu_0", "y_1", "y_12", "theta_hat_n", "w_hat_1", "zeta",
    "Phi", "loss", "lam_tilde", "sigma_p", "p_data"])
def test_reader_and_renderer_agree_on_how_a_name_looks(name):
    assert tokenise(Renderer({}).symbol(name)) == spell(name)


@pytest.mark.parametrize("name", ["y", "w_hat", "lam", "theta_hat", "x_new"])
def test_a_whole_array_is_bold(name):
    hypotheses, term = (Size("n"), Reals(name)), parse(f"sqnorm({name})")
    tex = renderer_for(hypotheses, ()).line(term)
    check_tex(tex, term, hypotheses)
    with pytest.raises(ReadingError, match=r"unknown name|expected _|second subscript"):
        check_tex(tex.replace(r"\mathbf", "").replace(r"\boldsymbol", ""), term, hypotheses)


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
    (r"\prod_{i=1}^{n} q_{i} \, b", "prod(q[i] for i in n)*b"),
])
def test_a_formula_that_means_something_else_is_caught(tex, text):
    with pytest.raises(ReadingError, match="it stands for"):
        check_tex(tex, parse(text), GIVEN, WHERE)


def test_a_negative_number_gets_brackets():
    term = Term("mul", (parse("a"), num(-1)))
    check_tex(RENDERER.line(term), term, GIVEN, WHERE)
