import { AwsError } from '../aws-error.js'
import type { OperationSchema, ServiceSchema } from '../wire/service-schema.js'
import type { S3Address } from './s3-address.js'

/** An operation with what a request must have to be it. */
interface Candidate {
  readonly schema: OperationSchema
  /** Static parts of the query, e.g. `uploads` or `list-type=2`. */
  readonly fixed: readonly (readonly [string, string])[]
  readonly requiredQuery: readonly string[]
  readonly requiredHeaders: readonly string[]
  readonly query: ReadonlySet<string>
  readonly weight: number
}

interface S3Routes {
  /** By method and level, e.g. `PUT key`; the most demanding first. */
  readonly byPlace: ReadonlyMap<string, readonly Candidate[]>
  /** All parameters that choose an operation: none may be left over. */
  readonly choosing: ReadonlySet<string>
}

/** Operations of directory buckets and of Object Lambda, which no request here can mean. */
const elsewhere = new Set(['ListDirectoryBuckets', 'WriteGetObjectResponse', 'CreateSession'])
const routesBySchema = new WeakMap<ServiceSchema, S3Routes>()

function routesOf(service: ServiceSchema): S3Routes {
  let routes = routesBySchema.get(service)
  if (routes === undefined) {
    routes = makeRoutes(service)
    routesBySchema.set(service, routes)
  }
  return routes
}

function makeRoutes(service: ServiceSchema): S3Routes {
  const byPlace = new Map<string, Candidate[]>()
  const choosing = new Set(['uploadId', 'partNumber', 'versionId'])
  for (const schema of service.operations.values()) {
    if (schema.http === undefined || elsewhere.has(schema.name)) continue
    const [path = '', query = ''] = schema.http.uri.split('?')
    const fixed = query
      .split('&')
      .map((pair) => pair.split('='))
      .filter(([name]) => name !== '' && name !== 'x-id')
      .map(([name = '', value = '']) => [name, value] as const)
    for (const [name] of fixed) choosing.add(name)
    const members = schema.input.members
    const required = members.filter((member) => member.required)
    const requiredQuery = required
      .filter((member) => member.place === 'query')
      .map((member) => member.placeName)
    const requiredHeaders = required
      .filter((member) => member.place === 'header')
      .map((member) => member.placeName)
    // GetObjectAttributes is named by its parameter; the header it requires is checked with the input.
    const headers = fixed.length > 0 ? [] : requiredHeaders
    const level = path.includes('{Key')
      ? 'key'
      : members.some((member) => member.name === 'Bucket')
        ? 'bucket'
        : 'service'
    const place = `${schema.http.method} ${level}`
    const candidates = byPlace.get(place) ?? []
    candidates.push({
      schema,
      fixed,
      requiredQuery,
      requiredHeaders: headers,
      query: new Set(members.filter((member) => member.place === 'query').map((member) => member.placeName)),
      weight: fixed.length + requiredQuery.length + headers.length,
    })
    byPlace.set(place, candidates)
  }
  for (const candidates of byPlace.values()) candidates.sort((left, right) => right.weight - left.weight)
  return { byPlace, choosing }
}

/** The operation that a request to S3 means. Throws `AwsError` where it means none. */
export function routeS3(
  service: ServiceSchema,
  method: string,
  address: S3Address,
  query: ReadonlyMap<string, string>,
  headers: Readonly<Record<string, string>>,
): OperationSchema {
  const level = address.key !== undefined ? 'key' : address.bucket !== undefined ? 'bucket' : 'service'
  const { byPlace, choosing } = routesOf(service)
  if (
    method === 'POST' &&
    level === 'bucket' &&
    (headers['content-type'] ?? '').startsWith('multipart/form-data')
  )
    throw new AwsError('NotImplemented', 'Uploads by an HTML form (POST policy) are not implemented', 501)
  const found = (byPlace.get(`${method} ${level}`) ?? []).find((candidate) =>
    matches(candidate, query, headers),
  )
  if (found === undefined) throw notAllowed(method)
  if (query.size > 0)
    for (const name of query.keys())
      if (choosing.has(name) && !found.query.has(name) && !found.fixed.some(([fixed]) => fixed === name))
        throw name === 'versionId'
          ? new AwsError('InvalidArgument', 'This operation does not accept a version-id.', 400)
          : notAllowed(method)
  return found.schema
}

function matches(
  candidate: Candidate,
  query: ReadonlyMap<string, string>,
  headers: Readonly<Record<string, string>>,
): boolean {
  return (
    candidate.fixed.every(([name, value]) => {
      const sent = query.get(name)
      return sent !== undefined && (value === '' || sent === value)
    }) &&
    candidate.requiredQuery.every((name) => query.has(name)) &&
    candidate.requiredHeaders.every((name) => headers[name] !== undefined)
  )
}

function notAllowed(method: string): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
    Method: method,
  })
}
