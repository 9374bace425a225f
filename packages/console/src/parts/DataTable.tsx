import { Checkbox, Popover, Table, type TableProps } from 'antd';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { csvOf, download, type Cell } from './csv.ts';
import { Icon } from './Icon.tsx';

export interface Column<Row> {
  key: string;
  title: string;
  /** The plain value: what is sorted by and exported. */
  value: (row: Row) => Cell;
  render?: (row: Row) => ReactNode;
  /** Numbers stand at the right, one under the other. */
  numeric?: boolean;
  width?: number | string;
  sortable?: boolean;
  sorted?: 'ascend' | 'descend' | null;
}

interface DataTableProps<Row> {
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
  pagination?: TableProps<Row>['pagination'];
  onSort?: (key: string | undefined, order: 'asc' | 'desc') => void;
  loading?: boolean;
  height?: number;
}

/** Every list of the console: sorted, chosen columns, opened by keyboard, exported as CSV. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { name, columns, rows, rowKey, onOpen, opened, height } = props;
  const [hidden, setHidden] = useHidden(name);
  const shown = columns.filter(column => !hidden.includes(column.key));
  return (
    <div className="table-box">
      <Toolbar {...props} shown={shown} hidden={hidden} setHidden={setHidden} />
      <Table<Row>
        size="small"
        columns={shown.map(column => antdColumn(column, props.onSort !== undefined))}
        dataSource={[...rows]}
        rowKey={rowKey}
        pagination={props.pagination ?? false}
        loading={false}
        className={props.loading ? 'table-waiting' : ''}
        scroll={{ x: 'max-content', ...(height === undefined ? {} : { y: height }) }}
        locale={{ emptyText: props.empty ?? ' ' }}
        rowClassName={row => (rowKey(row) === opened ? 'row-open' : onOpen ? 'row-link' : '')}
        {...(onOpen ? { onRow: (row: Row) => rowProps(row, onOpen) } : {})}
        onChange={(_pages, _filters, sorter, extra) => {
          if (extra.action !== 'sort' || Array.isArray(sorter)) return;
          props.onSort?.(
            sorter.order ? String(sorter.columnKey) : undefined,
            sorter.order === 'ascend' ? 'asc' : 'desc',
          );
        }}
      />
    </div>
  );
}

function Toolbar<Row extends object>(
  props: DataTableProps<Row> & {
    shown: Column<Row>[];
    hidden: string[];
    setHidden: (keys: string[]) => void;
  },
) {
  const { t } = useTranslation();
  const { name, columns, rows, allRows, shown, hidden, setHidden } = props;
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
        {props.choosable && (
          <Popover
            trigger="click"
            placement="bottomRight"
            content={
              <Checkbox.Group
                className="column-choice"
                options={columns.map(column => ({ label: column.title, value: column.key }))}
                value={shown.map(column => column.key)}
                onChange={kept => setHidden(columns.map(({ key }) => key).filter(key => !kept.includes(key)))}
              />
            }
          >
            <button type="button" className="button quiet-button" aria-haspopup="dialog">
              <Icon name="table" size={14} /> {t('table.columns')}
              {hidden.length > 0 && ` (${shown.length}/${columns.length})`}
            </button>
          </Popover>
        )}
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

function antdColumn<Row>(column: Column<Row>, remote: boolean) {
  const local = (a: Row, b: Row) => compare(column.value(a), column.value(b));
  return {
    key: column.key,
    title: column.title,
    align: column.numeric ? ('right' as const) : ('left' as const),
    ...(column.width === undefined ? {} : { width: column.width }),
    ...(column.sortable ? { sorter: remote ? true : local, showSorterTooltip: false } : {}),
    ...(column.sorted === undefined ? {} : { sortOrder: column.sorted }),
    render: (_: unknown, row: Row) => (column.render ? column.render(row) : String(column.value(row) ?? '–')),
  };
}

function rowProps<Row>(row: Row, onOpen: (row: Row) => void) {
  return {
    tabIndex: 0,
    onClick: () => onOpen(row),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const line = event.currentTarget;
      if (event.key === 'Enter' && event.target === line) onOpen(row);
      const other =
        event.key === 'ArrowDown'
          ? line.nextElementSibling
          : event.key === 'ArrowUp'
            ? line.previousElementSibling
            : null;
      if (other instanceof HTMLElement && other.tabIndex === 0) {
        event.preventDefault();
        other.focus();
      }
    },
  };
}

const compare = (a: Cell, b: Cell): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''));

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
