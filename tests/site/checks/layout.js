// Where things are: nothing wider than the screen, nothing cut, nothing over something else.
"use strict";
(() => {
  const { name, shown, scroller } = Checks;
  const SLACK = 1.5; // px; layout rounds
  const CLIPS = ["hidden", "clip"];

  // Text for screen readers alone is clipped to a dot, on purpose.
  function forReadersOnly(element) {
    const { width, height } = element.getBoundingClientRect();
    return width <= 1 || height <= 1;
  }

  function walk(element, visit) {
    for (const child of element.children) {
      if (shown(child) && visit(child)) walk(child, visit);
    }
  }

  Checks.overflow = () => {
    const width = document.documentElement.clientWidth;
    const found = [];
    const wide = document.documentElement.scrollWidth - width;
    if (wide > SLACK) found.push(`the page is ${wide} px wider than the screen`);
    walk(document.body, (element) => {
      if (forReadersOnly(element)) return false;
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (box.right > width + SLACK || box.left < -SLACK) {
        found.push(`sticks out (${Math.round(box.left)} to ${Math.round(box.right)}): ${name(element)}`);
        return false;
      }
      const hidden = element.scrollWidth - element.clientWidth;
      const clips = CLIPS.includes(style.overflowX) && element.clientWidth > 1;
      if (clips && hidden > SLACK && style.textOverflow !== "ellipsis") {
        found.push(`cuts ${hidden} px: ${name(element)}`);
        return false;
      }
      return !["auto", "scroll"].includes(style.overflowX); // what is inside may be wide
    });
    return found;
  };

  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK;

  // What one sees of an element inside the box that scrolls it.
  function seen(element) {
    const box = element.getBoundingClientRect();
    const around = scroller(element)?.getBoundingClientRect();
    if (!around) return box;
    return new DOMRect(
      Math.max(box.left, around.left),
      box.top,
      Math.max(0, Math.min(box.right, around.right) - Math.max(box.left, around.left)),
      box.height,
    );
  }

  // An equation must not lie under its number, however far it is scrolled.
  Checks.coveredNumbers = () => {
    const found = [];
    for (const number of document.querySelectorAll(".equation-number")) {
      const block = number.parentElement;
      const formula = block.querySelector(".katex-html");
      const box = formula && (scroller(formula) || block);
      for (const end of box ? [0, box.scrollWidth] : []) {
        box.scrollLeft = end;
        const place = number.getBoundingClientRect();
        const glyphs = [...formula.querySelectorAll(".base")].map(seen);
        if (glyphs.some((glyph) => meet(glyph, place))) {
          found.push(`covered by its equation: ${name(number)}`);
          break;
        }
        if (place.right > document.documentElement.clientWidth + SLACK) {
          found.push(`off the screen: ${name(number)}`);
          break;
        }
      }
      if (box) box.scrollLeft = 0;
    }
    return found;
  };

  // Things move for a reader who asked for stillness.
  Checks.motion = () => {
    const found = [];
    for (const element of [document.documentElement, ...document.body.querySelectorAll("*")]) {
      const style = getComputedStyle(element);
      if (style.scrollBehavior === "smooth") found.push(`scrolls smoothly: ${name(element)}`);
      const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
      if (style.animationName !== "none" && long(style.animationDuration)) {
        found.push(`animation ${style.animationName}: ${name(element)}`);
      }
      const moves = /transform|left|right|top|bottom|margin|width|height|translate|all/;
      if (moves.test(style.transitionProperty) && long(style.transitionDuration)) {
        found.push(`transition of ${style.transitionProperty}: ${name(element)}`);
      }
    }
    return [...new Set(found)].slice(0, 20);
  };
})();
