// Search over the files of the index. One function: search(query, {limit, kinds, facets}).

import * as files from "./search-files.js";
import { nearest, wordsOf } from "./search-query.js";
import { ALL_BLOCKS, kindOf, ranked, simplifiedQuery } from "./search-rank.js";
import { aligned, normal } from "./search-text.js";

export { PartMissing } from "./search-files.js";

/**
 * @typedef {object} Options
 * @property {number} [limit] how many results, 10 unless told
 * @property {string[]} [kinds] problem, countermeasure, passage, community, concept; all but the last unless told
 * @property {Record<string, string[]>} [facets] values chosen of each facet; given, counts of all facets come back
 *
 * @typedef {object} Result
 * @property {string} id
 * @property {string} kind
 * @property {string} url leads to the very sentence
 * @property {string} title
 * @property {string} excerpt
 * @property {[number, number][]} highlights from and to, in the excerpt
 * @property {[number, number][]} titleHighlights from and to, in the title
 * @property {string} community
 * @property {number} score
 *
 * @typedef {object} Found
 * @property {number} total
 * @property {boolean} isLeast whether there may be more than ``total``
 * @property {Result[]} results
 * @property {Record<string, Record<string, number>>} facets counts by value; ``kind`` always
 * @property {string[]} also words of the concepts that were searched besides
 * @property {string[]} guesses what was searched instead of words that nothing has
 * @property {files.Concept[]} concepts the concepts named, the best first
 *
 * @typedef {{label: string, count: number, url: string}} Near a concept, how many records carry it, its page
 *
 * @typedef {import("./search-rank.js").Ranking} Ranking
 */

const DEFAULT_KINDS = ["problem", "countermeasure", "passage", "community"];
const DEFAULT_LIMIT = 10;

/**
 * Search problems, countermeasures, report passages, communities and concepts.
 * @param {string} typed
 * @param {Options} [options]
 * @returns {Promise<Found>} rejects with PartMissing when a part of the index cannot be had
 */
export async function search(typed, { limit = DEFAULT_LIMIT, kinds = DEFAULT_KINDS, facets } = {}) {
  const ranking = await ranked(typed, facets ? ALL_BLOCKS : 1);
  const meta = await files.meta();
  const columns = facets ? await import("./search-facets.js") : undefined;
  const chosen = columns ? await columns.filtered(ranking.records, facets ?? {}) : ranking.records;
  const counts = columns ? await columns.counted(ranking.records, facets ?? {}, kinds, meta) : {};
  const wanted = ofKinds(chosen, kinds, meta);
  const { results, left } = await shown(ranking, wanted, limit, meta);
  return {
    total: wanted.length - left,
    isLeast: ranking.isLeast,
    results,
    facets: { ...counts, kind: kindCounts(chosen, meta) },
    also: alsoSearched(ranking),
    guesses: ranking.guesses,
    concepts: ranking.matches.map((match) => match.concept),
  };
}

/** Fetch what every search needs, before the first one. */
export async function warm() {
  await Promise.all([files.meta(), files.concepts()]);
}

/** @returns {Promise<Record<string, Record<string, string>>>} the words for the values of each facet */
export const facetLabels = async () => (await import("./search-facets.js")).labels();

/**
 * The concepts nearest to a query, for when nothing else is found.
 * @param {string} typed
 * @param {number} [most]
 * @returns {Promise<Near[]>} the best first; the broadest ones when nothing is near
 */
export async function nearestConcepts(typed, most = 8) {
  const [meta, concepts] = await Promise.all([files.meta(), files.allConcepts()]);
  const query = await simplifiedQuery(typed, meta);
  const used = concepts.filter(([token, , , , count]) => count && !token.startsWith("i:"));
  const near = nearest(query, used).filter(({ likeness }) => likeness >= NEAR);
  const broad = used.filter(([, , , broader]) => !broader).sort((one, other) => other[4] - one[4]);
  return (near.length ? near.map(({ concept }) => concept) : broad).slice(0, most).map(([token, label, , , count]) => ({
    label,
    count,
    url: new URL(meta.pages[token[0]].replace("{}", token.slice(2)), files.SITE).href,
  }));
}

const NEAR = 0.4;

// --- Kinds -----------------------------------------------------------------------------------------

/** @param {Uint32Array} records @param {string[]} kinds @param {files.Meta} meta @returns {Uint32Array} */
const ofKinds = (records, kinds, meta) => records.filter((record) => kinds.includes(kindOf(record, meta)));

/** @param {Uint32Array} records @param {files.Meta} meta @returns {Record<string, number>} */
function kindCounts(records, meta) {
  const counts = Object.fromEntries(Object.keys(meta.kinds).map((kind) => [kind, 0]));
  for (const record of records) counts[kindOf(record, meta)] += 1;
  return counts;
}

// --- What is shown -------------------------------------------------------------------------------------

const MOST_READ = 400; // records looked at for a phrase
const LONGEST_EXCERPT = 140;
const PHRASE_BONUS = 1.25;

/**
 * The first results with their texts. Quoted phrases must stand in them; a whole query that does comes first.
 * @param {Ranking} ranking
 * @param {Uint32Array} wanted
 * @param {number} limit
 * @param {files.Meta} meta
 * @returns {Promise<{results: Result[], left: number}>} and how many of those read were left out
 */
async function shown(ranking, wanted, limit, meta) {
  const { phrases } = ranking.query;
  /** @type {Result[]} */
  const results = [];
  let left = 0;
  for (let at = 0; results.length < limit && at < Math.min(wanted.length, MOST_READ); at += limit) {
    const group = Array.from(wanted.subarray(at, at + limit));
    const rows = await Promise.all(group.map(rowOf));
    const fitting = rows.filter(({ row: [, , , , title, text] }) => holdsAll(`${title}\n${text}`, phrases));
    left += rows.length - fitting.length;
    results.push(...fitting.map((item) => result(item, ranking, meta)));
  }
  return { results: results.sort((one, other) => other.score - one.score).slice(0, limit), left };
}

/** @param {string} text @param {string[]} phrases */
function holdsAll(text, phrases) {
  const plain = normal(text);
  return phrases.every((phrase) => plain.includes(phrase));
}

/** @typedef {{record: number, texts: files.Texts, row: files.Row}} Item */

/** @param {number} record @returns {Promise<Item>} */
async function rowOf(record) {
  const texts = await files.texts(record);
  return { record, texts, row: texts.records[record % files.TEXTS_IN_BLOCK] };
}

/** @param {Item} item @param {Ranking} ranking @param {files.Meta} meta @returns {Result} */
function result({ record, texts, row: [id, page, anchor, community, title, text, isPart] }, ranking, meta) {
  const found = marker(ranking);
  const excerpt = excerptOf(text, found(text));
  const holds = normal(`${title}\n${text}`).includes(ranking.query.text);
  return {
    id,
    kind: kindOf(record, meta),
    url: address(texts.pages[page], anchor, isPart ? text : ""),
    title,
    excerpt,
    highlights: found(excerpt),
    titleHighlights: found(title),
    community: texts.communities[community][1],
    score: ranking.scores[record] * (holds ? PHRASE_BONUS : 1),
  };
}

/** @param {string} page @param {string} anchor @param {string} words of a block that holds others too */
function address(page, anchor, words) {
  const fragment = words ? `:~:text=${encodeURIComponent(words).replaceAll("-", "%2D")}` : "";
  return new URL(page + (anchor || fragment ? `#${encodeURIComponent(anchor)}${fragment}` : ""), files.SITE).href;
}

/** @param {Ranking} ranking @returns {(text: string) => [number, number][]} finds what the query asked for in a text */
function marker({ query, matches }) {
  const wanted = new Set(query.features.map(({ terms }) => terms[0].replace("$", "")));
  const words = [...matches.filter(({ quality }) => quality > 0.5).flatMap(({ concept }) => wordsOf(concept)), ...query.phrases];
  return (text) => {
    const { text: plain, origin } = aligned(text);
    /** @type {[number, number][]} */
    const found = [];
    for (const word of [...wanted, ...words]) {
      for (let at = plain.indexOf(word); at >= 0 && word; at = plain.indexOf(word, at + 1)) {
        found.push([origin[at], origin[at + word.length]]);
      }
    }
    return united(found);
  };
}

/** @param {[number, number][]} spans @returns {[number, number][]} in order, those that touch made one */
function united(spans) {
  /** @type {[number, number][]} */
  const found = [];
  for (const [from, to] of spans.sort((one, other) => one[0] - other[0])) {
    const last = found[found.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

/** @param {string} text @param {[number, number][]} spans @returns {string} the part with the first of them */
function excerptOf(text, spans) {
  if (text.length <= LONGEST_EXCERPT) return text;
  const from = Math.max(0, Math.min((spans[0]?.[0] ?? 0) - 30, text.length - LONGEST_EXCERPT));
  const part = text.slice(from, from + LONGEST_EXCERPT);
  return `${from ? "…" : ""}${part}${from + LONGEST_EXCERPT < text.length ? "…" : ""}`;
}

/** @param {Ranking} ranking @returns {string[]} the words of the concepts that the query does not hold itself */
function alsoSearched({ query, matches }) {
  const words = matches
    .filter(({ quality }) => quality >= 0.5)
    .flatMap(({ concept: [, label, alt] }) => [label, ...alt.slice(0, 4)]);
  return [...new Set(words)].filter((word) => !query.text.includes(normal(word))).slice(0, 8);
}

Object.assign(window, { surveybase: { search } });
