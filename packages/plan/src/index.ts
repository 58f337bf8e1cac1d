export type * from './plan.js'
export type * from './declaration.js'
export type * from './diagnostic.js'
export type { DiagnosticCode } from './codes.js'
