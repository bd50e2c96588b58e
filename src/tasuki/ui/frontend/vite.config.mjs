import { defineConfig } from "vite";
import tailwindcss from "@tailwindcss/vite";
import { sprite } from "./icons/sprite.mjs";
import { manifest } from "./manifest.mjs";

export default defineConfig(({ mode }) => ({
  base: "./",
  publicDir: false,
  plugins: [tailwindcss(), sprite(), manifest()],
  build: {
    outDir: "../static/ui",
    emptyOutDir: true,
    target: "es2022",
    cssMinify: mode !== "development",
    minify: mode !== "development",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { main: "js/main.js" },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
}));
