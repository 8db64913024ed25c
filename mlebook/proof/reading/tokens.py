r"""Tokens of a formula.

A group ``{…}`` becomes a tuple, so a formula is a nested tuple of tokens.  Braces around
one token are invisible on paper and vanish: ``\hat{y}`` and ``\hat y`` are the same.
"""
from __future__ import annotations

import re

_TOKEN = re.compile(r"""\\operatorname\*? | \\left\\lVert | \\right\\rVert | \\left\| | \\right\|
    | \\[A-Za-z]+ | \\[,;:!\ {}] | [A-Za-z0-9] | [-+=!^_{}();,|\[\]] | \s+""", re.VERBOSE)
_INVISIBLE = {"\\,", "\\;", "\\:", "\\!", "\\ ", r"\left", r"\right"}


class ReadingError(Exception):
    """A printed formula cannot be read, can be read in two ways, or says something else."""


def tokenise(tex: str) -> tuple:
    r"""The nested tokens of a formula, spaces dropped.

    >>> tokenise(r"\frac{1}{2} \, y_{ij}")
    ('\\frac', '1', '2', 'y', '_', ('i', 'j'))
    """
    stack, position = [[]], 0
    while position < len(tex):
        match = _TOKEN.match(tex, position)
        if match is None:
            raise ReadingError(f"unknown sign {tex[position]!r} in {tex}")
        token, position = match[0], match.end()
        if token == "{":
            stack.append([])
        elif token == "}":
            _close(stack, tex)
        elif token not in _INVISIBLE and not token.isspace():
            stack[-1].append(token)
    if len(stack) != 1:
        raise ReadingError(f"a brace {{ is never closed in {tex}")
    return tuple(stack[0])


def _close(stack: list, tex: str) -> None:
    group = tuple(stack.pop())
    if not stack:
        raise ReadingError(f"a brace }} closes nothing in {tex}")
    stack[-1].append(group[0] if len(group) == 1 else group)


def elements(group) -> tuple:
    """The tokens of an argument, which is one token or a group."""
    return group if isinstance(group, tuple) else (group,)


def show(tokens) -> str:
    """Tokens as text, for messages."""
    return " ".join(t if isinstance(t, str) else f"{{{show(t)}}}" for t in elements(tokens))


def is_digit(token) -> bool:
    return isinstance(token, str) and token.isdigit()


class Cursor:
    """A place in a tuple of tokens."""

    def __init__(self, tokens: tuple):
        self.tokens, self.position = tokens, 0

    def peek(self, ahead: int = 0):
        """The token here (or further on), or None at the end."""
        position = self.position + ahead
        return self.tokens[position] if position < len(self.tokens) else None

    def take(self):
        token = self.peek()
        if token is None:
            self.fail("it ends too early")
        self.position += 1
        return token

    def expect(self, *tokens):
        for token in tokens:
            if self.peek() != token:
                self.fail(f"expected {show(token)}")
            self.position += 1

    def fail(self, problem: str):
        raise ReadingError(f"{problem}: {show(self.tokens[:self.position])} ‸ "
                           f"{show(self.tokens[self.position:])}")
