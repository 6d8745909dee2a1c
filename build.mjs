// Builds the front end: sources of sanxiao/web/assets and packages of node_modules -> build/static and build/fonts.
//
// build/static   bundles and web fonts under hashed names, and manifest.json: logical name -> hashed name
// build/fonts    whole Chinese faces as TrueType for the documents (Song 300/400/700, Hei 400/700, Kai 500)
//
// Running it twice changes nothing; fonts are made once per version of their package.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { decompress } from "wawoff2";

const ROOT = dirname(fileURLToPath(import.meta.url));
const ASSETS = join(ROOT, "sanxiao/web/assets");
const PACKAGES = join(ROOT, "node_modules");
const STATIC = join(ROOT, "build/static");
const FONTS = join(ROOT, "build/fonts");

const ENTRIES = ["app.js", "map.js", "chart.js", "app.css"];
const COPIED = ["icons.svg"];
const FACES = [
  "@expo-google-fonts/noto-serif-sc/300Light/NotoSerifSC_300Light.ttf",
  "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
  "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
  "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
  "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
  "@fontsource/lxgw-wenkai/files/lxgw-wenkai-latin-500-normal.woff2",
];

/** Bundle the entries; returns logical name -> hashed name, e.g. app.js -> app-XXXX.js, fonts/x.woff2 -> fonts/x-XXXX.woff2. */
async function bundle() {
  const { metafile } = await build({
    entryPoints: ENTRIES.map((name) => join(ASSETS, name)),
    outdir: STATIC, bundle: true, minify: true, metafile: true, format: "iife", charset: "utf8",
    entryNames: "[name]-[hash]", assetNames: "fonts/[name]-[hash]",
    // Light nesting-free output for the browsers of offices: three years old is common there.
    target: ["chrome99", "firefox97", "safari15.4"],
    loader: { ".woff2": "file", ".png": "dataurl" }, external: ["*.woff"], legalComments: "none", logLevel: "error", logOverride: { "unsupported-css-property": "silent" },
  });
  const names = {};
  for (const [file, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    const hashed = relative(STATIC, join(ROOT, relative(ROOT, file)));
    const source = entryPoint ?? Object.keys(inputs)[0];
    names[entryPoint ? basename(source) : `fonts/${basename(source)}`] = hashed;
  }
  return names;
}

/** Copy a file that needs no bundling under a name that carries its hash. */
function copy(name) {
  const bytes = readFileSync(join(ASSETS, name));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const hashed = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(STATIC, hashed), bytes);
  return hashed;
}

/** Remove what an earlier build left behind. */
function sweep(wanted) {
  for (const entry of readdirSync(STATIC, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !wanted.has(relative(STATIC, path))) rmSync(path);
  }
}

/** Put one face into build/fonts as TrueType, unless it is there already and not older than its package. */
async function face(path) {
  const source = join(PACKAGES, path);
  const target = join(FONTS, basename(path).replace("-latin-500-normal.woff2", "-500.ttf"));
  if (existsSync(target) && statSync(target).mtimeMs >= statSync(source).mtimeMs) return target;
  if (extname(source) === ".woff2") writeFileSync(target, await decompress(readFileSync(source)));
  else copyFileSync(source, target);
  return target;
}

mkdirSync(STATIC, { recursive: true });
mkdirSync(FONTS, { recursive: true });
const names = await bundle();
for (const name of COPIED) names[name] = copy(name);
const sorted = Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(STATIC, "manifest.json"), `${JSON.stringify(sorted, null, 1)}\n`);
sweep(new Set([...Object.values(names), "manifest.json"]));
for (const path of FACES) await face(path);
