import { spawn } from 'node:child_process';

/** Opens an address in the person's browser; where that is not possible, nothing happens: the address was printed. */
export function openBrowser(url: string, platform: NodeJS.Platform): void {
  const [command, args] =
    platform === 'win32'
      ? (['cmd', ['/c', 'start', '""', url.replaceAll('&', '^&')]] as const)
      : platform === 'darwin'
        ? (['open', [url]] as const)
        : (['xdg-open', [url]] as const);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
