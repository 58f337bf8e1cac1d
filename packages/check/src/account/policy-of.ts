import { readPolicy, type Policy, type PolicyKind } from '@ringfence/policy'

/** Statements that we made ourselves, as the prover takes them. Throws where they are no policy of the kind. */
export function policyOf(
  statements: object | readonly object[],
  name: string,
  kind: PolicyKind = 'identity',
): Policy {
  const document = { Version: '2012-10-17', Statement: statements }
  const read = readPolicy(document, { kind, name })
  if (read.ok) return read.policy
  const [problem] = read.diagnostics
  throw new Error(`no ${kind} policy: ${problem?.path} ${problem?.message}: ${JSON.stringify(document)}`)
}
