// The comparison: sorting, and the communities and columns that do not stand on the page, fetched when asked for.

import { element } from "./search-ui.js";
import { entry, link, part } from "./lists.js";

const STEP = 30;
const BEFORE = 2; // columns before those of the groups: name and date
const FAILED = "没有取到，请检查网络，再试一次。";

// --- Sorting -------------------------------------------------------------------------------------------

/** Let the table be sorted by the column of a header; gaps stay last whichever way it is sorted. */
function makeSortable(/** @type {HTMLTableElement} */ table, /** @type {HTMLTableCellElement} */ header) {
  const words = header.querySelector("a")?.textContent ?? header.textContent;
  const button = element("button", { type: "button", class: "sb-sort", "aria-label": `按${words}排序` });
  button.addEventListener("click", () => sortBy(table, header));
  header.append(button);
}

/** The column of a header cell: the first header row spans groups, so it cannot be read off the cell. */
function columnOf(/** @type {HTMLTableElement} */ table, /** @type {HTMLTableCellElement} */ header) {
  const [first, second] = /** @type {HTMLTableSectionElement} */ (table.tHead).rows;
  const place = [...first.cells].filter((cell) => cell.rowSpan === 2).indexOf(header);
  return place >= 0 ? place : BEFORE + [...second.cells].indexOf(header);
}

function sortBy(/** @type {HTMLTableElement} */ table, /** @type {HTMLTableCellElement} */ header) {
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  unsort(table);
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const column = columnOf(table, header);
  const isNumber = header.dataset.sort === "number";
  const keyOf = (/** @type {HTMLTableRowElement} */ row) => {
    const cell = row.cells[column];
    if (!isNumber) return cell.textContent.trim();
    return cell.dataset.value === undefined ? null : Number(cell.dataset.value);
  };
  /** @type {(a: any, b: any) => number} */
  const compare = isNumber ? (a, b) => a - b : new Intl.Collator("zh-Hans").compare;
  const sorted = [...table.tBodies[0].rows].sort((left, right) => {
    const [a, b] = [keyOf(left), keyOf(right)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return ascending ? compare(a, b) : compare(b, a);
  });
  table.tBodies[0].append(...sorted);
}

function unsort(/** @type {HTMLTableElement} */ table) {
  for (const header of table.querySelectorAll("thead th[aria-sort]")) header.removeAttribute("aria-sort");
}

// --- Cells, as the template makes them -----------------------------------------------------------------

/** @param {string[] | undefined} given kind, text, address, number to sort by, remark and verdict @param {string} unit */
function cellOf(given, unit) {
  const [kind = "gap", text = "未调查", address = "", sort = "", remark = "", verdict = ""] = given ?? [];
  const made = element("td", sort ? { "data-value": sort } : {});
  if (kind === "gap") {
    made.append(address ? link(address, text, { class: "sb-gap" }) : element("span", { class: "sb-gap", ...(remark && { title: remark }) }, text));
    return made;
  }
  const figure = link(address, text, { class: kind === "computed" ? "sb-figure sb-figure--computed" : "sb-figure" });
  figure.append(element("span", { class: "sb-unit" }, unit));
  made.append(figure);
  if (remark) made.append(element("span", { class: "sb-remark", title: remark }, "不可比"));
  if (verdict) made.append(element("span", { class: "sb-verdict" }, verdict));
  return made;
}

/** @param {any[] | null} given text, unit, address and note */
function summaryOf(given) {
  if (!given) return element("td", {}, element("span", { class: "sb-none" }, "–"));
  const [text, unit, address, note] = given;
  const made = address ? link(address, text, { class: "sb-figure", title: note }) : element("span", { class: "sb-figure sb-figure--plain", title: note }, text);
  made.append(element("span", { class: "sb-unit" }, unit));
  return element("td", {}, made);
}

/** @param {Record<string, any>} column @param {string} group */
function headerOf({ label, unit, definition, direction, is_per_base }, group) {
  return /** @type {HTMLTableCellElement} */ (
    element(
      "th", { "data-group": group, "data-sort": "number", scope: "col", ...(is_per_base && { class: "sb-normalised" }) },
      link(definition, label), element("span", { class: "sb-unit" }, unit),
      ...(direction ? [element("span", { class: "sb-direction" }, direction)] : []),
    )
  );
}

// --- A table -------------------------------------------------------------------------------------------

class Table {
  /** @param {HTMLTableElement} table */
  constructor(table) {
    const { compare, count, more, perPart } = /** @type {Record<string, string>} */ (table.dataset);
    this.table = table;
    this.id = compare;
    this.count = Number(count);
    this.perPart = Number(perPart);
    this.more = more ? more.split(" ") : [];
    /** The rows in the order of the list, however they are sorted. */
    this.rows = [...table.tBodies[0].rows];
    const [first, second] = /** @type {HTMLTableSectionElement} */ (table.tHead).rows;
    this.first = first;
    this.second = second;
    /** @type {Promise<void>} */
    this.last = Promise.resolve();
    /** The units of the columns, by group, in the order that they stand in. @type {Map<string, string[]>} */
    this.units = new Map();
    for (const { dataset } of first.querySelectorAll("th[data-group]")) {
      const headers = [...second.cells].filter((cell) => cell.dataset.group === dataset.group);
      this.units.set(dataset.group ?? "", headers.map((cell) => cell.querySelector(".sb-unit")?.textContent ?? ""));
    }
    for (const header of table.querySelectorAll("thead th[data-sort]")) makeSortable(table, /** @type {HTMLTableCellElement} */ (header));
  }

  /** @param {string} group @param {number} from @param {number} to @param {string[]} units @returns {Promise<HTMLElement[][]>} by row */
  async cells(group, from, to, units) {
    const rows = [];
    for (let i = from; i < to; i += 1) {
      const { columns } = await part(`${this.id}/${group}/${Math.floor(i / this.perPart)}`);
      rows.push(units.map((unit, k) => cellOf(columns[k].cells[columns[k].rows.indexOf(i % this.perPart)], unit)));
    }
    return rows;
  }

  /** One change after the other, so that every row has every column. @param {() => Promise<void>} change */
  inTurn(change) {
    const done = this.last.then(change);
    this.last = done.catch(() => {});
    return done;
  }

  async addRows() {
    const from = this.rows.length, to = Math.min(this.count, from + STEP);
    const groups = await Promise.all([...this.units].map(([group, units]) => this.cells(group, from, to, units)));
    const made = [];
    for (let i = from; i < to; i += 1) {
      const one = entry(await part(`${this.id}/rows/${Math.floor(i / this.perPart)}`), i % this.perPart);
      const [name, address] = one.community;
      made.push(
        /** @type {HTMLTableRowElement} */ (element(
          "tr", {},
          element("th", { scope: "row" }, link(address, name), element("span", { class: "sb-source" }, one.place)),
          element("td", {}, one.date, ...(one.remark ? [element("span", { class: "sb-remark", title: one.remark }, "年份不可比")] : [])),
          ...groups.flatMap((rows) => rows[i - from]),
        )),
      );
    }
    unsort(this.table);
    this.rows.push(...made);
    this.table.tBodies[0].append(...made);
  }

  /** @param {string} group */
  async addGroup(group) {
    if (!this.more.includes(group) || this.units.has(group)) return;
    const { label, columns, summaries } = await part(`${this.id}/${group}/head`);
    /** @type {string[]} */
    const units = columns.unit;
    const cells = await this.cells(group, 0, this.rows.length, units);
    this.units.set(group, units);
    const headers = units.map((_, i) => headerOf(entry(columns, i), group));
    this.first.append(element("th", { class: "sb-group", "data-group": group, colspan: String(units.length), scope: "colgroup" }, label));
    this.second.append(...headers);
    for (const header of headers) makeSortable(this.table, header);
    this.rows.forEach((row, i) => row.append(...cells[i]));
    [.../** @type {HTMLTableSectionElement} */ (this.table.tFoot).rows].forEach((row, i) => row.append(...summaries[i].map(summaryOf)));
  }

  /** @param {Set<string>} chosen groups */
  show(chosen) {
    for (const cell of this.first.querySelectorAll("[data-group]")) cell.toggleAttribute("hidden", !chosen.has(cell.getAttribute("data-group") ?? ""));
    [...this.second.cells].forEach((header, k) => {
      header.hidden = !chosen.has(header.dataset.group ?? "");
      for (const row of [...this.rows, ...(this.table.tFoot?.rows ?? [])]) row.cells[BEFORE + k].hidden = header.hidden;
    });
  }
}

// --- The page ------------------------------------------------------------------------------------------

/** @param {Table} table @param {() => void} shown what to do with rows that were added */
function installRows(table, shown) {
  const end = document.querySelector(`[data-rest-of="${table.id}"]`);
  const status = end?.querySelector("[role=status]");
  if (!end || !status) return;
  const button = element("button", { type: "button" });
  const say = () => {
    const { rows, count } = table;
    button.textContent = `再看${Math.min(STEP, count - rows.length)}个`;
    button.hidden = rows.length === count;
    status.textContent = `已列出${rows.length}个，共${count}个；中位数是全部的。${button.hidden ? "" : "排序只排已列出的。"}`;
  };
  let isBusy = false;
  button.addEventListener("click", async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await table.inTurn(() => table.addRows());
      shown();
      say();
    } catch {
      status.textContent = FAILED;
    }
    isBusy = false;
  });
  end.append(button);
  say();
}

const tables = Array.from(document.querySelectorAll("table[data-compare]"), (table) => new Table(/** @type {HTMLTableElement} */ (table)));
const choice = /** @type {HTMLElement | null} */ (document.querySelector("[data-groups]"));
if (choice) {
  const boxes = [.../** @type {NodeListOf<HTMLInputElement>} */ (choice.querySelectorAll("input"))];
  const status = /** @type {HTMLElement} */ (choice.querySelector("[data-status]"));
  const show = () => {
    const chosen = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const table of tables) table.show(chosen);
  };
  choice.addEventListener("change", async (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    status.textContent = "";
    try {
      if (box.checked) await Promise.all(tables.map((table) => table.inTurn(() => table.addGroup(box.value))));
    } catch {
      box.checked = false;
      status.textContent = FAILED;
    }
    show();
  });
  choice.hidden = false;
  for (const table of tables) installRows(table, show);
}
