// Elements made of data: text is only ever text.

/**
 * @param {string} tag @param {Record<string, any>} [given] attributes; functions are listeners @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "value") /** @type {any} */ (element).value = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map((child) => /** @type {Node | string} */ (child)));
  return element;
}

/** @param {string} text @param {() => void} act @param {Record<string, any>} [given] */
export function button(text, act, given = {}) {
  return h("button", { type: "button", click: act, ...given }, text);
}

let last = 0;
/** An id that no other element has. */
export const freshId = () => `sb-f-${++last}`;

/** Ask before something is lost. @param {string} question @param {string} yes @returns {Promise<boolean>} */
export function asked(question, yes) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "sb-dialog", "aria-label": question });
    const answer = (/** @type {boolean} */ said) => () => {
      dialog.close();
      dialog.remove();
      resolve(said);
    };
    dialog.addEventListener("cancel", answer(false));
    dialog.append(h("p", {}, question), h("p", { class: "sb-buttons" }, button(yes, answer(true)), button("不", answer(false), { autofocus: true })));
    document.querySelector("#sb-form")?.append(dialog);
    dialog.showModal();
  });
}
