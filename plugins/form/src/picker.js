// Choose an indicator or a type by its name or by any other word for it.

import { button, freshId, h } from "./dom.js";

const MOST = 40;

/**
 * @typedef {{id: string, label: string, alt: string[], unit?: string, definition: string, group: string}} Choice
 * @param {{title: string, choices: Choice[], groups: Record<string, string>, hint?: string, existing?: {id: string, label: string, note: string}[], near?: string}} given
 *   ``existing`` entries are offered first; the choices whose words stand in ``near`` come before the others
 * @returns {Promise<{existing?: string, id?: string} | undefined>} undefined when nothing was chosen
 */
export function pick({ title, choices, groups, hint, existing = [], near = "" }) {
  return new Promise((resolve) => {
    const heading = freshId();
    const inputId = freshId();
    const list = h("ul", { class: "sb-choices" });
    const count = h("p", { class: "sb-hint", role: "status" });
    const input = h("input", { id: inputId, type: "search", autocomplete: "off", maxlength: 60, input: () => show(), keydown: first });
    const dialog = h(
      "dialog",
      { class: "sb-dialog sb-picker", "aria-labelledby": heading },
      h("h2", { id: heading }, title),
      hint && h("p", { class: "sb-quote-chosen" }, hint),
      h("label", { for: inputId }, "找（名称、别的说法、定义里的字）"),
      input,
      count,
      list,
      h("p", { class: "sb-buttons" }, button("取消", () => done(undefined))),
    );
    const ranked = near ? [...choices].sort((a, b) => nearness(b, near) - nearness(a, near)) : choices;
    dialog.addEventListener("cancel", () => done(undefined));
    document.querySelector("#sb-form")?.append(dialog);
    show();
    dialog.showModal();
    input.focus();

    function done(/** @type {any} */ chosen) {
      dialog.close();
      dialog.remove();
      resolve(chosen);
    }

    function first(/** @type {KeyboardEvent} */ event) {
      if (event.key === "Escape") {
        event.preventDefault(); // else it would only empty the box
        return done(undefined);
      }
      if (event.key === "ArrowDown") list.querySelector("button")?.focus();
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      list.querySelector("button")?.click();
    }

    function show() {
      const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (/** @type {string[]} */ texts) => words.every((/** @type {string} */ word) => texts.some((text) => text.toLowerCase().includes(word)));
      const named = ranked.filter((choice) => fits([choice.label, ...choice.alt, choice.id]));
      const rest = words.length ? ranked.filter((choice) => !named.includes(choice) && fits([choice.definition])) : [];
      const here = existing.filter((entry) => fits([entry.label, entry.note]));
      const exact = [...named, ...rest];
      // No word as it was typed: those that have most of it.
      const found = exact.length || !words.length ? exact : alike(ranked, words.join(""));
      list.replaceChildren(
        ...here.map((entry) => h("li", {}, button("", () => done({ existing: entry.id }), {}))),
        ...found.slice(0, MOST).map((choice) => h("li", {}, button("", () => done({ id: choice.id }), {}))),
      );
      const buttons = [...list.querySelectorAll("button")];
      here.forEach((entry, i) => buttons[i].append(h("strong", {}, entry.label), h("span", { class: "sb-choice-about" }, `已有的一项：${entry.note || "还没有引文"}`)));
      found.slice(0, MOST).forEach((choice, i) => describe(buttons[here.length + i], choice));
      const more = found.length > MOST ? `先列 ${MOST} 个，写几个字可以缩小范围` : "";
      count.textContent = found.length ? `${found.length} 个可选；${more}`.replace(/；$/, "") : "没有找到；换一个说法试试。实在没有的，先选最接近的，交的时候说明";
    }

    function describe(/** @type {HTMLElement} */ target, /** @type {Choice} */ choice) {
      const alt = choice.alt.length ? `也叫${choice.alt.slice(0, 4).join("、")}。` : "";
      const group = groups[choice.group];
      target.append(
        h("strong", {}, choice.label, choice.unit ? h("span", { class: "sb-choice-unit" }, `（${choice.unit}）`) : null),
        group ? h("span", { class: "sb-choice-group" }, group) : "",
        h("span", { class: "sb-choice-about" }, `${choice.definition}${alt}`),
      );
    }
  });
}

/** The choices with a word that shares half of its pairs of characters with what was typed. @param {Choice[]} choices @param {string} typed */
function alike(choices, typed) {
  const likeness = (/** @type {Choice} */ choice) => Math.max(...[choice.label, ...choice.alt].map((word) => shared(typed, word)));
  const scored = choices.map((choice) => ({ choice, score: likeness(choice) })).filter(({ score }) => score >= 0.5);
  return scored.sort((a, b) => b.score - a.score).map(({ choice }) => choice);
}

/** The share of the word's pairs of characters that stand in the text. @param {string} word @param {string} text */
function shared(word, text) {
  const pairs = [...word].slice(0, -1).map((_, i) => word.slice(i, i + 2));
  return pairs.filter((pair) => text.includes(pair)).length / Math.max(pairs.length, 1);
}

/** How much of the words of a choice stands in the text. @param {Choice} choice @param {string} text */
function nearness(choice, text) {
  const named = Math.max(...[choice.label, ...choice.alt].map((word) => shared(word, text)));
  return named + (choice.unit && new RegExp(`[0-9万千百十余多]${choice.unit.replace(/[^\p{L}%]/gu, "")}`, "u").test(text) ? 0.4 : 0);
}
