// The comments and blank lines of a YAML text, each with the entry that it is about: authoring/comments.py once more.

import { CST, Lexer } from "yaml";

/** @typedef {Map<string, string[]>} Lines by the JSON of a path */
/** @typedef {{above: Lines, beside: Map<string, string>, below: Lines}} Comments */

export const named = (/** @type {(string|number)[]} */ path) => JSON.stringify(path);

/** @returns {Comments} */
export const noComments = () => ({ above: new Map(), beside: new Map(), below: new Map() });

/** @param {string} text @param {import("./tree.js").Entry[]} entries in the order of the text @returns {Comments} */
export function commentsOf(text, entries) {
  const rows = text.split("\n");
  const columns = new Map(entries.map((entry) => [named(entry.path), entry.column]));
  const lastOfRow = new Map(entries.map((entry) => [entry.line, entry]));
  const begins = new Map([...entries].reverse().map((entry) => [entry.line, entry]));
  const found = noComments();
  const { remarks, covered } = remarksOf(text);
  const own = new Map([...remarks].filter(([row, remark]) => !attachBeside(row, remark)));
  const of = (/** @type {number[]} */ run) => run.map((i) => own.get(i) ?? { column: 0, words: "" });
  /** @type {number[]} */
  let run = [];
  /** @type {import("./tree.js").Entry | undefined} */
  let last;
  for (let row = 0; row < rows.length; row++) {
    if (own.has(row) || (!rows[row].trim() && !covered.has(row))) {
      run.push(row);
    } else if (begins.has(row)) {
      attachRun(of(run), last, begins.get(row));
      last = lastOfRow.get(row);
      run = [];
    } else if (last) {
      const words = run.filter((i) => own.has(i)).map((i) => own.get(i).words);
      if (words.length) add(found.above, last.path, words);
      run = [];
    }
  }
  attachRun(of(run), last, undefined);
  return found;

  function attachBeside(row, { column, words }) {
    let entry;
    for (const each of entries) if (each.line <= row) entry = each;
    if (!entry || !rows[row].slice(0, column).replace(/^[ \-?:]+|[ \-?:]+$/g, "")) return false;
    const name = named(entry.path);
    found.beside.set(name, found.beside.has(name) ? `${found.beside.get(name)} ${words}` : words);
    return true;
  }

  function attachRun(lines, before, following) {
    const deep = deepOf(lines, before, following);
    for (const [path, words] of deep) add(found.below, path, words);
    let rest = folded(lines.slice(deep.reduce((sum, [, words]) => sum + words.length, 0)).map((line) => line.words));
    if (!following) {
      if (!before) found.above.set(named([]), rest.filter(Boolean));
      return;
    }
    if (!before && rest.includes("")) {
      const head = rest.lastIndexOf("") + 1;
      found.above.set(named([]), rest.slice(0, head));
      rest = rest.slice(head);
    }
    if (rest.length) found.above.set(named(following.path), rest);
  }

  /** The lines of the beginning that close a collection, each group with the path of the collection. */
  function deepOf(lines, before, following) {
    /** @type {[(string|number)[], string[]][]} */
    const groups = [];
    if (!before) return groups;
    /** @type {string[]} */
    let pending = [];
    for (const { column, words } of lines) {
      if (!words) {
        pending.push(words);
        continue;
      }
      if (following && column <= following.column) break;
      const home = homeOf(column, before);
      if (following && named(following.path.slice(0, home.length)) === named(home)) break;
      groups.push([home, [...pending, words]]);
      pending = [];
    }
    return groups;
  }

  function homeOf(column, entry) {
    let path = entry.path;
    while (path.length > 1 && columns.get(named(path)) > column) path = path.slice(0, -1);
    return path.slice(0, -1);
  }
}

/** Column and words of the comment on each row that has one, and the rows within a scalar. @param {string} text */
function remarksOf(text) {
  /** @type {Map<number, {column: number, words: string}>} */
  const remarks = new Map();
  const covered = new Set();
  let row = 0;
  let column = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type = CST.tokenType(lexeme);
    if (lexeme === CST.SCALAR || lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END) {
      isScalar = lexeme === CST.SCALAR;
      continue;
    }
    if (type === "comment") remarks.set(row, { column, words: lexeme.trimEnd() });
    const isWhole = isScalar || type === "single-quoted-scalar" || type === "double-quoted-scalar";
    const within = lexeme.trimEnd().split("\n").length - 1;
    if (isWhole) for (let i = 1; i <= within; i++) covered.add(row + i);
    isScalar = false;
    const parts = lexeme.split("\n");
    row += parts.length - 1;
    column = parts.length > 1 ? parts.at(-1).length : column + lexeme.length;
  }
  return { remarks, covered };
}

function add(map, path, words) {
  map.set(named(path), [...(map.get(named(path)) ?? []), ...words]);
}

function folded(lines) {
  return lines.filter((line, i) => line || lines[i - 1] !== "" || i === 0);
}

/** The comments without those of the entry at the path and below it. @param {Comments} comments */
export function without(comments, path) {
  return mapped(comments, (other) => (starts(other, path) ? undefined : other));
}

/** The comments after an item of a list has gone. @param {Comments} comments */
export function withoutItem(comments, path, index) {
  return mapped(comments, (other) => {
    const step = other[path.length];
    if (!starts(other, path) || typeof step !== "number" || step < index) return other;
    return step === index ? undefined : [...path, step - 1, ...other.slice(path.length + 1)];
  });
}

/** The comments after the entry at the path has another key. @param {Comments} comments */
export function moved(comments, path, key) {
  return mapped(comments, (other) => (starts(other, path) ? [...path.slice(0, -1), key, ...other.slice(path.length)] : other));
}

const starts = (other, path) => named(other.slice(0, path.length)) === named(path);

function mapped(comments, change) {
  const each = (map) => new Map([...map].map(([name, words]) => [change(JSON.parse(name)), words]).filter(([path]) => path).map(([path, words]) => [named(path), words]));
  return { above: each(comments.above), beside: each(comments.beside), below: each(comments.below) };
}
