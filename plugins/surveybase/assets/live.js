// Only while the site is served for writing: the errors of the files, and a new page after each change.

const { src } = document.currentScript;

/** List what is wrong above the page; the text is data and never markup. */
function showErrors(lines) {
  if (!lines.length) return;
  const banner = document.createElement("section");
  banner.className = "sb-errors";
  banner.setAttribute("role", "alert");
  const title = document.createElement("p");
  title.textContent = "文件里有错。下面是改错之前的网站：";
  const list = document.createElement("ul");
  for (const line of lines) {
    const item = document.createElement("li");
    item.textContent = line;
    list.append(item);
  }
  banner.append(title, list);
  document.body.prepend(banner);
}

/** Wait for a version of the site newer than `epoch`, 0 being older than any. */
async function nextEpoch(epoch) {
  const response = await fetch(`/livereload/${epoch}/${Date.now()}`);
  return Number(await response.text());
}

async function reloadAfterChange() {
  const shown = await nextEpoch(0);
  let latest = shown;
  while (latest === shown) latest = await nextEpoch(shown);
  location.reload();
}

fetch(new URL("live-errors.json", src))
  .then((response) => response.json())
  .then(showErrors);
reloadAfterChange().catch(() => {});
