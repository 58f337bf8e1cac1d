/**
 * What the process exits with. Scripts rely on these numbers: a meaning, once given, does not change.
 * `docs/cli.md` lists them, and a test compares the two.
 */
export const exitCode = {
  /** Done, and everything as declared. */
  ok: 0,
  /** Something failed that is not among the others: I/O, a port in use, a defect of ringfence. */
  failed: 1,
  /** The command line or a file that it names is wrong. */
  usage: 2,
  /** Credentials are missing, expired or of another account. */
  credentials: 3,
  /** A deployment failed part way. */
  deploymentFailed: 4,
  /** A guarantee is violated: a refuted proof, or a probe that did not go as declared. */
  guaranteeViolated: 5,
  /** The named stack does not exist. */
  noSuchStack: 6,
  /** There are changes where none were expected. */
  unexpectedChanges: 7,
  /** Cancelled by SIGINT or SIGTERM, after cleaning up. */
  cancelled: 8,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
