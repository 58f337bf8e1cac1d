import { layersOf, type Account, type AccountRole } from '@ringfence/check'
import { authorize, compileDocument, compileLayers } from '@ringfence/policy'

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
    }

const asked = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'] as const
const keys = ['raw/day-1', 'top'] as const

/**
 * Which of a fixed set of requests `authorize` allows at an instant by the policies that an account has: reading,
 * writing and deleting below a prefix and beside it, and listing, in each bucket, and what would open the fence.
 */
export function whatIsAllowed(account: Account, credential: Credential, nowMs: number): ReadonlySet<string> {
  const holder =
    credential.kind === 'user'
      ? account.users.find(({ name }) => name === credential.name)
      : account.roles.find(({ name }) => name === credential.role)
  const allowed = new Set<string>()
  if (holder === undefined || isAnother(holder, credential)) return allowed
  const principal =
    credential.kind === 'user'
      ? holder.arn
      : `arn:aws:sts::${account.account}:assumed-role/${holder.name}/${credential.name}`
  const context = {
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': instant(nowMs),
    ...(credential.kind === 'user'
      ? {}
      : { 'aws:TokenIssueTime': instant(credential.issuedAtMs), 'aws:PrincipalArn': holder.arn }),
    ...Object.fromEntries(
      Object.entries(holder.tags ?? {}).map(([name, value]) => [`aws:PrincipalTag/${name}`, value]),
    ),
  }
  for (const bucket of account.resources) {
    if (bucket.kind !== 'bucket') continue
    const layers = compileLayers(layersOf(account, holder, bucket).question.layers)
    const ask = (action: string, resource: string, more: Readonly<Record<string, string>> = {}): void => {
      const request = {
        principal,
        action,
        resource,
        resourceAccount: account.account,
        context: { ...context, ...more },
      }
      if (authorize(request, layers).decision === 'allow') allowed.add(`${action} ${resource}`)
    }
    for (const action of asked) for (const key of keys) ask(action, `${bucket.arn}/${key}`)
    ask('s3:ListBucket', bucket.arn, { 's3:prefix': 'raw/' })
    ask('s3:PutBucketPolicy', bucket.arn)
    ask('s3:DeleteBucketPolicy', bucket.arn)
  }
  return allowed
}

/** Whether a role is not the one that a session is of; a planned one has no id yet. */
function isAnother({ uniqueId }: { readonly uniqueId?: string }, credential: Credential): boolean {
  return credential.kind === 'session' && uniqueId !== undefined && uniqueId !== credential.roleId
}

/** Whether the trust of a role lets somebody in whom the account's SAML provider vouches for. */
export function mayTakeOn(account: Account, role: AccountRole, subject: string, nowMs: number): boolean {
  const [provider] = account.identityProviders
  if (provider === undefined) return false
  const trust = compileDocument(role.trust.document, { kind: 'trust', name: role.trust.name })
  const request = {
    principal: provider,
    action: 'sts:AssumeRoleWithSAML',
    resource: role.arn,
    context: {
      'SAML:aud': 'https://signin.aws.amazon.com/saml',
      'SAML:sub': subject,
      'aws:CurrentTime': instant(nowMs),
      'aws:SecureTransport': 'true',
    },
  }
  return authorize(request, { resourcePolicy: trust }).decision === 'allow'
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z')
}
