"""Can a selector match anything on the pages of a site? In doubt, yes."""

ANY_OF = {"is", "where", "has", "-webkit-any", "-moz-any"}


def split(tokens):
    """The token lists between the commas of a selector list."""
    parts = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def usable(selector, names):
    """Whether every class, id, element and data attribute that a selector asks for occurs.

    Of ``:is(a, b)`` and its like one suffices; what ``:not(…)`` names is not asked for.
    """
    before = None
    for token in selector:
        if not _occurs(token, before, names):
            return False
        before = token.value if token.type == "literal" else None
    return True


def _occurs(token, before, names):
    if token.type == "hash":
        return names.has_id(token.value)
    if token.type == "ident":
        if before == ".":
            return names.has_class(token.value)
        return before == ":" or names.has_element(token.value)
    if token.type == "[] block":
        name = next((part.value for part in token.content if part.type == "ident"), "")
        return names.has_attribute(name)
    if token.type == "function" and token.lower_name in ANY_OF:
        return any(usable(part, names) for part in split(token.arguments))
    return True
