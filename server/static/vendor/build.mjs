// Builds what the pages serve from the packages that package-lock.json pins. Run by `make vendor`, in a folder with node_modules; the
// argument is where the results go.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const target = process.argv[2];
const FONTS = {
  "source-sans-3": ["latin-wght-normal", "latin-ext-wght-normal"],
  "source-serif-4": ["latin-wght-normal", "latin-ext-wght-normal", "latin-wght-italic"],
  "source-code-pro": ["latin-wght-normal"],
};

await build({
  entryPoints: ["src/codemirror.js", "src/d3.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  outdir: target,
});

await mkdir(join(target, "fonts"), { recursive: true });
for (const [family, files] of Object.entries(FONTS)) {
  for (const file of files) {
    const name = `${family}-${file}.woff2`;
    await copyFile(`node_modules/@fontsource-variable/${family}/files/${name}`, join(target, "fonts", name));
  }
}
await copyFile("node_modules/world-atlas/countries-50m.json", join(target, "countries-50m.json"));

const lock = JSON.parse(await readFile("package-lock.json", "utf8"));
const notices = [];
for (const path of Object.keys(lock.packages).filter((p) => p && !/(^|\/)(@esbuild\/|esbuild$)/.test(p)).sort()) {
  const about = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
  const file = (await readdir(path)).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? (await readFile(join(path, file), "utf8")).trim() : `Licence: ${about.license}`;
  notices.push(`${about.name} ${about.version} (${about.license})\n\n${text}\n`);
}
await writeFile(join(target, "LICENSES.txt"), notices.join(`\n${"=".repeat(80)}\n\n`));
