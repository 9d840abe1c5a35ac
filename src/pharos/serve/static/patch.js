// Puts values into the rows of a table that is there already: cells change in place, rows keep their
// element and move. Knows no address and no clock.

/** Shows a text, decimals of an exact amount set back; says whether it changed. */
export function write(element, text) {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

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

/** Sets an attribute; says whether it was another. */
function set(element, name, value) {
  if (element.getAttribute(name) === value) return false;
  element.setAttribute(name, value);
  return true;
}

const AMOUNTS = new Set(["gross", "cumulative_gross"]);

/** Writes the numbers of a row or of a total; returns the cells that changed. */
export function fill(element, row) {
  element.dataset.trace = row.trace;
  const changed = [];
  for (const link of element.querySelectorAll("[data-measure]")) {
    const measure = link.dataset.measure;
    link.title = row.shown[`${measure}_title`];
    if (!write(link, row.shown[measure])) continue;
    if (AMOUNTS.has(measure)) setBack(link);
    changed.push(link.parentElement);
  }
  for (const part of element.querySelectorAll("[data-text]")) write(part, row.shown[part.dataset.text]);
  // What belongs to a text has its name with an end: where it leads, and whether it rose or fell.
  for (const part of element.querySelectorAll("[data-href]")) set(part, "href", row.shown[part.dataset.href]);
  for (const part of element.querySelectorAll("[data-way]")) {
    const name = part.dataset.text.replace(/_change$/, "");
    set(part, "data-way", row.shown[`${name}_way`]);
  }
  const line = element.querySelector("[data-path]");
  if (line && set(line, "d", row.shown.trend)) set(line.parentElement, "aria-label", row.shown.trend_title);
  const bar = element.querySelector("rect");
  if (bar && bar.getAttribute("width") !== row.shown.bar) bar.setAttribute("width", row.shown.bar);
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
