/** Every code of what can be wrong with the files that an account is imported from; `docs/errors.md` explains each. */
export const importCodes = [
  'IMPORT_NOTHING',
  'IMPORT_FILE_SYNTAX',
  'IMPORT_FILE_TOO_DEEP',
  'IMPORT_KEY_DUPLICATE',
  'IMPORT_FILE_UNKNOWN',
  'IMPORT_PLACE_UNCLEAR',
  'IMPORT_SHAPE_WRONG',
  'IMPORT_ACCOUNT_INVALID',
  'IMPORT_ACCOUNT_MISSING',
  'IMPORT_ACCOUNT_MIXED',
  'IMPORT_ACCOUNT_OTHER',
] as const

export type ImportCode = (typeof importCodes)[number]
