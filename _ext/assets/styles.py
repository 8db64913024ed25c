"""One style sheet out of many, without the rules that no page can use."""

import posixpath
import re

import tinycss2

from assets.selectors import split, usable

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)
IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')]+)["']?\)?\s*;""")
LINK = re.compile(r"""url\(\s*(["']?)(?!data:|https?:|[#/])([^"')]+)\1\s*\)""")
USE = re.compile(r"var\(\s*(--[\w-]+)")
GROUPS = {"media", "supports", "layer", "container"}
# The icon fonts: their name, and the signs that no other font has. icons.css draws the icons.
ICON_FONT = re.compile(r"Font Awesome|var\(--fa-|[\ue000-\uf8ff]")


def read(folder, path):
    """The text of a sheet with what it imports, its links seen from ``_static``."""
    text = COMMENT.sub("", (folder / path).read_text(encoding="utf-8-sig"))
    here = posixpath.dirname(path)

    def imported(match):
        return read(folder, posixpath.normpath(posixpath.join(here, match[1])))

    def seen_from_here(match):
        return f'url("{posixpath.normpath(posixpath.join(here, match[2]))}")'

    return IMPORT.sub(imported, LINK.sub(seen_from_here, text))


def licences(folder, paths):
    """The comments that their authors want kept, each once."""
    texts = [(folder / path).read_text(encoding="utf-8-sig") for path in paths]
    found = [notice for text in texts for notice in LICENCE.findall(text)]
    return list(dict.fromkeys(notice for notice in found if not ICON_FONT.search(notice)))


def one_sheet(folder, paths, names):
    """The sheets of a site as one: in their order, purged, minified."""
    rules = parse("".join(read(folder, path) for path in paths))
    rules = purge(rules, names)
    rules = without_unused_variables(rules, names)
    rules = without_unused_at_rules(rules)
    return "".join(['@charset "UTF-8";\n', *licences(folder, paths), write(rules)])


def parse(text):
    """A list of rules: ``(selectors, declarations)``, or ``(at-rule, rules or text)``."""
    return [rule for node in _nodes(text) for rule in _parsed(node)]


def _nodes(text_or_tokens):
    parse_list = (
        tinycss2.parse_stylesheet if isinstance(text_or_tokens, str) else tinycss2.parse_rule_list
    )
    return parse_list(text_or_tokens, skip_comments=True, skip_whitespace=True)


def _parsed(node):
    """One node of tinycss2 in the form that is purged: a list of one rule, or of none."""
    if node.type == "error":
        return []  # a browser skips it too
    if node.type == "qualified-rule":
        return [(split(node.prelude), _declarations(node.content))]
    name, prelude = node.lower_at_keyword, squeezed(tinycss2.serialize(node.prelude))
    if name == "charset":
        return []
    head = f"@{name} {prelude}".strip()
    if node.content is None:
        return [(head, ";")]
    if name in GROUPS:
        return [(head, [rule for inner in _nodes(node.content) for rule in _parsed(inner)])]
    return [(head, "{" + squeezed(tinycss2.serialize(node.content)) + "}")]


def _declarations(content):
    """Pairs of a property and its value; nested rules stay as they are."""
    nodes = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    pairs = []
    for node in nodes:
        if node.type == "declaration":
            value = squeezed(tinycss2.serialize(node.value)) + "!important" * node.important
            if not ICON_FONT.search(value.replace("\\ ", " ")):
                pairs.append((node.name, value))
        elif node.type != "error":  # a browser skips an error too
            pairs.append(("", squeezed(node.serialize())))
    return pairs


def squeezed(text):
    """CSS with one space where there were many, and none beside commas and braces."""
    parts = re.split(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", text.strip())
    for place in range(0, len(parts), 2):  # strings stay as they are
        parts[place] = re.sub(r"\s*([,{};])\s*", r"\1", re.sub(r"\s+", " ", parts[place]))
    return "".join(parts)


def purge(rules, names):
    """The rules with a selector that something on a page can match."""
    kept = []
    for head, body in rules:
        if isinstance(head, str):
            inner = purge(body, names) if isinstance(body, list) else body
            if inner:
                kept.append((head, inner))
            continue
        selectors = [squeezed(tinycss2.serialize(one)) for one in head if usable(one, names)]
        if selectors and body:
            kept.append((selectors, body))
    return kept


def without_unused_variables(rules, names):
    """The rules without custom properties that nobody reads, directly or through others."""
    while True:
        used = names.variables | names.words | set(USE.findall(write(rules)))
        fewer = _keep_variables(rules, used)
        if fewer == rules:
            return rules
        rules = fewer


def _keep_variables(rules, used):
    kept = []
    for head, body in rules:
        if isinstance(body, str):
            kept.append((head, body))
        elif isinstance(head, str):
            kept.append((head, _keep_variables(body, used)))
        else:
            body = [(name, value) for name, value in body if name[:2] != "--" or name in used]
            kept.append((head, body))
    return [(head, body) for head, body in kept if body]


def without_unused_at_rules(rules):
    """The rules without fonts and animations that no other rule names."""
    text = write([(head, body) for head, body in rules if head != "@font-face"])
    return [rule for rule in rules if _needed(*rule, text)]


def _needed(head, body, text):
    if head == "@font-face":
        family = re.search(r"font-family:\s*[\"']?([^;\"'}]+)", body)[1].strip()
        return family in text
    if isinstance(head, str) and head.startswith("@keyframes"):
        name = re.escape(head.split()[1])
        return bool(re.search(rf"animation(?:-name)?:[^;}}]*(?<![\w-]){name}(?![\w-])", text))
    return True


def write(rules):
    """The rules as text, with nothing that can be left out."""
    return "".join(_written(*rule) for rule in rules)


def _written(head, body):
    if isinstance(head, str):
        return head + (body if isinstance(body, str) else "{" + write(body) + "}")
    declarations = (f"{name}:{value}" if name else value for name, value in body)
    return ",".join(head) + "{" + ";".join(declarations) + "}"
