// The form at work: the report's text beside its data, what is wrong with them, and the draft that is kept.

import { blocksOf } from "./blocks.js";
import { checked, quotes } from "./checks.js";
import { asked, button, freshId, h } from "./dom.js";
import { isId } from "./contribution.js";
import { draft, forget, keep, newId, watch } from "./drafts.js";
import { added, PARTS, quantity, section } from "./entries.js";
import { field, record, single } from "./fields.js";
import { finish } from "./finish.js";
import { privateIn } from "./private.js";
import { TextPane } from "./text-pane.js";
import { nodeAt, textOf } from "./tree.js";

const PAUSE = 250;
const PANES = { text: "正文", data: "数据", end: "检查和提交" };
const MOST_LISTED = 50;

/**
 * @typedef {import("./contribution.js").FileKind} FileKind
 * @typedef {import("./contribution.js").Path} Path
 */

const named = (/** @type {FileKind} */ file, /** @type {Path} */ path) => `${file}:${JSON.stringify(path)}`;

/** What the check says, but for what is just not there yet. */
function wordsFor(finding) {
  return isPending(finding) ? "还没有填" : `${finding.message}。${finding.remedy}`;
}

/** @param {import("./checks.js").Finding} finding */
const isPending = ({ code, message }) => code === "field-missing" || message === "不能为空";

export class Editor {
  /** @param {HTMLElement} page @param {import("./contribution.js").Contribution} work @param {any} data @param {string} id of the draft @param {() => void} leave */
  constructor(page, work, data, id, leave) {
    Object.assign(this, { page, work, data, id, leave });
    this.shapes = work.shapes;
    this.opened = new Set();
    this.openers = new Map();
    this.afterRender = [];
    this.summaries = [];
    this.controls = new Map();
    this.findings = [];
    this.isKept = false;
    this.saved = draft(id)?.saved; // what another window keeps under the same name bears another time
    this.typedIds = {};
    this.text = new TextPane({
      body: () => work.body,
      change: (body) => {
        work.body = body;
        this.changed();
      },
      quotes: () => PARTS.flatMap((part) => quotes(this.get("community", [...work.survey, part]), []).map(([, quote]) => /** @type {[string, string]} */ ([part, quote]))),
      use: (part) => (this.text.selected() ? added(this, part, this.text.selected()) : this.say("先在正文里选中几个字")),
    });
    this.build();
    this.gone = new AbortController();
    const { signal } = this.gone;
    addEventListener("pagehide", () => this.keepNow(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.keepNow(), { signal });
    const hold = (/** @type {Event} */ event) => {
      this.keepNow();
      if (this.isDirty) event.preventDefault(); // the browser asks whether to leave
    };
    addEventListener("beforeunload", hold, { signal });
    watch(() => this.id, (saved) => saved !== this.saved && this.tellKept("另一个窗口也在写这份草稿；在这里再写，就另存为一份", true), signal);
    for (const [name, isDown] of /** @type {const} */ ([["pointerdown", true], ["pointerup", false], ["pointercancel", false]])) addEventListener(name, () => (this.isPressed = isDown), { capture: true, signal });
  }

  get(file, path) {
    return this.work.get(file, path);
  }

  entries(part) {
    const found = this.get("community", [...this.work.survey, part]);
    return found instanceof Map ? found : new Map();
  }

  /** What a fixed word of the schema is called. */
  wordFor(kind, word) {
    const found = this.shapes.community.whole.$defs[kind];
    return found?.enumDescriptions?.[found.enum.indexOf(word)] ?? word;
  }

  /** Put a value without a word to anyone. */
  put(file, path, value) {
    this.work.set(file, path, value);
  }

  /** What was typed or chosen: nothing is left empty but what has to be filled in. */
  set(file, path, value, isRequired = false, isStructure = false) {
    const isEmpty = value === "" || value === undefined;
    this.put(file, path, isEmpty ? (isRequired && value !== undefined ? null : undefined) : value);
    this.changed(isStructure);
  }

  async removeEntry(path, title) {
    if (!(await asked(`删去“${title}”？`, "删去"))) return;
    this.put("community", path, undefined);
    this.changed(true);
    this.panes.data.querySelector(`[data-add="${path.at(-2)}"]`)?.focus();
  }

  /** Keep the draft first: whatever goes wrong after that, it is there. */
  changed(isStructure = false) {
    this.isDirty = true;
    if (!this.isKept) this.keepNow(); // at once, so that the address leads back to the draft
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keepNow(), PAUSE);
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.check(), PAUSE);
    if (isStructure) this.render();
    this.showSteps?.(); // made of what is written now
  }

  keepNow() {
    if (!this.isDirty) return;
    const there = draft(this.id);
    const isForked = Boolean(there && there.saved !== this.saved);
    if (isForked) this.id = newId(); // what the other window has written stays
    const title = textOf(this.get("report", ["title"])) || textOf(this.get("community", ["name"])) || this.work.ids.report;
    const saved = Math.max(Date.now(), (this.saved ?? 0) + 1);
    const isKept = keep({ id: this.id, title, saved, ...this.work.kept() });
    this.isDirty = !isKept;
    if (isKept) this.saved = saved;
    this.isForked = isForked || this.isForked;
    if (!isKept) this.tellKept("浏览器没有存下草稿（空间满了，或不让存）：离开以前先下载", true);
    else this.tellKept(this.isForked ? "另一个窗口也在写这份草稿，这里另存为一份了" : "草稿已存在这台电脑的浏览器里", this.isForked);
    if (isKept && (isForked || !this.isKept)) {
      history.replaceState(null, "", `?draft=${this.id}`);
      this.isKept = true;
    }
  }

  tellKept(words, isWrong) {
    this.kept.textContent = words;
    this.kept.classList.toggle("sb-wrong", isWrong);
  }

  // --- What is on the page --------------------------------------------------------------------------------

  build() {
    this.kept = h("p", { class: "sb-kept", role: "status" }, "");
    this.count = button("", () => this.open("end"), { class: "sb-found" });
    this.said = h("p", { class: "sb-said", role: "status" });
    const tabs = Object.entries(PANES).map(([name, title]) => button(title, () => this.open(name), { "data-pane": name }));
    this.tabs = h("div", { class: "sb-tabs", role: "group", "aria-label": "看哪一部分" }, ...tabs);
    this.panes = {
      text: h("div", { class: "sb-pane sb-pane--text" }, this.text.element),
      data: h("div", { class: "sb-pane sb-pane--data" }),
      end: h("div", { class: "sb-pane sb-pane--end" }),
    };
    const name = this.work.isNew.report ? "新的报告" : `修改：${textOf(this.get("report", ["title"]))}`;
    this.page.replaceChildren(
      h("div", { class: "sb-bar" }, h("p", { class: "sb-bar-title" }, name), this.kept, this.count, this.tabs),
      this.said,
      h("div", { class: "sb-panes" }, this.panes.text, this.panes.data),
      this.panes.end,
    );
    this.open("text");
    this.text.show(!this.work.isNew.report);
    this.render();
    this.check();
  }

  async clear() {
    if (!(await asked("清除这份草稿？填的内容不能找回，网站上的报告不受影响。", "清除"))) return;
    clearTimeout(this.keeping);
    this.isDirty = false;
    forget(this.id);
    this.close();
  }

  /** Back to the beginning; what was written is kept. */
  close() {
    this.keepNow();
    if (this.isDirty) return;
    clearTimeout(this.keeping);
    clearTimeout(this.checking);
    this.gone.abort();
    this.leave();
  }

  /** On a narrow window one part is seen at a time. */
  open(name) {
    this.page.dataset.pane = name;
    for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.pane === name));
    if (name === "end") {
      this.renderEnd();
      this.panes.end.scrollIntoView({ block: "start" });
    }
  }

  say(words) {
    this.said.textContent = words;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.said.textContent = ""), 6000);
  }

  /** Make the fields anew; whoever was writing in one goes on in it. */
  render() {
    const isHere = this.panes.data.contains(document.activeElement);
    const focusable = () => [.../** @type {NodeListOf<HTMLElement>} */ (this.panes.data.querySelectorAll("input, textarea, select, button, summary"))];
    const place = isHere ? focusable().indexOf(/** @type {HTMLElement} */ (document.activeElement)) : -1;
    const focused = isHere && [...this.controls].find(([, { control }]) => control === document.activeElement)?.[0];
    this.controls.clear();
    this.openers.clear();
    this.summaries = [];
    this.afterRender = [];
    const { shapes } = this;
    this.panes.data.replaceChildren(
      h("section", { class: "sb-part" }, h("h2", {}, "报告"), this.idField("report"), ...record(this, "report", [], shapes.report, ["community", "exceptions"]), this.rare("report", "exceptions")),
      h("section", { class: "sb-part" }, h("h2", {}, "社区"), this.idField("community"), ...record(this, "community", [], shapes.community, ["reports", "exceptions"]), this.rare("community", "exceptions")),
      ...PARTS.map((part) => section(this, part)),
    );
    for (const each of this.afterRender) each();
    const again = focused ? this.controls.get(focused)?.control : focusable()[place];
    again?.focus();
    this.showFindings();
  }

  /** The name of a file, to be chosen while it is new. */
  idField(kind) {
    const title = kind === "report" ? "报告编号" : "社区编号";
    if (!this.work.isNew[kind]) return h("p", { class: "sb-fixed" }, `${title}：${this.work.ids[kind]}`);
    const shape = this.shapes.report.child("community");
    const change = () => {
      this.typedIds[kind] = input.value.trim();
      this.changed();
      // Without a connection it is not known whether another file has the name: the check of the change tells.
      this.data.taken.load(this.typedIds[kind]).then(take, take);
    };
    const take = () => {
      const id = this.typedIds[kind];
      if (!this.faultOfId(kind).length && id !== this.work.ids[kind]) {
        const open = [...this.opened].map((each) => JSON.parse(each));
        this.work.name(kind, id);
        this.opened = new Set(open.map((path) => JSON.stringify(this.work.now("community", path))));
        this.afterPress(() => this.render());
      }
      this.changed();
    };
    const input = h("input", { type: "text", value: this.typedIds[kind] ?? this.work.ids[kind], autocomplete: "off", spellcheck: "false", change });
    return single(this, kind, ["#"], shape, { title, about: `文件的名字，用小写英文字母、数字和连字符；不会起就不改，由维护者起` }, input);
  }

  /** What is wrong with the name of a new file: under the name of another it would take its place. */
  faultOfId(kind) {
    if (!this.work.isNew[kind]) return [];
    const id = this.typedIds[kind] ?? this.work.ids[kind];
    const said = (/** @type {string} */ message, /** @type {string} */ remedy, /** @type {any} */ more = {}) => [{ file: kind, path: ["#"], code: "field-value", message, remedy, ...more }];
    if (!isId(id)) return said("写法不对", this.data.remedies.slug);
    const { taken } = this.data;
    if (kind === "community") return taken.isCommunity(id) ? said(`已经有编号为 ${id} 的社区`, "换一个编号", { link: [`?community=${id}&new`, "要给那个社区添一份报告，点这里"] }) : [];
    const owner = taken.communityOf(id);
    if (owner) return said(`已经有编号为 ${id} 的报告`, "换一个编号", { link: [`?community=${owner}&report=${id}`, "要改那一份，点这里"] });
    const isOther = id !== this.work.ids.report && this.get("community", ["reports"])?.has(id);
    return isOther ? said(`已经有编号为 ${id} 的报告`, "换一个编号") : [];
  }

  /** Do it when no button is held down: what is pressed must still be there when it is let go. */
  afterPress(act) {
    if (this.isPressed) addEventListener("pointerup", () => setTimeout(act), { once: true, signal: this.gone.signal });
    else setTimeout(act);
  }

  /** What is seldom needed, folded; open where there is some. */
  rare(file, name) {
    const path = [name];
    const child = this.shapes[file].child(name);
    return h("details", { class: "sb-rare", open: this.get(file, path) !== undefined }, h("summary", {}, child.schema.title), field(this, file, path, child));
  }

  quantity(file, path, shape) {
    return quantity(this, file, path, shape, undefined);
  }

  // --- Findings --------------------------------------------------------------------------------------------

  /** Make a field known by its path; gives the place for what is wrong with it. */
  register(file, path, control, hint, slot = h("div", { class: "sb-findings", id: freshId() })) {
    this.controls.set(named(file, path), { control, slot, hint });
    if (hint) control.setAttribute("aria-describedby", hint);
    return slot;
  }

  /** Go on at a field, or within it. @param {string} [within] */
  focus(file, path, within) {
    const control = this.controls.get(named(file, this.work.now(file, path)))?.control;
    (within ? control?.querySelector(within) : control)?.focus();
  }

  alias(file, path, other) {
    this.controls.set(named(file, path), this.controls.get(named(file, other)));
  }

  check() {
    const { work } = this;
    try {
      const [report, community] = [work.pruned("report"), work.pruned("community")];
      this.findings = [
        ...this.faultOfId("report"),
        ...this.faultOfId("community"),
        ...privateIn({ report, community, markdown: work.body }, this.data.private),
        ...checked({ report, community, survey: work.survey, body: blocksOf(work.body) }, this.shapes, this.data),
      ];
    } catch (error) {
      this.findings = [];
      this.say("检查没有做完；草稿还在，可以照样提交");
      console.info(error);
    }
    this.text.mark();
    for (const each of this.summaries) each();
    this.showFindings();
    this.renderEnd();
    this.showSteps?.();
  }

  /** The field nearest to a finding, and those above it. */
  homes(finding) {
    const steps = finding.path.map((_, i) => finding.path.slice(0, finding.path.length - i));
    return [...steps, []].map((path) => this.controls.get(named(finding.file, path))).filter(Boolean);
  }

  showFindings() {
    for (const { control, slot, hint } of this.controls.values()) {
      slot.replaceChildren();
      control.removeAttribute("aria-invalid");
      if (hint) control.setAttribute("aria-describedby", hint);
      control.closest(".sb-entry")?.classList.remove("sb-entry--wrong");
    }
    for (const finding of this.findings) {
      const home = this.homes(finding)[0];
      const card = this.cardOf(finding);
      card?.classList.add("sb-entry--wrong");
      if (!home) continue;
      home.slot.append(h("p", { class: "sb-finding" }, wordsFor(finding)));
      home.slot.lastElementChild.classList.toggle("sb-finding--todo", isPending(finding));
      if (!isPending(finding) && /^(INPUT|TEXTAREA|SELECT)$/.test(home.control.tagName)) {
        home.control.setAttribute("aria-invalid", "true");
        home.control.setAttribute("aria-describedby", [home.hint, home.slot.id].filter(Boolean).join(" "));
      }
    }
    const { length } = this.findings;
    this.count.textContent = length ? `还有 ${length} 处要看` : "检查通过，去提交";
    this.count.classList.toggle("sb-wrong", length > 0);
  }

  cardOf(finding) {
    const path = finding.file === "community" ? finding.path.slice(0, 4) : [];
    const home = path.length === 4 && this.controls.get(named("community", path));
    return home ? home.control.closest(".sb-entry") : undefined;
  }

  /** Lead to a field, opening what it is folded in. */
  goTo(file, path) {
    this.open("data");
    for (let length = path.length; length > 0; length--) this.openers.get(JSON.stringify(path.slice(0, length)))?.();
    const home = this.homes({ file, path })[0];
    const details = home?.control.closest("details");
    if (details) details.open = true;
    home?.control.focus();
    home?.control.scrollIntoView({ block: "center" });
  }

  renderEnd() {
    const items = this.findings.slice(0, MOST_LISTED).map((finding) =>
      h("li", {}, button(this.titleOf(finding), () => (finding.inBody ? this.open("text") : this.goTo(finding.file, finding.path)), { class: "sb-link" }), h("span", {}, `：${wordsFor(finding)} `), finding.link && h("a", { href: finding.link[0] }, finding.link[1]), !isPending(finding) && !finding.link && this.explanation(finding.code)),
    );
    const more = this.findings.length > MOST_LISTED && h("p", {}, `另有 ${this.findings.length - MOST_LISTED} 处，改了这些再列。`);
    this.checks ??= h("section", { class: "sb-checks-list", "aria-label": "检查" });
    this.checks.replaceChildren(h("h2", {}, "检查"), items.length ? h("ol", {}, ...items) : h("p", {}, "没有发现问题。"), more || "");
    if (!this.panes.end.contains(this.checks)) this.panes.end.append(this.checks, finish(this));
  }

  /** The page with examples of what is wrong and right. */
  explanation(code) {
    const address = new URL(`${this.page.dataset.root}reference/${code}/`, location.href);
    return h("a", { href: address.href, target: "_blank", "aria-label": `说明和例子：${code}` }, "例子");
  }

  titleOf(finding) {
    const shape = this.shapes[finding.file];
    const own = (/** @type {Path} */ path) => shape.at(path).schema.title;
    if (finding.inBody) return "正文";
    if (finding.path[0] === "#") return finding.file === "report" ? "报告编号" : "社区编号";
    if (finding.file === "report") return finding.path.map((_, i) => own(finding.path.slice(0, i + 1))).filter(Boolean).join(" › ") || "报告";
    const [, , part, key] = finding.path;
    if (finding.path[0] !== "reports" || !key) return own(finding.path) ?? "社区";
    const entry = nodeAt(this.work.roots.community, finding.path.slice(0, 4));
    const name = this.data.indicators[key]?.label ?? (textOf(entry?.get?.("title")) || String(key));
    const inner = finding.path.length > 4 ? own(finding.path) : undefined;
    return [{ observations: "数字", problems: "问题", countermeasures: "对策" }[part], name, inner].filter(Boolean).join(" › ");
  }
}
