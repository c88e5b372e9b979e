// A query as typed to the features that records are scored by.

import { chunkTerms, chunks, isHan, normal, pieces } from "./search-text.js";

/**
 * @typedef {object} Feature what a record may have: one of ``terms``; its part in the query is ``weight``
 * @property {string[]} terms the first is the one typed, further ones are as good
 * @property {number} weight
 * @property {string} [start] records with any term that begins so are as good
 *
 * @typedef {object} Match a concept that the query names, and how well, from 0 to 1
 * @property {import("./search-files.js").Concept} concept
 * @property {number} quality
 * @property {string} word the one of its words that was recognised
 *
 * @typedef {object} Query
 * @property {string} text normal, without question words
 * @property {string[]} phrases forced by quotation marks, normal
 * @property {string[]} chunks
 * @property {string[]} latin words that may be pinyin
 * @property {Feature[]} features
 * @property {string} id the query as an id, or empty
 * @property {boolean} asksHow whether it asks what to do
 */

const QUOTED = /["“”「『]([^"“”「」『』]+)["“”」』]/g;
const AN_ID = /^[a-z0-9][a-z0-9_./:-]*$/;
const DIGIT_WEIGHT = 0.15; // one digit or letter alone stands everywhere

/**
 * @param {string} typed
 * @param {import("./search-files.js").Meta} meta
 * @param {Map<string, string>} [simplified]
 * @returns {Query}
 */
export function parsed(typed, meta, simplified) {
  const phrases = Array.from(typed.matchAll(QUOTED), ([, phrase]) => normal(phrase, simplified).trim()).filter(Boolean);
  const whole = normal(typed, simplified).trim();
  const text = withoutQuestion(whole, meta.questionWords) || whole;
  const found = chunks(text);
  return {
    text,
    phrases,
    chunks: found,
    latin: found.flatMap(pieces).filter((piece) => /^[a-z]+$/.test(piece)),
    features: distinct(found.flatMap((chunk) => features(chunk))),
    id: AN_ID.test(whole) ? whole.replace(/^.*[/:]/, "") : "",
    asksHow: meta.howWords.some((word) => whole.includes(word)),
  };
}

/**
 * Words that only ask become gaps; single ones (吗, 呢) only where a stretch of text ends.
 * @param {string} text
 * @param {string[]} words the longer of two that begin alike first
 */
function withoutQuestion(text, words) {
  const long = words.filter((word) => word.length > 1), short = words.filter((word) => word.length === 1);
  return text
    .replace(new RegExp(long.join("|"), "g"), " ")
    .replace(new RegExp(`[${short.join("")}]+(?![\\p{L}\\p{N}])`, "gu"), " ")
    .trim();
}

/** @param {string} chunk @returns {Feature[]} */
function features(chunk) {
  const characters = Array.from(chunk);
  if (characters.length === 1 && isHan(chunk)) return [{ terms: [`$${chunk}`], weight: 1, start: chunk }];
  return chunkTerms(chunk)
    .filter((term) => !term.startsWith("$"))
    .map(feature);
}

/** @param {string} term @returns {Feature} */
function feature(term) {
  const [first, second] = Array.from(term);
  if (!second) return { terms: [term], weight: DIGIT_WEIGHT };
  return isHan(first) || isHan(second) ? { terms: [term], weight: 1 } : { terms: [term], weight: 1, start: term };
}

/** @param {Feature[]} features @returns {Feature[]} */
function distinct(features) {
  return [...new Map(features.map((feature) => [feature.terms[0], feature])).values()];
}

// --- Concepts ------------------------------------------------------------------------------------------

const FEWEST_SHARED = 0.5;
const INSIDE_ANOTHER = 0.35;
const MOST_CONCEPTS = 5;
const BROADER = 0.3;
const RELATED = 0.5;

/**
 * The concepts that a query names: by a word of theirs that stands in it, or by most of the pairs of one.
 * @param {Query} query
 * @param {import("./search-files.js").Concept[]} concepts
 * @returns {Match[]} the best first
 */
export function matchedConcepts(query, concepts) {
  const rarity = pairRarity(concepts);
  const asked = new Set(query.chunks.flatMap((chunk) => Array.from(hanPairs(chunk))));
  const found = concepts.flatMap((concept) => {
    const [word, quality] = best(wordsOf(concept).map((word) => [word, likeness(word, query, asked, rarity)]));
    return quality > 0 ? [{ concept, quality, word }] : [];
  });
  for (const match of found) {
    const isInside = found.some((other) => other.word.length > match.word.length && other.word.includes(match.word) && query.text.includes(other.word));
    if (isInside) match.quality *= INSIDE_ANOTHER;
  }
  found.sort((one, other) => other.quality - one.quality || other.word.length - one.word.length).splice(MOST_CONCEPTS);
  return [...found, ...neighbours(found, concepts)];
}

/**
 * What is broader than the concepts named, and what is related to those that no record carries: these bring their
 * neighbours, after them.
 * @param {Match[]} matches
 * @param {import("./search-files.js").Concept[]} concepts
 * @returns {Match[]}
 */
function neighbours(matches, concepts) {
  const named = new Set(matches.map(({ concept }) => concept[0]));
  return matches.flatMap(({ concept: [, , , broader, , related = []], quality, word }) => {
    const tokens = [broader, ...related].filter((token) => token && !named.has(token));
    tokens.forEach((token) => named.add(token));
    return concepts
      .filter(([token]) => tokens.includes(token))
      .map((concept) => ({ concept, quality: quality * (concept[0] === broader ? BROADER : RELATED), word }));
  });
}

/** @type {WeakMap<import("./search-files.js").Concept, string[]>} */
const normalWords = new WeakMap();

/** @param {import("./search-files.js").Concept} concept @returns {string[]} its label and synonyms, normal */
export function wordsOf(concept) {
  let words = normalWords.get(concept);
  if (!words) normalWords.set(concept, (words = [concept[1], ...concept[2]].map((word) => normal(word))));
  return words;
}

/** @type {Map<string, Set<string>>} by word of the taxonomy */
const keptPairs = new Map();

/** @param {string} text @returns {Set<string>} its terms, pairs of 汉字 for the most part */
const hanPairs = (text) => new Set(chunkTerms(text).filter((term) => !term.startsWith("$")));

/** @param {string} word of the taxonomy @returns {Set<string>} */
function pairsOf(word) {
  let found = keptPairs.get(word);
  if (!found) keptPairs.set(word, (found = hanPairs(word)));
  return found;
}

/** @type {WeakMap<import("./search-files.js").Concept[], Map<string, number>>} */
const rarities = new WeakMap();

/** @param {import("./search-files.js").Concept[]} concepts @returns {Map<string, number>} by pair */
function pairRarity(concepts) {
  const known = rarities.get(concepts);
  if (known) return known;
  /** @type {Map<string, number>} */
  const counts = new Map();
  rarities.set(concepts, counts);
  for (const concept of concepts) {
    for (const pair of new Set(wordsOf(concept).flatMap((word) => Array.from(pairsOf(word))))) {
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
  }
  for (const [pair, count] of counts) counts.set(pair, Math.log(1 + concepts.length / count));
  return counts;
}

/**
 * @param {string} word
 * @param {Query} query
 * @param {Set<string>} asked the pairs of the query
 * @param {Map<string, number>} rarity
 * @returns {number} 0 to 1
 */
function likeness(word, query, asked, rarity) {
  const length = Array.from(word).length;
  if (length > 1 && query.text.includes(word)) return 1;
  if (query.chunks.some((chunk) => chunk.length > 1 && word.includes(chunk) && isHan(chunk))) {
    const longest = Math.max(...query.chunks.filter((chunk) => word.includes(chunk)).map((chunk) => Array.from(chunk).length));
    return 0.8 * Math.sqrt(longest / length);
  }
  if (length < 3) return 0;
  let shared = 0, all = 0;
  for (const pair of pairsOf(word)) {
    const part = rarity.get(pair) ?? 0;
    all += part;
    if (asked.has(pair)) shared += part;
  }
  const inPairs = shared / all >= FEWEST_SHARED ? 0.8 * (shared / all) ** 2 : 0;
  const isSpread = shared && length > 3 && query.chunks.some((chunk) => stands(word, chunk));
  return isSpread ? Math.max(inPairs, SPREAD) : inPairs;
}

const SPREAD = 0.75;
const WIDEST_GAP = 5;

/** Whether all characters of a word stand in a chunk in their order, not far apart. @param {string} word @param {string} chunk */
function stands(word, chunk) {
  const characters = Array.from(chunk);
  let at = -1;
  for (const one of word) {
    const next = characters.indexOf(one, at + 1);
    if (next < 0 || (at >= 0 && next - at > WIDEST_GAP)) return false;
    at = next;
  }
  return true;
}

/**
 * The concepts that share most characters with a query: the last resort.
 * @param {Query} query
 * @param {import("./search-files.js").Concept[]} concepts
 * @returns {{concept: import("./search-files.js").Concept, likeness: number}[]} the best first, 0 to 1
 */
export function nearest(query, concepts) {
  const asked = new Set(Array.from(query.text).filter(isHan));
  const counts = new Map();
  for (const concept of concepts) {
    for (const one of new Set(wordsOf(concept).join(""))) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  /** @param {string} word */
  const share = (word) => {
    let shared = 0, all = 0;
    for (const one of new Set(word)) {
      const part = Math.log(1 + concepts.length / counts.get(one));
      all += part;
      if (asked.has(one)) shared += part;
    }
    return shared / all;
  };
  return concepts
    .map((concept) => ({ concept, likeness: Math.max(...wordsOf(concept).map(share)) }))
    .sort((one, other) => other.likeness - one.likeness);
}

/** @param {[string, number][]} pairs @returns {[string, number]} the greatest, the longest word of equals */
function best(pairs) {
  return pairs.reduce((one, other) =>
    other[1] > one[1] || (other[1] === one[1] && other[0].length > one[0].length) ? other : one,
  );
}
