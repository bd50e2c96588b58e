// Builds one SVG sprite from the lucide icons named in icons.txt and our own marks in own/.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const here = import.meta.dirname;
const lucide = path.dirname(createRequire(import.meta.url).resolve("lucide-static/package.json"));

function inner(svg) {
  return svg
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s+/g, " ")
    .trim();
}

function lucideSymbol(name) {
  const body = inner(readFileSync(path.join(lucide, "icons", `${name}.svg`), "utf8"));
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
    `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`
  );
}

function ownSymbol(file) {
  const svg = readFileSync(path.join(here, "own", file), "utf8");
  const viewBox = /viewBox="([^"]+)"/.exec(svg)[1];
  return `<symbol id="${path.basename(file, ".svg")}" viewBox="${viewBox}">${inner(svg)}</symbol>`;
}

export function iconNames() {
  return readFileSync(path.join(here, "icons.txt"), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
}

export function sprite() {
  return {
    name: "tasuki-sprite",
    apply: "build",
    buildStart() {
      this.addWatchFile(path.join(here, "icons.txt"));
    },
    generateBundle() {
      const own = readdirSync(path.join(here, "own")).filter((file) => file.endsWith(".svg"));
      const symbols = [...iconNames().map(lucideSymbol), ...own.sort().map(ownSymbol)];
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", source });
      for (const file of ["logo.svg"]) {
        this.emitFile({
          type: "asset",
          name: file,
          source: readFileSync(path.join(here, "own", file), "utf8"),
        });
      }
    },
  };
}
