// Keys: "/" to the first field, j and k through the rows, g and a letter to a page, "?" for help. One
// may turn them off, since a voice that dictates presses keys, too.

const OFF = "pharos.keys";
const GO_WITHIN = 1500;
const help = document.getElementById("keys");
const wanted = document.getElementById("keys-wanted");

/** When g was pressed. */
let going = -Infinity;

function isOff() {
  try {
    return localStorage.getItem(OFF) === "off";
  } catch {
    return !wanted.checked;
  }
}

function turn(on) {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "off");
  } catch {
    // It holds for this page.
  }
}

/** The pages by the letter that leads to them: of several that begin alike the first. */
function pages() {
  const found = new Map();
  for (const link of document.querySelectorAll("header.site nav a[data-page]")) {
    const letter = link.dataset.page[0];
    if (!found.has(letter)) found.set(letter, link);
  }
  return found;
}

/** Goes through the rows; the row itself takes the focus, tab leads to its numbers. */
function step(by) {
  const rows = [...document.querySelectorAll("main tbody tr, main .rows > [role=row]")];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
  const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
  row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function seek() {
  const field = document.querySelector("main input:not([type=hidden])");
  field?.focus();
  field?.select?.();
  return field !== null;
}

function list() {
  const lines = [...pages()].map(([letter, link]) => {
    const line = document.createElement("div");
    const [keys, text] = ["dt", "dd"].map((tag) => document.createElement(tag));
    for (const key of ["g", letter]) {
      keys.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    }
    text.textContent = link.textContent;
    line.append(keys, text);
    return line;
  });
  document.getElementById("keys-pages").replaceChildren(...lines);
}

function show() {
  list();
  wanted.checked = !isOff();
  help.showModal();
}

/** Does what a key says; false if it says nothing here. */
function pressed(key) {
  if (performance.now() - going < GO_WITHIN) {
    going = -Infinity;
    const link = pages().get(key);
    link?.click();
    return link !== undefined;
  }
  if (key === "g") going = performance.now();
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "/") return seek();
  else if (key === "?") show();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const isWriting = event.target.closest?.("input, select, textarea, [contenteditable], dialog");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isOff()) return;
  if (pressed(event.key)) event.preventDefault();
});
wanted.addEventListener("change", () => turn(wanted.checked));
document.getElementById("keys-close").addEventListener("click", () => help.close());
document.getElementById("keys-open").addEventListener("click", show);
