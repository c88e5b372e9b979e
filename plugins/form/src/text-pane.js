// The text of the report: to be written, or to be read with its quotes marked; words are selected in both.

import { asQuote, blocksOf, folded } from "./blocks.js";
import { button, freshId, h } from "./dom.js";

const KINDS = { observations: "figure", problems: "problem", countermeasures: "countermeasure" };

const LINGERING = 700;

export class TextPane {
  /** @param {{body: () => string, change: (text: string) => void, quotes: () => [string, string][], use: (part: any) => void}} given */
  constructor(given) {
    this.given = given;
    this.isReading = false;
    this.words = "";
    const id = freshId();
    this.area = h("textarea", { id, class: "sb-body", spellcheck: "false", input: () => given.change(this.area.value), select: () => this.note(), keyup: () => this.note(), pointerup: () => this.note() });
    this.page = h("div", { class: "sb-reading", tabindex: "0", "aria-label": "报告正文，引文画线", role: "region" });
    this.label = h("label", { for: id, class: "sb-hidden" }, "报告正文（Markdown）");
    this.mode = button("", () => this.show(!this.isReading), { "data-mode": "" });
    this.chosen = h("p", { class: "sb-chosen", role: "status" });
    const uses = Object.entries({ observations: "为数字引文", problems: "为问题引文", countermeasures: "为对策引文" });
    this.element = h(
      "div",
      { class: "sb-text" },
      h("div", { class: "sb-toolbar" }, ...uses.map(([part, name]) => button(name, () => given.use(part), { "data-use": part, class: `sb-use sb-use--${part}` })), this.mode),
      this.chosen,
      this.label,
      this.area,
      this.page,
    );
    document.addEventListener("selectionchange", () => this.note());
    this.show(false);
  }

  /** @param {boolean} isReading */
  show(isReading) {
    this.isReading = isReading;
    this.area.value = this.given.body();
    this.area.setSelectionRange(0, 0); // a new text is looked at from its beginning
    this.area.hidden = isReading;
    this.label.hidden = isReading;
    this.page.hidden = !isReading;
    this.mode.textContent = isReading ? "改正文" : "看画线的正文";
    this.words = "";
    this.tell();
    this.mark();
  }

  /** Remember what is selected: a press on a button may take the selection away. */
  note() {
    let words = "";
    if (this.isReading) {
      const selection = getSelection();
      if (!selection || !this.page.contains(selection.anchorNode) || !this.page.contains(selection.focusNode)) return;
      words = selection.toString().replace(/\s*\n\s*/g, "").trim();
    } else {
      if (document.activeElement !== this.area) return;
      words = asQuote(this.area.value.slice(this.area.selectionStart, this.area.selectionEnd));
    }
    clearTimeout(this.clearing);
    if (words === this.words) return;
    const take = () => {
      this.words = words;
      this.tell();
    };
    // A press on a button takes the selection away before it is heard.
    if (words) take();
    else this.clearing = setTimeout(take, LINGERING);
  }

  tell() {
    this.chosen.textContent = this.words ? `选中：${this.words.length > 40 ? `${this.words.slice(0, 38)}……` : this.words}` : "在正文里选中几个字，再按上面的一个按钮";
  }

  selected() {
    return this.words;
  }

  /** Show the text anew with its quotes. */
  mark() {
    if (!this.isReading) return;
    const quotes = this.given.quotes().map(([kind, quote]) => ({ kind: KINDS[/** @type {keyof typeof KINDS} */ (kind)], plain: folded(quote) }));
    this.page.replaceChildren(...blocksOf(this.given.body()).blocks.map((block) => shown(block, quotes)));
  }
}

function shown(block, quotes) {
  const element = h("p", { class: `sb-block sb-block--${block.kind}` });
  // Where each character without white space stands in the text.
  const at = [...block.text.matchAll(/\S/g)].map((match) => match.index);
  const kinds = new Array(block.text.length).fill("");
  for (const { kind, plain } of quotes) {
    const start = plain ? block.plain.indexOf(plain) : -1;
    if (start >= 0) for (let i = at[start]; i <= at[start + plain.length - 1]; i++) kinds[i] = kind;
  }
  let begin = 0;
  for (let i = 1; i <= kinds.length; i++) {
    if (i < kinds.length && kinds[i] === kinds[begin]) continue;
    const words = block.text.slice(begin, i);
    element.append(kinds[begin] ? h("mark", { class: `sb-mark sb-mark--${kinds[begin]}` }, words) : words);
    begin = i;
  }
  return element;
}
