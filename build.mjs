// Builds the front end: sources of sanxiao/web/assets, sanxiao/field/assets and packages of node_modules
// -> build/static and build/fonts.
//
// build/static   bundles and web fonts under hashed names, beside each text its .gz and .br, which are sent in its
//                place; and manifest.json: logical name -> hashed name
// build/fonts    whole Chinese faces as TrueType for the documents (Song 300/400/700, Hei 400/700, Kai 500)
//
// Running it twice changes nothing; fonts are made once per version of their package.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { decompress } from "wawoff2";

const ROOT = dirname(fileURLToPath(import.meta.url));
const ASSETS = join(ROOT, "sanxiao/web/assets");
const PHONE = join(ROOT, "sanxiao/field/assets");
const PACKAGES = join(ROOT, "node_modules");
const STATIC = join(ROOT, "build/static");
const FONTS = join(ROOT, "build/fonts");

// Light nesting-free output for the browsers of offices: three years old is common there.
const BROWSERS = ["chrome99", "firefox97", "safari15.4"];
const ENTRIES = ["app.js", "map.js", "chart.js", "tip.js", "app.css"];
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
    target: BROWSERS,
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

/** Bundle the phone page as modules, so that the engine and the map load beside the interface and only when needed.
 *
 * Logical names: field.js, field.css, and field/<name>.js for what they load; sw.js keeps all of them on the phone. */
async function bundlePhone() {
  const { metafile } = await build({
    entryPoints: ["field.jsx", "field.css", "faces.css"].map((name) => join(PHONE, name)),
    outdir: STATIC, bundle: true, minify: true, metafile: true, format: "esm", splitting: true, charset: "utf8",
    entryNames: "[name]-[hash]", chunkNames: "field-[name]-[hash]", assetNames: "fonts/[name]-[hash]", target: BROWSERS,
    jsx: "transform", jsxFactory: "h", jsxFragment: "Fragment", nodePaths: [PACKAGES],
    define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false", "process.env.NODE_ENV": '"production"' },
    loader: { ".woff2": "file", ".png": "dataurl" }, external: ["*.woff"], legalComments: "none", logLevel: "error",
  });
  const names = {};
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const hashed = relative(STATIC, join(ROOT, relative(ROOT, file)));
    if (extname(file) === ".woff2") continue; // the same files as in app.css
    const plain = entryPoint ? basename(entryPoint).replace(".jsx", ".js") : `shared${Object.keys(names).length}.js`;
    names[["field.js", "field.css", "faces.css"].includes(plain) ? plain : `field/${plain}`] = hashed;
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

/** Put a text's compressed forms beside it; a phone on a bad line gets a third of the bytes. Gives their names. */
function compress(name) {
  if (![".js", ".css", ".svg"].includes(extname(name))) return [];
  const path = join(STATIC, name);
  const forms = { gz: (bytes) => gzipSync(bytes, { level: 9 }), br: brotliCompressSync };
  return Object.entries(forms).map(([end, squeeze]) => {
    if (!existsSync(`${path}.${end}`)) writeFileSync(`${path}.${end}`, squeeze(readFileSync(path)));
    return `${name}.${end}`;
  });
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
const names = { ...(await bundle()), ...(await bundlePhone()) };
for (const name of COPIED) names[name] = copy(name);
const sorted = Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(STATIC, "manifest.json"), `${JSON.stringify(sorted, null, 1)}\n`);
const smaller = Object.values(names).flatMap(compress);
sweep(new Set([...Object.values(names), ...smaller, "manifest.json"]));
for (const path of FACES) await face(path);
