import type { CliCode } from './codes.js'
import { exitCode, type ExitCode } from './exit-code.js'

/** A failure that ends the command and that the user can understand; printed without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError'
  constructor(
    readonly code: CliCode,
    message: string,
    readonly options: {
      /** Printed after `Try:`. */
      readonly hint?: string
      /** Default 1. */
      readonly exitCode?: ExitCode
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause: options.cause })
  }

  get exitCode(): ExitCode {
    return this.options.exitCode ?? exitCode.failed
  }
}
