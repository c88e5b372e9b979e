// YAML to a plain tree and back: mappings are Maps, so that a hostile key is a key and nothing else.
// The counterpart of reading/documents.py: what is read otherwise there is refused or read as there.

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** A number with its digits as they were written. */
export class Num {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** What the form cannot take in; the message says why, in Chinese. */
export class Unreadable extends Error {}

const INTEGER = /^[-+]?(0|[1-9][0-9]*)$/;
const DECIMAL = /^[-+]?(0|[1-9][0-9]*)\.[0-9]+$/;
const CONSTANTS = new Map([["", null], ["null", null], ["~", null], ["true", true], ["false", false]]);
export const LONGEST_NUMBER = 16;
const AMBIGUOUS = [
  /^(y|n|yes|no|on|off)$/i,
  /^(True|TRUE|False|FALSE|Null|NULL)$/,
  /^[-+]?0[0-9]+(\.[0-9]*)?$/,
  /^[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?$/,
  /^([-+]?0[xob][0-9a-fA-F_]+|[-+]?[0-9]+_[0-9_]*)$/,
  /^([-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+|[-+]?\.(inf|nan))$/i,
];
const FULL_WIDTH_QUOTES = /^(“[^“”]*”|‘[^‘’]*’|「[^「」]*」|＂[^＂]*＂|＇[^＇]*＇)$/;
const FULL_WIDTH_COMMA = /[，、]/;

const isAmbiguous = (/** @type {string} */ written) => AMBIGUOUS.some((pattern) => pattern.test(written));
const isDoubtful = (/** @type {string} */ written) => isAmbiguous(written) || FULL_WIDTH_QUOTES.test(written);

/**
 * @typedef {{path: (string | number)[], line: number, column: number}} Entry a key or an item, counted from 0
 * @typedef {{root: any, entries: Entry[], doubts: boolean}} Read ``doubts``: our check has something against it
 */

/** @param {string} text @returns {Read} throws Unreadable */
export function read(text) {
  const counter = new LineCounter();
  const rows = text.split("\n");
  const document = parseDocument(text, { schema: "failsafe", lineCounter: counter, prettyErrors: false, stringKeys: true });
  if (document.errors.length) throw new Unreadable("文件的 YAML 读不下去");
  /** @type {Entry[]} */
  const entries = [];
  const state = { doubts: document.warnings.length > 0 };
  const at = (/** @type {number} */ offset) => {
    const { line, col } = counter.linePos(offset);
    return { line: line - 1, column: col - 1 };
  };

  /** @param {any} node @param {(string|number)[]} path @param {boolean} inFlow @returns {any} */
  function build(node, path, inFlow) {
    if (node === null || node === undefined) return null;
    if (isAlias(node) || node.anchor || node.tag) throw new Unreadable("文件里有锚点、别名或标签");
    const isFlow = inFlow || Boolean(node.flow);
    if (isMap(node)) {
      const found = new Map();
      for (const pair of node.items) {
        const key = String(/** @type {any} */ (pair.key)?.value ?? "");
        if (/** @type {any} */ (pair.key)?.type === "PLAIN") state.doubts ||= isDoubtful(key);
        if (!isFlow) entries.push({ path: [...path, key], ...at(/** @type {any} */ (pair.key).range[0]) });
        found.set(key, build(pair.value, [...path, key], isFlow));
      }
      return found;
    }
    if (isSeq(node)) {
      return node.items.map((/** @type {any} */ item, i) => {
        if (!isFlow) entries.push(itemAt(item, [...path, i]));
        if (node.flow && isScalar(item) && item.type === "PLAIN" && FULL_WIDTH_COMMA.test(String(item.value))) state.doubts = true;
        return build(item, [...path, i], isFlow);
      });
    }
    const written = String(node.value ?? "");
    if (node.type !== "PLAIN") return written;
    state.doubts ||= isDoubtful(written);
    if (isAmbiguous(written)) return written;
    if (CONSTANTS.has(written)) return CONSTANTS.get(written);
    const isNumber = written.length <= LONGEST_NUMBER && (INTEGER.test(written) || DECIMAL.test(written));
    return isNumber ? new Num(written) : written;
  }

  /** @param {any} item @param {(string|number)[]} path @returns {Entry} */
  function itemAt(item, path) {
    const { line, column } = at(item.range[0]);
    const before = rows[line].slice(0, column).trimEnd();
    return { path, line, column: before.endsWith("-") ? before.length - 1 : Math.max(column - 2, 0) };
  }

  const root = build(document.contents, [], false);
  return { root, entries, doubts: state.doubts };
}

/** The node at the path; undefined when there is none. @param {any} root @param {(string|number)[]} path */
export function nodeAt(root, path) {
  let node = root;
  for (const step of path) node = node instanceof Map ? node.get(step) : Array.isArray(node) ? node[Number(step)] : undefined;
  return node;
}

/** The text of a leaf as it is written, empty for none. @param {any} node */
export function textOf(node) {
  if (node === null || node === undefined || node instanceof Map || Array.isArray(node)) return "";
  return node instanceof Num ? node.text : String(node);
}

/** @param {any} node @returns {any} */
export function copied(node) {
  if (node instanceof Map) return new Map([...node].map(([key, child]) => [key, copied(child)]));
  return Array.isArray(node) ? node.map(copied) : node;
}
