// The two files that are worked on: their trees, their comments and the text of the report.

import { tidied } from "./blocks.js";
import { canonical } from "./canonical.js";
import { commentsOf, moved, noComments, without, withoutItem } from "./comments.js";
import { copied, nodeAt, read, Unreadable } from "./tree.js";

/** @typedef {"community" | "report"} FileKind */
/** @typedef {(string | number)[]} Path */

/** What a file may be called. @param {string} id */
export const isId = (id) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && id.length <= 60;

const FRONT = /^---[ \t]*\n([\s\S]*?\n)---[ \t]*(?:\n([\s\S]*))?$/;

export class Contribution {
  /** @param {{report: import("./shape.js").Shape, community: import("./shape.js").Shape}} shapes */
  constructor(shapes) {
    this.shapes = shapes;
    this.body = "";
    this.ids = { community: "new-community", report: "new-report" };
    this.isNew = { community: true, report: true };
    /** @type {Set<string | number>} what the new report was called before: fields that were made then still say so */
    this.formerly = new Set();
    /** @type {{community: any, report: any}} */
    this.roots = { community: new Map(), report: new Map() };
    this.comments = { community: noComments(), report: noComments() };
    /** @type {{community: string, report: string}} the files as they are on the site, in their form */
    this.before = { community: "", report: "" };
  }

  /** A new report, of a new community unless a file of one is given. */
  begin() {
    const { community, report } = this.roots;
    for (const [name, shape] of this.shapes.report.fields) {
      if (this.shapes.report.required.includes(name)) report.set(name, shape.schema.type === "array" ? [] : shape.isRecord ? new Map() : null);
    }
    report.set("community", this.ids.community);
    report.set("licence", "CC BY 4.0");
    if (this.isNew.community) for (const name of ["name", "level"]) community.set(name, null);
    this.ensureSurvey();
    this.body = "## 基本情况\n\n\n\n## 问题\n\n\n\n## 对策\n";
  }

  /** @param {string} text throws Unreadable */
  takeCommunity(text) {
    const { root, entries } = read(text);
    if (!(root instanceof Map)) throw new Unreadable("社区文件不是“键: 值”的形式");
    this.roots.community = root;
    this.comments.community = commentsOf(text, entries);
  }

  /** @param {string} text throws Unreadable */
  takeReport(text) {
    const parts = FRONT.exec(text);
    if (!parts) throw new Unreadable("报告开头没有元数据");
    const { root, entries } = read(parts[1]);
    if (!(root instanceof Map)) throw new Unreadable("报告的元数据不是“键: 值”的形式");
    this.roots.report = root;
    this.comments.report = commentsOf(parts[1], entries);
    this.body = (parts[2] ?? "").replace(/^\n+/, "");
  }

  get survey() {
    return ["reports", this.ids.report];
  }

  ensureSurvey() {
    const { community } = this.roots;
    if (!(community.get("reports") instanceof Map)) community.set("reports", new Map());
    if (!(community.get("reports").get(this.ids.report) instanceof Map)) community.get("reports").set(this.ids.report, new Map());
  }

  /** Give a new file its id. @param {FileKind} kind @param {string} id */
  name(kind, id) {
    const former = this.ids[kind];
    this.ids[kind] = id;
    if (kind === "community") {
      this.roots.report.set("community", id);
      return;
    }
    const reports = this.roots.community.get("reports");
    this.formerly.add(former).delete(id);
    this.roots.community.set("reports", renamed(reports, former, id));
    this.comments.community = moved(this.comments.community, ["reports", former], id);
  }

  /** @param {FileKind} kind @param {Path} path */
  get(kind, path) {
    return nodeAt(this.roots[kind], this.now(kind, path));
  }

  /** The path with the report called as it is now. @param {FileKind} kind @param {Path} path @returns {Path} */
  now(kind, path) {
    const isFormer = kind === "community" && path[0] === "reports" && this.formerly.has(path[1]);
    return isFormer ? [...this.survey, ...path.slice(2)] : path;
  }

  /** Undefined takes the entry away, with what is said about it. @param {FileKind} kind @param {Path} path @param {any} value */
  set(kind, path, value) {
    path = this.now(kind, path);
    const key = path[path.length - 1];
    let parent = this.roots[kind];
    for (const step of path.slice(0, -1)) {
      const next = nodeAt(parent, [step]);
      if (!(next instanceof Map || Array.isArray(next))) parent.set(step, new Map());
      parent = nodeAt(parent, [step]);
    }
    if (Array.isArray(parent)) {
      if (value === undefined) {
        parent.splice(Number(key), 1);
        this.comments[kind] = withoutItem(this.comments[kind], path.slice(0, -1), Number(key));
      } else parent[Number(key)] = value;
    } else if (value === undefined) {
      parent.delete(key);
      this.comments[kind] = without(this.comments[kind], path);
    } else parent.set(key, value);
  }

  /** The text of a file in its form. @param {FileKind} kind */
  text(kind) {
    const data = canonical(this.pruned(kind), this.shapes[kind], this.comments[kind]);
    if (kind === "community") return data;
    const body = tidied(this.body).replace(/^\n+|\n+$/g, "");
    return `---\n${data}---\n${body ? `\n${body}\n` : ""}`;
  }

  /** The tree without records and mappings that nothing was put into. */
  pruned(kind) {
    const root = copied(this.roots[kind]);
    if (kind === "community") {
      const survey = nodeAt(root, this.survey);
      for (const holder of [root, survey]) {
        if (!(holder instanceof Map)) continue;
        for (const [key, child] of [...holder]) if (child instanceof Map && !child.size && key !== "reports") holder.delete(key);
      }
    }
    return root;
  }

  /** @param {FileKind} kind */
  path(kind) {
    return kind === "community" ? `data/communities/${this.ids.community}.yml` : `docs/reports/${this.ids.report}.md`;
  }

  /** @param {FileKind} kind */
  hasChanged(kind) {
    return this.text(kind) !== this.before[kind];
  }

  /** What a draft keeps of it: the body as it was typed. */
  kept() {
    const file = (/** @type {FileKind} */ kind) => ({ id: this.ids[kind], isNew: this.isNew[kind], before: this.before[kind] });
    const front = canonical(this.roots.report, this.shapes.report, this.comments.report);
    const data = canonical(this.roots.community, this.shapes.community, this.comments.community);
    return { community: { ...file("community"), text: data }, report: { ...file("report"), text: front, body: this.body } };
  }

  /** @param {any} kept throws Unreadable */
  restore(kept) {
    for (const kind of /** @type {FileKind[]} */ (["community", "report"])) {
      this.ids[kind] = kept[kind].id;
      this.isNew[kind] = Boolean(kept[kind].isNew);
      this.before[kind] = String(kept[kind].before ?? "");
    }
    this.takeCommunity(kept.community.text);
    this.takeReport(`---\n${kept.report.text}---\n`);
    this.body = String(kept.report.body ?? "");
    this.ensureSurvey();
  }
}

/** @param {Map<string, any>} entries */
function renamed(entries, former, id) {
  return new Map([...entries].map(([key, child]) => [key === former ? id : key, child]));
}
