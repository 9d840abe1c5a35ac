// Keeps the board current: hears what changes as it changes, and puts it in place. Where no stream can
// be had it asks for the rows every few seconds, by their tag.
import { atVersion, changed } from "./change.js";
import { arrange, fill, flash, setBack } from "./patch.js";

const SECOND = 1000;
const ASK_EVERY = 3 * SECOND;
const LISTEN_AGAIN = 60 * SECOND;
const STALE_AFTER = 15 * SECOND;
const SPEAK_EVERY = 60 * SECOND;

const board = document.getElementById("board");
const template = document.getElementById("film").content.firstElementChild;
const stale = document.getElementById("stale");
const spoken = document.getElementById("spoken");
const living = document.getElementById("living");
const button = document.getElementById("pause");

/** The view that is shown, once one has come. */
let view = null;
let stream = null;
let tag = "";
let paused = false;
let answered = Date.now();
let spokenAt = Date.now();
let timer = 0;
let asking = false;
let listenedAt = 0;

/** A film's row to be filled. */
function made() {
  return template.cloneNode(true);
}

/**
 * Puts everything that the server says in its place; a page of another shape is loaded anew. `change`
 * is what led to it, if that is known.
 */
function show(next, change) {
  const currencies = next.sections.map((section) => `${section.currency} `).join("");
  const { currencies: shown, state, date } = board.dataset;
  if (currencies !== shown || next.state !== state || next.date !== date) {
    location.reload();
    return;
  }
  view = next;
  document.title = view.shown.title;
  for (const slot of board.querySelectorAll("[data-slot]")) {
    const text = view.shown[slot.dataset.slot];
    if (slot.textContent !== text) slot.textContent = text;
  }
  const status = board.querySelector(".status");
  status.dataset.status = view.status;
  status.title = view.shown.status_sentence;
  const version = board.querySelector("a[data-slot=version]");
  if (version !== null) version.href = view.links.this;
  const cells = [];
  view.sections.forEach((section, nth) => {
    const of = `[data-currency="${section.currency}"]`;
    cells.push(...fill(board.querySelector(`.total${of}`), section.total));
    const rows = board.querySelector(`.films${of} .rows`);
    cells.push(...arrange(rows, section.films, made, change?.sections[nth].films));
  });
  flash(cells);
  speak(view.shown.summary);
}

/** Tells listeners how it stands, seldom enough to be borne. */
function speak(summary) {
  if (Date.now() - spokenAt < SPEAK_EVERY) return;
  spokenAt = Date.now();
  spoken.textContent = summary;
}

/** An answer has come: what is shown is what the server says. */
function heard() {
  answered = Date.now();
  stale.textContent = "";
  judge();
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
    const next = answer.status === 200 ? await answer.json() : null;
    // What the stream said meanwhile is newer.
    if (stream?.readyState === EventSource.OPEN) return;
    if (next !== null) {
      show(next);
      tag = answer.headers.get("ETag") ?? "";
    }
    if (answer.status === 200 || answer.status === 304) heard();
  } catch {
    // No answer, or none in time: judge() says so once it lasts.
  } finally {
    asking = false;
    judge();
  }
}

/** Hears what changes; a stream that breaks comes back by itself, saying what it has. */
function listen() {
  listenedAt = Date.now();
  stream?.close();
  stream = new EventSource(board.dataset.json.replace("/board.json", "/board/live"));
  stream.addEventListener("whole", (event) => {
    show(JSON.parse(event.data));
    heard();
  });
  stream.addEventListener("change", (event) => {
    const change = JSON.parse(event.data);
    // What changes a version that is not there cannot be applied.
    if (view !== null) show(changed(view, change), change);
    heard();
  });
  stream.addEventListener("beat", heard);
  stream.addEventListener("stale", (event) => {
    answered = Math.min(answered, Date.now() - JSON.parse(event.data).seconds * SECOND);
    judge();
  });
}

/** Looks after the stream: whether it is silent, and whether there is one. */
function look() {
  judge();
  // A line may be open and dead.
  const isDead = Date.now() - Math.max(answered, listenedAt) >= STALE_AFTER;
  if (stream !== null && stream.readyState !== EventSource.CLOSED && !isDead) return;
  // There is no stream to be had now: too many watch, or something in between cannot bear it.
  if (isDead || Date.now() - listenedAt >= LISTEN_AGAIN) listen();
  else if (Date.now() - answered >= ASK_EVERY) ask();
}

/** Begins to hear, and looks every second whether anything is heard. */
function go() {
  halt();
  listen();
  timer = setInterval(look, SECOND);
}

/** While paused or hidden nothing is heard; coming back is no silence of the server. */
function halt() {
  clearInterval(timer);
  stream?.close();
  stream = null;
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
  if (!row) return;
  const trace = row.dataset.trace;
  link.href = (view === null ? trace : atVersion(trace, view.edition)) + link.dataset.measure;
}
for (const kind of ["pointerdown", "focusin", "click"]) board.addEventListener(kind, lead, true);

const amounts = board.querySelectorAll("[data-measure=gross], [data-measure=cumulative_gross]");
for (const link of amounts) setBack(link);
if (board.dataset.live === "yes") {
  button.hidden = living.hidden = false;
  go();
}
