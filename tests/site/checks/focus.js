// Which things take the focus, and whether one sees it.
"use strict";
(() => {
  const { name, shown } = Checks;
  const TAKES_FOCUS =
    "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true], audio, video";
  const LOOKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor",
    "borderColor", "textDecorationLine", "color"];

  function isOneOfARadioGroup(element) {
    return element.type === "radio" && !element.checked &&
      [...document.getElementsByName(element.name)].some((other) => other.checked);
  }

  Checks.tabbable = () =>
    [...document.querySelectorAll(TAKES_FOCUS)].filter(
      (element) =>
        element.tabIndex >= 0 && !element.disabled && shown(element) &&
        !element.closest("[inert]") && !isOneOfARadioGroup(element),
    );

  const look = (element) => {
    const style = getComputedStyle(element);
    return Object.fromEntries(LOOKS.map((property) => [property, style[property]]));
  };

  // A label, a drawing or the element itself may carry the ring of what is focused.
  const carriers = (element) =>
    [element, element.parentElement, element.nextElementSibling, ...(element.labels || []),
      ...element.children].filter(Boolean);

  function ring(before, after) {
    const drawn = after.outlineStyle !== "none" && parseFloat(after.outlineWidth) >= 1;
    const changed = LOOKS.some((property) => before[property] !== after[property]);
    return changed && (drawn || before.boxShadow !== after.boxShadow);
  }

  Checks.visibleFocus = () => {
    const found = new Map();
    document.activeElement.blur();
    for (const element of Checks.tabbable()) {
      const boxes = carriers(element);
      const before = boxes.map(look);
      element.focus({ focusVisible: true, preventScroll: true });
      if (document.activeElement !== element) found.set(`takes no focus: ${name(element)}`, 1);
      else if (!boxes.some((box, i) => ring(before[i], look(box)))) {
        const what = `no visible focus: ${name(element)}`;
        found.set(what, 1);
      }
      element.blur();
    }
    return [...found.keys()];
  };

  // Numbers the things in order, so that the test can tell which ones Tab has reached.
  Checks.numberTabbable = () => {
    const all = Checks.tabbable();
    all.forEach((element, i) => element.setAttribute("data-tab", String(i)));
    return all.map(name);
  };

  Checks.focused = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    return {
      number: Number(element.dataset.tab ?? -1),
      name: name(element),
      seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  };
})();
