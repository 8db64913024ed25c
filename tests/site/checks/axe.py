"""Accessibility by axe-core: WCAG 2.2 AA and its best practices."""

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]

# A chapter has 15 000 elements of mathematics and 2 000 of code, drawn by a few rules. One formula
# and one word of code of each kind (colour, size, what it stands in) stay for axe to look at; the
# formula as a word, since axe does not judge the colour of single letters. The other formulas keep
# their place and lose their insides, the other words become plain text.
ONE_OF_EACH_KIND = """() => {
  const known = new Set();
  const repeats = (element) => {
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const around = element.parentElement.closest("[class]:not(.katex-display)");
    const kind = [element.localName, color, fontSize, fontWeight, around?.className].join();
    return known.has(kind) || !known.add(kind);
  };
  const all = [...document.querySelectorAll(".katex")];
  const formulas = all.filter(repeats);
  const words = [...document.querySelectorAll("pre span:not(:empty)")].filter(repeats);
  const sizes = formulas.map((formula) => formula.getBoundingClientRect());
  formulas.forEach((formula, i) => {
    formula.replaceChildren();
    const { width, height } = sizes[i];
    formula.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
  });
  for (const formula of all) if (!formulas.includes(formula)) formula.textContent = "formula";
  for (const word of words) word.replaceWith(...word.childNodes);
}"""


def violations(page, within=None, rules=None):
    """Findings of axe in an open page, which is no longer whole afterwards.

    Args:
        page: the open page.
        within: the selector of a part, by default all.
        rules: names of the rules to apply, by default all that carry one of TAGS.
    """
    page.evaluate(ONE_OF_EACH_KIND)
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": rules or TAGS, "resultTypes": ["violations"]}
    result = page.evaluate("([part, options]) => axe.run(part || document, options)",
                           [within, options])
    return [line(found) for found in result["violations"]]


def line(found):
    """One rule that is broken, with the first places."""
    places = "; ".join(" ".join(map(str, node["target"])) for node in found["nodes"][:3])
    return f"axe {found['id']} ({found['impact']}), {len(found['nodes'])} times: {places}"
