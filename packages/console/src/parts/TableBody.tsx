import type { KeyboardEvent } from 'react';
import type { Column } from './table.ts';

interface TableBodyProps<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  opened?: string | undefined;
}

/** Rows; where they open, Enter opens and the arrows walk. */
export function TableBody<Row>({ columns, rows, rowKey, onOpen, opened }: TableBodyProps<Row>) {
  return (
    <tbody>
      {rows.map(row => {
        const key = rowKey(row);
        return (
          <tr
            key={key}
            className={[onOpen ? 'row-link' : '', key === opened ? 'row-open' : ''].join(' ').trim()}
            {...(onOpen ? openProps(row, onOpen) : {})}
          >
            {columns.map(column => (
              <td key={column.key} className={column.numeric ? 'is-numeric' : ''}>
                {column.render ? column.render(row) : String(column.value(row) ?? '–')}
              </td>
            ))}
          </tr>
        );
      })}
    </tbody>
  );
}

function openProps<Row>(row: Row, onOpen: (row: Row) => void) {
  return {
    tabIndex: 0,
    onClick: () => onOpen(row),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const line = event.currentTarget;
      if (event.target !== line) return;
      if (event.key === 'Enter') onOpen(row);
      const other = neighbour(line, event.key);
      if (other instanceof HTMLElement) {
        event.preventDefault();
        other.focus();
      }
    },
  };
}

function neighbour(line: Element, key: string): Element | null {
  if (key === 'ArrowDown') return line.nextElementSibling;
  return key === 'ArrowUp' ? line.previousElementSibling : null;
}
