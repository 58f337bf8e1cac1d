export type DiagnosticCode = 'FILE_EMPTY'
