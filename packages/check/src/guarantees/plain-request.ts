import type { AuthorizationRequest } from '@ringfence/policy'
import { authorize, compileLayers, compilePolicy, policyAllows } from '@ringfence/policy'
import type { Asked } from './prover.js'
import type { Region, RegionStatement } from './region.js'
import { makeRegion } from './region.js'

/** Requests that everybody knows, the most telling first. */
const wellKnown = [
  's3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket', 's3:PutBucketPolicy', 's3:GetBucketPolicy', 'kms:Decrypt',
  'kms:PutKeyPolicy', 'iam:PassRole', 'iam:CreateAccessKey', 'sts:AssumeRole',
] // prettier-ignore

/** Parts of a region with one well-known action each, for refutations that people understand at once. */
export function plainParts(within: Region): readonly Region[] {
  return wellKnown.flatMap((action) => {
    const statements = within.statements.flatMap((statement): RegionStatement[] => {
      if (statement.Effect === 'Deny') return [statement]
      const { Action, NotAction: _, ...rest } = statement
      return [Action].flat().some((one) => one !== undefined && covers(one, action))
        ? [{ ...rest, Action: action }]
        : []
    })
    return statements.some(({ Effect }) => Effect !== 'Deny') ? [makeRegion(statements)] : []
  })
}

function covers(pattern: string, action: string): boolean {
  return pattern === '*' || pattern === action || pattern === `${action.slice(0, action.indexOf(':'))}:*`
}

/** Every request has these, as AWS sets them. */
const always = new Set(['aws:securetransport', 'aws:currenttime', 'aws:epochtime', 'aws:principalarn'])

/** Without the condition keys that it does not need to be in the question, outside of the region, and decided alike. */
export function withoutNeedlessKeys(
  request: AuthorizationRequest,
  { keys = {}, layers, within }: Asked,
  region: Region | undefined,
): AuthorizationRequest {
  const compiled = compileLayers(layers)
  const scope = within === undefined ? undefined : compilePolicy(within.policy)
  const declared = region === undefined ? undefined : compilePolicy(region.policy)
  const fixed = new Set(Object.keys(keys).map((key) => key.toLowerCase()))
  const { decision } = authorize(request, compiled)
  const isAlike = (one: AuthorizationRequest): boolean =>
    authorize(one, compiled).decision === decision &&
    (scope === undefined || policyAllows(scope, one)) &&
    (declared === undefined || !policyAllows(declared, one))
  let plain = request
  for (const key of Object.keys(request.context ?? {})) {
    if (always.has(key.toLowerCase()) || fixed.has(key.toLowerCase())) continue
    const { [key]: _, ...context } = plain.context ?? {}
    const candidate = { ...plain, context }
    if (isAlike(candidate)) plain = candidate
  }
  return plain
}
