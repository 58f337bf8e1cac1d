import { authorize, type Layers, type RequestContext } from '@ringfence/policy'
import {
  fenceText,
  instantsOf,
  type AccessView,
  type Fence,
  type Fences,
  type Holder,
  type Standing,
} from './access-view.js'
import { compiledOf, sortedInstants, timeClass, type Document } from './documents.js'
import { platform, teams, vouchers, type Voucher } from './small-organization.js'

/** Somebody who may send requests: an IAM user by their key, or a person in a session of a role. */
export type Credential =
  | { readonly kind: 'user'; readonly name: string }
  | {
      readonly kind: 'session'
      readonly name: string
      readonly role: string
      /** A role that is deleted takes its sessions along, although another one may get its name. */
      readonly roleId: string | undefined
      /** Epoch milliseconds. */
      readonly issuedAtMs: number
      readonly endsAtMs: number
    }

/** What is done with objects, and what of it S3 asks of the key. */
const objectActions = [
  { action: 's3:GetObject', needs: ['kms:Decrypt'] },
  { action: 's3:PutObject', needs: ['kms:GenerateDataKey'] },
  { action: 's3:DeleteObject', needs: [] },
]
const objects = ['raw/day-1', 'top']
/** Asked of a key directly, and so of nobody who does not administer it. */
const keyActions = ['kms:Decrypt', 'kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']
/** What is done with what teams run on the platform; `key`: by which their team is told. */
const platformActions = [
  { action: 'sagemaker:CreateTrainingJob', kind: 'training-job', key: 'aws:RequestTag' },
  { action: 'sagemaker:StopTrainingJob', kind: 'training-job', key: 'aws:ResourceTag' },
  { action: 'sagemaker:CreateModel', kind: 'model', key: 'aws:RequestTag' },
  { action: 'sagemaker:DeleteEndpoint', kind: 'endpoint', key: 'aws:ResourceTag' },
  { action: 'sagemaker:InvokeEndpoint', kind: 'endpoint', key: undefined },
]
const passedToSageMaker = { 'iam:PassedToService': 'sagemaker.amazonaws.com' }
/** Policies name keys by their aliases. */
const someKey = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000'
export const nothing: ReadonlySet<string> = new Set()

/**
 * Which of a fixed set of requests `authorize` allows at an instant by the policies that an account has: reading,
 * writing and deleting below a prefix and beside it, with the bucket's key where it has one, and listing, in each bucket,
 * what would open the fence or the key, and what is done on the platform.
 */
export function whatIsAllowed(view: AccessView, credential: Credential, nowMs: number): ReadonlySet<string> {
  const holder =
    credential.kind === 'user' ? view.users.get(credential.name) : view.roles.get(credential.role)
  if (holder === undefined || hasEnded(holder, credential, nowMs)) return nothing
  const { standing } = holder
  const { fences } = view
  const classOf = (timeMs: number) =>
    `${timeClass(standing.instantsMs, timeMs)} ${timeClass(fences.instantsMs, timeMs)}`
  const times = credential.kind === 'user' ? '' : ` ${classOf(credential.issuedAtMs)}`
  const key = `${standing.id} ${fences.id} ${classOf(nowMs)}${times}${whose(standing, credential)}`
  let answer = answers.get(key)
  if (answer === undefined) {
    answer = ask({ account: view.account, role: holder.name, standing, fences, credential, nowMs })
    if (answers.size >= mostAnswers) answers.clear()
    answers.set(key, answer)
  }
  return answer
}

/** Whose session it is, where the role's policies tell members apart. */
function whose({ policies }: Standing, { kind, name }: Credential): string {
  return kind === 'session' && policies.some(({ namesMembers }) => namesMembers) ? ` ${name}` : ''
}

function hasEnded({ uniqueId }: Holder, credential: Credential, nowMs: number): boolean {
  if (credential.kind === 'user') return false
  return (uniqueId !== undefined && uniqueId !== credential.roleId) || nowMs >= credential.endsAtMs
}

interface Question {
  readonly account: string
  readonly role: string
  readonly standing: Standing
  readonly fences: Fences
  readonly credential: Credential
  readonly nowMs: number
}

/**
 * By all that an answer depends on: policies, who asks, and where the two instants are among those of the policies.
 * Sessions of a role are alike but for whose they are: see `documentOf`.
 */
const answers = new Map<string, ReadonlySet<string>>()
const answersByBucket = new Map<string, ReadonlySet<string>>()
const answersOnPlatform = new Map<string, ReadonlySet<string>>()
const mostAnswers = 200_000

function ask(question: Question): ReadonlySet<string> {
  const { fences } = question
  const allowed = new Set(allowedOnPlatform(question))
  for (const [bucket, fence] of fences.byBucket)
    for (const request of allowedIn(bucket, fence, question)) allowed.add(request)
  return allowed
}

/** The same for one bucket: a change of another one's policy changes nothing here. */
function allowedIn(bucket: string, fence: Fence, question: Question): ReadonlySet<string> {
  const { credential, nowMs, standing } = question
  const instants = [standing.instantsMs, sortedInstants(instantsOf(fence))]
  const times = credential.kind === 'user' ? [nowMs] : [nowMs, credential.issuedAtMs]
  const classes = times.flatMap((time) => instants.map((some) => timeClass(some, time)))
  const key = `${standing.id} ${bucket} ${fenceText(fence)} ${classes.join(' ')}${whose(standing, credential)}`
  let answer = answersByBucket.get(key)
  if (answer === undefined) {
    answer = new Set(askOf(bucket, fence, question))
    if (answersByBucket.size >= mostAnswers) answersByBucket.clear()
    answersByBucket.set(key, answer)
  }
  return answer
}

/** The same for the platform, around which nothing stands. */
function allowedOnPlatform(question: Question): ReadonlySet<string> {
  const { credential, nowMs, standing } = question
  const times = credential.kind === 'user' ? [nowMs] : [nowMs, credential.issuedAtMs]
  const classes = times.map((time) => timeClass(standing.instantsMs, time))
  const key = `${standing.id} ${classes.join(' ')}${whose(standing, credential)}`
  let answer = answersOnPlatform.get(key)
  if (answer === undefined) {
    answer = new Set(askOfPlatform(question))
    if (answersOnPlatform.size >= mostAnswers) answersOnPlatform.clear()
    answersOnPlatform.set(key, answer)
  }
  return answer
}

function askOfPlatform(question: Question): readonly string[] {
  const isAllowed = decider(question)
  const arn = (kind: string, team: string) =>
    `arn:aws:sagemaker:eu-west-1:${question.account}:${kind}/${platform}--${team}--one`
  const asked = teams.flatMap((team) =>
    platformActions.map(({ action, kind, key }) => ({
      action,
      resource: arn(kind, team),
      more: key === undefined ? {} : { [`${key}/ringfence:team`]: team },
    })),
  )
  const role = `arn:aws:iam::${question.account}:role/ringfence/lab/lab-${platform}-execution`
  const pass = { action: 'iam:PassRole', resource: role, more: passedToSageMaker }
  return [...asked, pass].flatMap(({ action, more, resource }) =>
    isAllowed(action, resource, undefined, more) ? [`${action} ${resource}`] : [],
  )
}

type IsAllowed = (
  action: string,
  resource: string,
  policy: Document | undefined,
  more?: RequestContext,
) => boolean

/** What `authorize` says to somebody's requests, with the policy of a resource or without one. */
function decider({ account, credential, nowMs, role, standing }: Question): IsAllowed {
  const { arn: principalArn, boundary, policies, tags } = standing
  const layers: Layers = {
    identityPolicies: policies.map((one) => compiledOf(one, 'identity')),
    ...(boundary === undefined ? {} : { permissionsBoundary: [compiledOf(boundary, 'boundary')] }),
  }
  const isUser = credential.kind === 'user'
  const context = {
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': instant(nowMs),
    'aws:PrincipalArn': principalArn,
    ...(isUser ? {} : { 'aws:TokenIssueTime': instant(credential.issuedAtMs) }),
    ...(isUser ? {} : vouchers.get(credential.name)?.context),
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, value])),
  }
  const session = `arn:aws:sts::${account}:assumed-role/${role}/${credential.name}`
  return (action, resource, policy, more = {}) =>
    authorize(
      {
        principal: isUser ? principalArn : session,
        action,
        resource,
        resourceAccount: account,
        context: { ...context, ...more },
      },
      { ...layers, ...(policy === undefined ? {} : { resourcePolicy: compiledOf(policy, 'resource') }) },
    ).decision === 'allow'
}

function askOf(bucket: string, fence: Fence, question: Question): readonly string[] {
  const isAllowed = decider(question)
  const arn = `arn:aws:s3:::${bucket}`
  const ofBucket = (action: string, resource = arn, more: RequestContext = {}) =>
    isAllowed(action, resource, fence.policy, more) ? [`${action} ${resource}`] : []
  const { key } = fence
  const mayUse = (action: string, more: RequestContext = {}) =>
    key === undefined ||
    (key.policy !== undefined &&
      isAllowed(action, someKey, key.policy, { ...more, 'kms:ResourceAliases': [key.alias] }))
  const throughS3 = {
    'kms:ViaService': 's3.eu-west-1.amazonaws.com',
    'kms:EncryptionContext:aws:s3:arn': arn,
  }
  return [
    ...objectActions.flatMap(({ action, needs }) =>
      needs.every((one) => mayUse(one, throughS3))
        ? objects.flatMap((object) => ofBucket(action, `${arn}/${object}`))
        : [],
    ),
    ...ofBucket('s3:ListBucket', arn, { 's3:prefix': 'raw/' }),
    ...['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutEncryptionConfiguration'].flatMap((action) =>
      ofBucket(action),
    ),
    ...(key === undefined ? [] : keyActions.filter((action) => mayUse(action))).map(
      (action) => `${action} ${key?.alias}`,
    ),
  ]
}

const trusted = new Map<string, boolean>()

/** Whether the trust of a role lets somebody in, or Identity Center does into one of its own. */
export function mayTakeOn({ letsIn, standing, trust }: Holder, voucher: Voucher, nowMs: number): boolean {
  const { userName } = voucher
  if (letsIn !== undefined || userName !== undefined)
    return userName !== undefined && letsIn?.has(userName) === true
  if (trust === undefined) return false
  const { arn } = standing
  const { action, asking, context, name, provider } = voucher
  const key = `${arn} ${name} ${trust.id} ${timeClass(trust.instantsMs, nowMs)}`
  let isTrusted = trusted.get(key)
  if (isTrusted === undefined) {
    const now = { 'aws:CurrentTime': instant(nowMs), 'aws:SecureTransport': 'true' }
    const request = { principal: provider, action, resource: arn, context: { ...context, ...asking, ...now } }
    isTrusted = authorize(request, { resourcePolicy: compiledOf(trust, 'trust') }).decision === 'allow'
    trusted.set(key, isTrusted)
  }
  return isTrusted
}

function instant(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`
}
