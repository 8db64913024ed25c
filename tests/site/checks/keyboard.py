"""Walk through a page with the Tab key."""

from checks.ask import ask


def walk(page):
    """Press Tab until the focus leaves the page; findings: what was never reached or not seen."""
    names = ask(page, "numberTabbable")
    page.evaluate("document.activeElement.blur()")
    reached, found = set(), []
    for _ in range(2 * len(names) + 20):  # boxes that scroll take the focus too, by themselves
        page.keyboard.press("Tab")
        focused = ask(page, "focused")
        if focused is None:
            break
        if not focused["seen"]:
            found.append(f"the focus is off the screen: {focused['name']}")
        reached.add(focused["number"])
    else:
        found.append(f"Tab never leaves the page; at last it was at {focused['name']}")
    missed = [name for number, name in enumerate(names) if number not in reached]
    return found + [f"Tab does not reach {name}" for name in missed]
