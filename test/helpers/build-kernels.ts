import { existsSync, readdirSync, statSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** Compiles the kernels before the first test where a source is newer than what is there. */
export default async function setup(): Promise<void> {
  const built = new URL('dist/workers/kernels/kernels.wasm', ROOT);
  const folder = new URL('workers/kernels/assembly/', ROOT);
  const newest = Math.max(
    ...readdirSync(folder).map((name) => statSync(new URL(name, folder)).mtimeMs),
  );
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  const build = (await import(new URL('server/build-kernels.mjs', ROOT).href)) as {
    buildKernels: () => void;
  };
  build.buildKernels();
}
