// The page /contribute/form/: what is begun, resumed or corrected here.

import { Contribution, isId } from "./contribution.js";
import { asked, button, h } from "./dom.js";
import { draft, drafts, forget, newId } from "./drafts.js";
import { Editor } from "./editor.js";
import { Shape } from "./shape.js";
import { Taken } from "./taken.js";
import { Unreadable } from "./tree.js";

const page = /** @type {HTMLElement} */ (document.querySelector("#sb-form"));
const root = new URL(page.dataset.root ?? "../../", location.href);

/** @param {string} address below the root @param {"json" | "text"} kind */
async function got(address, kind) {
  const response = await fetch(new URL(address, root), { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response[kind]();
}

async function start() {
  tell("正在打开……");
  try {
    const [data, community, report] = await Promise.all([got("contribute/form/data.json", "json"), got("schemas/community.json", "json"), got("schemas/report.json", "json")]);
    // A file may hold a key of any name: none is found in a catalogue but its own entries.
    for (const catalogue of [data.indicators, data.problems, data.countermeasures, data.groups]) Object.setPrototypeOf(catalogue, null);
    await begin(data, { community: Shape.of(community), report: Shape.of(report) });
  } catch (error) {
    const words = error instanceof Unreadable ? `${error.message}，不能在这里修改；请在代码托管网站上直接改文件。` : "没有打开：网络断了，或者没有这份文件。";
    page.replaceChildren(h("p", { class: "sb-empty", role: "alert" }, words), h("p", { class: "sb-buttons" }, button("再试一次", start), button("回到开头", () => go("")), ));
    console.info(error);
  }
}

/** @param {string} words */
function tell(words) {
  page.replaceChildren(h("p", { role: "status" }, words));
}

/** @param {string} address */
function go(address) {
  history.replaceState(null, "", address || location.pathname);
  start();
}

async function begin(data, shapes) {
  const given = new URLSearchParams(location.search);
  const kept = draft(given.get("draft") ?? "");
  const work = new Contribution(shapes);
  const edit = async (/** @type {string} */ id, isKept = false) => {
    data.taken = new Taken((address) => got(`contribute/form/${address}`, "json"));
    for (const kind of /** @type {const} */ (["report", "community"])) if (work.isNew[kind]) await data.taken.load(work.ids[kind]).catch(() => {});
    const editor = new Editor(page, work, data, id, () => go(""));
    editor.isKept = isKept;
  };
  if (kept) {
    work.restore(kept);
    await edit(kept.id, true);
    return warn(await changedSince(work));
  }
  const community = given.get("community") ?? "";
  const report = given.get("report") ?? "";
  if (given.has("new") && !community) {
    work.begin();
    return edit(newId());
  }
  if (![community, report].some(isId) || [community, report].some((id) => id && !isId(id))) return showStart();
  const same = drafts().filter((each) => (community ? each.community.id === community : true) && (report ? each.report.id === report : true));
  if (same.length && !given.has("anew")) return showSame(same, given);
  return correct(work, community, report, given.has("new"), edit);
}

/** The files of the site that somebody has changed since the draft was begun. @returns {Promise<[string, string][]>} */
async function changedSince(work) {
  const now = {
    report: async (/** @type {Contribution} */ other) => other.takeReport(await got(`reports/${work.ids.report}.md`, "text")),
    community: async (/** @type {Contribution} */ other) => other.takeCommunity(await got(`communities/${work.ids.community}.yml`, "text")),
  };
  const isOther = async (/** @type {"report" | "community"} */ kind) => {
    if (work.isNew[kind]) return false;
    const other = new Contribution(work.shapes);
    Object.assign(other.ids, work.ids);
    // What cannot be had cannot be compared: the draft can be written on without a connection.
    return now[kind](other).then(() => other.text(kind) !== work.before[kind], () => false);
  };
  const addresses = { report: `reports/${work.ids.report}.md`, community: `communities/${work.ids.community}.yml` };
  const kinds = /** @type {const} */ (["report", "community"]);
  const found = await Promise.all(kinds.map(isOther));
  return kinds.filter((_, i) => found[i]).map((kind) => [work.path(kind), addresses[kind]]);
}

/** @param {[string, string][]} changed */
function warn(changed) {
  if (!changed.length) return;
  const named = changed.flatMap(([path, address]) => [" ", h("a", { href: new URL(address, root).href, target: "_blank" }, path)]);
  page.querySelector(".sb-said")?.before(h("p", { class: "sb-stale sb-wrong", role: "alert" }, "您开始写这份草稿以后，网站上的文件改过：", ...named, "。直接提交会把别人的改动盖掉：先打开看，把改动抄进草稿，或者从网站上的内容重新开始。"));
}

/** From the files of the site. */
async function correct(work, community, report, isNew, edit) {
  if (report) {
    const text = await got(`reports/${report}.md`, "text");
    work.takeReport(text);
    work.ids.report = report;
    work.isNew.report = false;
    work.before.report = work.text("report");
    const owner = String(work.roots.report.get("community") ?? "");
    community ||= owner;
    if (community !== owner) return showStart();
  }
  if (isId(community)) {
    const text = await got(`communities/${community}.yml`, "text");
    work.takeCommunity(text);
    work.isNew.community = false;
    work.before.community = work.text("community");
  }
  work.ids.community = community || work.ids.community;
  if (!report && !isNew) return chooseReport(work, community);
  if (!report) work.begin();
  work.ensureSurvey();
  return edit(newId());
}

/** The titles of reports, as far as they can be had. @param {string[]} ids */
async function titles(ids, shapes) {
  const title = async (/** @type {string} */ id) => {
    const other = new Contribution(shapes);
    other.takeReport(await got(`reports/${id}.md`, "text"));
    return String(other.roots.report.get("title") ?? id);
  };
  return Promise.all(ids.map((id) => title(id).catch(() => id)));
}

async function chooseReport(work, community) {
  const reports = work.roots.community.get("reports");
  const ids = reports instanceof Map ? [...reports.keys()] : [];
  if (ids.length === 1) return go(`?community=${community}&report=${encodeURIComponent(ids[0])}`);
  const names = await titles(ids, work.shapes);
  page.replaceChildren(
    h("h2", {}, `${work.roots.community.get("name")}：改哪一份报告？`),
    h("ul", { class: "sb-choices" }, ...ids.map((id, i) => h("li", {}, button(names[i], () => go(`?community=${community}&report=${encodeURIComponent(id)}`))))),
    h("p", {}, button("添一份新的报告", () => go(`?community=${community}&new`))),
  );
  return undefined;
}

const when = (/** @type {number} */ saved) => new Date(saved).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" });

/** @param {import("./drafts.js").Draft} each */
function draftLine(each) {
  const remove = async () => {
    if (!(await asked(`清除草稿“${each.title}”？填的内容不能找回。`, "清除"))) return;
    forget(each.id);
    start();
  };
  return h("li", {}, button(each.title, () => go(`?draft=${each.id}`), { class: "sb-link" }), h("span", { class: "sb-meta" }, `${each.report.isNew ? "新的报告" : "修改"}，${when(each.saved)}`), button("清除草稿", remove, { class: "sb-small", "aria-label": `清除草稿：${each.title}` }));
}

function showStart() {
  const kept = drafts();
  page.replaceChildren(
    h("p", {}, "在这里写一份新的报告，或者改正已有的。填的内容存在您这台电脑的浏览器里，最后一步以前不会发给任何人。"),
    h("p", { class: "sb-buttons" }, button("写一份新的报告", () => go("?new"), { class: "sb-main" }), h("a", { href: new URL("communities/", root).href, class: "sb-button" }, "找到要改的社区，点“修改”")),
    kept.length ? h("h2", {}, "没写完的") : "",
    kept.length ? h("ul", { class: "sb-drafts" }, ...kept.map(draftLine)) : "",
  );
}

function showSame(same, given) {
  const anew = new URLSearchParams(given);
  anew.set("anew", "");
  page.replaceChildren(
    h("h2", {}, "您有没写完的草稿"),
    h("ul", { class: "sb-drafts" }, ...same.map(draftLine)),
    h("p", {}, button("不用草稿，从网站上的内容开始", () => go(`?${anew}`))),
  );
}

start();
