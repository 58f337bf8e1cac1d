import type { Finding, Names, Refutation } from '@ringfence/check'
import { awsCommand, requestWords } from '@ringfence/check'

/** What a finding says has to hold, as a sentence without an end. */
export function guaranteeWords({ guarantee, subject = '', target = '' }: Finding): string {
  const who = subjectWords(subject)
  switch (guarantee) {
    case 'works':
      return subject === '' ? `people can use ${target}` : `${who} can use ${target} as granted`
    case 'nothingElse':
      if (subject !== '') return `the policies of ${who} allow nothing but what is granted`
      return target.startsWith('role of')
        ? `nobody but whom the file lets in gets into the ${target}`
        : `nobody can do anything with ${target} but what is granted`
    case 'separate':
      return `nobody reaches two of ${target}`
    case 'never':
      return `${who} never may on ${target} what the guarantee names`
    case 'notPublic':
      return `${target} is not public`
    case 'tls':
      return `nothing can be done with ${target} without TLS`
    case 'fence':
      return target.startsWith('by ')
        ? `nobody but administrators can change the fence ${target}`
        : `nobody but administrators can change the fence of ${target}`
    case 'lockOut':
      return target.startsWith('platform/')
        ? `administrators can do everything with the jobs and endpoints of ${target}`
        : `administrators can change the fence of ${target}`
  }
}

function subjectWords(subject: string): string {
  const [kind, ...name] = subject.split('/')
  return kind === 'platform' ? `the jobs of platform ${name.join('/')}` : `${kind} ${name.join('/')}`
}

/** What a refutation shows, for people. */
export interface RefutationWords {
  /** Without an end: `member ada can read user-data-a/raw/x, without TLS, because …`. */
  readonly sentence: string
  /** The `aws` command that sends the request. */
  readonly command?: string
  /** What the command leaves to do, or why there is none. */
  readonly notes: readonly string[]
}

/** Tells a refutation: who can or cannot do what, and because of which statements. */
export function refutationWords(
  refutation: Refutation,
  names: Names,
  region: string | undefined,
): RefutationWords {
  const { decision, request } = refutation
  const isStranger = refutation.decidedBy.some(({ policy }) => policy === 'any policy')
  const isRefused = decision !== 'allow'
  const told = requestWords(request, names, { withAnyPolicy: isStranger && !isRefused, isRefused })
  const { command, notes } = awsCommand(request, region)
  const because = becauseWords(refutation)
  return {
    sentence: because === '' ? told : `${told}, because ${because}`,
    ...(command === undefined ? {} : { command }),
    notes,
  }
}

function becauseWords({ decidedBy, decision, missing }: Refutation): string {
  const named = decidedBy.filter(({ sid }) => sid !== undefined)
  if (named.length > 0) {
    const verb = decision === 'allow' ? 'allows' : 'denies'
    const statements = named.map(({ declaredAt, policy, sid }) => {
      const line = declaredAt === undefined ? '' : ` (line ${declaredAt.line})`
      return `statement ${sid} of ${policyWords(policy)}${line}`
    })
    const each = statements.join(' and ')
    return `${each} ${statements.length === 1 ? verb : verb.slice(0, -1)} it`
  }
  if (decision === 'allow') return 'no statement denies it'
  return missing === undefined ? '' : `no statement ${layerWords[missing] ?? `of ${missing}`} allows it`
}

const layerWords: Readonly<Record<string, string>> = {
  serviceControl: 'of a service control policy',
  resourceControl: 'of a resource control policy',
  resource: 'of the policy of what is asked for',
  identity: 'of their own policies',
  boundary: 'of their permissions boundary',
  session: 'of a session policy',
}

/** The last part of an ARN; names of policies that are no ARNs as they are. */
function policyWords(policy: string): string {
  if (policy === 'guardrail' || policy === 'guardrail-platforms') return 'the guardrail'
  if (policy.startsWith('arn:aws:s3:::')) return `the policy of bucket ${policy.slice(13)}`
  if (policy.includes(':alias/')) return `the policy of key ${policy.slice(policy.indexOf(':alias/') + 1)}`
  if (policy.includes(':secret:'))
    return `the policy of secret ${policy.slice(policy.indexOf(':secret:') + 8)}`
  if (policy.includes(':role/'))
    return `the trust policy of role ${policy.slice(policy.lastIndexOf('/') + 1)}`
  return policy.startsWith('arn:') ? policy.slice(policy.lastIndexOf('/') + 1) : policy
}
