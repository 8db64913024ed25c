"""Open a page as a reader would, in one of four modes, and write down what happens."""

from dataclasses import dataclass, field

MODES = {
    "desktop-light": ((1280, 800), "light"),
    "desktop-dark": ((1280, 800), "dark"),
    "phone-light": ((360, 740), "light"),
    "phone-dark": ((360, 740), "dark"),
}
LOCAL = ("http://127.0.0.1", "file:///", "data:", "blob:", "about:")
COMPLAINTS = {"error", "warning", "assert"}


@dataclass
class Visit:
    """An open page, with every address it asked for and every complaint of its console."""

    page: object
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    def __post_init__(self):
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("console", self.note_message)
        self.page.on("response", self.note_status)

    def note_message(self, message):
        if message.type in COMPLAINTS:
            self.complaints.append(f"{message.type}: {message.text}")

    def note_status(self, response):
        if response.status >= 400:
            self.complaints.append(f"status {response.status}: {response.url}")

    def outside(self):
        """Findings: addresses of other hosts that the page asked for."""
        return [f"asks for {url}" for url in self.requests if not url.startswith(LOCAL)]


class Visitor:
    """Keeps one browser context a mode, as their start costs more than a page's."""

    def __init__(self, browser):
        self.browser = browser
        self.contexts = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for context in self.contexts.values():
            context.close()

    def context(self, mode):
        """The context of a mode, made at its first use."""
        if mode not in self.contexts:
            (width, height), scheme = MODES[mode]
            self.contexts[mode] = self.browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                has_touch=mode.startswith("phone"),
                reduced_motion="reduce",  # a colour half-way through its change is no colour
            )
        return self.contexts[mode]

    def open(self, address, mode="desktop-light"):
        """Load a page; close its ``page`` when done."""
        visit = Visit(self.context(mode).new_page())
        visit.page.goto(address, wait_until="load")
        visit.page.evaluate("document.fonts.ready.then(() => true)")
        return visit
