// Puts values into the rows of a table that is there already: cells change in place, rows keep their
// element and move. Knows no address and no clock.

/** Sets the decimals of amounts back, so that the eye reads whole units. */
export function setBack(link) {
  const text = link.textContent;
  const point = text.lastIndexOf(".");
  if (point < 0 || !/^\d+$/.test(text.slice(point + 1))) return;
  const fraction = document.createElement("span");
  fraction.className = "fraction";
  fraction.textContent = text.slice(point);
  link.replaceChildren(text.slice(0, point), fraction);
}

/** What of a row is written, found once: where each text goes, and what stands there. */
const PARTS = new WeakMap();

function partsOf(element) {
  let parts = PARTS.get(element);
  if (parts === undefined) {
    const slots = (selector, name) =>
      [...element.querySelectorAll(selector)].map((node) => ({ node, name: name(node.dataset) }));
    parts = {
      numbers: slots("[data-measure]", (data) => data.measure),
      texts: slots("[data-text]", (data) => data.text),
      links: slots("[data-href]", (data) => data.href),
      // What belongs to a text has its name with an end: here, whether it rose or fell.
      ways: slots("[data-way]", (data) => `${data.text.replace(/_change$/, "")}_way`),
      lines: slots("[data-path]", (data) => data.path),
      bars: slots("rect", () => "bar"),
    };
    for (const slot of [...parts.numbers, ...parts.texts]) slot.text = slot.node.textContent;
    PARTS.set(element, parts);
  }
  return parts;
}

/** Shows a text; says whether it is another. */
function write(slot, text) {
  if (slot.text === text) return false;
  slot.node.textContent = slot.text = text;
  return true;
}

/** Sets an attribute; says whether it is another. */
function set(slot, attribute, value) {
  if (slot[attribute] === value) return false;
  slot.node.setAttribute(attribute, (slot[attribute] = value));
  return true;
}

const AMOUNTS = new Set(["gross", "cumulative_gross"]);

/** Writes the numbers of a row or of a total; returns the cells that changed. */
export function fill(element, row) {
  const { numbers, texts, links, ways, lines, bars } = partsOf(element);
  const changed = [];
  element.dataset.trace = row.trace;
  for (const slot of numbers) {
    set(slot, "title", row.shown[`${slot.name}_title`]);
    if (!write(slot, row.shown[slot.name])) continue;
    if (AMOUNTS.has(slot.name)) setBack(slot.node);
    changed.push(slot.node.parentElement);
  }
  for (const slot of texts) write(slot, row.shown[slot.name]);
  for (const slot of links) set(slot, "href", row.shown[slot.name]);
  for (const slot of ways) set(slot, "data-way", row.shown[slot.name]);
  for (const slot of bars) set(slot, "width", row.shown[slot.name]);
  for (const slot of lines) {
    const isOther = set(slot, "d", row.shown[slot.name]);
    if (isOther) slot.node.parentElement.setAttribute("aria-label", row.shown.trend_title);
  }
  return changed;
}

/**
 * Brings rows into the order of `films`, making and taking away as needed; returns changed cells.
 * `touched` names the films that say something else; without it all are looked at.
 */
export function arrange(body, films, made, touched) {
  const known = new Map([...body.children].map((row) => [row.dataset.key, row]));
  const held = document.activeElement;
  const changed = [];
  let place = body.firstElementChild;
  for (const film of films) {
    let row = known.get(film.work_id);
    const isNew = row === undefined;
    if (isNew) {
      row = made();
      row.dataset.key = film.work_id;
    }
    known.delete(film.work_id);
    if (row === place) place = place.nextElementSibling;
    else body.insertBefore(row, place);
    if (isNew || touched === undefined || film.work_id in touched) changed.push(...fill(row, film));
  }
  for (const row of known.values()) row.remove();
  // A row that moved has lost the focus that stood in it.
  if (held !== document.activeElement && held.isConnected) held.focus({ preventScroll: true });
  return changed;
}

/** Lets cells flash once; whoever wants less motion sees none (that is said in the style). */
export function flash(cells) {
  for (const cell of cells) cell.classList.remove("changed");
  if (cells.length > 0) void cells[0].offsetWidth;
  for (const cell of cells) cell.classList.add("changed");
}
