// What changes one version of a board into the next: the twin of `changed` on the server, which says
// how a change is told. Knows no page.

const VERSION = /(?<=as_of=)\d+/;

/** An address in another version. */
export function atVersion(address, version) {
  return address.replace(VERSION, String(version));
}

/** What a row, or what stands around the tables, says after a change. */
function merged(before, told) {
  const made = { ...before, ...told };
  for (const name of told.gone ?? []) delete made[name];
  delete made.gone;
  return made;
}

function changedRow(before, told, edition) {
  const made = merged(before, told);
  made.shown = merged(before.shown ?? {}, told.shown ?? {});
  made.trace = atVersion(made.trace, edition);
  return made;
}

function changedSection(before, told, edition) {
  const was = new Map(before.films.map((row) => [row.work_id, row]));
  const order = told.order ?? before.films.map((row) => row.work_id);
  return {
    ...before,
    total: changedRow(before.total, told.total ?? {}, edition),
    films: order.map((work) => changedRow(was.get(work) ?? {}, told.films[work] ?? {}, edition)),
  };
}

/** A view after a change. */
export function changed(view, change) {
  const made = merged(view, change.view);
  made.sections = view.sections.map((section, nth) =>
    changedSection(section, change.sections[nth], made.edition),
  );
  return made;
}
