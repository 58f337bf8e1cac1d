/**
 * Codes of what the command itself finds, beside those of the packages that it calls; `docs/cli.md` explains
 * each.
 */
export const cliCodes = [
  'FILE_NOT_FOUND',
  'FILE_IS_DIRECTORY',
  'FILE_NOT_READABLE',
  'FILE_NOT_UTF8',
  'FILE_NOT_TEXT',
  'FILE_TOO_LARGE',
  'FILE_TYPE_UNKNOWN',
  'FILE_EXISTS',
  'FILE_NOT_WRITABLE',
  'MODULE_FAILED',
  'MODULE_WITHOUT_ORGANIZATION',
  'MODULE_DUPLICATE_KEY',
  'MEMBER_UNKNOWN',
  'DATA_FOLDER_NOT_READABLE',
  'DATA_FOLDER_INVALID',
  'PORT_NOT_AVAILABLE',
  'IO_FAILED',
  'INTERNAL',
] as const

export type CliCode = (typeof cliCodes)[number]
