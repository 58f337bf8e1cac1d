/** A run of the Pulumi CLI that ended with another code than 0; `translateError` says what that means. */
export class PulumiFailure extends Error {
  override readonly name = 'PulumiFailure'
  constructor(
    /** What was asked of it, such as `up` or `stack export`. */
    readonly command: string,
    /** Undefined where a signal ended it. */
    readonly exitCode: number | undefined,
    readonly stderr: string,
    readonly stdout: string,
  ) {
    // For whoever debugs. What `stack` writes to stdout may be outputs and their secrets.
    const told = command.startsWith('stack') ? stderr : `${stderr}\n${stdout}`
    super(`pulumi ${command} ended with ${exitCode ?? 'a signal'}\n${told.trim()}`)
  }
}
