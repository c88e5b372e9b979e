// Which records fit a query, the best first.

import * as files from "./search-files.js";
import { matchedConcepts, nearest, parsed } from "./search-query.js";
import { isHan, normal, terms as termsOf } from "./search-text.js";

/**
 * @typedef {object} Ranking
 * @property {import("./search-query.js").Query} query
 * @property {import("./search-query.js").Match[]} matches
 * @property {Uint32Array} records that match, the best first
 * @property {Float32Array} scores by record
 * @property {number} covered how much of the query the best record has, 0 to 1
 * @property {boolean} isLeast
 * @property {string[]} guesses
 */

export const ALL_BLOCKS = 1000;
const MOST_STARTING = 40;
const STARTING = 0.5; // a longer word or number that begins as the one typed
const KEPT_RANKINGS = 8;

/** @type {Map<string, Promise<Ranking>>} the newest last */
const rankings = new Map();

/** @param {string} typed @param {number} blocks of each frequent term @returns {Promise<Ranking>} */
export function ranked(typed, blocks) {
  const key = `${blocks} ${typed}`;
  const found = rankings.get(key) ?? evaluated(typed, blocks);
  rankings.delete(key);
  rankings.set(key, found);
  found.catch(() => rankings.delete(key));
  if (rankings.size > KEPT_RANKINGS) rankings.delete(rankings.keys().next().value ?? "");
  return found;
}

/** @param {string} typed @param {number} blocks @returns {Promise<Ranking>} */
async function evaluated(typed, blocks) {
  const [meta, concepts] = await Promise.all([files.meta(), files.concepts()]);
  const query = await simplifiedQuery(typed, meta);
  const first = await scored(query, matchedConcepts(query, concepts), meta, blocks);
  const isLiteral = query.phrases.length > 0 || query.latin.length > 0;
  const wider = isLiteral || first.covered >= WELL_COVERED ? first : await widened(query, first, meta, blocks);
  return needsGuess(query, wider) ? guessed(query, wider, meta, blocks) : wider;
}

/**
 * Little is found: look through the concepts that no record carries, and those that merely share characters.
 * @param {import("./search-query.js").Query} query
 * @param {Ranking} first
 * @param {files.Meta} meta
 * @param {number} blocks
 * @returns {Promise<Ranking>}
 */
async function widened(query, first, meta, blocks) {
  const concepts = await files.allConcepts();
  const matches = matchedConcepts(query, concepts);
  const wider = await scored(query, matches, meta, blocks);
  if (wider.covered >= WEAKLY_COVERED) return wider;
  const more = await scored(query, [...matches, ...resembling(query, concepts)], meta, blocks);
  return more.records.length ? more : first;
}

/**
 * Search what the query may have meant instead; kept is what covers it better.
 * @param {import("./search-query.js").Query} query
 * @param {Ranking} first
 * @param {files.Meta} meta
 * @param {number} blocks
 * @returns {Promise<Ranking>}
 */
async function guessed(query, first, meta, blocks) {
  const [{ guesses }, tables, concepts] = await Promise.all([import("./search-guess.js"), files.guessTables(), files.concepts()]);
  const tried = await Promise.all(
    guesses(query, tables, meta).map(async (guess) => {
      const instead = parsed(guess, meta);
      return { guess, ranking: await scored(instead, matchedConcepts(instead, concepts), meta, blocks) };
    }),
  );
  const better = tried.filter(({ ranking }) => ranking.records.length && ranking.covered > first.covered + CLEARLY);
  better.sort((one, other) => topScore(other.ranking) - topScore(one.ranking));
  const likely = better.filter(({ ranking }) => topScore(ranking) >= NEARLY * topScore(better[0].ranking));
  return merged([first, ...likely.map(({ ranking }) => ranking)], likely.map(({ guess }) => guess));
}

/** @param {Ranking} ranking */
const topScore = ({ records, scores }) => scores[records[0]];

const NEARLY = 0.6;
const CLEARLY = 0.2;
const WEAKLY_COVERED = 0.45;
const FEWEST_ALIKE = 0.55;

/** @param {import("./search-query.js").Query} query @param {files.Concept[]} concepts @returns {import("./search-query.js").Match[]} */
function resembling(query, concepts) {
  return nearest(query, concepts)
    .filter(({ concept, likeness }) => concept[4] && likeness >= FEWEST_ALIKE)
    .slice(0, 3)
    .map(({ concept, likeness }) => ({ concept, quality: likeness / 2, word: query.text }));
}

/** @param {string} typed @param {files.Meta} meta @returns {Promise<import("./search-query.js").Query>} */
export async function simplifiedQuery(typed, meta) {
  const isUnknown = Array.from(normal(typed)).some((one) => isHan(one) && !meta.characters.includes(one));
  return parsed(typed, meta, isUnknown ? await files.traditional() : undefined);
}

/** @param {import("./search-query.js").Query} query @param {Ranking} ranking */
function needsGuess(query, ranking) {
  if (query.phrases.length || !query.features.length) return false;
  if (query.latin.length) return ranking.covered < WEAKLY_COVERED;
  return ranking.covered < WELL_COVERED && Array.from(query.text).length <= LONGEST_GUESSED;
}

const WELL_COVERED = 0.8;
const LONGEST_GUESSED = 12;

/** @param {Ranking[]} all the query as typed first @param {string[]} guesses @returns {Ranking} */
function merged(all, guesses) {
  const [first] = all;
  const scores = Float32Array.from(first.scores);
  for (const [i, { records, scores: others }] of all.entries()) {
    const factor = i ? 1 - 0.05 * i : 1;
    for (const record of records) scores[record] = Math.max(scores[record], others[record] * factor);
  }
  const records = new Set(all.flatMap((ranking) => Array.from(ranking.records)));
  const best = all.reduce((one, other) => (other.covered > one.covered ? other : one));
  return {
    ...best,
    records: byScore(records, scores),
    scores,
    guesses,
  };
}

const IMPACT = 1 / 4; // impacts are in quarters: a term that stands once has about 1
const GREATEST_RARITY = 6;
const CONCEPT_WEIGHT = 0.9; // of a concept where the words do not stand
const CONCEPT_BESIDES = 0.6; // where they do
const CONCEPT_COVER = 0.85;
const BY_TYPE = 8; // the impact of a concept that is the type of a record
const LITTLE_COVERED = 0.25; // what is left of a score where next to nothing of the query is covered
const ALL_TERMS = 1.8;
const LEAST_SHARE = 0.12;
const LEAST_OF_BEST = 0.15;

/**
 * Score all records that have a feature of the query or carry a concept it names.
 *
 * A feature counts by its rarity, saturated frequency and weight in the query; a record that only carries a concept
 * whose word in the query spans the feature has a part of that. The sum is taken less where little of the query is
 * covered.
 * @param {import("./search-query.js").Query} query
 * @param {import("./search-query.js").Match[]} matches
 * @param {files.Meta} meta
 * @param {number} blocks of each frequent term
 * @returns {Promise<Ranking>}
 */
async function scored(query, matches, meta, blocks) {
  const [found, carried, exact] = await Promise.all([
    Promise.all(query.features.map((feature) => featurePostings(feature, blocks))),
    Promise.all(matches.map(({ concept }) => files.postings(`@${concept[0]}`, blocks))),
    query.id ? files.postings(`#${query.id}`) : undefined,
  ]);
  const size = meta.numbers;
  const scores = new Float32Array(size), covered = new Float32Array(size), literal = new Uint8Array(size), manner = new Int32Array(size);
  const spans = matches.map(({ word }) => new Set(termsOf(word)));
  // What one feature gives each record: its score, and how much of the feature is covered. Cleared after each.
  const own = new Float32Array(size), part = new Float32Array(size);
  let all = 0, known = 0;
  query.features.forEach(({ terms, weight: typed }, i) => {
    const naming = matches.map((_, j) => j).filter((j) => carried[j].count && spans[j].has(terms[0]));
    // Within a word of the taxonomy (路太窄) no pair is empty.
    const weight = Math.max(typed, ...naming.map((j) => matches[j].quality));
    const count = found[i].count || Math.max(0, ...naming.map((j) => carried[j].count));
    const rarity = weight * (count ? rarityOf(count, meta.records) : GREATEST_RARITY / 2);
    all += rarity;
    if (!count) return;
    known += rarity;
    each(found[i], (record, impact) => {
      own[record] = rarity * impact * IMPACT;
      part[record] = rarity;
      literal[record] += 1;
      manner[record] = manner[record] * 31 + i + 1;
    });
    for (const j of naming) {
      const { quality } = matches[j];
      each(carried[j], (record, impact) => {
        const meant = Math.min(1, impact / BY_TYPE) * quality * rarity;
        own[record] = Math.max(own[record], CONCEPT_WEIGHT * meant, own[record] + CONCEPT_BESIDES * meant);
        part[record] = Math.max(part[record], CONCEPT_COVER * Math.sqrt(impact / BY_TYPE) * quality * rarity);
      });
    }
    for (const { records } of [found[i], ...naming.map((j) => carried[j])]) {
      for (const record of records) {
        scores[record] += own[record];
        covered[record] += part[record];
        own[record] = part[record] = 0;
      }
    }
  });
  carried.forEach((postings, j) => each(postings, (record) => (manner[record] = manner[record] * 31 + 100 + j)));
  let best = 0;
  for (let record = 0; record < size; record += 1) {
    const share = known ? covered[record] / known : 0;
    best = Math.max(best, share);
    scores[record] *= (LITTLE_COVERED + (1 - LITTLE_COVERED) * share * share) * (literal[record] === query.features.length ? ALL_TERMS : 1);
  }
  /** @type {number[]} */
  const records = [];
  const least = Math.max(LEAST_SHARE, LEAST_OF_BEST * best) * known;
  for (let record = 0; record < size; record += 1) if (scores[record] && covered[record] >= least) records.push(record);
  for (const record of exact?.records ?? []) {
    if (!scores[record]) records.push(record);
    scores[record] += EXACT_ID;
  }
  weighKinds(scores, records, meta, query.asksHow);
  return {
    query,
    matches,
    records: alternated(records, scores, manner),
    scores,
    covered: exact?.records.length ? 1 : all ? (best * known) / all : 0,
    isLeast: [...found, ...carried].some(({ records: some, count }) => some.length < count),
    guesses: [],
  };
}

const MOST_ALTERNATED = 500; // further down nobody looks
const ALIKE = 0.97;
const LEAST_OF_ALIKE = 0.5;
const SCORE_STEPS = 25; // scores within some four in a hundred are taken as the same

/**
 * In order of their scores, those that fit in the very same way as better ones lowered step by step: what many
 * reports say alike shall not hide what only one says. ``scores`` are changed.
 * @param {number[]} records
 * @param {Float32Array} scores
 * @param {Int32Array} manner which features and concepts each record has
 * @returns {Uint32Array}
 */
function alternated(records, scores, manner) {
  /** @type {Map<string, number>} */
  const before = new Map();
  const sorted = byScore(records, scores);
  for (const record of sorted.subarray(0, MOST_ALTERNATED)) {
    const way = `${manner[record]} ${Math.round(Math.log(scores[record]) * SCORE_STEPS)}`;
    const repeated = before.get(way) ?? 0;
    before.set(way, repeated + 1);
    scores[record] *= Math.max(LEAST_OF_ALIKE, ALIKE ** repeated);
  }
  return byScore(sorted, scores);
}

const ROOM = 2 ** 22; // for the number of a record beside the 31 bits of a score

/**
 * The best first, of equals the first. One number for both is sorted natively, without a call for every comparison.
 * @param {Iterable<number>} records
 * @param {Float32Array} scores none below 0: their bits then stand in their order
 * @returns {Uint32Array}
 */
function byScore(records, scores) {
  const bits = new Uint32Array(scores.buffer);
  const keys = Float64Array.from(records, (record) => (2 ** 31 - bits[record]) * ROOM + record).sort();
  return Uint32Array.from(keys, (key) => key % ROOM);
}

const EXACT_ID = 1000;
const KIND_WEIGHTS = { problem: 1.1, countermeasure: 1.08, passage: 1, community: 0.9, concept: 0.9 };
const HOW_WEIGHT = 1.4;

/** @param {Float32Array} scores @param {number[]} records @param {files.Meta} meta @param {boolean} asksHow */
function weighKinds(scores, records, meta, asksHow) {
  for (const record of records) {
    const kind = kindOf(record, meta);
    scores[record] *= KIND_WEIGHTS[/** @type {"problem"} */ (kind)] * (asksHow && kind === "countermeasure" ? HOW_WEIGHT : 1);
  }
}

/** @param {number} count @param {number} all */
const rarityOf = (count, all) => Math.log(1 + (all - count + 0.5) / (count + 0.5));

/** @param {files.Postings} postings @param {(record: number, impact: number) => void} visit */
function each({ records, impacts }, visit) {
  for (let i = 0; i < records.length; i += 1) visit(records[i], impacts[i]);
}

/** @param {import("./search-query.js").Feature} feature @param {number} blocks @returns {Promise<files.Postings>} */
async function featurePostings({ terms, start }, blocks) {
  const names = start ? [...new Set([...terms, ...(await files.termsFrom(start, MOST_STARTING))])] : terms;
  const found = await Promise.all(names.map((name) => files.postings(name, blocks)));
  if (found.length === 1) return found[0];
  /** @type {Map<number, number>} */
  const best = new Map();
  let count = 0;
  found.forEach((postings, i) => {
    const part = i < terms.length ? 1 : STARTING;
    each(postings, (record, impact) => best.set(record, Math.max(best.get(record) ?? 0, impact * part)));
    count = Math.max(count, postings.count);
  });
  return {
    records: Uint32Array.from(best.keys()),
    impacts: Uint8Array.from(best.values(), Math.ceil),
    count: Math.max(count, best.size),
  };
}

/** @type {WeakMap<files.Meta, [string, number][]>} asked for every record found */
const kindTables = new WeakMap();

/** @param {number} record @param {files.Meta} meta @returns {string} */
export function kindOf(record, meta) {
  let kinds = kindTables.get(meta);
  if (!kinds) kindTables.set(meta, (kinds = Object.entries(meta.kinds)));
  let found = "";
  for (const [kind, first] of kinds) if (record >= first) found = kind;
  return found;
}

