// What is drawn of a table: the option that ECharts takes. Numbers are rounded here to be drawn; what
// is told of them are the texts of the table. Knows no page and no address.

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Bars that have a name each stand below one another: so many can be told apart. */
const MOST_BARS = 20;
/** Points along a line from which on a reader may want only a part of it. */
const MANY = 60;
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "roundRect", "pin"];
const STROKES = ["solid", "dashed", "dotted"];
const PER_CENT = "%";

/** Texts that a library would read as its own markup. */
const plain = (text) => text.replaceAll("{", "{\u200b");
const headOf = (table, name) => table.heads.find((head) => head.name === name);
const number = (value) => (value === null ? null : Number(value));
/** What tells rows apart: an id where there is one, since two may share a name. */
const keyOf = (row, name) => row[`${name}_id`] ?? row[name];

/** Writes a number on an axis: short, as the language counts, 1.2万 or 12K. */
function shortly(language, unit) {
  const written = new Intl.NumberFormat(language, {
    notation: unit === PER_CENT ? "standard" : "compact",
    style: unit === PER_CENT ? "percent" : "decimal",
    maximumFractionDigits: unit === PER_CENT ? 1 : 2,
  });
  return (value) => written.format(value);
}

/** What a column counts; only columns of the same may share an axis. */
function unitOf(table, name, currency) {
  const head = headOf(table, name);
  const shown = table.rows.find((row) => row[name] !== null)?.shown[name] ?? "";
  if (shown.endsWith(PER_CENT)) return PER_CENT;
  return head.kind === "decimal" ? `money ${currency}` : "count";
}

/** The series of a table: one for each column, each value of the column that splits it, each currency. */
export function seriesOf(table) {
  const { y, split } = table.chart;
  const found = new Map();
  const currencies = new Set(table.rows.map((row) => row.currency ?? ""));
  for (const name of y) {
    for (const row of table.rows) {
      const currency = row.currency ?? "";
      const key = JSON.stringify([name, split && keyOf(row, split), currency]);
      if (!found.has(key)) {
        const named = [
          split && row.shown[split],
          (y.length > 1 || !split) && headOf(table, name).text,
          currencies.size > 1 && currency,
        ];
        const unit = unitOf(table, name, currency);
        found.set(key, { name: named.filter(Boolean).join(" · "), y: name, unit, rows: [] });
      }
      found.get(key).rows.push(row);
    }
  }
  return [...found.values()];
}

/** The places along an axis, each once: its key and its text. */
function placesOf(table, name) {
  const places = new Map(table.rows.map((row) => [keyOf(row, name), row]));
  const list = [...places].map(([key, row]) => ({ key, value: row[name], text: row.shown[name] }));
  const isInOrder = table.chart.kind === "bar" && !list.every((one) => typeof one.value === "number");
  // Numbers follow each other; so do weeks and months, as texts. Names stand as the table has them.
  if (!isInOrder) list.sort((one, other) => (one.value > other.value ? 1 : -1));
  return list;
}

/** What happened: a stretch or a line across the days that are drawn. */
function marksOf(notes, first, last, look) {
  const here = notes.filter((note) => note.first <= last && note.last >= first);
  const clamped = (day) => (day < first ? first : day > last ? last : day);
  const areas = here.filter((note) => note.first !== note.last);
  const days = here.filter((note) => note.first === note.last);
  return {
    markArea: {
      silent: true,
      itemStyle: { color: look.mark, opacity: 0.5 },
      label: { color: look.soft, position: "insideTop" },
      data: areas.map((note) => [
        { name: note.name, xAxis: clamped(note.first) },
        { xAxis: clamped(note.last) },
      ]),
    },
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: look.soft, type: "dashed" },
      label: { color: look.soft, formatter: "{b}" },
      data: days.map((note) => ({ name: note.name, xAxis: note.first })),
    },
  };
}

function axisOf(look, more) {
  const line = { lineStyle: { color: look.line } };
  const text = { color: look.soft };
  return {
    axisLabel: { ...text, hideOverlap: true, ...more.axisLabel },
    axisLine: line,
    axisTick: line,
    nameTextStyle: text,
    splitLine: { ...line, show: more.type === "value" },
    ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== "axisLabel")),
  };
}

/** The axes of numbers, one of each unit, two at most. */
function valueAxes(table, series, look, isLying) {
  const units = [...new Set(series.map((one) => one.unit))].slice(0, 2);
  return units.map((unit, nth) => {
    const names = new Set(series.filter((one) => one.unit === unit).map((one) => one.y));
    const heads = [...names].map((name) => headOf(table, name).text).join(" / ");
    const currency = unit.startsWith("money ") ? unit.slice(6) : "";
    return {
      unit,
      ...axisOf(look, {
        type: "value",
        splitNumber: look.narrow && isLying ? 2 : 5,
        name: currency ? `${heads} (${currency})` : heads,
        nameLocation: isLying ? "middle" : "end",
        nameGap: isLying ? 28 : 12,
        position: isLying ? ["bottom", "top"][nth] : ["left", "right"][nth],
        alignTicks: nth > 0,
        axisLabel: { formatter: shortly(look.language, unit) },
      }),
      nameTextStyle: { color: look.soft, align: isLying ? "center" : ["left", "right"][nth] },
    };
  });
}

/** What stands beside the pointer: the exact texts of a place, series by series. */
function told(params) {
  const all = [params].flat().filter((one) => one.data?.shown !== undefined);
  if (all.length === 0) return "";
  const lines = all.slice(0, 15).map((one) => `${one.seriesName}: ${one.data.shown}`);
  return [all[0].data.place, ...lines].map(plain).join("\n");
}

function tooltip(look, trigger) {
  return {
    trigger,
    confine: true,
    // Never markup: a name somebody sent is text.
    renderMode: "richText",
    formatter: told,
    axisPointer: { type: trigger === "axis" ? "line" : "none", lineStyle: { color: look.soft } },
    backgroundColor: look.sheet,
    borderColor: look.line,
    textStyle: { color: look.ink },
  };
}

/** Lines and bars. */
function alongAxes(table, notes, look) {
  const { kind, x } = table.chart;
  const isDated = table.rows.every((row) => DATE.test(row[x] ?? ""));
  const isLying = kind === "bar" && !isDated && typeof table.rows[0][x] === "string";
  const places = placesOf(table, x).slice(0, isLying ? table.chart.most || MOST_BARS : undefined);
  const at = new Map(places.map((one, nth) => [one.key, nth]));
  const found = seriesOf(table);
  const values = valueAxes(table, found, look, isLying);
  const days = places.map((one) => one.key).sort();
  const marks = isDated ? marksOf(notes, days[0], days.at(-1), look) : {};
  const series = found
    .map((one, nth) => ({ one, nth, axis: values.findIndex((axis) => axis.unit === one.unit) }))
    .filter(({ axis }) => axis >= 0)
    .map(({ one, nth, axis }) => ({
      type: kind,
      name: one.name,
      [isLying ? "xAxisIndex" : "yAxisIndex"]: axis,
      symbol: SYMBOLS[nth % SYMBOLS.length],
      symbolSize: 6,
      showSymbol: places.length <= MANY,
      lineStyle: { type: STROKES[nth % STROKES.length], width: 2 },
      barMaxWidth: 28,
      ...(nth === 0 ? marks : {}),
      data: one.rows
        .filter((row) => at.has(keyOf(row, x)))
        .map((row) => {
          const place = isDated ? row[x] : at.get(keyOf(row, x));
          const value = number(row[one.y]);
          const shown = { shown: row.shown[one.y], place: row.shown[x] };
          return { value: isLying ? [value, place] : [place, value], ...shown };
        })
        .sort((a, b) => (isLying ? 0 : a.value[0] > b.value[0] ? 1 : -1)),
    }));
  const along = axisOf(look, {
    type: isDated ? "time" : "category",
    ...(isDated ? { minInterval: 24 * 3600 * 1000 } : { data: places.map((one) => one.text) }),
    inverse: isLying,
    ...(isLying ? { axisLabel: { width: look.narrow ? 90 : 180, overflow: "truncate" } } : {}),
  });
  const isLong = places.length > MANY && !isLying;
  const bottom = isLying ? 36 : isLong ? 48 : 16;
  return {
    height: isLying ? 64 + places.length * Math.max(26, 14 * series.length) : 340,
    option: {
      [isLying ? "yAxis" : "xAxis"]: along,
      [isLying ? "xAxis" : "yAxis"]: values.map(({ unit: _, ...axis }) => axis),
      grid: { left: 8, right: 16, top: (series.length > 1 ? 32 : 8) + (isLying ? 0 : 28), bottom },
      legend: { show: series.length > 1, type: "scroll", top: 4, textStyle: { color: look.ink } },
      dataZoom: isLong ? [{ type: "slider", height: 20, bottom: 8, brushSelect: false }] : [],
      series,
      tooltip: tooltip(look, "axis"),
    },
  };
}

/** How dark a cell is, by its number. */
function shades(cells, look, unit) {
  const known = cells.map((one) => one.value.at(-1)).filter((value) => value !== null);
  const written = shortly(look.language, unit);
  return {
    min: Math.min(0, ...known),
    max: Math.max(0, ...known),
    orient: "horizontal",
    hoverLink: false,
    left: "center",
    bottom: 0,
    itemHeight: 120,
    text: [written(Math.max(0, ...known)), written(Math.min(0, ...known))],
    textStyle: { color: look.soft },
    inRange: { color: [look.low, look.high] },
  };
}

/** How many weeks a stretch of days touches at most. */
function weeks([first, last]) {
  return Math.ceil((Date.parse(last) - Date.parse(first)) / (7 * 24 * 3600 * 1000)) + 1;
}

/** One square for each day, a block for each year. */
function onCalendar(table, look) {
  const { x, y } = table.chart;
  const cells = table.rows
    .filter((row) => DATE.test(row[x] ?? "") && row[y[0]] !== null)
    .map((row) => ({
      value: [row[x], number(row[y[0]])],
      shown: row.shown[y[0]],
      place: row.shown[x],
    }));
  const days = cells.map((one) => one.value[0]).sort();
  const years = [...new Set(days.map((day) => day.slice(0, 4)))];
  const ranges = years.map((year) => [
    days[0] > `${year}-01-01` ? days[0] : `${year}-01-01`,
    days.at(-1) < `${year}-12-31` ? days.at(-1) : `${year}-12-31`,
  ]);
  // Where it is narrow, weeks go down.
  const blocks = ranges.map((range) => (look.narrow ? weeks(range) * 15 + 70 : 7 * 18 + 50));
  const above = (nth) => blocks.slice(0, nth).reduce((sum, block) => sum + block, 0);
  const calendar = ranges.map((range, nth) => ({
    orient: look.narrow ? "vertical" : "horizontal",
    range,
    top: (look.narrow ? 56 : 36) + above(nth),
    left: 64,
    cellSize: look.narrow ? [26, 15] : [Math.min(18, Math.floor((look.width - 90) / 53)), 18],
    dayLabel: { firstDay: 1, color: look.soft },
    monthLabel: { color: look.soft },
    yearLabel: { color: look.soft, fontSize: 14 },
    itemStyle: { color: look.sheet, borderColor: look.line },
    splitLine: { lineStyle: { color: look.soft, width: 1 } },
  }));
  const named = { type: "heatmap", name: headOf(table, y[0]).text, coordinateSystem: "calendar" };
  return {
    height: 80 + above(years.length),
    option: {
      calendar,
      series: years.map((year, nth) => ({
        ...named,
        calendarIndex: nth,
        data: cells.filter((one) => one.value[0].startsWith(year)),
      })),
      visualMap: shades(cells, look, unitOf(table, y[0], "")),
      tooltip: tooltip(look, "item"),
    },
  };
}

/** One square for each pair of `x` and `split`. */
function onSquares(table, look) {
  const { x, y, split } = table.chart;
  const [across, down] = [x, split].map((name) => placesOf(table, name));
  const [left, top] = [across, down].map((all) => new Map(all.map((one, nth) => [one.key, nth])));
  const cells = table.rows.map((row) => ({
    value: [left.get(keyOf(row, x)), top.get(keyOf(row, split)), number(row[y[0]])],
    shown: row.shown[y[0]],
    place: `${row.shown[split]} · ${row.shown[x]}`,
  }));
  const axis = (all, more) =>
    axisOf(look, { type: "category", data: all.map((one) => one.text), ...more });
  return {
    height: 120 + down.length * 26,
    option: {
      xAxis: axis(across, {}),
      yAxis: axis(down, { inverse: true }),
      grid: { left: 8, right: 16, top: 12, bottom: 64 },
      series: [{ type: "heatmap", name: headOf(table, y[0]).text, data: cells }],
      visualMap: shades(cells, look, unitOf(table, y[0], "")),
      tooltip: tooltip(look, "item"),
    },
  };
}

/** The row with the largest number that is drawn first. */
export function largest(table) {
  const [name] = table.chart.y;
  const known = table.rows.filter((row) => row[name] !== null);
  return known.reduce((top, row) => (number(row[name]) > number(top[name]) ? row : top), known[0]);
}

/** The option for a table and how high it is; `look` has the colours, the language and the width. */
export function drawn(table, notes, look, description) {
  const ways = { calendar: onCalendar, heat: onSquares };
  const draw = ways[table.chart.kind] ?? ((one) => alongAxes(one, notes, look));
  const { height, option } = draw(table, look);
  // Shape and pattern tell series apart for whoever does not see their colours.
  const isBars = table.chart.kind === "bar" && option.series.length > 1;
  return {
    height,
    option: {
      animation: false,
      color: look.series,
      textStyle: { fontFamily: look.font, color: look.ink },
      aria: { enabled: true, label: { description }, decal: { show: isBars } },
      ...option,
    },
  };
}
