"""A simulated phone: a narrow screen, a slow network, a processor at a quarter of its speed."""
from __future__ import annotations

from contextlib import contextmanager

# The network and processor that Lighthouse calls a mid-range phone on slow 4G.
NETWORK = {"offline": False, "latency": 150,
           "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
SCREEN = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75,
          "is_mobile": True, "has_touch": True}

# Notes what the browser reports, and when a formula is first on the screen in its own font.
WATCH = """
window.seen = { fcp: 0, lcp: 0, cls: 0, tbt: 0, maths: 0 };
const each = (type, note) => new PerformanceObserver(list => list.getEntries().forEach(note))
  .observe({ type, buffered: true });
each("paint", entry => {
  if (entry.name === "first-contentful-paint") seen.fcp = entry.startTime;
});
each("largest-contentful-paint", entry => { seen.lcp = entry.startTime; });
each("layout-shift", entry => { if (!entry.hadRecentInput) seen.cls += entry.value; });
each("longtask", entry => { seen.tbt += Math.max(0, entry.duration - 50); });

const onScreen = box => {
  const { top, bottom, width } = box.getBoundingClientRect();
  return width > 0 && bottom > 0 && top < innerHeight;
};
const inItsFont = () => [...document.fonts]
  .some(font => /KaTeX_M/.test(font.family) && font.status === "loaded");
// Only in what is on the screen: to ask where a formula far away is would lay out its section.
const within = (part, selector) => [...part.querySelectorAll(selector)].filter(onScreen);
const look = () => {
  const parts = within(document, ".bd-article > section > *");
  const formula = parts.some(part => within(part, ".katex").length);
  if (formula && inItsFont()) requestAnimationFrame(() => { seen.maths = performance.now(); });
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
SCROLL = """
async () => {
  const rest = () => new Promise(done => setTimeout(done, 60));
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight * 0.8) {
    scrollTo(0, y);
    await rest();
  }
}
"""


class Phone:
    """One phone with its cache. It counts the bytes that it is sent.

    ``slow=False`` leaves network and processor as they are, where only bytes are counted.
    """

    def __init__(self, browser, slow: bool = True):
        self.context = browser.new_context(**SCREEN)
        self.page = self.context.new_page()
        self.page.add_init_script(WATCH)
        self.sent = 0
        wire = self.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._count)
        if slow:
            wire.send("Network.emulateNetworkConditions", NETWORK)
            wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def _count(self, event):
        self.sent += event["encodedDataLength"]

    def visit(self, address: str, quiet: int = 2_500) -> dict:
        """Open a page and wait ``quiet`` more milliseconds; what was seen, in milliseconds."""
        self.page.goto(address, wait_until="load", timeout=120_000)
        self.page.wait_for_timeout(quiet)
        return self.page.evaluate("seen")

    def read_through(self) -> None:
        """Scroll to the end, so that pictures load that wait for the reader."""
        self.page.evaluate(SCROLL)
        self.page.wait_for_load_state("networkidle")


@contextmanager
def phone(browser, slow: bool = True):
    """A phone with an empty cache, put away at the end."""
    device = Phone(browser, slow)
    try:
        yield device
    finally:
        device.context.close()
