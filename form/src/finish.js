// The last step: to the host's own page, a copy, or a file to send. Until here nothing has left the browser.

import { strToU8, zipSync } from "fflate";
import { button, h } from "./dom.js";

const LONGEST_ADDRESS = 8000; // what hosts take; a Chinese character counts nine
const EARLIEST = new Date(1980, 0, 2); // the bytes of an archive do not tell the time
/** @type {import("./contribution.js").FileKind[]} */
const KINDS = ["report", "community"];

/** @param {import("./editor.js").Editor} editor */
export function finish(editor) {
  const { host } = editor.data;
  const steps = h("div", { class: "sb-steps" });
  const copy = KINDS.map((kind) => button(kind === "report" ? "复制报告" : "复制社区文件", () => copied(editor, kind)));
  return h(
    "section",
    { class: "sb-end", "aria-label": "提交" },
    h("h2", {}, "提交"),
    h("p", {}, "到这一步为止，填的内容只在您的浏览器里。提交以后会公开：请再看一遍有没有姓名、电话、门牌号。检查里还有没改的也可以交，维护者会帮着改。"),
    h(
      "p",
      { class: "sb-buttons" },
      host && button(`提交到 ${host.name}`, () => show(editor, steps), { class: "sb-main" }),
      button("下载两个文件（zip）", () => download(editor), { "data-zip": "" }),
      ...copy,
      button("清除草稿", () => editor.clear()),
    ),
    !host && h("p", { class: "sb-hint" }, "这个网站没有写明代码放在哪里：下载两个文件，发给维护者。"),
    steps,
  );
}

/** @param {import("./editor.js").Editor} editor */
function download(editor) {
  editor.keepNow();
  const { work } = editor;
  const files = Object.fromEntries(KINDS.map((kind) => [work.path(kind), [strToU8(work.text(kind)), { mtime: EARLIEST }]]));
  const content = zipSync(/** @type {any} */ (files), { level: 6 });
  const address = URL.createObjectURL(new Blob([content], { type: "application/zip" }));
  const link = h("a", { href: address, download: `${work.ids.report}.zip` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  editor.say("下载了；解开以后是两个文件，照原来的文件夹放好");
}

async function copied(editor, kind) {
  const text = editor.work.text(kind);
  try {
    await navigator.clipboard.writeText(text);
    editor.say(`已复制 ${editor.work.path(kind)} 的内容`);
    return true;
  } catch {
    const area = h("textarea", { readonly: true, rows: 8, "aria-label": `${editor.work.path(kind)} 的内容`, value: text });
    editor.panes.end.querySelector(".sb-steps").replaceChildren(h("p", {}, "浏览器不让复制：按 Ctrl+A 全选，再按 Ctrl+C 复制。"), area);
    area.focus();
    area.select();
    return false;
  }
}

/** The steps on the host's pages, for each file that is new or has changed. */
function show(editor, steps) {
  const { host } = editor.data;
  const { work } = editor;
  editor.keepNow();
  const kinds = KINDS.filter((kind) => work.hasChanged(kind));
  if (!kinds.length) {
    steps.replaceChildren(h("p", {}, "还没有改动，没有可以提交的。"));
    return;
  }
  const items = kinds.map((kind) => h("li", {}, h("p", {}, h("code", {}, work.path(kind)), work.isNew[kind] ? "（新文件）" : "（修改）"), ...fileSteps(editor, kind)));
  const upload = work.isNew.report && work.isNew.community
    ? h("p", {}, "也可以下载 zip、解开，在", outside(host.upload.report, "docs/reports"), "和", outside(host.upload.community, "data/communities"), "两个文件夹里各上传一个文件。")
    : null;
  steps.replaceChildren(
    h("h3", { tabindex: "-1" }, `在 ${host.name} 上`),
    h("p", {}, `要先登录；没有账号的注册一个。没有写权限也不要紧，${host.name} 会替您建一个副本（Fork）。`),
    h("ol", {}, ...items, h("li", {}, `网页问提交到哪里，选新的分支（例如 ${work.ids.report}），两个文件用同一个分支；最后点“发起合并请求”（Pull request，Merge request），写明来源和改了什么。`)),
    upload ?? "",
  );
  steps.querySelector("h3")?.focus();
}

function fileSteps(editor, kind) {
  const { host } = editor.data;
  const { work } = editor;
  const id = work.ids[kind];
  const name = kind === "report" ? `${id}.md` : `${id}.yml`;
  if (!work.isNew[kind]) {
    const edit = host.edit[kind].replace(/ID$/, name);
    return [h("p", {}, button("复制新的内容", () => copied(editor, kind)), "，打开", outside(edit, "编辑页"), "，全选原来的内容，粘贴。")];
  }
  const prefilled = `${host.new[kind]}?filename=${encodeURIComponent(name)}&value=${encodeURIComponent(work.text(kind))}`;
  if (host.takes_value && prefilled.length <= LONGEST_ADDRESS) return [h("p", {}, outside(prefilled, "打开已经填好的页面"), "，核对以后提交。")];
  const empty = host.takes_value ? `${host.new[kind]}?filename=${encodeURIComponent(name)}` : host.new[kind];
  return [h("p", {}, button("复制内容", () => copied(editor, kind)), "，打开", outside(empty, "新建文件页"), `，文件名写 ${name}，粘贴。`)];
}

function outside(address, words) {
  return h("a", { href: /^https?:\/\//.test(address) ? address : "#", target: "_blank", rel: "noopener external" }, words);
}
