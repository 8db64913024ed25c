"""Accessibility by axe-core: WCAG 2.2 AA and its best practices."""

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]

# A chapter has 15 000 elements of mathematics, all drawn by the same rules. One formula of each
# kind (colour, size, what it stands in) stays; the others keep their place and lose their insides.
ONE_FORMULA_OF_EACH_KIND = """() => {
  const known = new Set(), rest = [];
  for (const formula of document.querySelectorAll(".katex")) {
    const { color, fontSize } = getComputedStyle(formula);
    const around = formula.parentElement.closest("[class]:not(.katex-display)");
    const kind = [color, fontSize, around?.className].join();
    if (known.has(kind)) rest.push([formula, formula.getBoundingClientRect()]);
    known.add(kind);
  }
  for (const [formula, { width, height }] of rest) {
    formula.replaceChildren();
    formula.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
  }
}"""


def violations(page, within=None, rules=None):
    """Findings of axe in an open page, which is no longer whole afterwards.

    Args:
        page: the open page.
        within: the selector of a part, by default all.
        rules: names of the rules to apply, by default all that carry one of TAGS.
    """
    page.evaluate(ONE_FORMULA_OF_EACH_KIND)
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": rules or TAGS, "resultTypes": ["violations"]}
    result = page.evaluate("([part, options]) => axe.run(part || document, options)",
                           [within, options])
    return [line(found) for found in result["violations"]]


def line(found):
    """One rule that is broken, with the first places."""
    places = "; ".join(" ".join(map(str, node["target"])) for node in found["nodes"][:3])
    return f"axe {found['id']} ({found['impact']}), {len(found['nodes'])} times: {places}"
