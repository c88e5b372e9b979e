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

/** Let a table be sorted by any column that says how; gaps stay last whichever way it is sorted. */
function makeSortable(table) {
  const rows = [...table.tBodies[0].rows];
  for (const header of table.querySelectorAll("thead th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sb-sort";
    button.setAttribute("aria-label", `按${header.querySelector("a")?.textContent ?? header.textContent}排序`);
    button.addEventListener("click", () => sortBy(table, rows, header));
    header.append(button);
  }
}

/** The column of a header cell: the first header row spans groups, so it cannot be read off the cell. */
function columnOf(table, header) {
  const [first, second] = table.tHead.rows;
  const leading = [...first.cells].filter((cell) => cell.rowSpan === 2);
  const place = leading.indexOf(header);
  return place >= 0 ? place : leading.length + [...second.cells].indexOf(header);
}

function sortBy(table, rows, header) {
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  for (const other of table.querySelectorAll("thead th[aria-sort]")) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const column = columnOf(table, header);
  const isNumber = header.dataset.sort === "number";
  const keyOf = (row) => {
    const cell = row.cells[column];
    if (!isNumber) return cell.textContent.trim();
    return cell.dataset.value === "" ? null : Number(cell.dataset.value);
  };
  const compare = isNumber ? (a, b) => a - b : new Intl.Collator("zh-Hans").compare;
  const sorted = [...rows].sort((left, right) => {
    const [a, b] = [keyOf(left), keyOf(right)];
    if (a === null || b === null) return (a === null) - (b === null);
    return ascending ? compare(a, b) : compare(b, a);
  });
  table.tBodies[0].append(...sorted);
}

/** Show only the chosen groups of columns. */
function chooseGroups(choice) {
  choice.hidden = false;
  choice.addEventListener("change", () => {
    const chosen = new Set([...choice.querySelectorAll("input:checked")].map((box) => box.value));
    for (const cell of document.querySelectorAll(".sb-compare [data-group]")) {
      cell.hidden = !chosen.has(cell.dataset.group);
    }
  });
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
  document.querySelectorAll("table[data-sortable]").forEach(makeSortable);
  document.querySelectorAll("[data-groups]").forEach(chooseGroups);
}

window.addEventListener("hashchange", highlightTarget);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
