// What is wrong with a contribution, in the words of the check: reading/checking.py and the rules.

import { places } from "./blocks.js";
import { arithmetic, judged, quantityOf, unitsOf } from "./figures.js";
import { nodeAt, Num, textOf } from "./tree.js";
import Big from "big.js";

/**
 * @typedef {(string | number)[]} Path
 * @typedef {{file: "report" | "community", path: Path, code: string, message: string, remedy: string}} Finding
 */

/**
 * Every finding about the two files.
 * @param {{report: any, community: any, survey: Path, body: any}} given the trees, where the report's data stand, its blocks
 * @param {{report: import("./shape.js").Shape, community: import("./shape.js").Shape}} shapes
 * @param {any} data of the form @returns {Finding[]}
 */
export function checked(given, shapes, data) {
  const wrong = shaped(given.community, shapes.community, [], data);
  const excepted = exceptions(given.community);
  const isExcepted = ({ code, path }) => excepted.has(`${code} ${bare(textOf(nodeAt(given.community, [...path.slice(0, -1), "value"])))}`);
  return [
    ...shaped(given.report, shapes.report, [], data).map((each) => ({ file: /** @type {const} */ ("report"), ...each })),
    ...[...wrong, ...judgedSurvey(given, wrong, data).filter((each) => !isExcepted(each))].map((each) => ({ file: /** @type {const} */ ("community"), ...each })),
  ];
}

const bare = (/** @type {string} */ words) => words.normalize("NFKC").replace(/[^\p{L}\p{N}_]/gu, "");

/** What has been looked at and decided: rules/exceptions.py. A number or a precision, by the value as it is written. */
function exceptions(community) {
  const listed = community instanceof Map && Array.isArray(community.get("exceptions")) ? community.get("exceptions") : [];
  const texts = listed.map((/** @type {any} */ item) => ["code", "value", "reason"].map((name) => textOf(nodeAt(item, [name]))));
  return new Set(texts.filter(([code, value, reason]) => EXCEPTABLE.has(code) && value && reason).map(([code, value]) => `${code} ${bare(value)}`));
}

const EXCEPTABLE = new Set(["evidence-precision", "arithmetic-parts", "arithmetic-ratio"]); // of what is judged here

const finding = (path, code, message, remedy) => ({ path, code, message, remedy });

/** What is wrong with the shape of a value. */
export function shaped(node, shape, path, data) {
  const { schema } = shape;
  if ((node === null || node === undefined) && schema.isNullable) return [];
  if (node === null || node === undefined) return [finding(path, "field-missing", "还空着", "填上；不是必填的，不知道就删去这一行")];
  const explained = (/** @type {string} */ kind) => finding(path, ...data.explanations[kind]);
  if (shape.isRecord || shape.isMapping) {
    if (!(node instanceof Map)) return [explained(shape.isRecord ? "model_type" : "dict_type")];
    return shape.isRecord ? record(node, shape, path, data) : mapping(node, shape, path, data);
  }
  if (schema.type === "array") {
    if (!Array.isArray(node)) return [explained("list_type")];
    const inner = node.flatMap((item, i) => shaped(item, shape.child(i), [...path, i], data));
    if (node.length < (schema.minItems ?? 0)) return [node.length ? finding(path, "field-value", "项数不够", `要有 ${schema.minItems} 项`) : explained("too_short"), ...inner];
    if (node.length > (schema.maxItems ?? Infinity)) return [finding(path, "field-value", "太长", `不超过 ${schema.maxItems} 个`), ...inner];
    return inner;
  }
  if (isDate(schema)) return dated(node, path);
  if (schema.enum) return chosen(node, shape, path, data);
  if (schema.type === "number") return node instanceof Num ? [] : [explained("number")];
  if (schema.type === "boolean") return typeof node === "boolean" ? [] : [explained("bool_type")];
  if (schema.type === "string") return worded(node, shape, path, data);
  return [];
}

/** @param {any} schema of a field that may be a year alone */
export const isDate = (schema) => schema.format === "partial-date";

function record(node, shape, path, data) {
  const known = shape.fields.map(([name]) => name);
  const missing = shape.required.filter((/** @type {string} */ name) => !node.has(name));
  const found = [...node].flatMap(([key, child]) =>
    known.includes(key) ? shaped(child, shape.child(key), [...path, key], data) : [finding([...path, key], "field-unknown", "没有这个字段", `可用的有 ${known.join("、")}`)],
  );
  found.push(...missing.map((/** @type {string} */ name) => finding([...path, name], "field-missing", "缺少这一项", `补上 ${name}`)));
  return found.length ? found : together(node, shape, path);
}

/** What a record's fields must be together; its kind is told by its fields. */
function together(node, shape, path) {
  const has = (/** @type {string} */ name) => (node.get(name) ?? null) !== null;
  const known = shape.fields.map(([name]) => name);
  const wrong = (/** @type {string} */ message) => [finding(path, "field-value", message, "照提示修改")];
  if (!known.includes("range") || !known.includes("value")) return [];
  if (has("value") && has("range")) return wrong("value 和 range 只能写一个");
  if (has("range") && has("precision")) return wrong("写了 range 就不写 precision");
  if (has("range")) {
    const [low, high] = node.get("range").map((/** @type {Num} */ end) => new Big(end.text));
    if (low.gte(high)) return wrong("范围的下限要小于上限");
  }
  const isGiven = has("value") || has("range");
  if (known.includes("status")) {
    if (isGiven && has("status")) return wrong("有数值就不写 status");
    if (!isGiven && !has("status")) return wrong("缺数值：写 value、range，或用 status 说明为什么没有");
    if (isGiven && !has("quote")) return wrong("缺引文：每个数字都要有 quote");
    return [];
  }
  return isGiven ? [] : wrong("缺数值：写 value 或 range");
}

function mapping(node, shape, path, data) {
  const pattern = Object.keys(shape.schema.patternProperties ?? {})[0];
  const isChosen = Boolean(shape.schema.properties);
  const found = [...node].flatMap(([key, child]) => {
    const here = [...path, key];
    if (isChosen && !Object.hasOwn(shape.schema.properties, key)) return [finding(here, "reference-unknown", "没有这个指标", "从列表里选一个指标")];
    if (pattern && !new RegExp(pattern).test(key)) return [finding(here, "field-value", "键的写法不对", data.patterns[pattern] ?? "照说明改写")];
    return shaped(child, shape.child(key), here, data);
  });
  return node.size < (shape.schema.minProperties ?? 0) ? [finding(path, ...data.explanations.too_short), ...found] : found;
}

function chosen(node, shape, path, data) {
  const { enum: options } = shape.schema;
  if (options.includes(node)) return [];
  if (options.includes(textOf(node))) return [finding(path, ...data.explanations.string_type)];
  if (shape.schema.pattern) return [...worded(node, shape, path, data).slice(0, 1), finding(path, "reference-unknown", `没有这个${shape.schema.title ?? "类型"}`, "从列表里选一个")].slice(0, 1);
  return [finding(path, "field-value", "不是可选的值", `从 ${options.map((/** @type {string} */ each) => `'${each}'`).join("、")} 里选`)];
}

function worded(node, shape, path, data) {
  const { pattern, minLength = 0, maxLength = Infinity } = shape.schema;
  const text = [...textOf(node)];
  if (typeof node !== "string") return [finding(path, ...data.explanations.string_type)];
  if (text.length < minLength) return [finding(path, ...data.explanations.string_too_short)];
  if (text.length > maxLength) return [finding(path, "field-value", "太长", `不超过 ${maxLength} 个`)];
  if (pattern && !new RegExp(pattern, "u").test(node)) return [finding(path, "field-value", "写法不对", data.patterns[pattern] ?? "照说明改写")];
  return [];
}

function dated(node, path) {
  const text = textOf(node);
  if (!/^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$/.test(text)) return [finding(path, "field-value", "日期要写成 2012、2012-09 或 2012-09-01", "照提示修改")];
  const whole = `${text}-01-01`.slice(0, 10);
  const day = new Date(`${whole}T00:00:00Z`);
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(whole) && !text.startsWith("0000");
  return exists ? [] : [finding(path, "field-value", "没有这一天", "照提示修改")];
}

// --- What is said of the report --------------------------------------------------------------------------

/** What is said of the entries that have their shape. */
function judgedSurvey({ community, survey, body }, wrong, data) {
  const whole = nodeAt(community, survey);
  if (!(whole instanceof Map)) return [];
  const of = (/** @type {Path} */ path) => JSON.stringify(path.slice(0, survey.length + 2));
  const broken = new Set(wrong.map(({ path }) => of(path)));
  const sound = (/** @type {string} */ name, /** @type {any} */ entries) => new Map(entries instanceof Map ? [...entries].filter(([key]) => !broken.has(of([...survey, name, key]))) : []);
  const node = new Map(["observations", "problems", "countermeasures"].map((name) => [name, sound(name, whole.get(name))]));
  const part = (/** @type {string} */ name) => node.get(name);
  const report = survey.at(-1);
  return [
    ...quotes(node, survey).flatMap(([path, quote]) => misplaced(path, quote, places(body, quote), report)),
    ...figures(part("observations"), part("problems"), survey, data),
    ...arithmetic(part("observations"), data.indicators).map(({ id, code, message, remedy }) => finding([...survey, "observations", id, "value"], code, message, remedy)),
    ...addressed(part("countermeasures"), whole.get("problems") ?? new Map(), survey),
  ];
}

/** Every quote below a node with its path. @returns {[Path, string][]} */
export function quotes(node, path) {
  if (!(node instanceof Map)) return [];
  return [...node].flatMap(([key, child]) => (key === "quote" ? (typeof child === "string" && child ? [[[...path, key], child]] : []) : quotes(child, [...path, key])));
}

function misplaced(path, quote, count, report) {
  const where = `docs/reports/${report}.md`;
  if (count === 1) return [];
  if (count) return [finding(path, "evidence-ambiguous", `引文在 ${where} 里有 ${count} 处`, "把引文写长一些，让它只出现一次")];
  return [finding(path, "evidence-missing", `引文不在 ${where} 的同一段里`, "从正文复制原句，一字不差；引文不能跨段，不带 Markdown 记号")];
}

function figures(observations, problems, survey, data) {
  /** @type {any[]} */
  const found = [];
  const judge = (entry, quote, units, path) => {
    const quantity = quantityOf(entry, units);
    const words = quantity && quote && judged(quantity, quote, units, data.precisions);
    if (words) found.push(finding([...path, entry.has("range") ? "range" : "value"], words.code, words.message, words.remedy));
  };
  for (const [id, entry] of observations) {
    const unit = entry instanceof Map ? textOf(entry.get("unit")) : "";
    if (unit && data.indicators[id] && !unitsOf(data.indicators[id]).has(unit)) {
      const what = `“${data.indicators[id].label}”的单位`;
      found.push(finding([...survey, "observations", id, "unit"], "reference-unknown", `没有这个${what}`, `先在相应的目录文件里加上这个${what}，或改成已有的编号`));
    }
    if (data.indicators[id] && entry instanceof Map) judge(entry, textOf(entry.get("quote")), unitsOf(data.indicators[id]), [...survey, "observations", id]);
  }
  for (const [key, problem] of problems) {
    const affected = problem instanceof Map ? problem.get("affected") : undefined;
    if (!(affected instanceof Map)) continue;
    const unit = textOf(affected.get("unit"));
    const quantity = quantityOf(affected, new Map());
    const isObserved = quantity && [...observations].some(([id, entry]) => data.indicators[id]?.unit === unit && same(quantity, quantityOf(entry, unitsOf(data.indicators[id]))));
    if (!isObserved) judge(affected, textOf(problem.get("quote")), new Map([[unit, new Big(1)]]), [...survey, "problems", key, "affected"]);
  }
  return found;
}

function same(one, other) {
  return Boolean(other) && one.precision === other.precision && one.value.eq(other.value) && (one.high === undefined ? other.high === undefined : other.high !== undefined && one.high.eq(other.high));
}

function addressed(countermeasures, problems, survey) {
  return [...countermeasures].flatMap(([key, item]) => {
    const listed = item instanceof Map && Array.isArray(item.get("addresses")) ? item.get("addresses") : [];
    return listed.flatMap((/** @type {any} */ id, /** @type {number} */ i) =>
      problems.has(id) ? [] : [finding([...survey, "countermeasures", key, "addresses", i], "reference-unknown", "没有这个问题", "从本报告的问题里选")],
    );
  });
}
