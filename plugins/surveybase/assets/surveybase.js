// What the pages can do beyond plain HTML. Everything is readable without it.

/** Highlight every piece of a quote that overlaps another: CSS reaches only the piece with the anchor. */
function highlightTarget() {
  const anchor = decodeURIComponent(location.hash.slice(1));
  for (const piece of document.querySelectorAll("mark[data-of]")) {
    piece.classList.toggle("sb-is-target", piece.dataset.of === anchor);
  }
  const target = anchor ? document.getElementById(anchor) : null;
  if (target instanceof HTMLDetailsElement) target.open = true;
  const hidden = target?.closest("details:not([open])");
  if (hidden) {
    hidden.open = true;
    target.scrollIntoView();
  }
}

/** Name what the theme leaves without a name, and let the keyboard reach the tables that it makes scroll. */
function mendTheme() {
  for (const scroller of document.querySelectorAll(".md-typeset__scrollwrap")) {
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "group");
    scroller.setAttribute("aria-label", "可以左右滚动的表格");
  }
}

function start() {
  highlightTarget();
  mendTheme();
}

window.addEventListener("hashchange", highlightTarget);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
