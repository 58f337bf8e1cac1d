import type { DeployCode } from './codes.js'

/** One resource that could not be changed, and what its provider said. */
export interface ResourceFailure {
  /** Id within the plan, or Pulumi's URN where it is none of the plan's. */
  readonly id: string
  readonly message: string
}

/** A stack could not be read or changed, for a reason that the user can do something about. */
export class DeployError extends Error {
  override readonly name = 'DeployError'
  constructor(
    readonly code: DeployCode,
    message: string,
    readonly options: {
      /** What to do. */
      readonly hint?: string
      readonly failures?: readonly ResourceFailure[]
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause: options.cause })
  }
}
