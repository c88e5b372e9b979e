// What the published JSON Schema says of the place where a value stands.

const LONGEST_WORD = 100;

/** @param {any} node @param {any} whole @returns {any} the node with its reference followed, without its null */
export function resolved(node, whole) {
  while (node.$ref || node.anyOf) {
    const target = node.$ref
      ? whole.$defs[node.$ref.slice(node.$ref.lastIndexOf("/") + 1)]
      : node.anyOf.find((/** @type {any} */ part) => part.type !== "null") ?? {};
    // What is said beside a reference holds, too: an editor's choice of values.
    // A year alone is a number to YAML, a longer date a text.
    const types = node.anyOf?.map((/** @type {any} */ part) => part.type) ?? [];
    const format = types.includes("string") && types.includes("integer") ? "partial-date" : node.format;
    const { $ref, anyOf, default: _, ...beside } = node;
    node = { ...target, ...beside, format, isNullable: node.isNullable || anyOf?.some((/** @type {any} */ part) => part.type === "null") };
  }
  return node;
}

export class Shape {
  /** @param {any} schema @param {any} whole */
  constructor(schema, whole) {
    this.schema = schema;
    this.whole = whole;
  }

  /** @param {any} whole */
  static of(whole) {
    return new Shape(resolved(whole, whole), whole);
  }

  /** @param {string | number} step */
  child(step) {
    if (typeof step === "number") return this.below(this.schema.items) ?? new Shape({}, this.whole);
    // A file may hold a key of any name: ``constructor`` is no field.
    const { properties = {} } = this.schema;
    return (Object.hasOwn(properties, step) && this.below(properties[step])) || this.entry || new Shape({}, this.whole);
  }

  /** @param {(string | number)[]} path @returns {Shape} */
  at(path) {
    return path.reduce((/** @type {Shape} */ shape, step) => shape.child(step), this);
  }

  /** @param {any} node @returns {any} */
  below(node) {
    return node && new Shape(resolved(node, this.whole), this.whole);
  }

  /** Whether its entries stand under keys of one's own, be they chosen from a list. */
  get isMapping() {
    return "patternProperties" in this.schema || typeof this.schema.additionalProperties === "object";
  }

  /** What stands under the keys of a mapping. @returns {Shape | undefined} */
  get entry() {
    if (!this.isMapping) return undefined;
    const { patternProperties = {}, properties = {}, additionalProperties } = this.schema;
    const first = Object.values(patternProperties)[0] ?? (typeof additionalProperties === "object" ? additionalProperties : Object.values(properties)[0]);
    return this.below(first);
  }

  get isRecord() {
    return "properties" in this.schema && !this.isMapping;
  }

  /** @returns {[string, Shape][]} */
  get fields() {
    return this.isRecord ? Object.keys(this.schema.properties).map((name) => [name, this.child(name)]) : [];
  }

  /** @returns {string[]} */
  get required() {
    return this.schema.required ?? [];
  }

  get isOnOneLine() {
    return Boolean(this.schema["x-one-line"]) || this.entry?.schema.type === "number";
  }

  get isWord() {
    return (this.schema.maxLength ?? 0) <= LONGEST_WORD;
  }

  /** @param {string[]} keys the known in the order of the schema, then all others */
  inOrder(keys) {
    const known = this.isRecord ? Object.keys(this.schema.properties) : [];
    return [...known.filter((key) => keys.includes(key)), ...keys.filter((key) => !known.includes(key))];
  }
}
