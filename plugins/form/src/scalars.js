// How one text is written in YAML: plain where it is read back as the same text, else in quotes.
// The counterpart of authoring/scalars.py.

import { read } from "./tree.js";

/** @typedef {{around: (word: string) => string, says: (root: any) => any}} Place */

const key = (/** @type {any} */ root) => (root instanceof Map && root.size === 1 ? [...root.entries()][0] : [undefined, undefined]);
export const AS_VALUE = { around: (w) => `k: ${w}\n`, says: (r) => r.get("k") };
export const AS_ITEM = { around: (w) => `k:\n  - ${w}\n`, says: (r) => only(r.get("k")) };
export const IN_BRACKETS = { around: (w) => `k: [${w}]\n`, says: (r) => only(r.get("k")) };
export const IN_BRACES = { around: (w) => `k: {k: ${w}}\n`, says: (r) => (r.get("k")?.size === 1 ? r.get("k").get("k") : undefined) };
export const AS_KEY = { around: (w) => `${w}: v\n`, says: (r) => (key(r)[1] === "v" ? key(r)[0] : undefined) };
export const AS_KEY_IN_BRACES = { around: (w) => `k: {${w}: v}\n`, says: (r) => (key(r.get("k"))[1] === "v" ? key(r.get("k"))[0] : undefined) };

const READ_OTHERWISE = /^([-+]?[0-9.][0-9._]*|<<|=)$/;
const UNWRITABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;
const UNREADABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]/;

/** @param {any} items */
function only(items) {
  return Array.isArray(items) && items.length === 1 ? items[0] : undefined;
}

/** @param {string} text @param {any} place */
export function scalar(text, place) {
  const isKey = place === AS_KEY || place === AS_KEY_IN_BRACES;
  const isPlain = !/[\t\n]/.test(text) && (isKey || !READ_OTHERWISE.test(text)) && !UNREADABLE.test(text);
  // Within brackets the library of the check differs from the one used here.
  const isFlow = place === IN_BRACKETS || place === IN_BRACES || place === AS_KEY_IN_BRACES;
  if (isFlow && text === "-" && !isKey) return text;
  const isRefused = (isFlow && /^[:?]|:\?/.test(text)) || (isKey && !text);
  return isPlain && !isRefused && readsBack(text, text, place) ? text : quoted(text);
}

/** The text as a block of lines under its header; empty when it has one line or cannot be so. @param {string} text */
export function literal(text) {
  const rows = text.replace(/\n$/, "").split("\n");
  if (rows.length < 2 || !rows.at(-1) || rows.some((row) => row !== row.trimEnd())) return [];
  const header = text.endsWith("\n") ? "|" : "|-";
  const block = [header, ...rows.map((row) => (row ? `  ${row}` : ""))].join("\n");
  return readsBack(block, text, AS_VALUE) ? [header, ...rows] : [];
}

/** @param {string} written @param {string} text @param {any} place */
function readsBack(written, text, place) {
  try {
    const { root, doubts } = read(place.around(written));
    return !doubts && root instanceof Map && root.size === 1 && place.says(root) === text;
  } catch {
    return false;
  }
}

/** @param {string} text */
function quoted(text) {
  if (/["\\]/.test(text) && !text.includes("'") && !text.match(UNWRITABLE)) return `'${text}'`;
  return JSON.stringify(text).replace(UNWRITABLE, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
