import { Type } from 'typebox';
import type { Finding } from '../../protocol/dataset.js';
import { attachment } from '../http/headers.js';
import type { App, AppParts } from './parts.js';

const COLUMNS = ['code', 'file', 'line', 'column', 'value', 'message'] as const;

/** What was set aside, converted or guessed at load, as a CSV to download. */
export function reportRoutes(app: App, { catalog }: AppParts): void {
  app.get(
    '/datasets/:name/report',
    {
      schema: {
        summary: 'The findings of the load, as CSV',
        params: Type.Object({ name: Type.String() }),
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { report } = catalog.get(name);
      const findings = [...(report?.warnings ?? []), ...(report?.findings ?? [])];
      const lines = [COLUMNS.join(','), ...findings.map(toLine)];
      return reply
        .headers({
          'content-disposition': attachment(`${name}-report.csv`),
          'cache-control': 'no-cache',
        })
        .type('text/csv; charset=utf-8')
        .send(`${lines.join('\r\n')}\r\n`);
    },
  );
}

function toLine(finding: Finding): string {
  return COLUMNS.map((column) => quote(String(finding[column] ?? ''))).join(',');
}

function quote(text: string): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
