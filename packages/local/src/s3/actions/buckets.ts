import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { OperationInput, OperationOutput, ServiceOperations } from '../../http/operations.js'
import type { BucketRecord, ObjectLockSettings } from '../records.js'
import { grantsToOthers, isPublicAcl, ownerships, parseAclRequest } from './bucket-acl.js'
import { effectiveAccessBlock, invalidArgument, requireBucket, type BucketDeps } from './bucket-deps.js'
import { isAccountRegionalName, isBucketName } from './bucket-name.js'
import { parseTagSet } from './bucket-tags.js'
import { ownerOf } from './canonical-user.js'

const regionPattern = /^(?:[a-z]{2,}(?:-[a-z]+)+-\d|EU)$/
const allBlocked = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
}

type CreateInput = OperationInput<'s3', 'CreateBucket'>

/** CreateBucket, HeadBucket, DeleteBucket, ListBuckets, GetBucketLocation. */
export function bucketLifecycleOperations(deps: BucketDeps) {
  return {
    CreateBucket: (input, call) => createBucket(deps, input, call),
    DeleteBucket: async (input) => {
      await deps.state.database.transaction(() => {
        const bucket = requireBucket(deps, input)
        refuseUnlessEmpty(deps, bucket)
        deps.state.buckets.delete(bucket.name)
      })
      return {}
    },
    HeadBucket: (input) => {
      const bucket = requireBucket(deps, input)
      return { BucketRegion: bucket.region, AccessPointAlias: false }
    },
    ListBuckets: (input, call) => listBuckets(deps, input, call),
    GetBucketLocation: (input) => {
      const { region } = requireBucket(deps, input)
      // us-east-1 is an empty element. [API_GetBucketLocation]
      return region === 'us-east-1' ? {} : { LocationConstraint: region as 'eu-west-1' }
    },
  } satisfies ServiceOperations<'s3'>
}

/** [API_CreateBucket] */
async function createBucket(
  deps: BucketDeps,
  input: CreateInput,
  call: Call,
): Promise<OperationOutput<'s3', 'CreateBucket'>> {
  const name = input.Bucket ?? ''
  const region = bucketRegion(input, call)
  checkName(input, name, call, region)
  const wanted = newBucket(deps, input, call, name, region)
  await deps.state.database.transaction(() => {
    const present = deps.state.bucket(name)
    if (present === undefined) deps.state.buckets.put(name, wanted)
    else deps.state.buckets.put(name, recreated(present, wanted, call))
  })
  return { Location: region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/` }
}

/**
 * In us-east-1, and only there, the owner may create the bucket again, which resets its ACL. [API_CreateBucket,
 * BucketAlreadyOwnedByYou]
 */
function recreated(present: BucketRecord, wanted: BucketRecord, call: Call): BucketRecord {
  const detail = { BucketName: present.name }
  if (present.account !== call.caller.account)
    throw new AwsError(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      409,
      detail,
    )
  if (present.region !== 'us-east-1' || call.region !== 'us-east-1')
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      detail,
    )
  const { Acl: _, ...settings } = present.settings
  const acl = present.ownership === 'BucketOwnerEnforced' ? undefined : wanted.settings['Acl']
  return { ...present, settings: acl === undefined ? settings : { ...settings, Acl: acl } }
}

/** The region that the request asks for, by its endpoint and its `LocationConstraint`. */
function bucketRegion(input: CreateInput, call: Call): string {
  const { Location, Bucket, LocationConstraint: constraint } = input.CreateBucketConfiguration ?? {}
  if (Location !== undefined || Bucket !== undefined)
    throw new AwsError('NotImplemented', 'Directory buckets are not implemented', 501)
  if (constraint === undefined) {
    if (call.region !== 'us-east-1') throw illegalLocation('unspecified')
    return call.region
  }
  if (!regionPattern.test(constraint) || constraint === ('us-east-1' as string))
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
      LocationConstraint: constraint,
    })
  const region = constraint === 'EU' ? 'eu-west-1' : constraint
  // The endpoint of us-east-1 creates buckets everywhere, every other only in its own region.
  if (call.region !== 'us-east-1' && region !== call.region) throw illegalLocation(constraint)
  return region
}

function illegalLocation(constraint: string): AwsError {
  return new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    400,
  )
}

function checkName(input: CreateInput, name: string, call: Call, region: string): void {
  if (!isBucketName(name))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name })
  if (input.BucketNamespace === undefined || input.BucketNamespace === 'global') return
  if (input.BucketNamespace !== 'account-regional')
    throw invalidArgument('Invalid bucket namespace', 'x-amz-bucket-namespace', input.BucketNamespace)
  if (!isAccountRegionalName(name, call.caller.account, region))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name })
}

function newBucket(
  deps: BucketDeps,
  input: CreateInput,
  call: Call,
  name: string,
  region: string,
): BucketRecord {
  const { account } = call.caller
  if (!/^\d{12}$/.test(account)) throw new AwsError('AccessDenied', 'Access Denied', 403)
  if (input.ObjectOwnership !== undefined && !ownerships.has(input.ObjectOwnership))
    throw invalidArgument(
      'Invalid x-amz-object-ownership header',
      'x-amz-object-ownership',
      input.ObjectOwnership,
    )
  const legacy = deps.legacyBucketDefaults
  const ownership = input.ObjectOwnership ?? (legacy ? undefined : 'BucketOwnerEnforced')
  const tagSet = input.CreateBucketConfiguration?.Tags
  const tags = tagSet === undefined || tagSet.length === 0 ? undefined : parseTagSet(tagSet)
  const lock: ObjectLockSettings | undefined = input.ObjectLockEnabledForBucket
    ? { enabled: true }
    : undefined
  const bucket: BucketRecord = {
    name,
    account,
    region,
    createdMs: Math.floor(call.timeMs / 1000) * 1000,
    ...(ownership === undefined ? {} : { ownership }),
    ...(legacy ? {} : { publicAccessBlock: allBlocked }),
    // Object Lock takes versioning, which it switches on. [S3 guide, "Locking objects with Object Lock"]
    ...(lock === undefined ? {} : { objectLock: lock, versioning: 'Enabled' as const }),
    ...(tags === undefined ? {} : { tags }),
    encryption: { algorithm: 'AES256', bucketKey: false },
    settings: {},
  }
  const grants = parseAclRequest(input, account)
  if (grants === undefined) return bucket
  if (ownership === 'BucketOwnerEnforced') {
    if (!grantsToOthers(grants, account)) return bucket
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      400,
    )
  }
  if (isPublicAcl(grants) && effectiveAccessBlock(deps, bucket).blockPublicAcls)
    throw new AwsError(
      'InvalidBucketAclWithBlockPublicAccessError',
      'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
      400,
    )
  return { ...bucket, settings: { Acl: grants } }
}

/** Objects, older versions, delete markers and uploads that are under way keep a bucket alive. */
function refuseUnlessEmpty(deps: BucketDeps, bucket: BucketRecord): void {
  const { current, older, uploads } = deps.state
  const hasRow = (table: { range(options: object): Iterable<unknown> }): boolean => {
    for (const _ of table.range({ start: [bucket.name], end: [`${bucket.name}!`], limit: 1 })) return true
    return false
  }
  const notEmpty = (message: string): AwsError =>
    new AwsError('BucketNotEmpty', message, 409, { BucketName: bucket.name })
  if (hasRow(current) || hasRow(older))
    throw notEmpty(
      bucket.versioning === undefined
        ? 'The bucket you tried to delete is not empty'
        : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
    )
  if (hasRow(uploads))
    throw notEmpty(
      'The bucket you tried to delete is not empty. You must abort all multipart uploads in the bucket.',
    )
}

/** The caller's buckets by name. [API_ListBuckets] */
function listBuckets(
  deps: BucketDeps,
  input: OperationInput<'s3', 'ListBuckets'>,
  call: Call,
): OperationOutput<'s3', 'ListBuckets'> {
  const max = input.MaxBuckets
  if (max !== undefined && !(Number.isInteger(max) && max >= 1 && max <= 10_000))
    throw invalidArgument(
      'Argument max-buckets must be an integer between 1 and 10000',
      'max-buckets',
      `${max}`,
    )
  const after = input.ContinuationToken === undefined ? '' : readBucketToken(input.ContinuationToken)
  const prefix = input.Prefix ?? ''
  const isNarrowed =
    max !== undefined ||
    prefix !== '' ||
    input.BucketRegion !== undefined ||
    input.ContinuationToken !== undefined
  const found: BucketRecord[] = []
  let isTruncated = false
  for (const { value } of deps.state.buckets.range({ start: after > prefix ? after : prefix })) {
    if (!value.name.startsWith(prefix)) break
    if (value.name === after || value.account !== call.caller.account) continue
    if (input.BucketRegion !== undefined && value.region !== input.BucketRegion) continue
    if (found.length === max) {
      isTruncated = true
      break
    }
    found.push(value)
  }
  const last = found.at(-1)
  return {
    Buckets: found.map(({ name, createdMs, region }) => ({
      Name: name,
      CreationDate: new Date(createdMs),
      // "If the request contains at least one valid parameter, it is included in the response."
      BucketRegion: isNarrowed ? region : undefined,
    })),
    Owner: ownerOf(call.caller.account),
    ...(input.Prefix === undefined ? {} : { Prefix: prefix }),
    ...(isTruncated && last !== undefined
      ? { ContinuationToken: Buffer.from(`bucket:${last.name}`).toString('base64url') }
      : {}),
  }
}

function readBucketToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith('bucket:') || !isBucketName(text.slice(7)))
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
  return text.slice(7)
}
