"""What the pages and scripts of a site name: the classes, ids, elements that a style can meet."""

import re
from dataclasses import dataclass, field

OPENING = re.compile(r"<([a-zA-Z][\w-]*)")
ATTRIBUTE = re.compile(r"""\s(class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
DATA_ATTRIBUTE = re.compile(r"\s(data-[\w-]+)")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
INLINE_SCRIPT = re.compile(r"<script\b[^>]*>(.+?)</script>", re.DOTALL)
WORD = re.compile(r"-{0,2}[A-Za-z_][\w-]*")


@dataclass
class Names:
    """Names that occur; a word of a script may become any of them."""

    classes: set = field(default_factory=set)
    ids: set = field(default_factory=set)
    elements: set = field(default_factory=lambda: {"html", "head", "body"})
    attributes: set = field(default_factory=set)
    variables: set = field(default_factory=set)
    words: set = field(default_factory=set)

    @classmethod
    def of(cls, pages, scripts):
        """The names in the texts of pages and scripts."""
        names = cls()
        for text in pages:
            names.add_page(text)
        for text in scripts:
            names.add_script(text)
        return names

    def add_page(self, text):
        """Note what the HTML of a page names."""
        self.elements.update(name.lower() for name in set(OPENING.findall(text)))
        for kind, *values in set(ATTRIBUTE.findall(text)):
            (self.classes if kind == "class" else self.ids).update("".join(values).split())
        self.attributes.update(DATA_ATTRIBUTE.findall(text))
        self.variables.update(VARIABLE.findall(text))
        for script in INLINE_SCRIPT.findall(text):
            self.add_script(script)

    def add_script(self, text):
        """Note every word of a script: it may be a class that the script adds."""
        self.words.update(WORD.findall(text))

    def has_class(self, name):
        """Whether an element of a page may have this class."""
        return name in self.classes or name in self.words

    def has_id(self, name):
        """Whether an element of a page may have this id."""
        return name in self.ids or name in self.words

    def has_element(self, name):
        """Whether a page may hold such an element."""
        return name.lower() in self.elements or name.lower() in self.words

    def has_attribute(self, name):
        """Whether an element may have it. Browsers set many themselves, but never data-…."""
        if not name.startswith("data-"):
            return True
        head, *rest = name.removeprefix("data-").split("-")
        in_script = head + "".join(part.capitalize() for part in rest)  # dataset.someName
        return name in self.attributes or name in self.words or in_script in self.words
