/** An error that the client receives, with AWS's own code and HTTP status. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    /** Further elements of the answer, e.g. `BucketName`. Never secrets. */
    readonly detail: Readonly<Record<string, string>> = {},
    /** Further headers of the answer, e.g. `x-amz-bucket-region`. Lower-case names. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}
