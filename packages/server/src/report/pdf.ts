import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Block } from './content.ts';
import { sfntOf } from './woff.ts';

const FONT = 'Noto Sans SC';
/** Points. */
const CHART_WIDTH = 460;

const FOLDER = join(
  dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/package.json')),
  'files',
);

/** pdfmake's files in memory, which its types leave out. */
interface WithFiles {
  virtualfs: { existsSync(name: string): boolean; writeFileSync(name: string, content: Buffer): void };
}

/** The name of a weight of the font among pdfmake's files, where it is unpacked once. */
function weight(value: 400 | 700): string {
  const { virtualfs } = pdfmake as typeof pdfmake & WithFiles;
  const name = `${value}.ttf`;
  const packed = join(FOLDER, `noto-sans-sc-chinese-simplified-${value}-normal.woff`);
  if (!virtualfs.existsSync(name)) virtualfs.writeFileSync(name, sfntOf(readFileSync(packed)));
  return name;
}

/** The report as a PDF; of the font, the characters that it uses are embedded. */
export async function pdfReport(blocks: readonly Block[]): Promise<Buffer> {
  const [normal, bold] = [weight(400), weight(700)];
  pdfmake.setFonts({ [FONT]: { normal, bold, italics: normal, bolditalics: bold } });
  // a report refers to nothing outside itself
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(() => false);
  const document: TDocumentDefinitions = {
    content: blocks.map(contentOf),
    defaultStyle: { font: FONT, fontSize: 10, lineHeight: 1.3, color: '#1f2933' },
    styles: {
      title: { fontSize: 20, bold: true },
      heading: { fontSize: 14, bold: true, margin: [0, 16, 0, 4] },
      note: { fontSize: 9, color: '#52606d', margin: [0, 0, 0, 8] },
      table: { margin: [0, 4, 0, 8] },
    },
    footer: (page, pages) => ({ text: `${page} / ${pages}`, alignment: 'center', style: 'note' }),
  };
  return pdfmake.createPdf(document).getBuffer();
}

function contentOf(block: Block): Content {
  switch (block.kind) {
    case 'title':
      return [
        { text: block.text, style: 'title' },
        { text: block.note, style: 'note' },
      ];
    case 'heading':
      return { text: block.text, style: 'heading' };
    case 'text':
      return { text: block.text, margin: [0, 0, 0, 6] };
    case 'chart':
      return {
        stack: [
          { svg: block.svg, width: CHART_WIDTH },
          { text: block.caption, style: 'note' },
        ],
        unbreakable: true,
      };
    case 'table':
      return tableOf(block);
  }
}

function tableOf({ head, rows }: Extract<Block, { kind: 'table' }>): Content {
  const cells = (row: string[], bold: boolean) =>
    row.map((text, column) => ({
      text,
      bold,
      alignment: column === 0 ? ('left' as const) : ('right' as const),
    }));
  return {
    style: 'table',
    layout: 'lightHorizontalLines',
    table: { headerRows: 1, body: [cells(head, true), ...rows.map(row => cells(row, false))] },
  };
}
