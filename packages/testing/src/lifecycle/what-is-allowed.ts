import { authorize, type Layers } from '@ringfence/policy'
import type { AccessView, Fences, Holder, Standing } from './access-view.js'
import { compiledOf, type Document, timeClass } from './documents.js'

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

const asked = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'] as const
const keys = ['raw/day-1', 'top'] as const
export const nothing: ReadonlySet<string> = new Set()

/**
 * Which of a fixed set of requests `authorize` allows at an instant by the policies that an account has: reading,
 * writing and deleting below a prefix and beside it, and listing, in each bucket, and what would open the fence.
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
  const key = `${standing.id} ${fences.id} ${credential.name} ${classOf(nowMs)}${times}`
  let answer = answers.get(key)
  if (answer === undefined) {
    answer = ask({ account: view.account, role: holder.name, standing, fences, credential, nowMs })
    if (answers.size >= mostAnswers) answers.clear()
    answers.set(key, answer)
  }
  return answer
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

/** By all that an answer depends on: policies, who asks, and where the two instants are among those of the policies. */
const answers = new Map<string, ReadonlySet<string>>()
const answersByBucket = new Map<string, ReadonlySet<string>>()
const mostAnswers = 200_000

function ask(question: Question): ReadonlySet<string> {
  const { fences } = question
  const allowed = new Set<string>()
  for (const [bucket, fence] of fences.byBucket)
    for (const request of allowedIn(bucket, fence, question)) allowed.add(request)
  return allowed
}

/** The same for one bucket: a change of another one's policy changes nothing here. */
function allowedIn(bucket: string, fence: Document | undefined, question: Question): ReadonlySet<string> {
  const { credential, nowMs, standing } = question
  const instants = [standing.instantsMs, fence?.instantsMs ?? []]
  const times = credential.kind === 'user' ? [nowMs] : [nowMs, credential.issuedAtMs]
  const classes = times.flatMap((time) => instants.map((some) => timeClass(some, time)))
  const key = `${standing.id} ${bucket} ${fence?.id ?? '-'} ${credential.name} ${classes.join(' ')}`
  let answer = answersByBucket.get(key)
  if (answer === undefined) {
    answer = new Set(askOf(bucket, fence, question))
    if (answersByBucket.size >= mostAnswers) answersByBucket.clear()
    answersByBucket.set(key, answer)
  }
  return answer
}

function askOf(
  bucket: string,
  fence: Document | undefined,
  { account, credential, nowMs, role, standing }: Question,
): readonly string[] {
  const { arn: principalArn, boundary, policies, tags } = standing
  const layers: Layers = {
    identityPolicies: policies.map((one) => compiledOf(one, 'identity')),
    ...(boundary === undefined ? {} : { permissionsBoundary: [compiledOf(boundary, 'boundary')] }),
    ...(fence === undefined ? {} : { resourcePolicy: compiledOf(fence, 'resource') }),
  }
  const isUser = credential.kind === 'user'
  const context = {
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': instant(nowMs),
    'aws:PrincipalArn': principalArn,
    ...(isUser ? {} : { 'aws:TokenIssueTime': instant(credential.issuedAtMs) }),
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, value])),
  }
  const session = `arn:aws:sts::${account}:assumed-role/${role}/${credential.name}`
  const isAllowed = (action: string, resource: string, more: Readonly<Record<string, string>> = {}) =>
    authorize(
      {
        principal: isUser ? principalArn : session,
        action,
        resource,
        resourceAccount: account,
        context: { ...context, ...more },
      },
      layers,
    ).decision === 'allow'
  const arn = `arn:aws:s3:::${bucket}`
  return [
    ...asked.flatMap((action) =>
      keys
        .map((key) => [action, `${arn}/${key}`] as const)
        .filter((request) => isAllowed(...request))
        .map((request) => request.join(' ')),
    ),
    ...(isAllowed('s3:ListBucket', arn, { 's3:prefix': 'raw/' }) ? [`s3:ListBucket ${arn}`] : []),
    ...['s3:PutBucketPolicy', 's3:DeleteBucketPolicy']
      .filter((action) => isAllowed(action, arn))
      .map((action) => `${action} ${arn}`),
  ]
}

const trusted = new Map<string, boolean>()

/** Whether the trust of a role lets somebody in whom the account's SAML provider vouches for. */
export function mayTakeOn(
  { standing, trust }: Holder,
  provider: string,
  subject: string,
  nowMs: number,
): boolean {
  if (trust === undefined) return false
  const { arn } = standing
  const key = `${arn} ${provider} ${subject} ${trust.id} ${timeClass(trust.instantsMs, nowMs)}`
  let isTrusted = trusted.get(key)
  if (isTrusted === undefined) {
    const request = {
      principal: provider,
      action: 'sts:AssumeRoleWithSAML',
      resource: arn,
      context: {
        'SAML:aud': 'https://signin.aws.amazon.com/saml',
        'SAML:sub': subject,
        'aws:CurrentTime': instant(nowMs),
        'aws:SecureTransport': 'true',
      },
    }
    isTrusted = authorize(request, { resourcePolicy: compiledOf(trust, 'trust') }).decision === 'allow'
    trusted.set(key, isTrusted)
  }
  return isTrusted
}

function instant(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`
}
