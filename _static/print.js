// Before printing: light colours, everything open, wide formulas measured. After it: all as before.
"use strict";

(() => {
  const undo = [];

  // Set an attribute now, and what it was when the printing is over.
  function lend(element, name, value) {
    const before = element.getAttribute(name);
    undo.push(() => {
      if (before === null) element.removeAttribute(name);
      else element.setAttribute(name, before);
    });
    element.setAttribute(name, value);
  }

  // How wide a formula is, in units of its font. (KaTeX's root signs reach far out of its box,
  // but its parts in a row, "bases", are as wide as what one sees.)
  function widthOf(formula) {
    const parts = [...formula.querySelectorAll(":scope > .katex > .katex-html > .base")];
    const boxes = parts.map((part) => part.getBoundingClientRect());
    const left = Math.min(...boxes.map((box) => box.left));
    const right = Math.max(...boxes.map((box) => box.right));
    return (right - left) / parseFloat(getComputedStyle(formula).fontSize);
  }

  // print.css divides the width of the paper by this number. All are read before any is written:
  // the browser would lay out the page anew for each otherwise.
  function measure() {
    const formulas = [...document.querySelectorAll(".math-block .katex-display")];
    const widths = formulas.map(widthOf);
    formulas.forEach((formula, place) => {
      lend(formula, "style", `--print-width: ${widths[place].toFixed(2)}`);
    });
  }

  // A link that leads out of the book gets a number, and its address a line at the article's end.
  function listLinks(article) {
    const list = document.createElement("ol");
    list.className = "print-links";
    for (const link of article.querySelectorAll("a.external")) {
      const address = link.getAttribute("href");
      if (address.includes(link.textContent.trim())) continue; // the address stands there anyway
      const item = list.appendChild(document.createElement("li"));
      item.textContent = address;
      const number = document.createElement("span");
      number.className = "print-link";
      number.textContent = ` [${list.children.length}]`;
      link.after(number);
      undo.push(() => number.remove());
    }
    if (!list.children.length) return;
    article.append(list);
    undo.push(() => list.remove());
  }

  function prepare() {
    if (undo.length) return;
    lend(document.documentElement, "data-theme", "light");
    document.querySelectorAll("details:not([open])").forEach((part) => lend(part, "open", ""));
    document.querySelectorAll("img[loading=lazy]").forEach((img) => lend(img, "loading", "eager"));
    document.querySelectorAll(".bd-article").forEach(listLinks);
    measure();
  }

  function restore() {
    while (undo.length) undo.pop()();
  }

  addEventListener("beforeprint", prepare);
  addEventListener("afterprint", restore);
})();
