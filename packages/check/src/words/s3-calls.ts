import type { AskedRequest, AwsCall, CallMaker } from './aws-call.js'

type Options = AwsCall['options']

const bucketOf = (asked: AskedRequest): Options => [['bucket', asked.bucket]]
const objectOf = (asked: AskedRequest): Options => [...bucketOf(asked), ['key', asked.objectKey]]

/** A call about a bucket. */
function onBucket(operation: string, more: Options = [], notes: readonly string[] = []): CallMaker {
  return (asked) =>
    asked.name.includes('/')
      ? `${asked.spelling} takes a bucket, and ${asked.resource} is none`
      : { operation: `s3api ${operation}`, options: [...bucketOf(asked), ...more], notes }
}

/** A call about an object, of one version with `version`. */
function onObject(
  operation: string,
  more: (asked: AskedRequest) => Options = () => [],
  rest: { readonly version?: true; readonly output?: string; readonly notes?: readonly string[] } = {},
): CallMaker {
  return (asked) => {
    if (asked.objectKey === '') return `${asked.spelling} takes an object, and ${asked.resource} is none`
    const version = rest.version === undefined ? undefined : (asked.key('s3:VersionId') ?? 'VERSION_ID')
    const notes = version === 'VERSION_ID' ? ['list-object-versions tells which VERSION_ID there are'] : []
    return {
      operation: `s3api ${operation}`,
      options: [...objectOf(asked), ['version-id', version], ...more(asked)],
      ...(rest.output === undefined ? {} : { output: rest.output }),
      notes: [...notes, ...(rest.notes ?? [])],
    }
  }
}

function uploadOptions(asked: AskedRequest): Options {
  const algorithm = asked.key('s3:x-amz-server-side-encryption-customer-algorithm')
  return [
    ['acl', asked.key('s3:x-amz-acl')],
    ['server-side-encryption', asked.key('s3:x-amz-server-side-encryption')],
    ['ssekms-key-id', asked.key('s3:x-amz-server-side-encryption-aws-kms-key-id')],
    ['storage-class', asked.key('s3:x-amz-storage-class')],
    ['sse-customer-algorithm', algorithm],
    ['sse-customer-key', algorithm === undefined ? undefined : 'fileb://customer-key'],
  ]
}

function upload(operation: string): CallMaker {
  const plain = onObject(operation, uploadOptions)
  return (asked) => {
    const call = plain(asked)
    if (
      typeof call === 'string' ||
      asked.key('s3:x-amz-server-side-encryption-customer-algorithm') === undefined
    )
      return call
    return { ...call, notes: [...(call.notes ?? []), 'customer-key is a file with 32 bytes'] }
  }
}

function listing(operation: string): CallMaker {
  return (asked) =>
    asked.name.includes('/')
      ? `${asked.spelling} takes a bucket, and ${asked.resource} is none`
      : {
          operation: `s3api ${operation}`,
          options: [
            ...bucketOf(asked),
            ['prefix', asked.key('s3:prefix')],
            ['delimiter', asked.key('s3:delimiter')],
            ['page-size', asked.key('s3:max-keys')],
          ],
        }
}

const UPLOAD_ID = 'list-multipart-uploads tells which UPLOAD_ID there are'
const POLICY_FILE = 'policy.json holds the new policy'
const OPEN =
  'BlockPublicAcls=false,IgnorePublicAcls=false,BlockPublicPolicy=false,RestrictPublicBuckets=false'
const LARGE = 'body.json holds the new setting; aws s3api … --generate-cli-skeleton shows its shape'
const acl = (asked: AskedRequest): Options => [['acl', asked.key('s3:x-amz-acl') ?? 'private']]
const tagging = (): Options => [['tagging', 'TagSet=[{Key=ringfence,Value=tried}]']]

/** Calls of S3 by action, in lower case. [s3api reference; Service Authorization Reference, S3] */
export const s3Calls: Readonly<Record<string, CallMaker>> = {
  's3:getobject': onObject('get-object', () => [], { output: '/dev/null' }),
  's3:getobjectversion': onObject('get-object', () => [], { version: true, output: '/dev/null' }),
  's3:getobjectacl': onObject('get-object-acl'),
  's3:getobjectversionacl': onObject('get-object-acl', () => [], { version: true }),
  's3:getobjecttagging': onObject('get-object-tagging'),
  's3:getobjectversiontagging': onObject('get-object-tagging', () => [], { version: true }),
  's3:getobjectattributes': onObject('get-object-attributes', () => [['object-attributes', 'ETag']], {
    notes: ['S3 asks for s3:GetObject as well'],
  }),
  's3:getobjectversionattributes': onObject('get-object-attributes', () => [['object-attributes', 'ETag']], {
    version: true,
    notes: ['S3 asks for s3:GetObjectVersion as well'],
  }),
  's3:getobjectlegalhold': onObject('get-object-legal-hold'),
  's3:getobjectretention': onObject('get-object-retention'),
  's3:getobjecttorrent': onObject('get-object-torrent', () => [], { output: '/dev/null' }),
  's3:restoreobject': onObject('restore-object', () => [['restore-request', 'Days=1']]),
  's3:putobject': upload('put-object'),
  's3:putobjectacl': onObject('put-object-acl', acl),
  's3:putobjectversionacl': onObject('put-object-acl', acl, { version: true }),
  's3:putobjecttagging': onObject('put-object-tagging', tagging),
  's3:putobjectversiontagging': onObject('put-object-tagging', tagging, { version: true }),
  's3:putobjectlegalhold': onObject('put-object-legal-hold', () => [['legal-hold', 'Status=OFF']]),
  's3:deleteobject': onObject('delete-object'),
  's3:deleteobjectversion': onObject('delete-object', () => [], { version: true }),
  's3:deleteobjecttagging': onObject('delete-object-tagging'),
  's3:deleteobjectversiontagging': onObject('delete-object-tagging', () => [], { version: true }),
  's3:abortmultipartupload': onObject('abort-multipart-upload', () => [['upload-id', 'UPLOAD_ID']], {
    notes: [UPLOAD_ID],
  }),
  's3:listmultipartuploadparts': onObject('list-parts', () => [['upload-id', 'UPLOAD_ID']], {
    notes: [UPLOAD_ID],
  }),
  's3:listbucket': listing('list-objects-v2'),
  's3:listbucketversions': listing('list-object-versions'),
  's3:listbucketmultipartuploads': listing('list-multipart-uploads'),
  's3:listallmybuckets': () => ({ operation: 's3api list-buckets', options: [] }),
  's3:createbucket': (asked) => {
    const place = asked.key('s3:LocationConstraint') ?? asked.region
    const isDefault = place === undefined || place === 'us-east-1'
    const configuration = isDefault ? undefined : `LocationConstraint=${place}`
    return onBucket('create-bucket', [['create-bucket-configuration', configuration]])(asked)
  },
  's3:deletebucket': onBucket('delete-bucket'),
  's3:getbucketacl': onBucket('get-bucket-acl'),
  's3:putbucketacl': (asked) => onBucket('put-bucket-acl', acl(asked))(asked),
  's3:getbucketcors': onBucket('get-bucket-cors'),
  's3:putbucketcors': onBucket('put-bucket-cors', [['cors-configuration', 'file://body.json']], [LARGE]),
  's3:getbucketlocation': onBucket('get-bucket-location'),
  's3:getbucketlogging': onBucket('get-bucket-logging'),
  's3:putbucketlogging': onBucket('put-bucket-logging', [['bucket-logging-status', '{}']]),
  's3:getbucketnotification': onBucket('get-bucket-notification-configuration'),
  's3:putbucketnotification': onBucket('put-bucket-notification-configuration', [
    ['notification-configuration', '{}'],
  ]),
  's3:getbucketownershipcontrols': onBucket('get-bucket-ownership-controls'),
  's3:putbucketownershipcontrols': onBucket('put-bucket-ownership-controls', [
    ['ownership-controls', 'Rules=[{ObjectOwnership=ObjectWriter}]'],
  ]),
  's3:getbucketpolicy': onBucket('get-bucket-policy'),
  's3:putbucketpolicy': onBucket('put-bucket-policy', [['policy', 'file://policy.json']], [POLICY_FILE]),
  's3:deletebucketpolicy': onBucket('delete-bucket-policy'),
  's3:getbucketpolicystatus': onBucket('get-bucket-policy-status'),
  's3:getbucketpublicaccessblock': onBucket('get-public-access-block'),
  's3:putbucketpublicaccessblock': onBucket('put-public-access-block', [
    ['public-access-block-configuration', OPEN],
  ]),
  's3:getbucketrequestpayment': onBucket('get-bucket-request-payment'),
  's3:putbucketrequestpayment': onBucket('put-bucket-request-payment', [
    ['request-payment-configuration', 'Payer=BucketOwner'],
  ]),
  's3:getbuckettagging': onBucket('get-bucket-tagging'),
  's3:putbuckettagging': onBucket('put-bucket-tagging', tagging()),
  's3:getbucketversioning': onBucket('get-bucket-versioning'),
  's3:putbucketversioning': onBucket('put-bucket-versioning', [
    ['versioning-configuration', 'Status=Suspended'],
  ]),
  's3:getbucketwebsite': onBucket('get-bucket-website'),
  's3:putbucketwebsite': onBucket('put-bucket-website', [
    ['website-configuration', 'IndexDocument={Suffix=index.html}'],
  ]),
  's3:deletebucketwebsite': onBucket('delete-bucket-website'),
  's3:getencryptionconfiguration': onBucket('get-bucket-encryption'),
  's3:putencryptionconfiguration': onBucket('put-bucket-encryption', [
    [
      'server-side-encryption-configuration',
      'Rules=[{ApplyServerSideEncryptionByDefault={SSEAlgorithm=AES256}}]',
    ],
  ]),
  's3:getlifecycleconfiguration': onBucket('get-bucket-lifecycle-configuration'),
  's3:putlifecycleconfiguration': onBucket(
    'put-bucket-lifecycle-configuration',
    [['lifecycle-configuration', 'file://body.json']],
    [LARGE],
  ),
  's3:getreplicationconfiguration': onBucket('get-bucket-replication'),
  's3:putreplicationconfiguration': onBucket(
    'put-bucket-replication',
    [['replication-configuration', 'file://body.json']],
    [LARGE],
  ),
  's3:getaccelerateconfiguration': onBucket('get-bucket-accelerate-configuration'),
  's3:putaccelerateconfiguration': onBucket('put-bucket-accelerate-configuration', [
    ['accelerate-configuration', 'Status=Suspended'],
  ]),
}
