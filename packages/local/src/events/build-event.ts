import { randomUUID } from 'node:crypto'
import type { Call, Caller, ServiceName } from '../call.js'
import type { Outcome } from '../http/deps.js'
import type { CloudTrailEvent } from '../local-aws.js'
import { redact } from './redact.js'

const sources: Readonly<Record<ServiceName, string>> = {
  s3: 's3.amazonaws.com',
  's3-control': 's3.amazonaws.com',
  iam: 'iam.amazonaws.com',
  sts: 'sts.amazonaws.com',
  sagemaker: 'sagemaker.amazonaws.com',
  'sagemaker-runtime': 'sagemaker.amazonaws.com',
  kms: 'kms.amazonaws.com',
  organizations: 'organizations.amazonaws.com',
  'sso-admin': 'sso.amazonaws.com',
  identitystore: 'sso-directory.amazonaws.com',
  cloudtrail: 'cloudtrail.amazonaws.com',
  secretsmanager: 'secretsmanager.amazonaws.com',
}

/** Where CloudTrail calls an operation otherwise than the SDK (S3 User Guide, "CloudTrail events"). */
const names: Readonly<Record<string, string>> = {
  's3:ListObjectsV2': 'ListObjects',
  's3:GetPublicAccessBlock': 'GetBucketPublicAccessBlock',
  's3:PutPublicAccessBlock': 'PutBucketPublicAccessBlock',
  's3:DeletePublicAccessBlock': 'DeleteBucketPublicAccessBlock',
  's3:GetBucketLifecycleConfiguration': 'GetBucketLifecycle',
  's3:PutBucketLifecycleConfiguration': 'PutBucketLifecycle',
  's3:GetBucketNotificationConfiguration': 'GetBucketNotification',
  's3:PutBucketNotificationConfiguration': 'PutBucketNotification',
  's3-control:GetPublicAccessBlock': 'GetAccountPublicAccessBlock',
  's3-control:PutPublicAccessBlock': 'PutAccountPublicAccessBlock',
  's3-control:DeletePublicAccessBlock': 'DeleteAccountPublicAccessBlock',
}

const readOnlyName =
  /^(Get|List|Head|Describe|Lookup|Simulate|Select|Encrypt|Decrypt|GenerateDataKey|AssumeRole)/

/**
 * One request as a CloudTrail record (CloudTrail User Guide, "Record contents"), with its decisions. `account`
 * is the server's own, for requests that nobody signed.
 */
export function buildEvent(outcome: Outcome, account: string): CloudTrailEvent {
  const { call, input, output, error, trail } = outcome
  const readOnly = readOnlyName.test(call.operation)
  const answered = error === undefined && (!readOnly || call.service === 'sts')
  return {
    eventVersion: '1.11',
    eventTime: isoSeconds(call.timeMs),
    eventSource: sources[call.service],
    eventName: names[`${call.service}:${call.operation}`] ?? call.operation,
    awsRegion: call.region,
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent,
    userIdentity: userIdentity(call.caller),
    requestParameters: requestParameters(call, input),
    responseElements: answered ? redact(output) : null,
    requestID: call.requestId,
    eventID: randomUUID(),
    readOnly,
    recipientAccountId: call.caller.account === '' ? account : call.caller.account,
    ...(error === undefined ? {} : { errorCode: error.code, errorMessage: error.message }),
    ...(trail.length === 0 ? {} : { additionalEventData: { authorization: trail } }),
  }
}

function isoSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`
}

function requestParameters(call: Call, input: unknown): Readonly<Record<string, unknown>> | null {
  const parameters = redact(input)
  if (parameters === null || call.service !== 's3' || !('bucket' in parameters)) return parameters
  const { bucket, ...rest } = parameters
  return { bucketName: bucket, ...rest }
}

/** CloudTrail User Guide, "userIdentity element". */
function userIdentity(caller: Caller): Readonly<Record<string, unknown>> {
  const { principal, account, userId, accessKeyId, session } = caller
  if (principal === 'anonymous') {
    return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }
  }
  const type = identityType(principal)
  return {
    type,
    principalId: userId,
    arn: principal,
    accountId: account,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(type === 'IAMUser' ? { userName: lastName(principal) } : {}),
    ...(session === undefined ? {} : { sessionContext: sessionContext(caller) }),
  }
}

function identityType(principal: string): string {
  if (principal.endsWith(':root')) return 'Root'
  if (principal.includes(':assumed-role/')) return 'AssumedRole'
  return principal.includes(':federated-user/') ? 'FederatedUser' : 'IAMUser'
}

function sessionContext({ account, userId, session }: Caller): Readonly<Record<string, unknown>> {
  if (session === undefined) return {}
  const issuer = {
    type: 'Role',
    principalId: userId.split(':')[0],
    arn: session.source,
    accountId: account,
    userName: lastName(session.source),
  }
  return {
    ...(session.source.includes(':role/') ? { sessionIssuer: issuer } : {}),
    attributes: {
      creationDate: isoSeconds(session.issuedAtMs),
      mfaAuthenticated: String(session.mfaAuthenticated),
    },
    ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
  }
}

function lastName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
