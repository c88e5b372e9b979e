// Facets: values of one are alternatives, different ones all hold.

import * as files from "./search-files.js";

const NAMES = ["problem_type", "countermeasure_type", "who", "status", "region", "setting", "year"];
const UNKNOWN = ["region", "setting", "year"]; // an empty value of these is a value: not stated

/** @typedef {(record: number) => any[]} Row the values of a record, one of each name */

/** @param {Uint32Array} records @returns {Promise<Row>} for these records */
async function rows(records) {
  const { numbersInColumns: size } = await files.meta();
  const partOf = (/** @type {number} */ record) => Math.floor(record / size);
  /** @type {Map<number, Row>} */
  const parts = new Map();
  const load = async (/** @type {number} */ part) => {
    const { items, itemRuns, places, placeRuns } = await files.facetColumns(part);
    const item = column(items, itemRuns), place = column(places, placeRuns);
    parts.set(part, (number) => [...item(number), ...place(number)]);
  };
  await Promise.all([...new Set(Array.from(records, partOf))].map(load));
  return (record) => /** @type {Row} */ (parts.get(partOf(record)))(record % size);
}

/** @param {any[][]} values @param {number[]} runs which value and how many records in a row have it @returns {Row} */
function column(values, runs) {
  /** @type {number[]} */
  const ends = [];
  let end = 0;
  for (let i = 1; i < runs.length; i += 2) ends.push((end += runs[i]));
  return (record) => {
    let low = 0, high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] <= record) low = middle + 1;
      else high = middle;
    }
    return values[runs[low * 2]];
  };
}

/** @param {any[]} row @param {number} i @returns {string[]} */
const values = (row, i) => (Array.isArray(row[i]) ? row[i] : row[i] || UNKNOWN.includes(NAMES[i]) ? [row[i]] : []);

/** @param {any[]} row @param {Record<string, string[]>} chosen @param {string} [except] */
const fits = (row, chosen, except) =>
  NAMES.every((name, i) => name === except || !chosen[name]?.length || values(row, i).some((one) => chosen[name].includes(one)));

/**
 * @param {Uint32Array} records
 * @param {Record<string, string[]>} chosen
 * @returns {Promise<Uint32Array>} those that fit, in the same order
 */
export async function filtered(records, chosen) {
  if (!NAMES.some((name) => chosen[name]?.length)) return records;
  const row = await rows(records);
  return records.filter((record) => fits(row(record), chosen));
}

/**
 * How many records each value would have, were it chosen besides: the facet's own choice does not count.
 * @param {Uint32Array} records
 * @param {Record<string, string[]>} chosen
 * @param {string[]} kinds
 * @param {files.Meta} meta
 * @returns {Promise<Record<string, Record<string, number>>>}
 */
export async function counted(records, chosen, kinds, meta) {
  const row = await rows(records);
  const bounds = Object.entries(meta.kinds).map(([kind, first], i, all) => ({ kind, first, end: all[i + 1]?.[1] ?? meta.numbers }));
  const wanted = bounds.filter(({ kind }) => kinds.includes(kind));
  /** @type {Record<string, Record<string, number>>} */
  const counts = Object.fromEntries(NAMES.map((name) => [name, {}]));
  for (const record of records) {
    if (!wanted.some(({ first, end }) => record >= first && record < end)) continue;
    const own = row(record);
    NAMES.forEach((name, i) => {
      if (fits(own, chosen, name)) for (const one of values(own, i)) counts[name][one] = (counts[name][one] ?? 0) + 1;
    });
  }
  return counts;
}

/** @returns {Promise<Record<string, Record<string, string>>>} the words for values, by facet */
export const labels = files.facetLabels;
