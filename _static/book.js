// Whatever scrolls sideways is reached with the keyboard (browsers other than Safari see to it
// themselves) and says what it is.
(() => {
  const KINDS = {
    ".math-block, .derivation > p": "Wide formula",
    ".bd-article pre": "Code",
    ".cell_output .output": "Output",
    ".pst-scrollable-table-container": "Wide table",
  };

  function reach({ target }) {
    if (target.scrollWidth > target.clientWidth + 1) {
      target.tabIndex = 0;
      target.setAttribute("role", "group");
      target.setAttribute("aria-label", `${target.dataset.kind}, scrolls sideways`);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }

  // It reports each box once it is drawn and whenever its size changes, so nothing is measured
  // that nobody has come near to.
  const observer = new ResizeObserver((entries) => entries.forEach(reach));

  // Whoever closes a drawer of a phone goes on where he opened it.
  function returnFocus(dialog, opener) {
    const modal = document.getElementById(dialog);
    const button = document.querySelector(opener);
    if (modal && button) modal.addEventListener("close", () => button.focus());
  }

  addEventListener("DOMContentLoaded", () => {
    returnFocus("pst-primary-sidebar-modal", ".primary-toggle");
    returnFocus("pst-secondary-sidebar-modal", ".secondary-toggle");
  });

  // The page first: in a task of its own, when there is something to scroll.
  addEventListener("load", () => setTimeout(() => {
    for (const [selector, kind] of Object.entries(KINDS)) {
      for (const box of document.querySelectorAll(selector)) {
        box.dataset.kind = kind;
        observer.observe(box);
      }
    }
  }));
})();
