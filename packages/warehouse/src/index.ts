export * from './warehouse.ts';
export * from './migrate.ts';
export * from './sql.ts';
export * from './matrix.ts';
