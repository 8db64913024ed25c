"""How printed formulas are read: tokens, names, and a grammar of ordinary conventions.

Nothing here knows how :mod:`mlebook.proof.render` works; :mod:`mlebook.proof.read` brings
the two together.
"""
