// The text of a report as its reader sees it, block by block, and where a quote stands in it: reading/marking.py.

import { Marked, Tokenizer } from "marked";

// Emphasis as Python-Markdown has it: what stands beside a mark does not matter, be it “ or ：.
const STRESSED = [
  /^\*{3}(.+?)\*(.*?)\*{2}/s,
  /^\*{3}(.+?)\*{2}(.*?)\*/s,
  /^\*\*(?!\*)([^*]+?)\*(?!\*)(.+?)\*{3}/s,
  /^\*\*(.+?)\*\*/s,
  /^\*([^*]+)\*/s,
];
const UNDERLINED = [/^___(?!_)(.+?)(?<![\p{L}\p{N}_])_(?!_)(.+?)(?<!_)__(?![\p{L}\p{N}_])/su, /^__(?!_)(.+?)(?<!_)__(?![\p{L}\p{N}_])/su, /^_(?!_)(.+?)(?<!_)_(?![\p{L}\p{N}_])/su];
const BY_ITSELF = /^(?:\*{1,3}|_{1,3})(?=\s|$)/;

/** @this {any} @param {string} src @param {string} masked with all that marks mean nothing in @param {string} before the character before */
function emStrong(src, masked, before = "") {
  if (!/^[*_]/.test(src)) return undefined;
  const alone = /^\s?$/.test(before) && BY_ITSELF.exec(src)?.[0];
  if (alone) return { type: "text", raw: alone, text: alone };
  if (src[0] === "_" && /[\p{L}\p{N}_]/u.test(before)) return undefined;
  const seen = masked.slice(-src.length);
  const match = (src[0] === "*" ? STRESSED : UNDERLINED).map((pattern) => pattern.exec(seen)).find(Boolean);
  if (!match) return undefined;
  const raw = src.slice(0, match[0].length);
  const begin = /^[*_]+/.exec(match[0])[0].length - /^[*_]*/.exec(match[1])[0].length;
  const middle = begin + match[1].length;
  const second = match[2] === undefined ? "" : raw.slice(middle).replace(/^[*_]+/, "").slice(0, match[2].length);
  const text = raw.slice(begin, middle) + second;
  return { type: "strong", raw, text, tokens: this.lexer.inlineTokens(text) };
}

// Neither a list nor a table begins within a paragraph.
const INTERRUPTING = /^(?:\s*$| {0,3}>|#|(?:`{3,}|~{3,})| {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$)/;

/** @this {any} @param {string} src */
function paragraph(src) {
  const lines = src.split("\n");
  const end = lines.findIndex((line, i) => i > 0 && INTERRUPTING.test(line));
  const text = (end < 0 ? lines : lines.slice(0, end)).join("\n").replace(/\n+$/, "");
  const raw = src.slice(0, text.length + (src[text.length] === "\n" ? 1 : 0));
  return { type: "paragraph", raw, text, tokens: this.lexer.inline(text) };
}

/** One kind of bullet; ``1)`` is none, nor is one with nothing behind it. @this {any} @param {string} src */
function list(src) {
  if (/^ {0,3}(?:\d+\)|(?:[*+-]|\d+\.)(?:\n|$))/.test(src)) return undefined;
  const found = Tokenizer.prototype.list.call(this, src.replace(/^( *)[*+](?= )/gm, "$1-"));
  if (found) found.raw = src.slice(0, found.raw.length);
  return found;
}

/** A stroke at the end of a line is a stroke. @this {any} @param {string} src */
function br(src) {
  return src.startsWith("\\") ? undefined : Tokenizer.prototype.br.call(this, src);
}

const marked = new Marked({ gfm: true });
marked.use({ tokenizer: { emStrong, paragraph, list, br, del: () => undefined, html: () => undefined, tag: () => undefined, url: () => undefined } });

const APART = "\0";
/** @typedef {{kind: string, level: number, text: string, plain: string}} Block ``plain`` is without white space */

const folded = (/** @type {string} */ text) => text.replace(/\s+/g, "");
export { folded };

/** @param {string} markdown @returns {{blocks: Block[], rows: string[]}} */
export function blocksOf(markdown) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[]} */
  const rows = [];
  walk(marked.lexer(markdown.replace(/^(#{1,6})(?![#\s])/gm, "$1 ")), 0);
  return { blocks, rows };

  /** @param {any[]} tokens @param {number} level */
  function walk(tokens, level) {
    for (const token of tokens) {
      if (token.type === "heading") put("heading", token.depth, inlineText(token.tokens));
      else if (token.type === "paragraph") put("paragraph", level, inlineText(token.tokens));
      else if (token.type === "code") put("code", level, token.text);
      else if (token.type === "blockquote") walk(token.tokens, level);
      else if (token.type === "list") for (const item of token.items) listItem(item, level + 1);
      else if (token.type === "table") table(token);
    }
  }

  function listItem(item, level) {
    if (item.loose) {
      walk(item.tokens.map((token) => (token.type === "text" ? { ...token, type: "paragraph" } : token)), level);
      return;
    }
    const own = item.tokens.map((token) => (token.type === "text" ? inlineText(token.tokens ?? [token]) : token.type === "checkbox" ? token.raw : APART));
    put("item", level, own.join(""));
    walk(item.tokens.filter((token) => token.type !== "text" && token.type !== "checkbox"), level);
  }

  function table(token) {
    for (const cells of [token.header, ...token.rows]) {
      const texts = cells.map((cell) => inlineText(cell.tokens));
      texts.forEach((text, i) => put(i === 0 ? "row" : "cell", 0, text));
      rows.push(folded(texts.join("")));
    }
  }

  function put(kind, level, text) {
    blocks.push({ kind, level, text: text.replaceAll(APART, ""), plain: folded(text) });
  }
}

/** @param {any[]} tokens @returns {string} */
function inlineText(tokens) {
  return tokens.map((token) => (token.type === "image" ? "" : token.type === "br" ? "\n" : token.tokens ? inlineText(token.tokens) : token.text ?? token.raw)).join("");
}

/** How many places of the text say the quote, within one block or, cells joined, one row. @param {{blocks: Block[], rows: string[]}} body @param {string} quote */
export function places(body, quote) {
  const text = folded(quote);
  const count = (/** @type {string[]} */ texts) => texts.reduce((sum, each) => sum + occurrences(each, text), 0);
  return text ? count(body.blocks.map((block) => block.plain)) || count(body.rows) : 0;
}

function occurrences(whole, text) {
  let count = 0;
  for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) count++;
  return count;
}

/** What was selected in the Markdown, as a quote: without its marks. @param {string} markdown */
export function asQuote(markdown) {
  const cells = markdown.trim().replace(/^\|\s*|\s*\|$/g, "").replace(/\s*\|\s*/g, " ");
  const { blocks } = blocksOf(cells.replace(/^\s*(?:#{1,6}|[-*+]|\d+\.)\s+/, ""));
  return blocks.map((block) => block.text.replace(/\s*\n\s*/g, "")).join(" ").trim();
}

const HEADING = /^(#{1,6})(?!#)[ \t]*(.*?)$/;
const FENCE = /^(`{3,}|~{3,})/;

/** The text with one blank line between its parts: authoring/markdown.py. @param {string} markdown */
export function tidied(markdown) {
  if (!markdown.trim()) return "";
  const tidy = `${spaced(rowsOf(markdown.split("\n"))).join("\n")}\n`;
  const seen = (/** @type {string} */ text) => JSON.stringify(blocksOf(text).blocks.map(({ kind, level, plain }) => [kind, level, plain]));
  return seen(tidy) === seen(markdown) ? tidy : markdown;
}

/** @param {string[]} lines @returns {[string, boolean][]} each line, and whether it is code */
function rowsOf(lines) {
  /** @type {[string, boolean][]} */
  const found = [];
  let fence = "";
  lines.forEach((line, i) => {
    const opening = FENCE.exec(line)?.[1] ?? "";
    if (fence) {
      found.push([line, true]);
      if (line.trimEnd() === fence) fence = "";
    } else if (opening && lines.slice(i + 1).some((later) => later.trimEnd() === opening)) {
      fence = opening;
      found.push([line.trimEnd(), true]);
    } else if (/^(?: {4}|\t)/.test(line)) {
      found.push([line, true]);
    } else {
      const following = (lines[i + 1] ?? "").trim();
      const isParagraph = [line.trim(), following].every((part) => part && !HEADING.test(part));
      const lineBreak = isParagraph && line.endsWith("  ") ? "  " : "";
      found.push([headed(line.trimEnd()).replace(/^( *)[*+](?= +[^\s*+])/, "$1-") + lineBreak, false]);
    }
  });
  return found;
}

function headed(line) {
  const match = HEADING.exec(line);
  return match && match[2].trim() ? `${match[1]} ${match[2].trim()}` : line;
}

/** @param {[string, boolean][]} rows */
function spaced(rows) {
  /** @type {string[]} */
  const written = [];
  let wasHeading = false;
  for (const [line, isCode] of rows) {
    const isHeading = !isCode && HEADING.test(line);
    const isBlank = !line.trim() && !isCode;
    if (written.at(-1) && !isBlank && (isHeading || wasHeading)) written.push("");
    if (!(isBlank && !written.at(-1))) written.push(isBlank ? "" : line);
    wasHeading = isHeading;
  }
  while (written.length && !written.at(-1).trim()) written.pop();
  return written;
}
