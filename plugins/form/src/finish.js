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
  const copy = KINDS.map((kind) => copying(editor, kind, kind === "report" ? "复制报告" : "复制社区文件"));
  let shown = "";
  const submit = () => {
    editor.keepNow();
    editor.showSteps = () => {
      const made = h("div", {}, ...stepsOf(editor));
      if (made.innerHTML === shown) return; // a text to copy by hand, and the place in it, stay
      shown = made.innerHTML;
      steps.replaceChildren(...made.childNodes);
    };
    editor.showSteps();
    steps.querySelector("h3")?.focus();
  };
  return h(
    "section",
    { class: "sb-end", "aria-label": "提交" },
    h("h2", {}, "提交"),
    h("p", {}, "到这一步为止，填的内容只在您的浏览器里。提交以后会公开：请再看一遍有没有姓名、电话、门牌号。这里只看得出手机号、固定电话、身份证号和邮箱，别的要您自己看。检查里还有没改的也可以交，维护者会帮着改。"),
    h(
      "p",
      { class: "sb-buttons" },
      host && button(`提交到 ${host.name}`, submit, { class: "sb-main" }),
      button("下载两个文件（zip）", () => download(editor), { "data-zip": "" }),
      ...copy,
      button("回到开头", () => editor.close()),
      button("清除草稿", () => editor.clear()),
    ),
    h("p", { class: "sb-hint" }, "草稿留在这台电脑的浏览器里：与人合用的电脑，交了以后请清除；有的浏览器七天不用就自己清掉，要留久的请下载。"),
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

/** A button to copy a file. @param {import("./editor.js").Editor} editor */
function copying(editor, kind, words) {
  const pressed = button(words, () => copied(editor, kind, pressed.parentElement));
  return pressed;
}

/** Copy a file, or show it below the line of the button that was pressed. @param {HTMLElement} line */
async function copied(editor, kind, line) {
  const text = editor.work.text(kind);
  try {
    await navigator.clipboard.writeText(text);
    editor.say(`已复制 ${editor.work.path(kind)} 的内容`);
  } catch {
    const area = h("textarea", { readonly: true, rows: 8, "aria-label": `${editor.work.path(kind)} 的内容`, value: text });
    editor.panes.end.querySelector(".sb-copy")?.remove();
    line.after(h("div", { class: "sb-copy" }, h("p", {}, "浏览器不让复制：下面的内容已经选中，按 Ctrl+C 复制；手机上长按，再点“复制”。"), area));
    area.focus();
    area.select();
  }
}

/** The steps on the host's pages, for each file that is new or has changed. @returns {Node[]} */
function stepsOf(editor) {
  const { host } = editor.data;
  const kinds = KINDS.filter((kind) => editor.work.hasChanged(kind));
  if (!kinds.length) return [h("p", {}, "还没有改动，没有可以提交的。")];
  const called = h("h3", { tabindex: "-1" }, `在 ${host.name} 上`);
  const isPrivate = editor.findings.some(({ code }) => code.startsWith("privacy-"));
  const heading = h("div", {}, called, isPrivate && h("p", { class: "sb-wrong", role: "alert" }, "检查里列出了像是个人信息的内容。提交以后谁都能看到，收不回来：先删去，再提交。"));
  const last = h("li", {}, "发合并请求（Pull request，Merge request）：写明来源和改了什么；看一眼网页列出的改动，只应有您改的，别的不一样了就先不发，那是别人后来改过。");
  const isTwo = kinds.length > 1;
  if (host.forks && !isTwo) return [heading, h("p", {}, `要先登录；没有账号的注册一个。没有写权限也不要紧，${host.name} 会替您建一个副本（Fork）。`), h("ol", {}, firstStep(editor, kinds[0]), last)];
  const pull = host.forks
    ? [firstStep(editor, kinds[0], "提交时建一个新的分支，先不发合并请求。"), laterStep(editor, kinds[1], "到您自己的副本（Fork）里，选刚才那个分支，")]
    : [
        h("li", {}, h("p", {}, "登录，打开", outside(host.url, "项目页"), "，点“Fork”，建一个自己的副本；在副本里建一个新的分支。")),
        ...kinds.map((kind) => laterStep(editor, kind, "在副本的这个分支里，")),
      ];
  return [
    heading,
    h("p", {}, isTwo ? "这次是两个文件，要一起交。两个办法，选一个：" : "两个办法，选一个："),
    h("h4", {}, "发给维护者，不用会git"),
    h("ol", {},
      h("li", {}, h("p", {}, button("下载两个文件（zip）", () => download(editor)), "，登录以后打开", outside(issue(editor), "新的议题"), "，把zip拖进去；拖不进去的，把两个文件的内容贴在里面。")),
      h("li", {}, "写明来源和改了什么，提交；由维护者放好。"),
    ),
    h("h4", {}, isTwo ? "自己发合并请求，两个文件在同一个分支" : "自己发合并请求"),
    h("ol", {}, ...pull, last),
    host.forks ? "" : h("p", {}, "在项目里有写权限的，不用副本，直接打开：", ...kinds.flatMap((kind) => [outside(address(editor, kind), editor.work.path(kind)), " "]), "；两个文件用同一个分支。"),
  ];
}

function issue(editor) {
  const { host } = editor.data;
  return host.takes_value ? `${host.issue}?title=${encodeURIComponent(`投稿：${editor.work.ids.report}`)}` : host.issue;
}

/** The page to edit a file, or to begin it: with its text when that is short enough. */
function address(editor, kind) {
  const { host } = editor.data;
  const { work } = editor;
  const name = nameOf(work, kind);
  if (!work.isNew[kind]) return host.edit[kind].replace(/ID$/, name);
  const named = `${host.new[kind]}?filename=${encodeURIComponent(name)}`;
  if (!host.takes_value) return host.new[kind];
  return isFilled(editor, kind) ? `${named}&value=${encodeURIComponent(work.text(kind))}` : named;
}

const nameOf = (work, kind) => (kind === "report" ? `${work.ids.report}.md` : `${work.ids.community}.yml`);

function isFilled({ data: { host }, work }, kind) {
  return host.takes_value && work.isNew[kind] && host.new[kind].length + encodeURIComponent(nameOf(work, kind) + work.text(kind)).length + 20 <= LONGEST_ADDRESS;
}

const title = (work, kind) => h("p", {}, h("code", {}, work.path(kind)), work.isNew[kind] ? "（新文件）" : "（修改）");

/** The file that the host's page is opened for. */
function firstStep(editor, kind, more = "") {
  const { work } = editor;
  const way = isFilled(editor, kind)
    ? [outside(address(editor, kind), "打开已经填好的页面"), "，核对以后提交。"]
    : work.isNew[kind]
      ? [copying(editor, kind, "复制内容"), "，打开", outside(address(editor, kind), "新建文件页"), `，文件名写 ${nameOf(work, kind)}，粘贴，提交。`]
      : [copying(editor, kind, "复制新的内容"), "，打开", outside(address(editor, kind), "编辑页"), "，全选原来的内容，粘贴，提交。"];
  return h("li", {}, title(work, kind), h("p", {}, ...way, more));
}

/** A file in one's own copy, whose address is not known here. */
function laterStep(editor, kind, where) {
  const { work } = editor;
  const folder = work.path(kind).split("/").slice(0, -1).join("/");
  const way = work.isNew[kind] ? `进文件夹 ${folder}，新建文件 ${nameOf(work, kind)}，粘贴，提交到同一个分支。` : `打开 ${work.path(kind)}，编辑，全选原来的内容，粘贴，提交到同一个分支。`;
  return h("li", {}, title(work, kind), h("p", {}, copying(editor, kind, work.isNew[kind] ? "复制内容" : "复制新的内容"), `，${where}${way}`));
}

function outside(address, words) {
  return h("a", { href: /^https?:\/\//.test(address) ? address : "#", target: "_blank", rel: "noopener external" }, words);
}
