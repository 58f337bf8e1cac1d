// What declared files in TypeScript import.
export { defineOrganization, type OrganizationInput } from '@ringfence/plan'
// The command, for programs that run it in process.
export { CliError } from './cli-error.js'
export type { CliCode } from './codes.js'
export { loadDeclaration, type LoadedDeclaration } from './declaration-file.js'
export { exitCode, type ExitCode } from './exit-code.js'
export type { FileSystem, Io, Output } from './io.js'
export { memoryIo, type MemoryIo, type MemoryIoOptions } from './memory-io.js'
export type { Finding, Sources } from './output/diagnostics.js'
export { loadPlan, type LoadedPlan } from './plan-file.js'
export { rehearse } from './rehearse/load-rehearse.js'
export type { Rehearsal, RehearsalOptions } from './rehearse/rehearse.js'
export { run } from './run.js'
