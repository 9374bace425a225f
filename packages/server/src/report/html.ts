import type { Block } from './content.ts';
import type { Language } from './format.ts';

const STYLE = `
  :root { color-scheme: light; }
  body { max-width: 860px; margin: 40px auto; padding: 0 20px; color: #1f2933; background: #fff;
    font: 15px/1.6 system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif; }
  h1 { font-size: 26px; margin-bottom: 0; } h2 { font-size: 19px; margin: 36px 0 8px; }
  .note, figcaption { color: #52606d; font-size: 13px; }
  table { border-collapse: collapse; margin: 12px 0; font-variant-numeric: tabular-nums; }
  th, td { text-align: right; padding: 5px 14px; border-bottom: 1px solid #e4e7eb; }
  th:first-child, td:first-child { text-align: left; padding-left: 0; }
  th { font-weight: 600; color: #52606d; } figure { margin: 20px 0; } svg { max-width: 100%; height: auto; }
  @media print { body { margin: 0; max-width: none; } figure, table { break-inside: avoid; } }`;

/** The report as one page that needs nothing else. */
export function htmlReport(blocks: readonly Block[], language: Language): string {
  const title = blocks.find(block => block.kind === 'title')?.text ?? '';
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${STYLE}</style></head>
<body>
${blocks.map(htmlOf).join('\n')}
</body>
</html>
`;
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `<h1>${escaped(block.text)}</h1><p class="note">${escaped(block.note)}</p>`;
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`;
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'chart':
      return `<figure role="img" aria-label="${escaped(block.caption)}">${block.svg}<figcaption>${escaped(block.caption)}</figcaption></figure>`;
    case 'table':
      return `<table><thead>${rowOf(block.head, 'th')}</thead><tbody>${block.rows.map(row => rowOf(row, 'td')).join('')}</tbody></table>`;
  }
}

function rowOf(cells: readonly string[], tag: 'th' | 'td'): string {
  return `<tr>${cells.map(cell => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
