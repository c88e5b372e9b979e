// Whether a quote says a number, and how a typed amount is recorded: rules/figures.py and rules/arithmetic.py once more.

import Big from "big.js";
import { amounts, conversion, inUnit, isCounted, unitBehind } from "./amounts.js";
import { LONGEST_NUMBER, Num, textOf } from "./tree.js";

const NOTHING = /[未无零]|没有|从不|不存在|不曾/;
const NAMED_ONLY = /例如|比如|等|其中/;

/** @typedef {{value: Big, high?: Big, precision: string}} Quantity */
/** @typedef {{code: string, message: string, remedy: string}} Words */

/** @param {any} item of the catalogue @returns {Map<string, Big>} what one of each unit is in the indicator's own */
export function unitsOf(item) {
  return new Map([...Object.entries(item.also_units).map(([unit, factor]) => /** @type {[string, Big]} */ ([unit, new Big(/** @type {string} */ (factor))])), [item.unit, new Big(1)]]);
}

/** @param {any} node @returns {Big | undefined} */
export const big = (node) => (node instanceof Num ? new Big(node.text) : undefined);

/** The quantity of an entry in the indicator's unit. @param {any} entry @param {Map<string, Big>} units @returns {Quantity | undefined} */
export function quantityOf(entry, units) {
  if (!(entry instanceof Map)) return undefined;
  const unit = textOf(entry.get("unit"));
  if (unit && units.size && !units.has(unit)) return undefined;
  const factor = units.get(unit) ?? new Big(1);
  const range = entry.get("range");
  if (Array.isArray(range) && range.length === 2) {
    const [low, high] = range.map(big);
    return low && high ? { value: low.times(factor), high: high.times(factor), precision: "exact" } : undefined;
  }
  const value = big(entry.get("value"));
  return value && { value: value.times(factor), precision: textOf(entry.get("precision")) || "exact" };
}

/**
 * What is wrong between a quantity and its quote.
 * @param {Quantity} quantity @param {string} quote @param {Map<string, Big>} units @param {Record<string, string>} labels
 * @returns {Words | undefined}
 */
export function judged(quantity, quote, units, labels) {
  const found = inUnit(quote, amounts(quote), [...units.keys()]);
  const stating = found.filter((amount) => states(amount, quantity, quote, units));
  if (!stating.length) {
    if (endsApart(found, quantity, quote, units) || (quantity.value.eq(0) && saysNone(quote))) return undefined;
    const listed = found.map((amount) => amount.text).join("、");
    return {
      code: "evidence-figure",
      message: `引文“${quote}”没有说出这个数：${listed ? `引文里的数是 ${listed}` : "引文里没有数"}`,
      remedy: "与报告核对，改正数值或单位；或换成说出这个数的那一句",
    };
  }
  if (agrees(stating, quantity, quote)) return undefined;
  const said = stating[0].precision;
  return {
    code: "evidence-precision",
    message: `引文“${quote}”说的是“${labels[said]}”，记的是“${labels[quantity.precision]}”`,
    remedy: said === "exact" ? "引文里没有“约”“余”“以上”这样的字：删去 precision，或把这些字抄进引文" : `写上 precision: ${said}`,
  };
}

function saysNone(quote) {
  return NOTHING.test(quote) && !/\p{Nd}/u.test(quote);
}

function states(amount, quantity, quote, units) {
  if (amount.isPercent && !units.has("%")) return false;
  const factor = conversion(quote, amount, units);
  if (!amount.readings.some((reading) => reading.times(factor).eq(quantity.value))) return false;
  const high = amount.high.map((reading) => reading.times(factor));
  if (quantity.high === undefined) return !high.length;
  return high.some((reading) => reading.eq(quantity.high));
}

function endsApart(found, quantity, quote, units) {
  if (quantity.high === undefined) return false;
  return [quantity.value, quantity.high].every((value) => found.some((amount) => states(amount, { value, precision: "exact" }, quote, units)));
}

function agrees(stating, quantity, quote) {
  if (quantity.high !== undefined || stating.some((amount) => amount.precision === quantity.precision)) return true;
  return quantity.precision === "at_least" && NAMED_ONLY.test(quote);
}

/** The number in digits, grouped from five digits on: numerals.py. @param {Big} value */
export function number(value) {
  const [whole, fraction] = value.toFixed().split(".");
  const grouped = value.abs().gte(10000) ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return fraction ? `${grouped}.${fraction}` : grouped;
}

const REMEDY = "与原文核对，改正写错的数";

/**
 * Parts that do not add up, ratios that do not come out.
 * @param {Map<string, any>} observations @param {Record<string, any>} indicators
 * @returns {(Words & {id: string})[]}
 */
export function arithmetic(observations, indicators) {
  const exact = (/** @type {string} */ id) => {
    const quantity = indicators[id] && quantityOf(observations.get(id), unitsOf(indicators[id]));
    return quantity && quantity.high === undefined && quantity.precision === "exact" ? quantity.value : undefined;
  };
  const known = [...observations.keys()].filter((id) => indicators[id] && exact(id));
  return [
    ...known.flatMap((id) => indicators[id].parts.flatMap((/** @type {string[]} */ ids) => wrongParts(id, ids, exact, indicators))),
    ...known.flatMap((id) => wrongRatio(id, observations.get(id), exact, indicators)),
  ];
}

function wrongParts(id, ids, exact, indicators) {
  const known = ids.filter((part) => exact(part));
  const sum = known.reduce((total, part) => total.plus(exact(part)), new Big(0));
  if (!(sum.gt(exact(id)) || (known.length === ids.length && !sum.eq(exact(id))))) return [];
  const listed = known.map((part) => `${indicators[part].label}${number(exact(part))}`).join(" + ");
  return [{ id, code: "arithmetic-parts", message: `分项之和与总数不符：${listed} = ${number(sum)}`, remedy: REMEDY }];
}

function wrongRatio(id, entry, exact, indicators) {
  const { ratio } = indicators[id];
  const of = ratio && exact(ratio.of);
  const per = ratio && exact(ratio.per);
  if (!of || !per || per.eq(0)) return [];
  const given = exact(id);
  const value = of.div(per).times(ratio.times);
  if (value.minus(given).abs().lte(halfUnit(entry, given))) return [];
  const message = `与算出来的不符：${indicators[ratio.of].label}${number(of)} ÷ ${indicators[ratio.per].label}${number(per)} × ${number(new Big(ratio.times))} = ${value.toFixed(2, Big.roundHalfEven)}`;
  return [{ id, code: "arithmetic-ratio", message, remedy: REMEDY }];
}

function halfUnit(entry, given) {
  const written = entry.get("value");
  const digits = written.text.split(".")[1]?.length ?? 0;
  const half = new Big(5).div(new Big(10).pow(digits + 1));
  const value = new Big(written.text);
  return value.eq(0) ? half : half.times(given.div(value));
}

/**
 * What was typed into a value box, as it is recorded: 约8,421人 is value 8421, precision about.
 * @param {string} typed @param {any} item of the catalogue; undefined where any unit may be written
 * @returns {{fields: Map<string, any>} | {wrong: string}}
 */
export function recorded(typed, item) {
  const found = amounts(typed);
  if (!found.length) return { wrong: "没有读出数；写数字和单位，如 约8,421人、3.2万、30多、100—120" };
  if (found.length > 1) return { wrong: `读出了 ${found.length} 个数（${found.map((amount) => amount.text).join("、")}），一格只写一个；范围写成 100—120` };
  const [amount] = found;
  const units = item ? unitsOf(item) : new Map();
  const unit = unitBehind(typed, amount, [...units.keys()]);
  const own = !unit || unit === item.unit;
  // 3.2万元 of an indicator in 万元 is 3.2; 3000平方米 of one in 平方公里 stays as it was written.
  const isScaled = unit && item.unit.replace(/^[百千万亿]+/, "") === unit && !own;
  const factor = isScaled ? units.get(unit) : new Big(1);
  // A number keeps its digits as they were written: how exact it is can be told by them.
  const plain = amount.text.replaceAll(",", "").replace(/%$/, "");
  const isAsWritten = factor.eq(1) && /^(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(plain) && new Big(plain).eq(amount.readings[0]);
  const num = (/** @type {Big} */ value) => new Num(isAsWritten ? plain : value.times(factor).toFixed());
  const fields = new Map();
  if (amount.high.length) {
    const [low, high] = [amount.readings.at(-1), amount.high.at(-1)];
    if (low.gte(high)) return { wrong: "范围的下限要小于上限" };
    fields.set("range", [low, high].map((end) => new Num(end.times(factor).toFixed())));
  } else {
    fields.set("value", num(amount.readings[0]));
    if (amount.precision !== "exact") fields.set("precision", amount.precision);
  }
  const rest = typed.slice(amount.end).split(/[，。；、,;（(]/)[0].replace(/^[余多来几 ]+|左右|上下|以上|以下|以内|之内|[%。，]/g, "").trim();
  const isForeign = rest && !unit && !isCounted(typed, amount, [item?.unit ?? ""]);
  const foreign = item && (amount.isPercent && !units.has("%") ? "%" : isForeign ? rest : "");
  if (foreign) return { wrong: `“${foreign}”不是这个指标的单位，这里可以写${[...units.keys()].reverse().join("、")}` };
  if (/(?:^|[^\p{L}\p{N}])[-−－]\s*$/u.test(typed.slice(0, amount.start))) return { wrong: "不能写负数" };
  const digits = fields.has("range") ? fields.get("range") : [fields.get("value")];
  if (digits.some((/** @type {Num} */ { text }) => text.length > LONGEST_NUMBER)) return { wrong: "位数太多，写成小数，如 66.7" };
  if (item ? unit && !own && !isScaled : true) {
    const written = item ? unit : rest;
    if (written) fields.set("unit", written);
  }
  return { fields };
}

/** The fields of a quantity as one types them. @param {any} entry @param {any} item @param {Record<string, string>} said */
export function typedForm(entry, item, said) {
  if (!(entry instanceof Map)) return "";
  const range = entry.get("range");
  const unit = textOf(entry.get("unit")) || item?.unit || "";
  if (Array.isArray(range)) return `${range.map(textOf).join("—")}${unit}`;
  const given = entry.get("value");
  const value = textOf(given);
  if (value && !(given instanceof Num)) return value; // what was not understood, as it was typed
  return value ? `${said[textOf(entry.get("precision"))] ?? ""}${value}${unit}` : "";
}
