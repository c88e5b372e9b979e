// Drafts in the browser's own storage: several, each whole or not at all.

// Other sites, and other pages, may share the storage of the server that they stand on.
const PREFIX = `surveybase.draft.${new URL(document.querySelector("#sb-form")?.dataset.root ?? ".", location.href).pathname}:`;

/** @typedef {{id: string, title: string, saved: number, community: any, report: any}} Draft */

/** @returns {Draft[]} the newest first; what cannot be read is passed over, and stays */
export function drafts() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    return names.map((name) => draft(name.slice(PREFIX.length))).filter((found) => found !== undefined).sort((a, b) => b.saved - a.saved);
  } catch {
    return [];
  }
}

/** @param {string} id @returns {Draft | undefined} */
export function draft(id) {
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + id) ?? "null");
    const isWhole = [found?.community, found?.report].every((file) => typeof file?.id === "string" && typeof file.text === "string");
    return isWhole ? { ...found, id } : undefined;
  } catch {
    return undefined;
  }
}

/** Be told when another window has kept something else of the draft. @param {(saved: number) => void} tell @param {() => string} id @param {AbortSignal} signal */
export function watch(id, tell, signal) {
  const heard = (/** @type {StorageEvent} */ { key }) => {
    const there = key === PREFIX + id() && draft(id());
    if (there) tell(there.saved);
  };
  addEventListener("storage", heard, { signal });
}

/** Whether the draft could be kept. @param {Draft} kept */
export function keep(kept) {
  try {
    localStorage.setItem(PREFIX + kept.id, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} id */
export function forget(id) {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Nothing was kept where there is no storage.
  }
}

export function newId() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return [...random].map((part) => part.toString(36)).join("");
}
