// Keeps the board current: asks for its rows every second, by their tag, and puts them in place.
import { arrange, fill, flash, setBack } from "./patch.js";

const SECOND = 1000;
const STALE_AFTER = 15 * SECOND;
const SPEAK_EVERY = 60 * SECOND;

const board = document.getElementById("board");
const template = document.getElementById("film").content.firstElementChild;
const stale = document.getElementById("stale");
const spoken = document.getElementById("spoken");
const living = document.getElementById("living");
const button = document.getElementById("pause");

let tag = "";
let paused = false;
let answered = Date.now();
let spokenAt = Date.now();
let timer = 0;
let asking = false;

/** A film's row to be filled. */
function made() {
  return template.cloneNode(true);
}

/** Puts everything that the server says in its place; a page of another shape is loaded anew. */
function show(view) {
  const currencies = view.sections.map((section) => `${section.currency} `).join("");
  const { currencies: shown, state, date } = board.dataset;
  if (currencies !== shown || view.state !== state || view.date !== date) {
    location.reload();
    return;
  }
  document.title = view.shown.title;
  for (const slot of board.querySelectorAll("[data-slot]")) {
    const text = view.shown[slot.dataset.slot];
    if (slot.textContent !== text) slot.textContent = text;
  }
  const status = board.querySelector(".status");
  status.dataset.status = view.status;
  status.title = view.shown.status_sentence;
  board.querySelector("[data-slot=version]").href = view.links.this;
  const changed = [];
  for (const section of view.sections) {
    const of = `[data-currency="${section.currency}"]`;
    changed.push(...fill(board.querySelector(`.total${of}`), section.total));
    const rows = board.querySelector(`.films${of} .rows`);
    changed.push(...arrange(rows, section.films, made));
  }
  flash(changed);
  speak(view.shown.summary);
}

/** Tells listeners how it stands, seldom enough to be borne. */
function speak(summary) {
  if (Date.now() - spokenAt < SPEAK_EVERY) return;
  spokenAt = Date.now();
  spoken.textContent = summary;
}

/** Says that the figures are old once no answer has come for long, until one comes. */
function judge() {
  const silence = Date.now() - answered;
  const isStale = silence >= STALE_AFTER;
  board.classList.toggle("is-stale", isStale);
  stale.hidden = !isStale;
  if (!isStale) return;
  const text = board.dataset.stale.replace("{seconds}", String(Math.floor(silence / SECOND)));
  // An alert is read out whenever it changes: it changes once.
  if (stale.textContent === "") stale.textContent = text;
}

/** Asks once. */
async function ask() {
  if (asking || paused || document.hidden) return;
  asking = true;
  try {
    const patience = AbortSignal.timeout(10 * SECOND);
    const headers = tag === "" ? {} : { "If-None-Match": tag };
    const answer = await fetch(board.dataset.json, { headers, cache: "no-store", signal: patience });
    if (answer.status === 200) {
      const view = await answer.json();
      show(view);
      tag = answer.headers.get("ETag") ?? "";
    }
    if (answer.status === 200 || answer.status === 304) {
      answered = Date.now();
      stale.textContent = "";
    }
  } catch {
    // No answer, or none in time: judge() says so once it lasts.
  } finally {
    asking = false;
    judge();
  }
}

/** Asks now, and every second from now on. */
function go() {
  clearInterval(timer);
  timer = setInterval(ask, SECOND);
  ask();
}

/** While paused or hidden nothing is asked; coming back is no silence of the server. */
function halt() {
  clearInterval(timer);
}

function resume() {
  if (paused || document.hidden) return;
  answered = Date.now();
  go();
}

button?.addEventListener("click", () => {
  paused = !paused;
  button.textContent = paused ? button.dataset.resume : button.dataset.pause;
  living.textContent = paused ? living.dataset.paused : living.dataset.live;
  if (paused) halt();
  else resume();
});
document.addEventListener("visibilitychange", () => (document.hidden ? halt() : resume()));

/** A number leads to what stands behind it in the very version that is shown. */
function lead(event) {
  const link = event.target.closest?.("a[data-measure]");
  const row = link?.closest("[data-trace]");
  if (row) link.href = row.dataset.trace + link.dataset.measure;
}
for (const kind of ["pointerdown", "focusin", "click"]) board.addEventListener(kind, lead, true);

const amounts = board.querySelectorAll("a[data-measure=gross], a[data-measure=cumulative_gross]");
for (const link of amounts) setBack(link);
if (board.dataset.live === "yes") {
  button.hidden = living.hidden = false;
  go();
}
