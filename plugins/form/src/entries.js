// The entries of a report's data: figures, problems and countermeasures, each folded to a line until it is wanted.

import { checks, field, record, select, single } from "./fields.js";
import { recorded, typedForm } from "./figures.js";
import { button, h } from "./dom.js";
import { pick } from "./picker.js";
import { amounts } from "./amounts.js";
import { nodeAt, Num, textOf } from "./tree.js";

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {"observations" | "problems" | "countermeasures"} Part
 */

/** @type {Part[]} */
export const PARTS = ["observations", "problems", "countermeasures"];
const NAMES = { observations: "数字", problems: "问题", countermeasures: "对策" };
const CATALOGUES = /** @type {const} */ ({ observations: "indicators", problems: "problems", countermeasures: "countermeasures" });
const SHORT = 30;

/** @param {Editor} editor @param {Part} part */
export function section(editor, part) {
  const entries = editor.entries(part);
  const choices = Object.keys(editor.data[CATALOGUES[part]]).length;
  return h(
    "section",
    { class: "sb-part", "data-part": part },
    h("h2", {}, NAMES[part], h("span", { class: "sb-count" }, String(entries.size))),
    ...[...entries].map(([key, entry]) => card(editor, part, key, entry)),
    choices > 0 && button(`＋ 添一项${NAMES[part]}`, () => added(editor, part, ""), { "data-add": part }),
  );
}

/** @param {Editor} editor @param {Part} part @param {string} key @param {any} entry */
function card(editor, part, key, entry) {
  const path = [...editor.work.survey, part, key];
  const name = NAMES[part];
  const summary = h("summary", {}, h("span", { class: "sb-entry-title" }, titleOf(editor, part, key, entry)), h("span", { class: "sb-entry-value" }, valueOf(editor, part, key, entry)));
  const body = h("div", { class: "sb-entry-body" });
  const shown = h("details", { class: `sb-entry sb-entry--${part}`, "data-key": key }, summary, body);
  const slot = editor.register("community", path, summary, "");
  // Hundreds of fields are made only when someone looks at them.
  const fill = () => {
    if (body.childElementCount) return;
    body.append(slot, ...fields(editor, part, key, path));
    body.append(button(`删去这一项`, () => editor.removeEntry(path, titleOf(editor, part, key, entry)), { class: "sb-small", "aria-label": `删去这一项${name}：${titleOf(editor, part, key, entry)}` }));
    editor.showFindings();
  };
  const id = JSON.stringify(path);
  editor.openers.set(id, () => {
    shown.open = true;
    fill();
  });
  if (editor.opened.has(id)) {
    shown.open = true;
    editor.afterRender.push(fill);
  }
  shown.addEventListener("toggle", () => {
    if (shown.open) {
      editor.opened.add(id);
      fill();
    } else editor.opened.delete(id);
  });
  editor.summaries.push(() => {
    const now = nodeAt(editor.work.roots.community, path);
    summary.children[0].textContent = titleOf(editor, part, key, now);
    summary.children[1].textContent = valueOf(editor, part, key, now);
  });
  return shown;
}

/** @param {Editor} editor @param {Part} part */
function titleOf(editor, part, key, entry) {
  if (part === "observations") return editor.data.indicators[key]?.label ?? key;
  return textOf(entry?.get?.("title")) || editor.data[CATALOGUES[part]][textOf(entry?.get?.("type"))]?.label || key;
}

/** @param {Editor} editor @param {Part} part */
function valueOf(editor, part, key, entry) {
  if (part !== "observations") return editor.data[CATALOGUES[part]][textOf(entry?.get?.("type"))]?.label ?? "";
  const gap = entry?.get?.("status");
  return gap ? editor.wordFor("Gap", textOf(gap)) : typedForm(entry, editor.data.indicators[key], editor.data.said);
}

/** @param {Editor} editor @param {Part} part */
function fields(editor, part, key, path) {
  const shape = editor.shapes.community.at(path);
  if (part === "observations") {
    const item = editor.data.indicators[key];
    const about = item ? h("p", { class: "sb-about" }, `${item.definition}单位：${item.unit}${Object.keys(item.also_units).map((unit) => `，也可以写${unit}`).join("")}。`) : null;
    return [about, ...quantity(editor, "community", path, shape, item), quote(editor, [...path, "quote"], shape.child("quote"), false)].filter(Boolean);
  }
  return shape.fields.map(([name, child]) => {
    const here = [...path, name];
    const said = { isRequired: shape.required.includes(name) };
    if (name === "type") return type(editor, part, here, child, said);
    if (name === "quote") return quote(editor, here, child, true);
    if (name === "addresses") return addresses(editor, here, child, said);
    return field(editor, "community", here, child, name === "status" ? { ...said, about: "" } : said);
  });
}

/** A quantity as one types it, and below it each of its fields. @returns {HTMLElement[]} */
export function quantity(editor, file, path, shape, item) {
  const read = h("p", { class: "sb-read", role: "status" });
  const value = typedForm(editor.get(file, path), item, editor.data.said);
  const box = h("input", { type: "text", value, autocomplete: "off", class: "sb-value-box", input: () => take() });
  const details = h("details", { class: "sb-each", toggle: () => details.open && each() }, h("summary", {}, "逐项看"), h("div", {}));
  const about = `照报告的写法写，如 约8,421人、3.2万、30多、100—120${item ? "；没有写单位就是" + item.unit : ""}`;
  const names = shape.fields.map((/** @type {any} */ [name]) => name);
  const wrapped = single(editor, file, [...path, "value"], shape.child("value"), { title: "数值", about, isRequired: !names.includes("status") }, box);
  editor.alias(file, [...path, "range"], [...path, "value"]);
  if (value) say();
  const gap = names.includes("status") ? [field(editor, file, [...path, "status"], shape.child("status"), { about: "报告没有给出数值时才选" })] : [];
  return [wrapped, read, details, ...gap];

  function take() {
    const result = recorded(box.value, item);
    const kept = textOf(editor.get(file, [...path, "unit"]));
    for (const name of ["value", "range", "precision", ...(item ? ["unit"] : [])]) editor.put(file, [...path, name], undefined);
    if ("fields" in result) for (const [name, part] of result.fields) editor.put(file, [...path, name], part);
    else if (box.value.trim()) editor.put(file, [...path, "value"], box.value.trim());
    if (!item && shape.required.includes("unit") && !editor.get(file, [...path, "unit"])) editor.put(file, [...path, "unit"], kept || null);
    say(result);
    if (details.open) each();
    editor.changed();
  }

  function say(result = recorded(box.value, item)) {
    read.classList.toggle("sb-wrong", "wrong" in result);
    if (!box.value.trim()) read.textContent = "";
    else if ("wrong" in result) read.textContent = result.wrong;
    else {
      const { fields: found } = result;
      const number = found.has("range") ? found.get("range").map(textOf).join(" 到 ") : textOf(found.get("value"));
      const precision = found.has("range") ? "范围" : editor.data.precisions[textOf(found.get("precision")) || "exact"];
      read.textContent = `读作：${number} ${textOf(found.get("unit")) || item?.unit || ""}（${precision}）`;
    }
  }

  function each() {
    const shown = ["value", "precision", "unit"].filter((name) => names.includes(name) && !(name !== "unit" && editor.get(file, [...path, "range"])));
    const fieldOf = (/** @type {string} */ name) => {
      const here = [...path, name];
      const child = shape.child(name);
      if (name === "unit" && item) return single(editor, file, here, child, {}, select(editor, file, here, child, {}, Object.keys(item.also_units).map((unit) => [unit, unit]), item.unit));
      return field(editor, file, here, child, { title: name === "value" ? "数值（纯数字）" : undefined });
    };
    details.lastElementChild.replaceChildren(...shown.map(fieldOf));
    editor.register(file, [...path, "value"], box, "", wrapped.querySelector(".sb-findings"));
  }
}

/** The type of a problem or countermeasure, by its name. */
function type(editor, part, path, shape, said) {
  const catalogue = editor.data[CATALOGUES[part]];
  const current = textOf(editor.get("community", path));
  const control = button(catalogue[current]?.label ?? (current || "选一个类型"), async () => {
    const chosen = await pick({ title: shape.schema.title, choices: choicesOf(catalogue), groups: labelsOf(catalogue), near: textOf(editor.get("community", [...path.slice(0, -1), "quote"])) });
    if (chosen?.id) editor.set("community", path, chosen.id, true, true);
  });
  control.classList.add("sb-chooser");
  control.setAttribute("aria-label", `${shape.schema.title}：${control.textContent}`);
  return single(editor, "community", path, shape, { ...said, about: catalogue[current]?.definition ?? "" }, control);
}

function addresses(editor, path, shape, said) {
  const problems = [...editor.entries("problems")].map(([key, entry]) => /** @type {[string, string]} */ ([key, titleOf(editor, "problems", key, entry)]));
  return checks(editor, "community", path, shape, { ...said, about: problems.length ? "本报告里的问题，至少一个" : "先在上面添一个问题" }, problems);
}

function quote(editor, path, shape, isRequired) {
  const box = h("textarea", { rows: 2, value: textOf(editor.get("community", path)), input: () => editor.set("community", path, box.value.replace(/\s*\n\s*/g, ""), isRequired) });
  const wrapped = single(editor, "community", path, shape, { isRequired, about: "从报告正文里选，一字不差，只出现一次" }, box);
  const take = button("用选中的文字", () => {
    const words = editor.text.selected();
    if (!words) return editor.say("先在正文里选中几个字");
    box.value = words;
    editor.set("community", path, words, isRequired);
  }, { class: "sb-small" });
  box.after(take);
  return wrapped;
}

// --- New entries ------------------------------------------------------------------------------------------

const choicesOf = (/** @type {any} */ catalogue) => Object.entries(catalogue).map(([id, item]) => ({ id, ...item }));
const labelsOf = (/** @type {any} */ catalogue) => Object.fromEntries(Object.entries(catalogue).map(([id, item]) => [id, item.label]));

/** Add an entry, or give the quote to one that is there. @param {Editor} editor @param {Part} part @param {string} words */
export async function added(editor, part, words) {
  const catalogue = editor.data[CATALOGUES[part]];
  const entries = editor.entries(part);
  const taken = part === "observations" ? choicesOf(catalogue).filter(({ id }) => !entries.has(id)) : choicesOf(catalogue);
  const chosen = await pick({
    title: words ? `这句话说的是哪一项${NAMES[part]}？` : `添一项${NAMES[part]}`,
    hint: words && `“${words}”`,
    choices: taken,
    groups: part === "observations" ? editor.data.groups : labelsOf(catalogue),
    existing: words ? [...entries].map(([key, entry]) => ({ id: key, label: titleOf(editor, part, key, entry), note: textOf(entry?.get?.("quote")) })).filter((entry) => !entry.note || words.includes(entry.note) || entry.note.includes(words)) : [],
    near: words,
  });
  if (!chosen) return;
  const key = chosen.existing ?? (part === "observations" ? chosen.id : freeKey(chosen.id, entries));
  const path = [...editor.work.survey, part, key];
  if (chosen.existing) editor.put("community", [...path, "quote"], words);
  else editor.put("community", path, drafted(editor, part, chosen.id, words));
  editor.opened.add(JSON.stringify(path));
  editor.changed(true);
  editor.goTo("community", [...path, part === "observations" ? "value" : "title"]);
}

function freeKey(id, entries) {
  const candidates = [id, ...Array.from({ length: entries.size + 1 }, (_, i) => `${id}-${i + 2}`)];
  return candidates.find((key) => !entries.has(key));
}

/** A new entry with what the words say. @returns {Map<string, any>} */
function drafted(editor, part, id, words) {
  const entry = new Map();
  if (part === "observations") {
    const item = editor.data.indicators[id];
    const stated = words && amounts(words).length === 1 ? recorded(words, item) : undefined;
    if (stated && "fields" in stated) for (const [name, value] of stated.fields) entry.set(name, value);
    if (words) entry.set("quote", words);
    return entry;
  }
  const title = words.replace(/[。；;.！!]+$/, "");
  entry.set("type", id);
  entry.set("title", title && [...title].length <= SHORT ? title : null);
  if (part === "countermeasures") {
    const problems = [...editor.entries("problems").keys()];
    entry.set("addresses", problems.length === 1 ? problems : []);
    entry.set("who", []);
    entry.set("status", "proposed");
  }
  entry.set("quote", words || null);
  return entry;
}

export { Num, record };
