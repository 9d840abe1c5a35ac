// Builds what pages load that is not written by hand, and collects the licences of it.
// With a folder as its argument it writes there, else into the sources of the package.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const web = dirname(fileURLToPath(import.meta.url));
const serve = process.argv[2] ?? join(web, "..", "src", "pharos", "serve");
/** Packages whose code is in what is built, in the order of the licences. */
const PACKAGES = { echarts: ["LICENSE", "NOTICE"], zrender: ["LICENSE"], tslib: ["LICENSE.txt"] };

/**
 * Pages require Trusted Types: text never becomes markup. The library empties elements by an empty
 * markup text; it is made to take their children away instead.
 */
const emptied = {
  name: "emptied",
  setup({ onLoad }) {
    onLoad({ filter: /zrender[/\\]lib[/\\].*Painter\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace(/(\S+)\.innerHTML = (?:''|null);/g, "$1.replaceChildren();");
      return { contents, loader: "js" };
    });
  },
};

/** The licences of what is built, one after the other. */
async function licences() {
  const parts = ["What static/echarts.js is made of, and under which licences.\n"];
  for (const [name, files] of Object.entries(PACKAGES)) {
    const folder = join(web, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    parts.push(`${"=".repeat(80)}\n${name} ${version} (${license})\n${"=".repeat(80)}\n`);
    for (const file of files) {
      parts.push((await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim() + "\n");
    }
  }
  return parts.join("\n");
}

const { outputFiles, metafile } = await build({
  absWorkingDir: web,
  entryPoints: ["echarts.js"],
  bundle: true,
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  format: "esm",
  legalComments: "none",
  metafile: true,
  minify: true,
  plugins: [emptied],
  target: "es2022",
  write: false,
});
const used = Object.keys(metafile.inputs).map((path) => path.match(/node_modules\/([^/]+)\//)?.[1]);
const untold = [...new Set(used)].filter((name) => name !== undefined && !(name in PACKAGES));
if (untold.length > 0) throw new Error(`no licence is collected of ${untold.join(", ")}`);
await mkdir(join(serve, "static"), { recursive: true });
await writeFile(join(serve, "static", "echarts.js"), outputFiles[0].contents);
await writeFile(join(serve, "static", "THIRD_PARTY.txt"), await licences());
