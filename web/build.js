// Bundles src/ into one template file, dist/report.html. `node build.js [OUTPUT]`.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));

async function bundle(entry, options) {
  const result = await build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    charset: 'utf8',
    target: ['chrome100', 'firefox100', 'safari15'],
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  });
  return result.outputFiles[0].text.trim();
}

/** Replaces a marker that must occur exactly once. */
function fill(text, marker, value) {
  const parts = text.split(marker);
  if (parts.length !== 2) throw new Error(`${marker} occurs ${parts.length - 1} times`);
  return parts.join(value);
}

export async function buildReport() {
  const js = await bundle('src/main.js', { format: 'iife' });
  const css = await bundle('src/style/report.css', {});
  const licence = await readFile(join(root, 'node_modules/uplot/LICENSE'), 'utf8');
  const hash = createHash('sha256').update(js).digest('base64');
  let page = await readFile(join(root, 'src/report.html'), 'utf8');
  page = fill(page, '@SCRIPT_HASH@', `sha256-${hash}`);
  page = fill(page, '@UPLOT_LICENCE@', licence.trim());
  page = fill(page, '@STYLE@', css);
  page = fill(page, '@SCRIPT@', js);
  // The writer of the report splits the page at this marker.
  if (page.split('@NEXA_REPORT_DATA@').length !== 2) throw new Error('no single data marker');
  return page;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const output = process.argv[2] ?? join(root, 'dist/report.html');
  const page = await buildReport();
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, page);
  console.log(`${output}: ${page.length} characters`);
}
