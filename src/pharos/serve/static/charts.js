// Draws the charts of a page once they come near: asks for the rows of the page, loads what draws, and
// draws what the tables say. Without it the tables say the same.
import { drawn, largest } from "./draw.js";

const NARROW = 600;
const SERIES = 8;
const language = document.documentElement.lang;
/** What was asked, by its address: several charts of a page have one answer. */
const answers = new Map();
/** Every chart that is drawn: how it is drawn again. */
const again = new Set();

function asked(address) {
  if (!answers.has(address)) answers.set(address, fetch(address).then((answer) => answer.json()));
  return answers.get(address);
}

/** The colours of the page as they are now, and how much room there is. */
function looked(width) {
  const probe = document.body.appendChild(document.createElement("span"));
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const look = {
    language,
    width,
    narrow: width < NARROW,
    font: getComputedStyle(document.body).fontFamily,
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    sheet: colour("sheet"),
    mark: colour("flash"),
    low: colour("bar-ground"),
    high: colour("accent"),
    series: Array.from({ length: SERIES }, (_, nth) => colour(`series-${nth + 1}`)),
  };
  probe.remove();
  return look;
}

/** What a chart says to whoever does not see it. */
function described(table, figure) {
  const { title, description, x, y } = table.chart;
  const top = largest(table);
  const name = table.heads.find((head) => head.name === y[0]).text;
  const most = figure.dataset.most
    .replace("{place}", top.shown[x])
    .replace("{name}", name)
    .replace("{value}", top.shown[y[0]]);
  const stop = language.startsWith("zh") ? "。" : ". ";
  const sentences = [title, description, most].map((one) => one.replace(/[.。]$/, ""));
  return sentences.filter(Boolean).join(stop);
}

/** A picture of a chart to take away: with its title, version and moment, on its own ground. */
async function picture(init, kind, page, table, figure) {
  const look = looked(1200);
  const { option, height } = drawn(table, page.notes ?? [], look, "");
  const sub = [page.title, page.stand.version, page.stand.as_of, page.stand.basis];
  const title = {
    text: page.rehearsed ? `[${figure.dataset.rehearsed}] ${table.chart.title}` : table.chart.title,
    subtext: sub.filter(Boolean).join(" · "),
    left: 16,
    top: 12,
    textStyle: { color: look.ink },
    subtextStyle: { color: look.soft },
  };
  const size = { width: look.width, height: height + 70 };
  const lower = (part) => (part === undefined ? part : { ...part, top: (part.top ?? 0) + 70 });
  option.grid = lower(option.grid);
  option.legend = lower(option.legend);
  option.calendar = option.calendar?.map(lower);
  const whole = { ...option, title, backgroundColor: look.sheet, dataZoom: [] };
  const isVector = kind === "svg";
  const renderer = isVector ? "svg" : "canvas";
  const nowhere = document.createElement("div");
  const chart = init(nowhere, null, { ...size, renderer, locale: locale() });
  chart.setOption(whole);
  // Written out by the browser, which escapes what must be; the library's own writer does not.
  const made = isVector
    ? new Blob([new XMLSerializer().serializeToString(nowhere.querySelector("svg"))], {
        type: "image/svg+xml",
      })
    : await new Promise((done) => chart.renderToCanvas({ pixelRatio: 2 }).toBlob(done));
  chart.dispose();
  return made;
}

const locale = () => (language.startsWith("zh") ? "ZH" : "EN");

/** Buttons that save what is drawn. */
function buttons(init, page, table, figure) {
  const line = document.createElement("p");
  line.className = "save";
  for (const kind of ["svg", "png"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kind.toUpperCase();
    button.ariaLabel = figure.dataset.save.replace("{kind}", kind.toUpperCase());
    button.addEventListener("click", async () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await picture(init, kind, page, table, figure));
      link.download = `${page.page}-${table.name}-version-${page.edition}.${kind}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
    line.append(button);
  }
  return line;
}

/** Draws one figure. */
async function draw(figure) {
  const [{ init }, page] = await Promise.all([import("./echarts.js"), asked(figure.dataset.json)]);
  const table = page.tables.find((one) => one.name === figure.dataset.table);
  if (!table?.chart || largest(table) === undefined) {
    figure.dataset.state = "empty";
    return;
  }
  const place = figure.appendChild(document.createElement("div"));
  place.className = "drawn";
  const chart = init(place, null, { renderer: "svg", locale: locale(), width: 1, height: 1 });
  const description = described(table, figure);
  let width = 0;
  const put = () => {
    width = place.clientWidth;
    const { option, height } = drawn(table, page.notes ?? [], looked(width), description);
    place.style.height = `${height}px`;
    chart.resize({ width, height });
    chart.setOption(option, true);
    // On paper it is as wide as the sheet.
    place.querySelector("svg").setAttribute("viewBox", `0 0 ${width} ${height}`);
  };
  put();
  again.add(put);
  new ResizeObserver(() => width !== place.clientWidth && put()).observe(place);
  figure.append(buttons(init, page, table, figure));
  figure.dataset.state = "drawn";
}

/** Everything again in other colours. */
function redraw() {
  for (const put of again) put();
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      // The table below says the same: a chart that cannot be had is left out.
      draw(target).catch(() => (target.dataset.state = "failed"));
    }
  },
  { rootMargin: "400px" },
);
for (const figure of document.querySelectorAll("figure.chart")) near.observe(figure);
for (const media of ["(prefers-color-scheme: dark)", "print"]) {
  matchMedia(media).addEventListener("change", redraw);
}
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
