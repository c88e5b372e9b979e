// The amounts that Chinese text states: amounts.py once more. Both are held together by tests/form/amounts.json.

import Big from "big.js";

const FULL = "０１２３４５６７８９．％，～－";
const HALF = "0123456789.%,~-";
const DIGITS = new Map([...[..."〇一二三四五六七八九"].map((character, i) => /** @type {[string, number]} */ ([character, i])), ["零", 0], ["两", 2]]);
const TENS = new Map([["十", 10], ["百", 100], ["千", 1000]]);
const MYRIADS = new Map([["万", 10000], ["亿", 100000000]]);
const SCALES = new Map([...TENS, ...MYRIADS]);

const CHINESE = "[〇零一二两三四五六七八九十百千万亿]{1,24}";
const ARABIC = String.raw`(?:[0-9]{1,3}(?:,[0-9]{3}){1,9}(?![0-9])|[0-9]{1,30})(?:\.[0-9]{1,30})?`;
const SCALED = `(?:${ARABIC}[余多]?[百千万亿]{1,3}){1,4}(?:${ARABIC})?`;
const NUMERAL = `(?:${SCALED}|${ARABIC}|${CHINESE}(?:点[〇零一二三四五六七八九]{1,9})?)`;
const LETTER = String.raw`[\p{L}\p{Nl}\p{No}]`;
const AMOUNT = new RegExp(
  `(?<hundred>百分百)|百分之(?<percent>${NUMERAL})|(?<per>${CHINESE})分之(?<share>${CHINESE})` +
    "|(?<tenths>[一二两三四五六七八九1-9])成(?<halfTenth>半?)|(?<half>一半|半数|过半)" +
    `|(?<low>${NUMERAL})(?<lowSign>[%‰]?)${LETTER}{0,2}(?:至|到|[-~—–]{1,2})(?<high>${NUMERAL})(?<highSign>[%‰]?)` +
    `|(?<number>${NUMERAL})(?<sign>[%‰]?)`,
  "gu",
);

/** @type {[string, string[]][]} */
const BEFORE = [
  ["at_least", ["至少", "不少于", "不低于", "不小于", "不下", "超过", "突破", "高于", "多于", "大于", "逾", "超"]],
  ["at_most", ["至多", "最多", "不超过", "不多于", "不高于", "不到", "不足", "不满", "低于", "少于", "小于"]],
  ["about", ["约", "大约", "大概", "将近", "接近", "近"]],
];
const SOME = ["几", "数"];
const NOT_ABOUT = ["最近", "附近", "靠近", "邻近", "节约", "签约"];
/** @type {[string, string[]][]} */
const AFTER = [
  ["at_least", ["余", "多", "来", "几", "以上", "有余"]],
  ["at_most", ["以下", "以内", "之内"]],
  ["about", ["左右", "上下", "许"]],
];
const BEHIND = AFTER.map(([precision, words]) => {
  const direct = words.filter((word) => word.length === 1).join("|");
  const behind = words.filter((word) => word.length > 1).join("|");
  const atOnce = direct ? `(?:${direct})(?!数)|` : "";
  return /** @type {[string, RegExp]} */ ([precision, new RegExp(`^(?:${atOnce}${LETTER}{0,4}?(?:${behind}))`, "u")]);
});
const SOME_MORE = /[0-9][余多][百千万亿]/;
// A scale by itself is a number behind these: 近百, 上千.
const BARE = /^[百千万亿]$/;
const BARE_BEHIND = ["近", "上", "数", "几"];
const NAMES = /^(?:[姓货科事般]|家万户)/;
const MEASURES = ["人名位口", "个家所处条栋幢座项种件次份"];
const MORE = /^[余多来几 ]+/;

/** @typedef {{start: number, end: number, text: string, readings: Big[], high: Big[], isPercent: boolean, precision: string}} Amount */

/** Every amount of the text, in order. @param {string} text @returns {Amount[]} */
export function amounts(text) {
  const plain = [...text].map((character) => HALF[FULL.indexOf(character)] ?? character).join("");
  /** @type {Amount[]} */
  const found = [];
  for (const match of plain.matchAll(AMOUNT)) {
    const [readings, high, isPercent] = values(plain, match);
    if (readings.length) {
      const end = match.index + match[0].length;
      found.push({ start: match.index, end, text: match[0], readings, high, isPercent, precision: precisionOf(plain, match) });
    }
  }
  return found;
}

/** @param {string} plain @param {RegExpMatchArray} match @returns {[Big[], Big[], boolean]} */
function values(plain, match) {
  const found = /** @type {Record<string, string>} */ (match.groups);
  if (found.low) return range(found);
  if (found.number) {
    const factor = found.sign === "‰" ? "0.1" : "1";
    const bare = isBare(plain, match) ? [new Big(/** @type {number} */ (SCALES.get(found.number)))] : undefined;
    return [(bare ?? readings(found.number)).map((value) => value.times(factor)), [], Boolean(found.sign)];
  }
  return [share(found), [], true];
}

function isBare(plain, match) {
  const before = plain.slice(Math.max(0, match.index - 4), match.index);
  const after = plain.slice(match.index + match[0].length);
  return BARE.test(match[0]) && BARE_BEHIND.some((word) => before.endsWith(word)) && !NOT_ABOUT.some((word) => before.endsWith(word)) && !NAMES.test(after);
}

function share(found) {
  if (found.percent) return readings(found.percent);
  if (found.share) {
    const whole = chinese(found.per);
    const part = chinese(found.share);
    return whole && whole.gt(0) && part ? [part.div(whole).times(100)] : [];
  }
  if (found.tenths) return [new Big((DIGITS.get(found.tenths) || Number(found.tenths)) * 10 + (found.halfTenth ? 5 : 0))];
  return [new Big(found.hundred ? 100 : 50)];
}

function range(found) {
  let low = readings(found.low);
  const scale = SCALES.get(found.high.at(-1));
  if (scale && !SCALES.has(found.low.at(-1))) low = [...low, ...low.map((value) => value.times(scale))];
  return [low, readings(found.high), Boolean(found.lowSign || found.highSign)];
}

function readings(text) {
  if (!DIGITS.has(text[0]) && !SCALES.has(text[0])) return [arabic(text)];
  const value = chinese(text);
  return value ? [value] : [];
}

function arabic(text) {
  let total = new Big(0);
  for (const [, digits, scales] of text.matchAll(new RegExp(`(${ARABIC})[余多]?([百千万亿]*)`, "g"))) {
    let value = new Big(digits.replaceAll(",", ""));
    for (const scale of scales) value = value.times(/** @type {number} */ (SCALES.get(scale)));
    total = total.plus(value);
  }
  return total;
}

/** @param {string} text @returns {Big | undefined} */
function chinese(text) {
  const [whole, fraction] = text.split("点");
  const characters = [...whole];
  if (!characters.some((character) => DIGITS.has(character)) && whole[0] !== "十") return undefined;
  const digits = (/** @type {string} */ word) => [...word].map((character) => DIGITS.get(character)).join("");
  const value = characters.every((character) => DIGITS.has(character)) ? new Big(digits(whole)) : composed(characters);
  return fraction ? value.plus(`0.${digits(fraction)}`) : value;
}

function composed(characters) {
  let total = new Big(0);
  let section = new Big(0);
  let digit = 0;
  let last = 1;
  for (const character of characters) {
    if (DIGITS.has(character)) {
      digit = DIGITS.get(character);
      last = character === "零" || character === "〇" ? 10 : last;
    } else if (TENS.has(character)) {
      last = TENS.get(character);
      section = section.plus((digit || 1) * last);
      digit = 0;
    } else {
      last = MYRIADS.get(character);
      total = total.plus(section).plus(digit).times(last);
      section = new Big(0);
      digit = 0;
    }
  }
  return total.plus(section).plus(last > 10 ? Math.floor((digit * last) / 10) : digit);
}

function precisionOf(text, match) {
  const before = text.slice(Math.max(0, match.index - 4), match.index).trimEnd();
  const after = text.slice(match.index + match[0].length, match.index + match[0].length + 8);
  if (SOME_MORE.test(match[0])) return "at_least";
  if (SCALES.has(match[0][0]) && [...SOME, ...(BARE.test(match[0]) ? ["上"] : [])].some((word) => before.endsWith(word))) return "at_least";
  const said = BEFORE.flatMap(([precision, words]) => words.filter((word) => before.endsWith(word)).map((word) => ({ size: word.length, precision })));
  if (said.length && !NOT_ABOUT.some((word) => before.endsWith(word))) {
    const longest = Math.max(...said.map((each) => each.size));
    return said.filter((each) => each.size === longest).map((each) => each.precision).sort().at(-1);
  }
  return BEHIND.find(([, pattern]) => pattern.test(after))?.[0] ?? "exact";
}

/** The amounts with one of the units behind them; all when there is none such. @param {string} text @param {Amount[]} found @param {string[]} units */
export function inUnit(text, found, units) {
  const counted = found.filter((item) => isCounted(text, item, units));
  return counted.length ? counted : found;
}

/** Whether one of the units, or a like measure word, stands behind the amount. @param {string} text @param {Amount} amount @param {string[]} units */
export function isCounted(text, amount, units) {
  const words = [...units, ...MEASURES.filter((measures) => units.some((unit) => unit.length === 1 && measures.includes(unit))).flatMap((measures) => [...measures])];
  return words.some((word) => text.slice(amount.end).replace(MORE, "").startsWith(word));
}

/** What to multiply the amount with, by the unit written behind it. @param {string} text @param {Amount} amount @param {Map<string, Big>} units */
export function conversion(text, amount, units) {
  const unit = unitBehind(text, amount, [...units.keys()]);
  return (unit && units.get(unit)) || new Big(1);
}

/** The longest of the units that stands behind the amount. @param {string} text @param {Amount} amount @param {string[]} units */
export function unitBehind(text, amount, units) {
  const behind = text.slice(amount.end).replace(/^[余多来几 个]+/, "");
  const written = units.filter((unit) => !/^[百千万亿]/.test(unit) && behind.startsWith(unit));
  return written.sort((a, b) => b.length - a.length)[0];
}
