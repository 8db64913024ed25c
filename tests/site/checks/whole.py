"""All checks of one open page, in the order in which they do not disturb one another."""

from checks import axe
from checks.ask import ask

SHIFT_ALLOWED = 0.05
# Sum of the layout shifts so far; those within half a second of an input do not count.
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  const add = (entries) => entries.forEach((e) => { if (!e.hadRecentInput) sum += e.value; });
  new PerformanceObserver((list) => add(list.getEntries()))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 50);
})"""
# What is drawn only near the screen is drawn now, pictures are fetched, what opens is opened.
UNFOLD = """async () => {
  const style = document.createElement("style");
  style.textContent = "*, ::details-content { content-visibility: visible !important; }";
  document.head.append(style);
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
}"""
SCROLL_THROUGH = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo({ top: y, behavior: "instant" });
    await frame();
    await frame();
  }
  scrollTo({ top: 0, behavior: "instant" });
}"""


def layout_shift(page):
    """Findings: how far things jumped while the page loaded and was scrolled through."""
    page.evaluate(SCROLL_THROUGH)
    shift = page.evaluate(SHIFT)
    return [f"layout shift {shift:.3f}"] if shift > SHIFT_ALLOWED else []


def wake(figure):
    """Come near an interactive figure and wait until it is drawn."""
    figure.scroll_into_view_if_needed()
    figure.locator("svg text").first.wait_for()


def wake_figures(page):
    """Come near each interactive figure of a page."""
    for figure in page.locator("figure.mle-figure").all():
        wake(figure)


def place(page):
    """Findings about where things are, as the window is now."""
    return [*ask(page, "overflow"), *ask(page, "coveredNumbers")]


def resize(page, width, height):
    """Change the window, and wait until the page has followed."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => innerWidth === width", arg=width)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def narrow(page):
    """Findings at 320 px and with letters of twice the size (WCAG 1.4.10 and 1.4.4)."""
    size = page.viewport_size
    resize(page, 320, 640)
    found = [f"at 320 px: {finding}" for finding in place(page)]
    resize(page, 1280, 800)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"with letters twice as large: {finding}" for finding in place(page)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    resize(page, size["width"], size["height"])
    return found


def content(page):
    """Findings that no mode changes."""
    checks = ("pictures", "uniqueIds", "addresses", "head", "motion", "visibleFocus")
    return [finding for check in checks for finding in ask(page, check)]


def findings(visit, mode):
    """Everything that is wrong with an open page in one mode."""
    page = visit.page
    found = layout_shift(page)
    wake_figures(page)
    page.evaluate(UNFOLD)
    found += place(page)
    if mode == "desktop-light":
        found += narrow(page) + content(page)
    # The dark page is the light one in other colours.
    found += axe.violations(page, rules=axe.COLOURS if mode.endswith("dark") else None)
    return visit.outside() + visit.complaints + found
