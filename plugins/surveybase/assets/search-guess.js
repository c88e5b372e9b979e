// What a query may have meant when the index has no such words: pinyin, and one wrong character.

import { isHan, pairs } from "./search-text.js";

/** @typedef {{pinyin: Record<string, string>, after: Record<string, string>}} Tables */

const MOST_GUESSES = 3;
const WIDTH = 12; // of the beam
const CLASSES = [4, 2, 1]; // what a pair that stands many, some, few times counts

/**
 * @param {import("./search-query.js").Query} query
 * @param {Tables} tables
 * @param {import("./search-files.js").Meta} meta
 * @returns {string[]} other queries, the likeliest first
 */
export function guesses(query, tables, meta) {
  const found = query.latin.length ? fromPinyin(query, tables) : corrected(query, tables, meta);
  return [...new Set(found)].filter((guess) => guess !== query.text).slice(0, MOST_GUESSES);
}

/** @param {Tables} tables @param {string} one @param {string} other @returns {number} 0: the pair is not in the index */
function weight({ after }, one, other) {
  const place = (after[one] ?? "").indexOf(other);
  if (place < 0 || other === "|") return 0;
  return CLASSES[(after[one].slice(0, place).match(/\|/g) ?? []).length] + 1 / (place + 2);
}

// --- Pinyin --------------------------------------------------------------------------------------------

/** @param {import("./search-query.js").Query} query @param {Tables} tables @returns {string[]} */
function fromPinyin(query, tables) {
  const typed = query.text.replace(/[a-z]+(?:[\s'’]+[a-z]+)*/g, (run) => ` ${run.replace(/[\s'’]+/g, "'")} `);
  const run = typed.match(/[a-z']+/g)?.[0];
  if (!run) return [];
  return syllabled(run, tables.pinyin)
    .flatMap((syllables) => words(syllables, tables))
    .sort((one, other) => other.score - one.score)
    .map(({ text }) => typed.replace(run, text).replace(/\s+/g, " ").trim());
}

/**
 * The ways to cut letters into syllables, the fewest first; ``'`` always cuts.
 * @param {string} letters
 * @param {Record<string, string>} pinyin
 * @returns {string[][]}
 */
function syllabled(letters, pinyin) {
  /** @type {string[][][]} */
  const ways = [[[]]];
  for (let end = 1; end <= letters.length; end += 1) {
    ways[end] = letters[end - 1] === "'" ? ways[end - 1] : [];
    for (let begin = Math.max(0, end - 6); begin < end; begin += 1) {
      const syllable = letters.slice(begin, end);
      if (Object.hasOwn(pinyin, syllable)) ways[end].push(...ways[begin].map((way) => [...way, syllable]));
    }
    ways[end] = ways[end].sort((one, other) => one.length - other.length).slice(0, 4);
  }
  return ways[letters.length].slice(0, 2);
}

/**
 * The likeliest 汉字 for syllables: a beam over pairs that stand in the index.
 * @param {string[]} syllables
 * @param {Tables} tables
 * @returns {{text: string, score: number}[]}
 */
function words(syllables, tables) {
  /** @type {{text: string, last: string, score: number}[]} */
  let beam = [{ text: "", last: "", score: 0 }];
  for (const syllable of syllables) {
    const candidates = Array.from(tables.pinyin[syllable]);
    beam = beam
      .flatMap(({ text, last, score }) =>
        candidates.map((one) => {
          const gain = last ? weight(tables, last, one) : 1;
          // A gap between words is possible, but costs.
          return { text: gain ? text + one : `${text} ${one}`, last: one, score: score + (gain ? gain + 4 : -6) };
        }),
      )
      .sort((one, other) => other.score - one.score)
      .slice(0, WIDTH * 4);
  }
  return beam.filter(({ score }) => score > 0).slice(0, WIDTH);
}

// --- One wrong character -------------------------------------------------------------------------------

/**
 * @param {import("./search-query.js").Query} query
 * @param {Tables} tables
 * @param {import("./search-files.js").Meta} meta
 * @returns {string[]}
 */
function corrected(query, tables, meta) {
  const found = query.chunks.filter(isHan).flatMap((chunk) => {
    const characters = Array.from(chunk);
    return suspects(characters, tables).flatMap((at) =>
      replacements(characters, at, tables, meta).map(({ one, score }) => ({
        text: query.text.replace(chunk, [...characters.slice(0, at), one, ...characters.slice(at + 1)].join("")),
        score,
      })),
    );
  });
  return found.sort((one, other) => other.score - one.score).map(({ text }) => text);
}

/** @param {string[]} characters @param {Tables} tables @returns {number[]} places where no pair is known */
function suspects(characters, tables) {
  const known = pairs(characters.join("")).map((pair) => weight(tables, ...(/** @type {[string, string]} */ (Array.from(pair)))) > 0);
  return characters.map((_, i) => i).filter((i) => !known[i - 1] && !known[i] && characters.length > 1);
}

/**
 * @param {string[]} characters
 * @param {number} at
 * @param {Tables} tables
 * @param {import("./search-files.js").Meta} meta
 * @returns {{one: string, score: number}[]} what fits both neighbours, or sounds alike and fits one
 */
function replacements(characters, at, tables, meta) {
  const before = characters[at - 1], behind = characters[at + 1];
  const alike = soundsLike(characters[at], tables.pinyin);
  return Array.from(meta.characters).flatMap((one) => {
    const left = before ? weight(tables, before, one) : 0, right = behind ? weight(tables, one, behind) : 0;
    const sound = alike.get(one) ?? 0;
    const fits = sound ? left || right : left && right;
    return fits && one !== characters[at] ? [{ one, score: left + right + (left && right ? 3 : 0) + 6 * sound }] : [];
  });
}

/** @param {string} character @param {Record<string, string>} pinyin @returns {Map<string, number>} 1: alike, 0.5: nearly */
function soundsLike(character, pinyin) {
  const own = Object.keys(pinyin).filter((syllable) => pinyin[syllable].includes(character));
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const syllable of Object.keys(pinyin)) {
    const closeness = own.includes(syllable) ? 1 : own.some((one) => blurred(one) === blurred(syllable)) ? 0.5 : 0;
    if (closeness) for (const one of pinyin[syllable]) found.set(one, Math.max(closeness, found.get(one) ?? 0));
  }
  return found;
}

/** Sounds that are often taken for each other. @param {string} syllable */
const blurred = (syllable) => syllable.replace(/^([zcs])h/, "$1").replace(/^n(?=[aeiouv])/, "l").replace(/([aei]n)g$/, "$1");
