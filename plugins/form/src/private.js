// Numbers and addresses of persons, as far as their form alone tells them: a part of rules/private.py, by its patterns.

import { nodeAt, textOf } from "./tree.js";

const MOST_GROUPS = 3; // more, and not of one digit each, are numbers beside each other

/** @param {string} text @param {any} given of the form's data @returns {[string, string][]} the code and the words of each */
function hits(text, { run, shortest, numbers, words }) {
  const plain = text.normalize("NFKC").replace(/\p{Cf}/gu, "");
  const kindOf = (/** @type {string} */ written) => {
    const digits = written.replace(/[^0-9Xx+]/g, "");
    const groups = written.replace(/[*_`\\]/g, "").match(/[0-9Xx]+/g) ?? [];
    if (digits.length < shortest || (groups.length > MOST_GROUPS && groups.some((group) => group.length > 1))) return undefined;
    return Object.keys(numbers).find((code) => new RegExp(`^(?:${numbers[code]})$`).test(digits));
  };
  const found = [...plain.matchAll(new RegExp(run, "g"))].map(([written]) => [kindOf(written), written]);
  const worded = Object.keys(words).flatMap((code) => [...plain.matchAll(new RegExp(words[code], "g"))].map(([written]) => [code, written]));
  return /** @type {[string, string][]} */ ([...found, ...worded].filter(([code]) => code));
}

const bare = (/** @type {string} */ words) => words.normalize("NFKC").replace(/[^\p{L}\p{N}_]/gu, "");

/** @param {any} node @param {(string | number)[]} path @returns {[(string | number)[], string][]} */
function leaves(node, path) {
  if (node instanceof Map) return [...node].flatMap(([key, child]) => (key === "exceptions" ? [] : leaves(child, [...path, key])));
  if (Array.isArray(node)) return node.flatMap((child, i) => leaves(child, [...path, i]));
  return [[path, textOf(node)]];
}

/**
 * What must not be published in the two files and the text.
 * @param {{report: any, community: any, markdown: string}} given @param {any} patterns of the form's data
 */
export function privateIn({ report, community, markdown }, patterns) {
  const allowed = (/** @type {any} */ root, /** @type {string} */ code, /** @type {string} */ words) =>
    [nodeAt(root, ["exceptions"]) ?? []].flat().some((item) => textOf(nodeAt(item, ["code"])) === code && bare(textOf(nodeAt(item, ["value"]))) === bare(words));
  const judged = (/** @type {"report" | "community"} */ file, /** @type {any} */ root, /** @type {(string | number)[]} */ path, /** @type {string} */ text, inBody = false) =>
    hits(text, patterns).filter(([code, words]) => !allowed(root, code, words)).map(([code, words]) => {
      const [message, remedy] = patterns.said[code];
      return { file, path, code, message: `${message}：${words}`, remedy, inBody };
    });
  return [
    ...judged("report", report, [], markdown, true),
    ...leaves(report, []).flatMap(([path, text]) => judged("report", report, path, text)),
    ...leaves(community, []).flatMap(([path, text]) => judged("community", community, path, text)),
  ];
}
