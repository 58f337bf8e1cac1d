/** The detail keywords of RFC 7644, section 3.12. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'tooMany'
  | 'uniqueness'

export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 408 | 409 | 412 | 413 | 415 | 429 | 500 | 501

/** An answer that refuses a request; `detail` is read by people who set the provider up. */
export class ScimError extends Error {
  override readonly name = 'ScimError'
  constructor(
    readonly status: ErrorStatus,
    readonly scimType: ScimType | undefined,
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
  }
}

const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** The body of a refusal. RFC 7644 writes the status as a string. */
export function printError(error: ScimError): Readonly<Record<string, unknown>> {
  const { status, scimType, detail } = error
  return {
    schemas: [errorSchema],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  }
}
