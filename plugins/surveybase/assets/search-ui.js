// The header box, and the door to the search page. What is found is data: it becomes text nodes, never markup.

const LISTED = 8;
const PAUSE = 150; // milliseconds without typing before a search
const KEPT = 8;
const STORE = "surveybase.queries";
const SITE = new URL("../../", import.meta.url);

/** @returns {Promise<typeof import("./search.js")>} fetched when first wanted */
export const engine = () => import("./search.js");

/**
 * An element with attributes and children; strings become text.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} text @param {[number, number][]} spans @returns {(Node | string)[]} the spans within marks */
export function highlighted(text, spans) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let at = 0;
  for (const [from, to] of spans) {
    parts.push(text.slice(at, from), element("mark", {}, text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at)];
}

/**
 * The newest of several answers wins, whatever the order they come in.
 * @template T
 * @param {(answer: T) => void} show
 * @param {(error: unknown) => void} fail
 * @returns {(ask: () => Promise<T>) => Promise<void>}
 */
export function inOrder(show, fail) {
  let newest = 0;
  return async (ask) => {
    const own = (newest += 1);
    try {
      const answer = await ask();
      if (own === newest) show(answer);
    } catch (error) {
      if (own === newest) fail(error);
    }
  };
}

/** @param {() => void} again @returns {HTMLElement} */
export function failure(again) {
  const button = element("button", { type: "button", class: "sb-retry" }, "再试一次");
  button.addEventListener("click", again);
  return element("p", { class: "sb-search-failed", role: "alert" }, "检索数据有一部分没有取到，请检查网络。", button);
}

// --- Recent queries: kept in this browser only ---------------------------------------------------------

/** @returns {string[]} the newest first */
export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((query) => typeof query === "string").slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

/** @param {string} query */
export function remember(query) {
  const kept = [query, ...recent().filter((one) => one !== query)].filter(Boolean).slice(0, KEPT);
  try {
    localStorage.setItem(STORE, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still searches.
  }
}

export function forget() {
  try {
    localStorage.removeItem(STORE);
  } catch {
    // Nothing was kept.
  }
}

/** @param {string} query @returns {string} the address of the search page */
export const searchAddress = (query) => `${new URL("search/", SITE).href}?${new URLSearchParams({ q: query })}`;

export const KIND_NAMES = /** @type {Record<string, string>} */ ({
  problem: "问题",
  countermeasure: "对策",
  passage: "报告段落",
  community: "社区",
  concept: "概念",
});

// --- The header box ------------------------------------------------------------------------------------

/** @param {HTMLElement} header */
function installBox(header) {
  const input = /** @type {HTMLInputElement} */ (
    element("input", {
      type: "search", name: "q", role: "combobox", autocomplete: "off", enterkeyhint: "search", maxlength: "200",
      "aria-label": "搜索问题、对策、报告和社区", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": "sb-search-list", "aria-keyshortcuts": "/", placeholder: "搜索问题和对策",
    })
  );
  const list = element("div", { id: "sb-search-list", role: "listbox", "aria-label": "搜索结果" });
  const notes = element("div", { class: "sb-search-notes" });
  const status = element("p", { class: "sb-search-status", role: "status" });
  const panel = element("div", { class: "sb-search-panel", hidden: "" }, status, list, notes);
  const form = /** @type {HTMLFormElement} */ (
    element("form", { class: "sb-search-box", role: "search", action: new URL("search/", SITE).href }, input, panel)
  );
  const opener = element("button", { type: "button", class: "sb-search-toggle md-header__button", "aria-label": "搜索" }, "搜索");
  header.append(opener, form);

  let active = -1;
  const options = () => /** @type {HTMLElement[]} */ (Array.from(list.querySelectorAll("[role=option]")));

  /** @param {boolean} isOpen */
  const open = (isOpen) => {
    panel.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen && options().length > 0));
    if (!isOpen) choose(-1);
  };
  /** @param {number} which */
  const choose = (which) => {
    active = which;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === which)));
    const chosen = options()[which];
    if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
    else input.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  };
  /** @param {HTMLElement[]} rows @param {string} said @param {HTMLElement[]} [more] */
  const fill = (rows, said, more = []) => {
    list.replaceChildren(...rows);
    notes.replaceChildren(...more);
    status.textContent = said;
    choose(-1);
    open(true);
  };
  const ask = inOrder(
    (/** @type {{typed: string, found: import("./search.js").Found}} */ { typed, found }) =>
      fill(found.results.map(option), said(found), [also(found), everything(typed, found)].filter((one) => one !== null)),
    () => fill([], "", [failure(update)]),
  );
  function update() {
    const typed = input.value.trim();
    if (!typed) {
      ask(() => new Promise(() => {}));
      const queries = recent();
      if (queries.length) fill(queries.map(queryOption), "最近的搜索", [forgetButton()]);
      else open(false);
      return;
    }
    ask(async () => ({ typed, found: await (await engine()).search(typed, { limit: LISTED }) }));
  }
  const forgetButton = () => {
    const button = element("button", { type: "button", class: "sb-search-forget" }, "清除最近的搜索");
    button.addEventListener("click", () => {
      forget();
      open(false);
      input.focus();
    });
    return button;
  };

  let timer = 0;
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!(/** @type {InputEvent} */ (event).isComposing)) timer = window.setTimeout(update, PAUSE);
  });
  input.addEventListener("compositionend", update);
  input.addEventListener("focus", () => {
    engine().then(({ warm }) => warm()).catch(() => {}); // a failure shows when something is asked
    update();
  });
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (panel.hidden) update();
      else if (count) choose(event.key === "ArrowDown" ? (active + 1) % count : (active <= 0 ? count : active) - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (panel.hidden) form.classList.remove("sb-open");
      open(false);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      options()[active].click();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = input.value.trim();
    remember(typed);
    location.assign(searchAddress(typed));
  });
  list.addEventListener("click", () => remember(input.value.trim()));
  form.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && form.contains(event.relatedTarget))) open(false);
  });
  const show = () => {
    form.classList.add("sb-open");
    input.focus();
    input.select();
  };
  opener.addEventListener("click", show);
  for (const other of document.querySelectorAll("[data-open-search]")) {
    /** @type {HTMLElement} */ (other).hidden = false;
    other.addEventListener("click", show);
  }
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const own = document.querySelector("#sb-search-page input[type=search]");
    if (own instanceof HTMLInputElement) own.focus();
    else show();
  });
}

/** @param {number} i @param {string} href */
const optionAttributes = (i, href) => ({ role: "option", id: `sb-option-${i}`, "aria-selected": "false", tabindex: "-1", href });

/** @param {import("./search.js").Result} result @param {number} i */
function option(result, i) {
  return element(
    "a", optionAttributes(i, result.url),
    element("span", { class: `sb-search-kind sb-search-kind--${result.kind}` }, KIND_NAMES[result.kind]),
    element("strong", {}, ...highlighted(result.title || result.community, result.title ? result.titleHighlights : [])),
    element("span", { class: "sb-search-excerpt" }, ...highlighted(result.excerpt, result.highlights)),
  );
}

/** @param {string} query @param {number} i */
const queryOption = (query, i) => element("a", optionAttributes(i, searchAddress(query)), query);

/** @param {import("./search.js").Found} found */
export const said = ({ total, isLeast }) => (total ? `找到${isLeast ? "至少" : ""}${total}条` : "没有找到，按回车看相近的概念");

/** @param {import("./search.js").Found} found @returns {HTMLElement | null} */
export function also({ also: words, guesses }) {
  const parts = [guesses.length ? `按“${guesses.join("”“")}”找了` : "", words.length ? `也找了：${words.join("、")}` : ""];
  const text = parts.filter(Boolean).join("；");
  return text ? element("p", { class: "sb-search-also" }, text) : null;
}

/** @param {string} typed @param {import("./search.js").Found} found */
const everything = (typed, { total }) =>
  element("p", {}, element("a", { href: searchAddress(typed) }, total ? "看全部结果，按条件筛选" : "看相近的概念"));

// --- Start ---------------------------------------------------------------------------------------------

const header = document.querySelector(".md-header__inner");
if (header instanceof HTMLElement) installBox(header);
const page = document.getElementById("sb-search-page");
if (page) import("./search-page.js").then(({ install }) => install(page));
