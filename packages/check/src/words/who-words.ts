import type { Names } from './names.js'

const ARN =
  /^arn:[^:]+:(?:iam|sts)::(\d{12}):(root$|user|role|assumed-role|federated-user|saml-provider|oidc-provider)/

/**
 * Who asks, in words that a sentence begins with: `member ada`, `a user of the account who is not in the file`,
 * `a role of another account (999988887777)`, `anybody, without signing in`.
 */
export function whoWords(principal: string, names: Names): string {
  const known = names.principal(principal)
  if (known !== undefined) return known
  if (principal === 'anonymous') return 'anybody, without signing in,'
  const [, account, type] = ARN.exec(principal) ?? []
  if (account === undefined || type === undefined) return otherWords(principal)
  const isOwn = account === names.account
  const of = isOwn ? 'of the account' : `of another account (${account})`
  switch (type) {
    case 'root':
      return `the root user ${of}`
    case 'user':
      return isOwn ? notNamed('a user', 'who', names) : `a user ${of}`
    case 'role':
    case 'assumed-role':
      return isOwn ? notNamed('a role', 'that', names) : `a role ${of}`
    case 'federated-user':
      return `a federated user ${of}`
    default:
      return `somebody whom ${principal} has signed in`
  }
}

function notNamed(kind: string, who: 'who' | 'that', { describedBy }: Names): string {
  return describedBy === 'file'
    ? `${kind} of the account ${who} is not in the file`
    : `${kind} of the account ${who} was not there when it was read`
}

function otherWords(principal: string): string {
  if (/^[0-9a-f]{64}$/.test(principal)) return `the account with canonical user ID ${principal}`
  if (principal.includes(':cloudfront:')) return `CloudFront as ${principal}`
  return /\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)$/.test(principal)
    ? `the AWS service ${principal}`
    : `somebody whom ${principal} has signed in`
}
