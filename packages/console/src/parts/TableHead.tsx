import type { Column, Sort } from './table.ts';

interface TableHeadProps<Row> {
  columns: readonly Column<Row>[];
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
}

/** Headings; those that sort are buttons and say which way. */
export function TableHead<Row>({ columns, sort, onSort }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map(column => {
          const order = sort?.key === column.key ? sort.order : undefined;
          return (
            <th
              key={column.key}
              scope="col"
              className={column.numeric ? 'is-numeric' : ''}
              style={column.width === undefined ? {} : { width: column.width }}
              aria-sort={order === undefined ? undefined : order === 'asc' ? 'ascending' : 'descending'}
            >
              {column.sortable ? (
                <button
                  type="button"
                  className="sort"
                  onClick={() => onSort({ key: column.key, order: order === 'desc' ? 'asc' : 'desc' })}
                >
                  {column.title}
                  <span aria-hidden="true">{order === undefined ? '↕' : order === 'asc' ? '↑' : '↓'}</span>
                </button>
              ) : (
                column.title
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
