export { previewFile, type PreviewOptions } from './recognise/preview.ts';
export { createImport, getImport, listImports, type NewImport } from './imports.ts';
export { runImport } from './run.ts';
export { replayImport, type ReplayedLines } from './replay.ts';
export { mappingFile, readMappingFile } from './mapping-file.ts';
export { IMPORT_ERRORS } from './errors.ts';
