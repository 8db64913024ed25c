// What the checks in the page share. Each check returns findings: lines of text, none if all is well.
"use strict";
globalThis.Checks = {
  // A name by which a person finds the element on the page.
  name(element) {
    const id = element.id ? `#${element.id}` : "";
    const classes = typeof element.className === "string" ? element.className : "";
    const text = (element.getAttribute("aria-label") || element.textContent || "").trim();
    const short = text.replace(/\s+/g, " ").slice(0, 40);
    return `<${element.localName}${id} class="${classes}"> ${short}`;
  },

  shown(element) {
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  },

  // The nearest box around an element that scrolls sideways by itself.
  scroller(element) {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) return box;
    }
    return null;
  },
};
