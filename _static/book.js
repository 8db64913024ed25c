// A control's name must hold the words on it, and a list only list items (WCAG 2.5.3, 1.3.1).
function repairRoles() {
  for (const button of document.querySelectorAll(".search-button-field")) {
    button.setAttribute("aria-label", button.textContent.replace(/\s+/g, " ").trim());
  }
  for (const list of document.querySelectorAll(".citation-list")) list.removeAttribute("role");
}

// Whatever scrolls sideways must be reachable with the keyboard.
function makeReachable() {
  for (const box of document.querySelectorAll(".math-block, .bd-article pre")) {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

addEventListener("DOMContentLoaded", repairRoles);
addEventListener("load", makeReachable);
addEventListener("resize", makeReachable);
