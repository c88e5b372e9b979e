// Text to search terms, as surveybase/search/text.py does it; a test holds the two together.

const HAN = "々〇\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
const CHUNK = /(?:[\p{L}\p{N}]|(?<=[0-9])\.(?=[0-9]))+/gu;
const PIECE = new RegExp(`[${HAN}]+|[0-9]+(?:\\.[0-9]+)?|[^${HAN}0-9]+`, "gu");
const ALL_HAN = new RegExp(`^[${HAN}]+$`, "u");
const GROUPED = /(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])/g;
const NUMERAL = /[0-9零〇一二两三四五六七八九十百千万亿][0-9.零〇一二两三四五六七八九十百千万亿]+/g;
const FEWEST_DIGITS_CUT = 3;

const UNITS = new Map([["十", 10], ["百", 100], ["千", 1000]]);
const GREAT_UNITS = new Map([["万", 1e4], ["亿", 1e8]]);
const DIGITS = new Map([..."零一二三四五六七八九"].map((digit, i) => [digit, i]));
DIGITS.set("〇", 0).set("两", 2);

/** @param {string} text @returns {boolean} whether it is 汉字 and nothing else */
export const isHan = (text) => ALL_HAN.test(text);

/**
 * The text as it is compared: NFKC, lower case, digits without separators.
 * @param {string} text
 * @param {Map<string, string>} [simplified] Traditional to Simplified characters
 */
export function normal(text, simplified) {
  let folded = text.normalize("NFKC").toLowerCase();
  if (simplified) folded = Array.from(folded, (one) => simplified.get(one) ?? one).join("");
  return folded.replace(GROUPED, (found) => found.replaceAll(",", ""));
}

/** @param {string} text normal text @returns {string[]} unbroken stretches of letters, digits and 汉字 */
export const chunks = (text) => text.match(CHUNK) ?? [];

/** @param {string} chunk @returns {string[]} its runs of 汉字, its numbers and its words */
export const pieces = (chunk) => chunk.match(PIECE) ?? [];

/** @param {string} text @returns {string[]} every two neighbours */
export function pairs(text) {
  const characters = Array.from(text);
  return characters.slice(1).map((character, i) => characters[i] + character);
}

/** @param {string} text normal text @returns {string[]} the terms that stand in it */
export function terms(text) {
  return chunks(text).flatMap(chunkTerms);
}

/** @param {string} chunk @returns {string[]} */
export function chunkTerms(chunk) {
  /** @type {string[]} */
  const found = [];
  let last = "";
  for (const piece of pieces(chunk)) {
    const characters = Array.from(piece);
    if (last) found.push(last + characters[0]);
    last = characters[characters.length - 1];
    if (isHan(piece)) {
      found.push(...pairs(piece), `$${last}`);
    } else {
      found.push(piece);
      if (/^[0-9]/.test(piece) && characters.length >= FEWEST_DIGITS_CUT) found.push(...pairs(piece));
    }
  }
  if (!isHan(chunk)) found.push(...values(chunk));
  return found;
}

/** @param {string} text @returns {string[]} numbers written with 十, 百, 千, 万 or 亿, in plain digits */
export function values(text) {
  return (text.match(NUMERAL) ?? []).map(value).filter((found) => found !== null).map(plainNumber);
}

/** @param {number} number */
const plainNumber = (number) => number.toFixed(3).replace(/\.?0+$/, "");

/** @param {string} numeral @returns {number | null} */
function value(numeral) {
  let total = 0, section = 0, unit = 0;
  /** @type {number | null} */
  let number = null;
  for (const part of numeral.match(/[0-9]+(?:\.[0-9]+)?|./gu) ?? []) {
    const small = UNITS.get(part), great = GREAT_UNITS.get(part), digit = DIGITS.get(part);
    if (small) {
      section += (number ?? 1) * small;
      [unit, number] = [small, null];
    } else if (great) {
      total += (section + (number ?? 0) || 1) * great;
      [unit, section, number] = [great, 0, null];
    } else if (part === "." || (number && (digit === undefined || digit))) {
      return null;
    } else {
      number = digit ?? Number(part);
      if (digit === 0) unit = unit ? 10 : 0;
    }
  }
  if (!unit) return null;
  const shorthand = number !== null && unit > 10 && Number.isInteger(number) && number < 10;
  return total + section + (number ?? 0) * (shorthand ? unit / 10 : 1);
}

/**
 * Where pieces of a normal text stand in the text as written.
 * @param {string} text as written
 * @param {Map<string, string>} [simplified]
 * @returns {{text: string, origin: number[]}} the normal text, and for each of its units the place in ``text``
 */
export function aligned(text, simplified) {
  let folded = "", place = 0;
  /** @type {number[]} */
  const origin = [];
  const separators = new Set();
  for (const found of text.matchAll(GROUPED)) {
    for (let i = 0; i < found[0].length; i += 1) if (found[0][i] === ",") separators.add(found.index + i);
  }
  for (const character of text) {
    const part = separators.has(place) ? "" : normal(character, simplified);
    for (let i = 0; i < part.length; i += 1) origin.push(place);
    folded += part;
    place += character.length;
  }
  origin.push(place);
  return { text: folded, origin };
}
