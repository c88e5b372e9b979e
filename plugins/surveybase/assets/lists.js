// Lists of which a page holds only the beginning: the rest is fetched in parts, when it is asked for.
// What is fetched is data: it becomes text nodes and addresses of this site, never markup.

import { element } from "./search-ui.js";

const SITE = new URL("../../", import.meta.url);
const STEP = 20;
const PAUSE = 200; // milliseconds without typing before names are looked through
const FAILED = "没有取到，请检查网络，再点一次。";

/** @typedef {[string, number, number]} Stretch a list, and from which to which of its entries */
/** @typedef {Record<string, any>} Entry */

/** @type {Map<string, Promise<any>>} */
const parts = new Map();

/** @param {string} id @returns {Promise<any>} a part of a list; one that was not got is asked for again */
export function part(id) {
  const known = parts.get(id);
  if (known) return known;
  const asked = fetch(new URL(`lists/${id}.json`, SITE)).then((answer) => {
    if (!answer.ok) throw new Error(`${id}: ${answer.status}`);
    return answer.json();
  });
  asked.catch(() => parts.delete(id));
  parts.set(id, asked);
  return asked;
}

/** @param {Record<string, any[]>} columns @param {number} i @returns {Entry} */
export const entry = (columns, i) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]]));

/** Reads on in stretches of lists; after a failure from where it was. */
class Reader {
  /** @param {Stretch[]} stretches @param {number} perPart @param {number} skipped */
  constructor(stretches, perPart, skipped = 0) {
    this.stretches = stretches;
    this.perPart = perPart;
    this.stretch = 0;
    this.place = stretches[0][1];
    for (let left = skipped; left > 0; ) {
      const [, start, end] = stretches[this.stretch];
      if (left < end - start) {
        this.place = start + left;
        break;
      }
      left -= end - start;
      this.stretch += 1;
      this.place = stretches[this.stretch]?.[1] ?? 0;
    }
  }

  get isAtEnd() {
    const last = this.stretches.length - 1;
    return this.stretch > last || (this.stretch === last && this.place >= this.stretches[last][2]);
  }

  /** @param {number} count @param {(entry: Entry) => boolean} fits @returns {Promise<Entry[]>} */
  async next(count, fits) {
    const found = [];
    let { stretch, place } = this;
    while (found.length < count && stretch < this.stretches.length) {
      const [id, , end] = this.stretches[stretch];
      if (place >= end) {
        stretch += 1;
        place = this.stretches[stretch]?.[1] ?? 0;
        continue;
      }
      const number = Math.floor(place / this.perPart), first = number * this.perPart;
      const columns = await part(`${id}/${number}`);
      for (; place < Math.min(end, first + this.perPart) && found.length < count; place += 1) {
        const one = entry(columns, place - first);
        if (fits(one)) found.push(one);
      }
    }
    Object.assign(this, { stretch, place });
    return found;
  }
}

/** The end of a list: what is shown so far, and the button for more, before which the entries come to stand. */
class List {
  /** @param {HTMLElement} end */
  constructor(end) {
    const { rest, stretches, shown, total, perPart, unit } = /** @type {Record<string, string>} */ (end.dataset);
    this.end = end;
    this.build = BUILDERS[rest];
    this.unit = unit;
    this.perPart = Number(perPart);
    this.stretches = /** @type {Stretch[]} */ (JSON.parse(stretches));
    this.status = /** @type {HTMLElement} */ (end.querySelector("[role=status]"));
    this.button = element("button", { type: "button" });
    this.button.addEventListener("click", () => this.more());
    this.shown = Number(shown);
    this.total = Number(total);
    this.reader = new Reader(this.stretches, this.perPart, this.shown);
    /** @type {(entry: Entry) => boolean} */
    this.fits = () => true;
    this.isFiltered = false;
    end.append(this.button);
    this.say();
  }

  /** Show other stretches from their beginning, all entries or those that fit. @param {Stretch[]} stretches @param {(entry: Entry) => boolean} [fits] */
  restart(stretches, fits) {
    for (const one of [...(this.end.parentElement?.children ?? [])]) if (one.matches("article, .sb-found")) one.remove();
    this.reader = new Reader(stretches, this.perPart);
    this.shown = 0;
    this.total = stretches.reduce((sum, [, start, end]) => sum + end - start, 0);
    this.fits = fits ?? (() => true);
    this.isFiltered = Boolean(fits);
    return this.more();
  }

  async more() {
    const { reader } = this;
    this.end.setAttribute("aria-busy", "true");
    try {
      const found = await reader.next(STEP, this.fits);
      if (reader !== this.reader) return; // another list was asked for meanwhile
      this.end.before(...found.map(this.build));
      this.shown += found.length;
      this.say();
    } catch {
      if (reader === this.reader) this.status.textContent = FAILED;
    }
    this.end.removeAttribute("aria-busy");
  }

  say() {
    const { shown, total, unit, reader } = this;
    this.button.hidden = reader.isAtEnd;
    if (this.isFiltered) {
      this.button.textContent = "再找";
      this.status.textContent = shown ? `找到${shown}${unit}${reader.isAtEnd ? "。" : "，后面可能还有。"}` : "没有找到。";
      return;
    }
    this.button.textContent = `再看${Math.min(STEP, total - shown)}${unit}`;
    this.status.textContent = `已列出${shown}${unit}，共${total}${unit}。`;
  }
}

// --- Entries, as the templates make them ---------------------------------------------------------------

/** @param {string} address @param {string} text @param {Record<string, string>} more */
export const link = (address, text, more = {}) => element("a", { ...more, href: new URL(address, SITE).href }, text);

/** @param {string} text */
const label = (text) => element("span", { class: "sb-label" }, text);

/** @param {[string, string]} status */
const status = ([key, text]) => element("span", { class: `sb-status sb-status--${key}` }, text);

/** @param {string[]} who */
const who = (who) => element("span", { class: "sb-who" }, label("谁能做"), who.join("、"));

/** @param {[string, string, string] | null} outcome */
function outcome(outcome) {
  if (!outcome) return [];
  const [text, date, where] = outcome;
  return [element("p", { class: "sb-outcome" }, label("结果"), link(where, text), date ? `（${date}）` : "")];
}

/** @param {Entry} of */
const quote = ({ quote, evidence }) =>
  element("blockquote", { class: "sb-quote" }, link(evidence, quote, { title: "到报告里看这句话" }));

/** @param {[string, string]} given */
const linked = ([text, address]) => link(address, text);

/** @param {Entry} of */
function affected({ affected, evidence, quote }) {
  if (!affected) return [];
  const [text, unit] = affected;
  const figure = link(evidence, text, { class: "sb-figure", title: `原句：${quote}` });
  figure.append(element("span", { class: "sb-unit" }, unit));
  return ["影响", figure, " · "];
}

/** @type {Record<string, (entry: Entry) => HTMLElement>} */
const BUILDERS = {
  problem(one) {
    const tried = one.countermeasures.map((/** @type {Entry} */ item) =>
      element(
        "li", {}, status(item.status), " ", link(item.evidence, item.title), " ",
        element("span", { class: "sb-meta" }, linked(item.type), " · ", who(item.who)), ...outcome(item.outcome),
      ),
    );
    return element(
      "article", { class: "sb-card" },
      element("p", { class: "sb-card-title" }, link(one.evidence, one.title)),
      element(
        "p", { class: "sb-meta" }, linked(one.community), " · ", linked(one.type), " · ", ...affected(one),
        label("调查日期"), one.date,
      ),
      quote(one),
      tried.length ? element("ul", { class: "sb-measures" }, ...tried) : element("p", { class: "sb-empty" }, "报告没有提出针对它的对策。"),
    );
  },
  countermeasure(one) {
    const addresses = one.addresses.flatMap((/** @type {[string, string]} */ given, /** @type {number} */ i) => [...(i ? ["；"] : []), linked(given)]);
    return element(
      "article", { class: "sb-card" },
      element("p", { class: "sb-card-title" }, status(one.status), " ", link(one.evidence, one.title)),
      element(
        "p", { class: "sb-meta" }, linked(one.community), " · ", linked(one.type), " · ", who(one.who), " · ",
        label("调查日期"), one.date,
      ),
      quote(one),
      ...outcome(one.outcome),
      element("p", { class: "sb-addresses" }, label("针对"), ...addresses),
    );
  },
  community(one) {
    return element(
      "article", { class: "sb-card" },
      element("h3", { class: "sb-card-title" }, linked(one.link)),
      element("p", { class: "sb-meta" }, `${one.place} · ${one.setting} · ${one.figures}个数字、${one.problems}个问题、${one.countermeasures}条对策`),
      element("p", {}, ...one.types.map((/** @type {[string, string]} */ [text, address]) => link(address, text, { class: "sb-chip" }))),
      element(
        "ul", { class: "sb-list" },
        ...one.reports.map((/** @type {[string, string, string]} */ [text, address, date]) =>
          element("li", {}, link(address, text), " ", element("span", { class: "sb-meta" }, label("调查日期"), date)),
        ),
      ),
    );
  },
  name: (one) => element("p", { class: "sb-found" }, linked(one.link), " ", element("span", { class: "sb-meta" }, one.place)),
};

// --- The communities: by region and by name ------------------------------------------------------------

/** @param {HTMLElement} section @param {List} list */
function installRegions(section, list) {
  const regions = [...section.querySelectorAll("[data-region]")];
  const id = list.stretches[0][0];
  const all = element("button", { type: "button", "aria-pressed": "true" }, "全部");
  const buttons = [all, ...regions.map((region) => {
    const button = element("button", { type: "button", "aria-pressed": "false" }, ...region.childNodes);
    region.replaceChildren(button);
    return button;
  })];
  section.querySelector(".sb-regions > summary")?.after(all);
  buttons.forEach((button, i) =>
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      const [start, end] = (regions[i - 1]?.getAttribute("data-region") ?? "").split("-").map(Number);
      list.restart(i ? [[id, start, end]] : list.stretches);
    }),
  );
}

/** @param {HTMLFormElement} form @param {List} list */
function installNames(form, list) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const found = /** @type {HTMLElement} */ (form.querySelector("[data-found]"));
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    const words = input.value.trim();
    found.hidden = !words;
    if (words) list.restart(list.stretches, ({ link, place }) => link[0].includes(words) || place.includes(words));
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(look, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  found.hidden = true;
  form.hidden = false;
}

for (const end of document.querySelectorAll("[data-rest]")) {
  const list = new List(/** @type {HTMLElement} */ (end));
  const form = /** @type {HTMLFormElement | null} */ (end.closest("form[data-find]"));
  const section = /** @type {HTMLElement | null} */ (end.closest("[data-level]"));
  if (form) installNames(form, list);
  else if (section) installRegions(section, list);
}
