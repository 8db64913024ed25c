r"""How derivations look: Markdown for the chapters, HTML in a notebook, plain text.

Only verified lines are ever printed with the mark "proved": every function here verifies
first.  A failed verification is shown as a failure, never as a formula with a mark.
"""
from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from html import escape

from . import relations as rel
from .hypotheses import Definition
from .term import parse

STATUS_WORDS = {"proved": "proved", "definition": "definition", "theorem": "by named theorem"}
_TEXT_SIGNS = {rel.AtLeast: ">=", rel.Greater: ">", rel.Limit: "->", rel.ByTheorem: "->"}


@dataclass(frozen=True)
class Equation:
    """One display equation: its TeX, what may be said about it, its address."""

    tex: str
    status: str
    address: str

    def __str__(self) -> str:
        """Markdown of the equation alone."""
        return f"{_mark(self)}\n\n$$\n{self.tex}\n$$\n"


def _mark(equation: Equation) -> str:
    return (f'<div class="proof-step {equation.status}" id="{equation.address}">'
            f'<a class="proof-address" href="#{equation.address}">{equation.address}</a> '
            f'<span class="proof-status">{STATUS_WORDS[equation.status]}</span></div>')


# --- signs ---------------------------------------------------------------------------


def relation_tex(relation: rel.Relation, renderer) -> str:
    match relation:
        case rel.AtLeast():
            return r"\ge"
        case rel.Greater():
            return ">"
        case rel.Attained(unique=False):
            return r"\ni"
        case rel.Limit(variable=variable, to="oo"):
            return rf"\xrightarrow[{renderer.symbol(variable)} \to \infty]{{}}"
        case rel.Limit(variable=variable, to="-oo"):
            return rf"\xrightarrow[{renderer.symbol(variable)} \to -\infty]{{}}"
        case rel.Limit(variable=variable):
            return rf"\xrightarrow[{renderer.symbol(variable)} \downarrow 0]{{}}"
        case rel.ByTheorem(variable=variable):
            return rf"\xrightarrow[{renderer.symbol(variable)} \to \infty]{{\text{{a.s.}}}}"
    return "="


def witness_tex(relation: rel.Relation, renderer) -> str:
    r"""The witnesses of a relation, printed beside the reason as inline mathematics."""
    match relation:
        case rel.SameMinimiser(a=a, c=c):
            return (f"witnesses: the line above is $a$ times this one plus $c$, with "
                    f"$a = {renderer.tex(parse(a))}$ and $c = {renderer.tex(parse(c))}$")
        case rel.AtLeast(certificate=certificate):
            return f"certificate: $0 \\le {renderer.tex(parse(certificate))}$"
        case rel.Attained(certificate=certificate):
            return f"certificate: the excess is ${renderer.tex(parse(certificate))} \\ge 0$"
    return ""


# --- Markdown for the chapters ---------------------------------------------------------


def derivation_markdown(derivation) -> str:
    derivation.verify()
    renderer = derivation.renderer()
    parts = [f'<div class="derivation" id="{derivation.address}">',
             f'<div class="proof-title">{escape(derivation.title)} '
             f'<a class="proof-address" href="#{derivation.address}">{derivation.address}</a>'
             "</div>",
             _given(derivation, renderer),
             *(_display(e.tex) for e in _where_equations(derivation, renderer)),
             _display(renderer.line(derivation.lines[0]))]
    for number, (step, equation) in enumerate(
            zip(derivation.steps, _step_equations(derivation), strict=True), start=1):
        parts.append(_step_header(derivation, number, step, renderer))
        parts.append(_display(equation.tex))
    parts.append("</div>")
    return "\n\n".join(parts) + "\n"


def _given(derivation, renderer) -> str:
    """The hypotheses in words, and where to find definitions shown elsewhere."""
    conditions = [h.condition(lambda text: renderer.tex(parse(text))) for h in derivation.given]
    text = f"Given {'; '.join(conditions)}." if conditions else "No hypothesis is needed."
    elsewhere = [f"${renderer.printed(d.name)}$ is [{d.address}]({page_of(d.address)}#{d.address})"
                 for d in derivation.where if d.address]
    return text + (f" Here {', '.join(elsewhere)}." if elsewhere else "")


def page_of(address: str) -> str:
    """The notebook on which an address stands; its page's slug is the first part."""
    return f"{address.split('.', 1)[0]}.ipynb"


def _where_equations(derivation, renderer) -> list[Equation]:
    return [Equation(definition_tex(d, renderer), "definition", derivation.address)
            for d in derivation.where if not d.address]


def definition_tex(definition: Definition, renderer) -> str:
    renderer = renderer.for_definition(definition.number_parameters())
    head, body = definition.head(), definition.unfolded_body()
    return f"{renderer.line(head)} := {renderer.line(body)}"


def _display(tex: str) -> str:
    return f"$$\n{tex}\n$$"


def _step_header(derivation, number, step, renderer) -> str:
    status = step.relation.status
    address = f"{derivation.address}.{number}"
    witness = witness_tex(step.relation, renderer)
    reason = step.reason + (f" ({witness})" if witness else "")
    return (f'<div class="proof-step {status}" id="{address}">'
            f'<a class="proof-address" href="#{address}">{number}</a> '
            f'<span class="proof-status">{STATUS_WORDS[status]}</span></div>\n\n'
            f"{reason}")


def _step_equations(derivation) -> list[Equation]:
    renderer = derivation.renderer()
    return [Equation(f"{relation_tex(step.relation, renderer)} {renderer.line(step.term)}",
                     step.relation.status, f"{derivation.address}.{number}")
            for number, step in enumerate(derivation.steps, start=1)]


def result_line(derivation) -> Equation:
    derivation.verify()
    renderer = derivation.renderer()
    relation = _composed(derivation)
    first, last = derivation.lines[0], derivation.lines[-1]
    tex = f"{renderer.line(first)} {relation_tex(relation, renderer)} {renderer.line(last)}"
    return Equation(tex, relation.status, derivation.address)


def _composed(derivation) -> rel.Relation:
    """The relation between the first and the last line: at most one may be weaker than =."""
    weak = [s.relation for s in derivation.steps
            if not isinstance(s.relation, (rel.Equal, rel.SameMinimiser, rel.TakeLog))]
    if len(weak) > 1:
        kinds = {type(w) for w in weak}
        if kinds != {rel.AtLeast}:
            raise ValueError(f"{derivation.address}: its first and last line have no one relation")
    return weak[0] if weak else rel.Equal()


def step_line(derivation, number: int) -> Equation:
    derivation.verify()
    if not 1 <= number <= len(derivation.steps):
        raise IndexError(f"{derivation.address} has steps 1 to {len(derivation.steps)}")
    renderer = derivation.renderer()
    step = derivation.steps[number - 1]
    tex = (f"{renderer.line(derivation.lines[number - 1])} "
           f"{relation_tex(step.relation, renderer)} {renderer.line(step.term)}")
    return Equation(tex, step.relation.status, f"{derivation.address}.{number}")


def equations(derivation) -> list[Equation]:
    """All equations that may appear on a page.

    The start (as the statement of the problem), each step, each step with the line above,
    and the result.
    """
    derivation.verify()
    renderer = derivation.renderer()
    found = [Equation(renderer.line(derivation.lines[0]), "definition", derivation.address)]
    found += _where_equations(derivation, renderer)
    found += _step_equations(derivation)
    found += [step_line(derivation, k) for k in range(1, len(derivation.steps) + 1)]
    with suppress(ValueError):  # some chains have no one relation between their ends
        found.append(result_line(derivation))
    return found


# --- definitions -----------------------------------------------------------------------


@dataclass(frozen=True)
class DisplayedDefinition:
    """A definition that a chapter may show by its address."""

    address: str
    title: str
    given: tuple
    definition: Definition
    where: tuple = ()

    def verify(self) -> None:
        """A definition proves nothing; its name must be new and its symbols declared."""
        from .context import Context
        from .derivation import renderer_for
        from .read import check_definition
        from .term import TermError, free_names
        from .translate import undeclared

        body = self.definition.unfolded_body()
        if self.definition.name in free_names(body):
            raise TermError(f"{self.address}: {self.definition.name} is defined by itself")
        context = Context(self.given, self.where)
        missing = set(undeclared(body, context)) - set(self.definition.parameters)
        if missing:
            raise TermError(f"{self.address}: {', '.join(sorted(missing))} not declared")
        known = (*self.where, self.definition)
        tex = definition_tex(self.definition, renderer_for(self.given, known))
        check_definition(self.definition, tex, self.given, known, address=self.address)

    def equations(self) -> list[Equation]:
        from .derivation import renderer_for

        self.verify()
        renderer = renderer_for(self.given, (*self.where, self.definition))
        return [Equation(definition_tex(self.definition, renderer), "definition", self.address)]

    def markdown(self) -> str:
        equation, = self.equations()
        return (f'<div class="proof-step definition" id="{self.address}">'
                f'<a class="proof-address" href="#{self.address}">{self.address}</a> '
                f'<span class="proof-status">definition</span></div>\n\n$$\n{equation.tex}\n$$\n')

    def _repr_html_(self):
        equation, = self.equations()
        return f"<p>{escape(self.title)} <em>(definition)</em></p>\n$${equation.tex}$$"


# --- a notebook and a terminal -----------------------------------------------------------


def derivation_html(derivation) -> str:
    """What a notebook shows: the derivation with its marks, or the step that fails."""
    from .derivation import ProofError

    try:
        derivation.verify()
    except ProofError as error:
        return error_html(error)
    renderer = derivation.renderer()
    rows = [f"<tr><td></td><td>$\\displaystyle {renderer.line(derivation.lines[0])}$</td>"
            "<td></td></tr>"]
    for step, equation in zip(derivation.steps, _step_equations(derivation), strict=True):
        witness = witness_tex(step.relation, renderer)
        rows.append(
            f"<tr><td>{equation.address.rsplit('.', 1)[1]}</td>"
            f"<td style='text-align:left'>$\\displaystyle {equation.tex}$</td>"
            f"<td style='text-align:left'>{step.reason}{'<br>' + witness if witness else ''} "
            f"<em>({STATUS_WORDS[equation.status]})</em></td></tr>")
    return (f"<p><strong>{escape(derivation.title)}</strong> "
            f"<code>{derivation.address}</code></p><p>{_given(derivation, renderer)}</p>"
            f"<table>{''.join(rows)}</table>")


def error_html(error) -> str:
    """A failed step as a readable message instead of a stack trace."""
    verdict = "is false" if error.counterexample else "could not be proved"
    rows = [("line above", error.left), ("this line", error.right), ("reason given", error.reason)]
    if error.residual:
        rows.append(("left over", error.residual))
    if error.counterexample:
        found = error.counterexample
        rows.append(("counterexample", f"{found.values}"))
        rows.append(("what happens", f"{found.complaint}: {found.left} against {found.right}"))
    body = "".join(f"<tr><th style='text-align:left'>{key}</th><td style='text-align:left'>"
                   f"<code>{escape(str(value))}</code></td></tr>" for key, value in rows)
    return (f"<p><strong>✗ Step {error.step} of {error.derivation} {verdict}.</strong></p>"
            f"<table>{body}</table>")


def derivation_text(derivation) -> str:
    derivation.verify()
    lines = [f"{derivation.address}: {derivation.title}", f"    {derivation.lines[0]}"]
    for number, step in enumerate(derivation.steps, start=1):
        sign = _TEXT_SIGNS.get(type(step.relation), "=")
        lines.append(f"  {sign} {step.term}    [{number}] {step.reason} "
                     f"({STATUS_WORDS[step.relation.status]})")
    return "\n".join(lines)
