import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { csvOf, download } from './csv.ts';
import { ColumnChoice } from './ColumnChoice.tsx';
import { Icon } from './Icon.tsx';
import { Pager } from './Pager.tsx';
import { TableBody } from './TableBody.tsx';
import { TableHead } from './TableHead.tsx';
import { compare, type Column, type Sort } from './table.ts';

export type { Column } from './table.ts';

export interface DataTableProps<Row> {
  name: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  opened?: string | undefined;
  /** Rows beyond those in sight, for the export. */
  allRows?: () => Promise<readonly Row[]>;
  choosable?: boolean;
  toolbar?: ReactNode;
  empty?: ReactNode;
  /** A page of a longer list, counted from 0. */
  paging?: { page: number; size: number; total: number; onPage: (page: number) => void };
  /** The order is the server's: it says which, and is asked for another. */
  remote?: { sort: Sort; onSort: (sort: Sort) => void };
  loading?: boolean;
}

export interface ToolbarProps<Row> extends DataTableProps<Row> {
  shown: Column<Row>[];
  hidden: string[];
  setHidden: (keys: string[]) => void;
}

/** Every list of the console: sorted, chosen columns, opened by keyboard, exported as CSV. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { name, columns, rows, remote, paging } = props;
  const { t } = useTranslation();
  const [hidden, setHidden] = useHidden(name);
  const [local, setLocal] = useState<Sort>();
  const shown = columns.filter(column => !hidden.includes(column.key));
  const sort = remote?.sort ?? local;
  const sorted = remote ? rows : inOrder(rows, columns, local);
  return (
    <div className="table-box">
      <Toolbar {...props} rows={sorted} shown={shown} hidden={hidden} setHidden={setHidden} />
      <div
        className={props.loading ? 'table-scroll table-waiting' : 'table-scroll'}
        tabIndex={0}
        role="region"
        aria-label={t('table.region')}
      >
        <table className="table">
          <TableHead columns={shown} sort={sort} onSort={remote?.onSort ?? setLocal} />
          <TableBody {...props} columns={shown} rows={sorted} />
        </table>
      </div>
      {rows.length === 0 && <div className="table-empty">{props.empty}</div>}
      {paging && <Pager {...paging} />}
    </div>
  );
}

function inOrder<Row>(rows: readonly Row[], columns: Column<Row>[], sort: Sort | undefined): readonly Row[] {
  const column = columns.find(({ key }) => key === sort?.key);
  if (column === undefined || sort === undefined) return rows;
  const sign = sort.order === 'asc' ? 1 : -1;
  return [...rows].sort((a, b) => sign * compare(column.value(a), column.value(b)));
}

function Toolbar<Row extends object>(
  props: DataTableProps<Row> & {
    shown: Column<Row>[];
    hidden: string[];
    setHidden: (keys: string[]) => void;
  },
) {
  const { name, rows, allRows, shown } = props;
  const save = async () => {
    const all = allRows ? await allRows() : rows;
    const cells = all.map(row => shown.map(column => column.value(row)));
    download(
      `${name}.csv`,
      csvOf(
        shown.map(column => column.title),
        cells,
      ),
    );
  };
  return (
    <div className="table-bar">
      <div className="actions">{props.toolbar}</div>
      <div className="actions">
        {props.choosable && <ColumnChoice {...props} />}
        <button
          type="button"
          className="button quiet-button"
          disabled={rows.length === 0}
          onClick={() => void save()}
        >
          <Icon name="download" size={14} /> CSV
        </button>
      </div>
    </div>
  );
}

/** The columns that this reader put away, kept on this device. */
function useHidden(name: string): [string[], (keys: string[]) => void] {
  const key = `bellwether.columns.${name}`;
  const [hidden, setHidden] = useState<string[]>(() =>
    (localStorage.getItem(key) ?? '').split(',').filter(Boolean),
  );
  const store = (keys: string[]) => {
    localStorage.setItem(key, keys.join(','));
    setHidden(keys);
  };
  return [hidden, store];
}
