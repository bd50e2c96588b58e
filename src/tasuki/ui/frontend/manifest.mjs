// Writes manifest.json: the plain name of each asset -> the hashed file that was built.
// Django's `asset()` reads it (tasuki/ui/assets.py).
function plainName(file) {
  if (file.type === "chunk") return `${file.name}.js`;
  return file.names?.[0] ?? file.fileName;
}

export function manifest() {
  return {
    name: "tasuki-manifest",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const names = Object.values(bundle).map((file) => [plainName(file), file.fileName]);
      const source = JSON.stringify(Object.fromEntries(names.sort()), null, 2);
      this.emitFile({ type: "asset", fileName: "manifest.json", source });
    },
  };
}
