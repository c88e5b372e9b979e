// The files of the index: fetched once, unpacked, decoded. A failed fetch is forgotten, so that it can be tried again.

/**
 * @typedef {object} Meta
 * @property {number} records how many there are
 * @property {number} numbers how many numbers they take: some have no record
 * @property {Record<string, number>} kinds the first record of each kind
 * @property {string[]} shards the first term of each
 * @property {string} shardTags what follows the number in the name of each, six characters
 * @property {[term: string, records: number, tags: string[]][]} frequent with the tag of each block
 * @property {string[]} textTags tags of the lists of tags of the blocks of texts
 * @property {number} numbersInColumns how many numbers each part of the facets' columns is for
 * @property {string[]} columnTags tags of the parts of the facets' columns
 * @property {Record<string, string>} tables the tag of each
 * @property {Record<string, string>} pages addresses of the pages of concepts, by the letter of their tokens
 * @property {string} characters every 汉字 of the index
 * @property {string[]} questionWords
 * @property {string[]} howWords those that ask what to do
 *
 * @typedef {object} Postings
 * @property {Uint32Array} records
 * @property {Uint8Array} impacts
 * @property {number} count of all records with the term, of which these may be the first
 *
 * @typedef {[token: string, label: string, alt: string[], broader: string, count: number, related?: string[]]} Concept related only where no record carries it
 * @typedef {[id: string, page: number, anchor: string, community: number, title: string, text: string, isPart: number]} Row
 * @typedef {{items: any[][], itemRuns: number[], places: any[][], placeRuns: number[]}} Columns
 * @typedef {{pages: string[], communities: [string, string][], records: (Row | 0)[]}} Texts
 */

const FOLDER = new URL("search/", import.meta.url);
export const SITE = new URL("../../", import.meta.url);
export const TEXTS_IN_BLOCK = 16;

/** A part of the index could not be had; trying again may help. */
export class PartMissing extends Error {}

/** @type {Map<string, Promise<any>>} */
const kept = new Map();

/**
 * @template T
 * @param {string} key
 * @param {() => Promise<T>} make
 * @returns {Promise<T>}
 */
function once(key, make) {
  let found = kept.get(key);
  if (!found) {
    found = make().catch((error) => {
      kept.delete(key);
      // The site may have been published anew: the next try reads its new list of files.
      if (key !== "meta") kept.delete("meta");
      throw error;
    });
    kept.set(key, found);
  }
  return found;
}

/** @param {string} path @param {RequestInit} [how] @returns {Promise<Response>} */
async function unpacked(path, how) {
  let response;
  try {
    response = await fetch(new URL(path, FOLDER), how);
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
    return new Response(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new PartMissing(path, { cause: error });
  }
}

/** @returns {Promise<Meta>} */
export const meta = () => once("meta", async () => (await unpacked("meta.bin", { cache: "no-cache" })).json());

/** @param {string} name with its tag: files are named by their content @returns {Promise<any>} */
const json = (name) => once(name, async () => (await unpacked(`${name}.bin`)).json());

/** @param {string} name with its tag @returns {Promise<Uint8Array>} */
const bytes = (name) => once(name, async () => new Uint8Array(await (await unpacked(`${name}.bin`)).arrayBuffer()));

/** @param {string} name @returns {Promise<any>} */
const table = async (name) => json(`${name}-${(await meta()).tables[name]}`);

const TAG = 6; // characters
const TAGS_IN_BLOCK = 512;

/** @param {string} tags @param {number} number */
const tagOf = (tags, number) => tags.slice(number * TAG, (number + 1) * TAG);

/** @returns {Promise<Concept[]>} those that records carry */
export const concepts = () => table("concepts");
/** @returns {Promise<Concept[]>} those that no record carries too */
export const allConcepts = () =>
  once("all concepts", async () => (await Promise.all([table("concepts"), table("concepts-unused")])).flat());
/** @returns {Promise<Map<string, string>>} Traditional to Simplified */
export const traditional = () =>
  once("simplified", async () => {
    const [from, to] = (await table("traditional")).map((/** @type {string} */ text) => Array.from(text));
    return new Map(from.map((/** @type {string} */ one, /** @type {number} */ i) => [one, to[i]]));
  });
/** @returns {Promise<{pinyin: Record<string, string>, after: Record<string, string>}>} */
export const guessTables = () => table("guess");
/** @param {number} part @returns {Promise<Columns>} of that part of the numbers */
export const facetColumns = async (part) => json(`c/${part}-${(await meta()).columnTags[part]}`);
/** @returns {Promise<Record<string, Record<string, string>>>} the words for the values of each facet */
export const facetLabels = () => table("labels");
/** @param {number} record @returns {Promise<Texts>} the block with the record */
export async function texts(record) {
  const block = Math.floor(record / TEXTS_IN_BLOCK), list = Math.floor(block / TAGS_IN_BLOCK);
  const name = `d/${list}-${(await meta()).textTags[list]}`;
  const tags = await once(`tags ${name}`, async () => new TextDecoder().decode(await bytes(name)));
  return json(`t/${block}-${tagOf(tags, block % TAGS_IN_BLOCK)}`);
}

/** @type {Postings} */
const NOTHING = { records: new Uint32Array(0), impacts: new Uint8Array(0), count: 0 };

/**
 * The postings of a term; of a very frequent one the first blocks only.
 * @param {string} term
 * @param {number} [blocks] how many at most
 * @returns {Promise<Postings>}
 */
export async function postings(term, blocks = 1) {
  const { frequent, shards } = await meta();
  const number = frequent.findIndex(([name]) => name === term);
  if (number >= 0) {
    const [, count, tags] = frequent[number];
    const names = tags.slice(0, blocks).map((tag, i) => `f/${number}-${i}-${tag}`);
    return { ...joined((await Promise.all(names.map(bytes))).map((part) => decoded(part, 0, part.length))), count };
  }
  const shard = shardOf(term, shards);
  return (shard < 0 ? undefined : (await terms(shard)).get(term)?.()) ?? NOTHING;
}

/** @param {string} start @param {number} most @returns {Promise<string[]>} terms that begin so, frequent ones too */
export async function termsFrom(start, most) {
  const { frequent, shards } = await meta();
  const found = frequent.map(([name]) => name).filter((name) => name.startsWith(start));
  for (let shard = Math.max(0, shardOf(start, shards)); shard < shards.length; shard += 1) {
    if (shards[shard] > start && !shards[shard].startsWith(start)) break;
    for (const term of (await terms(shard)).keys()) if (term.startsWith(start)) found.push(term);
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}

/** @param {string} term @param {string[]} shards @returns {number} */
function shardOf(term, shards) {
  let low = 0, high = shards.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shards[middle] <= term) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** @param {number} shard @returns {Promise<Map<string, () => Postings>>} */
const terms = (shard) =>
  once(`terms ${shard}`, async () => {
    const data = await bytes(`s/${shard}-${tagOf((await meta()).shardTags, shard)}`);
    const read = reader(data, 0);
    const count = read.number();
    /** @type {[Uint8Array, number][]} */
    const heads = [];
    let name = new Uint8Array(0);
    for (let i = 0; i < count; i += 1) {
      const shared = read.number(), rest = read.number();
      const next = new Uint8Array(shared + rest);
      next.set(name.subarray(0, shared));
      next.set(data.subarray(read.at, read.at + rest), shared);
      read.at += rest;
      heads.push([(name = next), read.number()]);
    }
    const utf8 = new TextDecoder();
    let place = read.at;
    return new Map(
      heads.map(([encoded, length]) => {
        const begin = place;
        place += length;
        return [utf8.decode(encoded), () => decoded(data, begin, begin + length)];
      }),
    );
  });

/** @param {Uint8Array} data @param {number} at */
function reader(data, at) {
  return {
    at,
    number() {
      let value = 0, shift = 0, byte;
      do {
        byte = data[this.at];
        this.at += 1;
        value |= (byte & 127) << shift;
        shift += 7;
      } while (byte > 127);
      return value;
    },
  };
}

/** @param {Uint8Array} data @param {number} begin @param {number} end @returns {Postings} */
function decoded(data, begin, end) {
  const read = reader(data, begin);
  /** @type {number[]} */
  const records = [], impacts = [];
  while (read.at < end) {
    const impact = data[read.at];
    read.at += 1;
    let left = read.number(), record = 0;
    for (; left > 0; left -= 1) {
      record += read.number();
      records.push(record);
      impacts.push(impact);
    }
  }
  return { records: Uint32Array.from(records), impacts: Uint8Array.from(impacts), count: records.length };
}

/** @param {Postings[]} parts @returns {Postings} */
function joined(parts) {
  if (parts.length === 1) return parts[0];
  const records = parts.flatMap((part) => Array.from(part.records));
  const impacts = parts.flatMap((part) => Array.from(part.impacts));
  return { records: Uint32Array.from(records), impacts: Uint8Array.from(impacts), count: records.length };
}
