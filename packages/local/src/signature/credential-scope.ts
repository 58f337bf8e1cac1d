/** `20260102/eu-west-1/s3/aws4_request` of a signature. */
export interface CredentialScope {
  readonly accessKeyId: string
  /** `YYYYMMDD` */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** Parses `AKIA…/date/region/service/aws4_request`; undefined for anything else. */
export function parseCredentialScope(credential: string): CredentialScope | undefined {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/')
  if (
    !accessKeyId ||
    date === undefined ||
    !/^\d{8}$/.test(date) ||
    !region ||
    !service ||
    terminator !== 'aws4_request' ||
    rest.length > 0
  )
    return undefined
  return { accessKeyId, date, region, service }
}

/** `date/region/service/aws4_request` */
export function printScope(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`
}
