// What is there: alternative texts, addresses, unique ids.
"use strict";
(() => {
  const { name } = Checks;
  const FILE = /(^|\/)[\w.-]+\.(png|svg|webp|jpe?g|gif)$/i;

  const decorative = (element) =>
    ["presentation", "none"].includes(element.getAttribute("role")) ||
    element.closest("[aria-hidden=true]");

  Checks.pictures = () => {
    const found = [];
    for (const image of document.images) {
      const alt = image.getAttribute("alt");
      if (decorative(image)) continue;
      if (!alt || !alt.trim()) found.push(`no alt text: ${image.outerHTML.slice(0, 120)}`);
      else if (FILE.test(alt.trim())) found.push(`a file name as alt text: ${alt}`);
      const drawn = !image.matches(".toggler"); // Sphinx hides that until it is there
      if (drawn && !image.hasAttribute("height")) {
        found.push(`no size, so the page jumps: ${image.src.slice(0, 120)}`);
      }
      if (image.complete && !image.naturalWidth && image.loading !== "lazy") {
        found.push(`does not load: ${image.src.slice(0, 120)}`);
      }
    }
    for (const drawing of document.querySelectorAll("svg")) {
      if (decorative(drawing) || drawing.parentElement.closest("svg, [role=img]")) continue;
      const labels = (drawing.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
      const label = drawing.getAttribute("aria-label") || labels.some((id) => document.getElementById(id));
      if (!label && !drawing.querySelector(":scope > title")) {
        found.push(`a drawing without a name: ${drawing.outerHTML.slice(0, 120)}`);
      }
    }
    return found;
  };

  Checks.uniqueIds = () => {
    const counts = new Map();
    for (const { id } of document.querySelectorAll("[id]")) counts.set(id, (counts.get(id) || 0) + 1);
    return [...counts].filter(([, count]) => count > 1).map(([id, n]) => `id ${id} ${n} times`);
  };

  // Each numbered equation and each step of a proof has an address and a link that shows it.
  Checks.addresses = () => {
    const found = [];
    const linked = (box, id) => box.querySelector(`a[href$="#${CSS.escape(id)}"], a[href$="#${id}"]`);
    for (const number of document.querySelectorAll(".equation-number")) {
      const { id } = number.closest("[id]") || {};
      if (!id || !linked(number, id)) found.push(`no address: equation ${number.textContent}`);
    }
    for (const step of document.querySelectorAll(".derivation .proof-step")) {
      if (!step.id || !linked(step, step.id)) found.push(`no address: step ${name(step)}`);
    }
    return found;
  };

  Checks.head = () => {
    const count = (selector) => document.head.querySelectorAll(selector).length;
    const found = [];
    if (!document.documentElement.lang) found.push("no language");
    if (!document.title.trim()) found.push("no title");
    for (const selector of ["meta[name=viewport]", "meta[charset], meta[http-equiv=content-type i]"]) {
      if (count(selector) !== 1) found.push(`${count(selector)} of ${selector}, not one`);
    }
    return found;
  };
})();
