// The search page: the address holds the query and what is chosen; the page shows what the address says.

import { also, element, engine, failure, forget, highlighted, inOrder, KIND_NAMES, recent, remember, said, searchAddress } from "./search-ui.js";

const PAUSE = 250;
const FIRST_SHOWN = 5;
const MORE_SHOWN = 20;
const VALUES_SHOWN = 8;
const KINDS = ["problem", "countermeasure", "passage", "community", "concept"];
const FACETS = /** @type {Record<string, string>} */ ({
  problem_type: "问题类型",
  countermeasure_type: "对策类型",
  who: "谁能做",
  status: "进展",
  region: "地区",
  setting: "城乡",
  year: "年份",
});
const NOT_STATED = "未注明";

/** @typedef {{q: string, kinds: string[], facets: Record<string, string[]>}} State */
/** @typedef {{kind: string, found: import("./search.js").Found}} Group */
/** @typedef {{state: State, groups: Group[], counts: Record<string, Record<string, number>>, labels: Record<string, Record<string, string>>, near: import("./search.js").Near[]}} Answer */

/** @returns {State} */
function stateOfAddress() {
  const given = new URLSearchParams(location.search);
  const facets = Object.fromEntries(Object.keys(FACETS).map((name) => [name, given.getAll(name)]));
  return { q: given.get("q") ?? "", kinds: given.getAll("kind").filter((kind) => KINDS.includes(kind)), facets };
}

/** @param {State} state @returns {string} */
function addressOf({ q, kinds, facets }) {
  const given = new URLSearchParams();
  if (q) given.set("q", q);
  for (const kind of kinds) given.append("kind", kind);
  for (const [name, values] of Object.entries(facets)) for (const value of values) given.append(name, value);
  const text = given.toString();
  return text ? `?${text}` : location.pathname;
}

/** @param {HTMLElement} page */
export function install(page) {
  const form = /** @type {HTMLFormElement} */ (page.querySelector("form"));
  const input = /** @type {HTMLInputElement} */ (page.querySelector("input[type=search]"));
  const status = /** @type {HTMLElement} */ (page.querySelector("[data-status]"));
  const notes = /** @type {HTMLElement} */ (page.querySelector("[data-notes]"));
  const facets = /** @type {HTMLElement} */ (page.querySelector("[data-facets]"));
  const results = /** @type {HTMLElement} */ (page.querySelector("[data-results]"));
  const index = /** @type {HTMLElement} */ (page.querySelector("[data-index]"));
  let state = stateOfAddress();
  /** @type {Set<string>} */
  const unfolded = new Set();

  const ask = inOrder(
    (/** @type {Answer} */ answer) => {
      page.removeAttribute("aria-busy");
      show(answer);
    },
    () => {
      page.removeAttribute("aria-busy");
      status.textContent = "";
      notes.replaceChildren(failure(refresh));
    },
  );

  function refresh() {
    index.hidden = Boolean(state.q);
    if (!state.q) {
      ask(() => new Promise(() => {}));
      page.removeAttribute("aria-busy");
      status.textContent = "";
      notes.replaceChildren(...recentQueries(change));
      facets.replaceChildren();
      results.replaceChildren();
      return;
    }
    page.setAttribute("aria-busy", "true");
    ask(() => answered(state, unfolded));
  }

  /** @param {State} next @param {boolean} isStep whether the browser's back button should return to what is shown */
  function change(next, isStep) {
    if (next.q !== state.q) unfolded.clear();
    state = next;
    if (input.value.trim() !== state.q) input.value = state.q;
    history[isStep ? "pushState" : "replaceState"](null, "", addressOf(state));
    refresh();
  }

  /** @param {Answer} answer */
  function show({ state: shown, groups, counts, labels, near }) {
    const all = groups.filter(({ kind }) => kind !== "concept");
    const total = all.reduce((sum, { found }) => sum + found.total, 0);
    const first = groups[0].found;
    document.title = `${shown.q} · 搜索`;
    status.textContent = said({ ...first, total, isLeast: all.some(({ found }) => found.isLeast) }).replace("，按回车看相近的概念", "");
    notes.replaceChildren(...[also(first)].filter((one) => one !== null));
    results.replaceChildren(...groups.filter(({ found }) => found.results.length).map((group) => section(group, unfold)));
    if (!total) results.prepend(nothing(shown, near, change));
    const focused = document.activeElement?.id ?? "";
    const opened = new Set(Array.from(facets.querySelectorAll("details[open]"), (one) => one.id));
    facets.replaceChildren(...facetLists(shown, counts, labels, change, opened));
    if (focused) document.getElementById(focused)?.focus();
  }

  /** @param {string} kind */
  function unfold(kind) {
    unfolded.add(kind);
    refresh();
  }

  let timer = 0;
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (/** @type {InputEvent} */ (event).isComposing) return;
    timer = window.setTimeout(() => change({ ...state, q: input.value.trim() }, false), PAUSE);
  });
  input.addEventListener("compositionend", () => change({ ...state, q: input.value.trim() }, false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    remember(input.value.trim());
    change({ ...state, q: input.value.trim() }, true);
  });
  results.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a")) remember(state.q);
  });
  window.addEventListener("popstate", () => {
    state = stateOfAddress();
    input.value = state.q;
    refresh();
  });
  input.value = state.q;
  // Beside the results where there is room; on a phone folded above them.
  const wide = window.matchMedia("(min-width: 45em)");
  const filter = /** @type {HTMLDetailsElement} */ (page.querySelector("[data-filter]"));
  const fold = () => (filter.open = wide.matches);
  wide.addEventListener("change", fold);
  fold();
  refresh();
}

/** @param {State} state @param {Set<string>} unfolded @returns {Promise<Answer>} */
async function answered(state, unfolded) {
  const { search, nearestConcepts, facetLabels } = await engine();
  const kinds = state.kinds.length ? KINDS.filter((kind) => state.kinds.includes(kind)) : KINDS;
  const chosen = state.facets;
  const [groups, overall, labels] = await Promise.all([
    Promise.all(
      kinds.map(async (kind) => ({
        kind,
        found: await search(state.q, {
          limit: unfolded.has(kind) ? FIRST_SHOWN + MORE_SHOWN : FIRST_SHOWN, kinds: [kind], facets: chosen,
        }),
      })),
    ),
    search(state.q, { limit: 0, kinds, facets: chosen }),
    facetLabels(),
  ]);
  const isEmpty = groups.every(({ kind, found }) => kind === "concept" || !found.results.length);
  return { state, groups, counts: overall.facets, labels, near: isEmpty ? await nearestConcepts(state.q) : [] };
}

// --- Results -------------------------------------------------------------------------------------------

/** @param {Group} group @param {(kind: string) => void} unfold */
function section({ kind, found }, unfold) {
  const id = `sb-results-${kind}`;
  const count = `${found.isLeast ? "至少" : ""}${found.total}`;
  const heading = element("h2", { id }, KIND_NAMES[kind], element("span", { class: "sb-count" }, count));
  const list = element("ol", { class: "sb-results" }, ...found.results.map(row));
  const made = element("section", { "aria-labelledby": id }, heading, list);
  if (found.results.length < found.total && found.results.length <= FIRST_SHOWN) {
    const more = element("button", { type: "button", class: "sb-search-more", id: `sb-more-${kind}` }, `更多${KIND_NAMES[kind]}`);
    more.addEventListener("click", () => unfold(kind));
    made.append(more);
  }
  return made;
}

/** @param {import("./search.js").Result} result */
function row({ url, title, excerpt, highlights, titleHighlights, community, kind }) {
  const heading = title || excerpt.slice(0, 24);
  return element(
    "li", { class: `sb-result sb-result--${kind}` },
    element("a", { href: url, class: "sb-result-title" }, ...highlighted(heading, title ? titleHighlights : [])),
    ...(excerpt ? [element("p", { class: "sb-result-text" }, ...highlighted(excerpt, highlights))] : []),
    ...(community && kind !== "community" ? [element("p", { class: "sb-meta" }, community)] : []),
  );
}

/**
 * @param {State} state
 * @param {import("./search.js").Near[]} near
 * @param {(state: State, isStep: boolean) => void} change
 */
function nothing(state, near, change) {
  const made = element("section", { class: "sb-search-nothing" }, element("h2", {}, "没有找到"));
  if (Object.values(state.facets).some((values) => values.length) || state.kinds.length) {
    const clear = element("button", { type: "button" }, "去掉所有筛选条件");
    clear.addEventListener("click", () => change({ q: state.q, kinds: [], facets: {} }, true));
    made.append(element("p", {}, "筛选条件可能太窄。", clear));
  }
  made.append(
    element("p", {}, "换个说法试试：少写几个字，或者写成“路灯”“停车”这样的词。相近的概念有："),
    element("ul", { class: "sb-near" }, ...near.map(({ label, count, url }) =>
      element("li", {}, element("a", { href: url }, label), element("span", { class: "sb-count" }, `${count}`)))),
  );
  return made;
}

/** @param {(state: State, isStep: boolean) => void} change @returns {HTMLElement[]} */
function recentQueries(change) {
  const queries = recent();
  if (!queries.length) return [];
  const clear = element("button", { type: "button", class: "sb-search-forget" }, "清除");
  clear.addEventListener("click", () => {
    forget();
    change({ q: "", kinds: [], facets: {} }, false);
  });
  const list = element("ul", { class: "sb-near" }, ...queries.map((query) => element("li", {}, element("a", { href: searchAddress(query) }, query))));
  return [element("section", { "aria-label": "最近的搜索" }, element("p", {}, "最近的搜索（只存在这个浏览器里）", clear), list)];
}

// --- Facets --------------------------------------------------------------------------------------------

/**
 * @param {State} state
 * @param {Record<string, Record<string, number>>} counts
 * @param {Record<string, Record<string, string>>} labels
 * @param {(state: State, isStep: boolean) => void} change
 * @param {Set<string>} opened ids of the lists that are unfolded
 * @returns {HTMLElement[]}
 */
function facetLists(state, counts, labels, change, opened) {
  /** @type {[string, string, string[], [string, string, number][]][]} */
  const lists = [["kind", "种类", state.kinds, KINDS.map((kind) => [kind, KIND_NAMES[kind], counts.kind[kind] ?? 0])]];
  for (const [name, title] of Object.entries(FACETS)) {
    const found = counts[name] ?? {}, chosen = state.facets[name] ?? [];
    const values = new Set([...chosen, ...Object.keys(found)]);
    const rows = Array.from(values, (value) => /** @type {[string, string, number]} */ ([value, labels[name]?.[value] ?? (value || NOT_STATED), found[value] ?? 0]));
    rows.sort((one, other) => Number(chosen.includes(other[0])) - Number(chosen.includes(one[0])) || other[2] - one[2] || (one[1] < other[1] ? -1 : 1));
    lists.push([name, title, chosen, rows]);
  }
  return lists
    .filter(([name, , chosen, rows]) => chosen.length || rows.length > (name === "kind" ? 0 : 1))
    .map(([name, title, chosen, rows]) => {
      const id = `sb-facet-${name}`;
      const isOpen = opened.has(id) || chosen.length > 0 || (!opened.size && window.innerWidth >= 720);
      const boxes = rows.map(([value, label, count], i) => choice(`${id}-${i}`, value, label, count, chosen.includes(value), (isChosen) => {
        const values = isChosen ? [...chosen, value] : chosen.filter((one) => one !== value);
        change(name === "kind" ? { ...state, kinds: values } : { ...state, facets: { ...state.facets, [name]: values } }, true);
      }));
      const shown = Math.max(VALUES_SHOWN, chosen.length);
      const rest = boxes.slice(shown);
      const body = element("fieldset", {}, element("legend", { class: "sb-hidden" }, title), ...boxes.slice(0, shown));
      if (rest.length) {
        const more = element("button", { type: "button", class: "sb-search-more" }, `还有${rest.length}个`);
        more.addEventListener("click", () => more.replaceWith(...rest));
        body.append(more);
      }
      return element("details", { id, class: "sb-facet", ...(isOpen ? { open: "" } : {}) }, element("summary", {}, title), body);
    });
}

/** @param {string} id @param {string} value @param {string} label @param {number} count @param {boolean} isChosen @param {(isChosen: boolean) => void} choose */
function choice(id, value, label, count, isChosen, choose) {
  const box = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox", id, value }));
  box.checked = isChosen;
  box.addEventListener("change", () => choose(box.checked));
  return element("label", { for: id, class: count || isChosen ? "" : "sb-unused" }, box, label, element("span", { class: "sb-count" }, `${count}`));
}
