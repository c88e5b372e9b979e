// The one way in which YAML is written here: authoring/canonical.py once more, byte for byte.

import { named } from "./comments.js";
import { AS_ITEM, AS_KEY, AS_KEY_IN_BRACES, AS_VALUE, IN_BRACES, IN_BRACKETS, literal, scalar } from "./scalars.js";
import { Num, textOf } from "./tree.js";

const STEP = "  ";

/** @param {any} root @param {import("./shape.js").Shape} shape @param {import("./comments.js").Comments} comments */
export function canonical(root, shape, comments) {
  const printer = new Printer(comments);
  printer.above([], "");
  printer.block(root, shape, [], "");
  const { lines } = printer;
  while (lines.length && !lines[0]) lines.shift();
  while (lines.length && !lines.at(-1)) lines.pop();
  return lines.map((line) => `${line}\n`).join("");
}

class Printer {
  /** @param {import("./comments.js").Comments} comments */
  constructor(comments) {
    /** @type {string[]} */
    this.lines = [];
    this.comments = comments;
    /** @type {Map<string, string[]>} by path, the commented paths at it or below */
    this.commented = new Map();
    const names = new Set([...comments.above.keys(), ...comments.beside.keys(), ...comments.below.keys()]);
    for (const name of names) {
      const path = JSON.parse(name);
      for (let length = 0; length <= path.length; length++) {
        const start = named(path.slice(0, length));
        this.commented.set(start, [...(this.commented.get(start) ?? []), name]);
      }
    }
  }

  above(path, indent) {
    this.own(this.comments.above.get(named(path)) ?? [], indent);
  }

  block(node, shape, path, indent) {
    if (node instanceof Map && node.size) {
      for (const key of shape.inOrder([...node.keys()])) {
        this.entry(`${scalar(key, AS_KEY)}:`, node.get(key), shape.child(key), [...path, key], indent);
      }
    } else if (Array.isArray(node) && node.length) {
      node.forEach((item, i) => this.item(item, shape.child(i), [...path, i], indent));
    } else {
      this.lines.push(indent + inline(node, shape, AS_VALUE));
    }
    this.own(this.comments.below.get(named(path)) ?? [], indent);
  }

  entry(lead, node, shape, path, indent) {
    if (isOnOneLine(node, shape)) {
      const remark = this.gathered(path, indent);
      const text = inline(node, shape, lead === "-" ? AS_ITEM : AS_VALUE);
      this.lines.push(`${indent}${lead} ${text}`.replace(/ +$/, "") + remark);
      return;
    }
    this.above(path, indent);
    const beside = this.comments.beside.get(named(path));
    const remark = beside ? `  ${beside}` : "";
    if (isLeaf(node)) {
      const [header, ...rows] = literal(textOf(node));
      this.lines.push(`${indent}${lead} ${header}${remark}`, ...rows.map((row) => (row ? indent + STEP + row : "")));
    } else {
      this.lines.push(`${indent}${lead}${remark}`);
      this.block(node, shape, path, indent + STEP);
    }
  }

  item(node, shape, path, indent) {
    if (isLeaf(node) || isOnOneLine(node, shape)) {
      this.entry("-", node, shape, path, indent);
      return;
    }
    this.above(path, indent);
    const beside = this.comments.beside.get(named(path));
    if (beside) this.own([beside], indent);
    const start = this.lines.length;
    this.block(node, shape, path, indent + STEP);
    const rows = this.lines.splice(start);
    const first = rows.findIndex((row) => row && !row.trimStart().startsWith("#"));
    for (let i = 0; i < first; i++) rows[i] = rows[i].slice(STEP.length);
    rows[first] = `${indent}- ${rows[first].slice(indent.length + STEP.length)}`;
    this.lines.push(...rows);
  }

  own(lines, indent) {
    for (const line of lines) if (line || this.lines.at(-1) !== "") this.lines.push(line ? indent + line : "");
  }

  /** Writes what is said above or within a short entry above it; gives the remark that may stand beside it. */
  gathered(path, indent) {
    const places = this.commented.get(named(path));
    if (!places) return "";
    this.above(path, indent);
    for (const own of [this.comments.above, this.comments.below]) {
      for (const place of places) {
        if (place !== named(path) || own === this.comments.below) this.own((own.get(place) ?? []).filter(Boolean), indent);
      }
    }
    const beside = places.filter((place) => this.comments.beside.has(place)).map((place) => this.comments.beside.get(place));
    if (beside.length > 1) this.own(beside, indent);
    return beside.length === 1 ? `  ${beside[0]}` : "";
  }
}

const isLeaf = (node) => !(node instanceof Map || Array.isArray(node));

function isOnOneLine(node, shape) {
  if (isLeaf(node)) return !literal(textOf(node)).length;
  if (Array.isArray(node)) return node.every((item) => isLeaf(item) && shape.child(0).isWord);
  if (!node.size) return true;
  return shape.isOnOneLine && [...node].every(([key, child]) => isLeaf(child) || (Array.isArray(child) && isOnOneLine(child, shape.child(key))));
}

function inline(node, shape, place) {
  if (node instanceof Map) {
    const inner = shape.inOrder([...node.keys()]).map((key) => `${scalar(key, AS_KEY_IN_BRACES)}: ${inline(node.get(key), shape.child(key), IN_BRACES)}`);
    return `{${inner.join(", ")}}`;
  }
  if (Array.isArray(node)) return `[${node.map((item) => inline(item, shape.child(0), IN_BRACKETS)).join(", ")}]`;
  if (typeof node === "string") return scalar(node, place);
  if (node === null || node === undefined) return place === AS_VALUE || place === AS_ITEM ? "" : "null";
  return node instanceof Num ? node.text : String(node);
}
