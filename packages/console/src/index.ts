// The console is a page, not a library: `npm run build` makes dist/, which the server serves.
export {};
