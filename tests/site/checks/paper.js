// What is wrong with a page on paper: asked while the print style holds and print.js has run.
"use strict";

(() => {
  const name = (element) => {
    const kind = element.tagName.toLowerCase();
    const words = element.textContent.trim().slice(0, 40);
    return `${kind}.${element.getAttribute("class") || ""}: ${words}`;
  };
  const shown = (element) => element.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(`.bd-article ${selector}`)].filter(shown);

  // Whatever sticks out of the text block: code, formulas, tables, pictures, words.
  function tooWide() {
    const wide = (box) => box.right > innerWidth + 1 || box.left < -1;
    const boxes = all("pre, table, img, svg.mle-figure, p, .base")
      .filter((element) => wide(element.getBoundingClientRect()));
    return boxes.map((element) => `too wide: ${name(element)}`);
  }

  // A box that scrolls on the screen cannot be scrolled on paper. (KaTeX clips its root signs.)
  function cut() {
    const clips = (element) => {
      const style = getComputedStyle(element);
      const wide = element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "visible";
      const high = element.scrollHeight > element.clientHeight + 1 && style.overflowY !== "visible";
      return (wide || high) && style.display !== "inline" && element.clientWidth > 1;
    };
    const boxes = all("*").filter((element) => !element.closest(".katex, svg"));
    return boxes.filter(clips).map((element) => `cut: ${name(element)}`);
  }

  function closed() {
    const inside = (details) =>
      [...details.children].filter((child) => child.tagName !== "SUMMARY");
    const parts = all("details").filter((details) => !inside(details).some((child) =>
      child.offsetHeight > 0 && child.checkVisibility({ contentVisibilityAuto: true })));
    return parts.map((details) => `closed: ${name(details)}`);
  }

  // A number beside its formula, never on it.
  function covered() {
    const found = [];
    for (const number of all(".equation-number")) {
      const box = number.getBoundingClientRect();
      const formula = number.closest(".math-numbered, .math-block");
      for (const part of formula.querySelectorAll(".base")) {
        const { right } = part.getBoundingClientRect();
        if (right > box.left + 1) found.push(`covered: ${name(number)}`);
      }
    }
    return found;
  }

  function pressable() {
    const parts = "button, input, select, nav:not(.contents), .headerlink, .copybtn, " +
      ".bd-sidebar-primary, footer";
    const boxes = [...document.querySelectorAll(parts)].filter(shown);
    return boxes.map((element) => `on paper: ${name(element)}`);
  }

  function dark() {
    const light = document.documentElement.dataset.theme === "light";
    return light && getComputedStyle(document.body).color === "rgb(0, 0, 0)" ? [] : ["dark"];
  }

  return [tooWide, cut, closed, covered, pressable, dark].flatMap((check) => check());
})()
