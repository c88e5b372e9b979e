// Fields made from the schema: what each is called, what it means and what may be chosen stands there.

import { isDate } from "./checks.js";
import { asked, button, freshId, h } from "./dom.js";
import { Num, textOf } from "./tree.js";

const LONG = 120;

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {import("./shape.js").Shape} Shape
 * @typedef {import("./contribution.js").FileKind} FileKind
 * @typedef {import("./contribution.js").Path} Path
 * @typedef {{title?: string, isRequired?: boolean, about?: string}} Said
 */

/** The fields of a record. @param {Editor} editor @param {FileKind} file @param {Path} path @param {Shape} shape @param {string[]} skipped */
export function record(editor, file, path, shape, skipped = []) {
  return shape.fields
    .filter(([name]) => !skipped.includes(name))
    .map(([name, child]) => field(editor, file, [...path, name], child, { isRequired: shape.required.includes(name) }));
}

/** @param {Editor} editor @param {FileKind} file @param {Path} path @param {Shape} shape @param {Said} said @returns {HTMLElement} */
export function field(editor, file, path, shape, said = {}) {
  const { schema } = shape;
  if (shape.isRecord) return inner(editor, file, path, shape, said);
  if (schema.type === "array" && shape.child(0).schema.enum) return checks(editor, file, path, shape, said, optionsOf(shape.child(0)));
  if (schema.type === "array") return rows(editor, file, path, shape, said);
  if (schema.enum) return single(editor, file, path, shape, said, select(editor, file, path, shape, said));
  return single(editor, file, path, shape, said, typed(editor, file, path, shape));
}

/** @param {Shape} shape @returns {[string, string][]} */
function optionsOf({ schema }) {
  return schema.enum.map((/** @type {string} */ value, /** @type {number} */ i) => [value, schema.enumDescriptions?.[i] ?? value]);
}

/** A control with its label, its help and a place for what is wrong with it. */
export function single(editor, file, path, shape, said, control) {
  const id = freshId();
  const hint = said.about ?? helpOf(shape);
  control.id = id;
  const slot = editor.register(file, path, control, hint ? `${id}-h` : "");
  return h(
    "div",
    { class: "sb-field" },
    h("label", { for: id }, said.title ?? shape.schema.title ?? String(path.at(-1)), said.isRequired && h("span", { class: "sb-required" }, "必填")),
    control,
    hint && h("p", { class: "sb-hint", id: `${id}-h` }, hint),
    slot,
  );
}

/** The help of the schema, without what only concerns who writes YAML. @param {Shape} shape */
export function helpOf({ schema }) {
  const help = (schema.description ?? "").replace(/，?加引号/, "");
  const named = schema.enum ?? [];
  return named.some((/** @type {string} */ word) => help.includes(word)) ? help.split("：")[0] : help;
}

function group(editor, file, path, shape, said, ...children) {
  const legend = h("legend", {}, said.title ?? shape.schema.title ?? String(path.at(-1)), said.isRequired && h("span", { class: "sb-required" }, "必填"));
  const set = h("fieldset", { class: "sb-field sb-group", tabindex: "-1" }, legend, ...children);
  set.append(editor.register(file, path, set, ""));
  return set;
}

function typed(editor, file, path, shape) {
  const { schema } = shape;
  const isLong = schema.type === "string" && (schema.maxLength ?? 0) > LONG;
  const value = textOf(editor.get(file, path));
  const change = (/** @type {Event} */ event) => editor.set(file, path, valueOf(/** @type {HTMLInputElement} */ (event.target).value, shape), isRequired(editor, file, path));
  if (isLong) return h("textarea", { rows: value.length > 45 ? 3 : 1, value, input: change });
  return h("input", { type: "text", value, autocomplete: "off", inputmode: schema.type === "number" ? "decimal" : undefined, input: change });
}

/** @param {string} text @param {Shape} shape */
function valueOf(text, { schema }) {
  const written = text.replace(/\s*\n\s*/g, "").trim();
  const isNumber = schema.type === "number" ? /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/ : isDate(schema) ? /^[1-9][0-9]{3}$/ : undefined;
  return isNumber?.test(written) && written.length <= 16 ? new Num(written) : written;
}

function isRequired(editor, file, path) {
  const parent = editor.shapes[file].at(path.slice(0, -1));
  return typeof path.at(-1) === "number" || parent.required.includes(path.at(-1));
}

/** @param {[string, string][]} options @param {string} none what it is called when nothing is chosen */
export function select(editor, file, path, shape, said, options = optionsOf(shape), none = said.isRequired ? "请选择" : "不填") {
  const value = textOf(editor.get(file, path));
  const unknown = value && !options.some(([known]) => known === value) ? [[value, value]] : [];
  const control = h(
    "select",
    { change: () => editor.set(file, path, control.value, isRequired(editor, file, path)) },
    h("option", { value: "" }, none),
    ...[...unknown, ...options].map(([option, label]) => h("option", { value: option }, label)),
  );
  control.value = value;
  return control;
}

/** Boxes to tick; the list holds what is ticked, in the order of the boxes. @param {[string, string][]} options */
export function checks(editor, file, path, shape, said, options) {
  const current = () => /** @type {any[]} */ (Array.isArray(editor.get(file, path)) ? editor.get(file, path) : []);
  const known = options.map(([value]) => value);
  const all = [...options, ...current().filter((value) => !known.includes(value)).map((value) => [textOf(value), textOf(value)])];
  const boxes = all.map(([value, label]) => {
    const toggle = () => {
      const others = current().filter((each) => each !== value);
      editor.set(file, path, box.checked ? inOrder([...current(), value], known) : others, true);
    };
    const box = h("input", { type: "checkbox", checked: current().includes(value), change: toggle });
    return h("label", { class: "sb-check" }, box, label);
  });
  const about = said.about ?? helpOf(shape);
  return group(editor, file, path, shape, said, about && h("p", { class: "sb-hint" }, about), h("div", { class: "sb-checks" }, ...boxes));
}

/** What was there keeps its place; what is new stands where the options have it. */
function inOrder(values, known) {
  const added = values.at(-1);
  const rank = (/** @type {any} */ value) => known.indexOf(value);
  const at = values.slice(0, -1).findIndex((value) => rank(value) > rank(added));
  if (at < 0) return values;
  return [...values.slice(0, at), added, ...values.slice(at, -1)];
}

/** Whether something would be lost with it. @param {any} node */
const filled = (node) => node instanceof Map && [...node.values()].some((value) => textOf(value) || value instanceof Map || Array.isArray(value));

/** A list with a line, or a few fields, for each item. */
function rows(editor, file, path, shape, said) {
  const list = Array.isArray(editor.get(file, path)) ? editor.get(file, path) : [];
  const item = shape.child(0);
  const title = said.title ?? shape.schema.title;
  const items = list.map((/** @type {any} */ _, /** @type {number} */ i) => {
    const here = [...path, i];
    const name = `${title} ${i + 1}`;
    const fields = item.isRecord ? record(editor, file, here, item) : [single(editor, file, here, item, { title: name }, typed(editor, file, here, item))];
    const gone = list.length > 1 || said.isRequired ? here : path;
    const removed = async () => {
      if (item.isRecord && filled(editor.get(file, here)) && !(await asked(`删去“${name}”？`, "删去"))) return;
      editor.set(file, gone, undefined, false, true);
      editor.focus(file, path, ":scope > .sb-small");
    };
    return h("div", { class: "sb-row" }, ...fields, button("删去", removed, { "aria-label": `删去${name}`, class: "sb-small" }));
  });
  const empty = item.isRecord ? () => new Map() : () => "";
  const added = () => {
    if (!list.length) editor.put(file, path, []);
    editor.set(file, [...path, list.length], empty(), true, true);
    editor.focus(file, path, ":scope > .sb-row:last-of-type :is(input, textarea, select)");
  };
  const add = button(`添一项`, added, { "aria-label": `添一项${title}`, class: "sb-small" });
  return group(editor, file, path, shape, said, h("p", { class: "sb-hint" }, shape.schema.description), ...items, add);
}

/** A record within another: one that may be left out is there only when it is wanted. */
function inner(editor, file, path, shape, said) {
  const isThere = editor.get(file, path) instanceof Map;
  if (!isThere && !said.isRequired && path.length > 1) {
    const begun = () => {
      editor.set(file, path, new Map(), true, true);
      editor.focus(file, path, "input, textarea, select");
    };
    const begin = button(`＋ ${shape.schema.title}`, begun, { class: "sb-small" });
    editor.register(file, path, begin, "");
    return h("p", { class: "sb-field" }, begin, h("span", { class: "sb-hint sb-beside" }, shape.schema.description));
  }
  const removed = async () => {
    if (filled(editor.get(file, path)) && !(await asked(`删去“${shape.schema.title}”？`, "删去"))) return;
    editor.set(file, path, undefined, false, true);
    editor.focus(file, path);
  };
  const remove = !said.isRequired && path.length > 1 && button("删去", removed, { "aria-label": `删去${shape.schema.title}`, class: "sb-small" });
  const names = shape.fields.map(([name]) => name);
  const fields = names.includes("value") && names.includes("range") ? editor.quantity(file, path, shape) : record(editor, file, path, shape);
  return group(editor, file, path, shape, said, h("p", { class: "sb-hint" }, shape.schema.description), ...fields, remove);
}
