import type { AccessQuestion, ContextValue, PolicyLayers, Proof } from '@ringfence/policy'
import { authorize, compilePolicy } from '@ringfence/policy'
import type { Layers } from '@ringfence/policy'

const compiled = (policies: PolicyLayers['identityPolicies']) =>
  policies?.map((policy) => compilePolicy(policy))

function layersIn(layers: PolicyLayers): Layers {
  const { identityPolicies, permissionsBoundary, resourcePolicy, serviceControlPolicies } = layers
  return {
    identityPolicies: compiled(identityPolicies) ?? [],
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary: compiled(permissionsBoundary)! }),
    ...(resourcePolicy === undefined ? {} : { resourcePolicy: compilePolicy(resourcePolicy) }),
    ...(serviceControlPolicies === undefined
      ? {}
      : { serviceControlPolicies: serviceControlPolicies.map((level) => compiled(level)!) }),
  }
}

/** Asks `authorize` about one request for each action and resource of the question: enough for policies that name all or single things. */
export function tryOneRequest({ who, layers, within, keys = {} }: AccessQuestion): Proof {
  const around = layersIn(layers)
  const context: Record<string, ContextValue> = {}
  for (const [key, value] of Object.entries(keys)) if (value !== null) context[key] = value
  for (const principal of who.only ?? [
    `arn:aws:iam::111122223333:${who.kind === 'user' ? 'user' : 'role'}/new`,
  ])
    for (const { action, resource } of within?.statements ?? [])
      for (const { source } of action.patterns)
        for (const named of resourcesFor(resource?.patterns.map((one) => one.source) ?? [], layers)) {
          const request = {
            principal: who.kind === 'session' ? sessionOf(principal) : principal,
            action: source,
            resource: named,
            resourceAccount: '111122223333',
            context,
          }
          if (authorize(request, around).decision === 'allow') return { proof: 'refuted', request }
        }
  return { proof: 'proved', world: 'allActions' }
}

/** Some name for each pattern, and the ones that identity policies have for it. */
function resourcesFor(
  patterns: readonly string[],
  { identityPolicies = [] }: PolicyLayers,
): readonly string[] {
  const named = identityPolicies
    .flatMap(({ statements }) => statements)
    .flatMap(({ resource }) => resource?.patterns.map(({ source }) => source) ?? [])
    .filter((source) => !source.includes('*'))
  return patterns.flatMap((pattern) => {
    if (pattern === '*') return ['*', ...named]
    const parts = pattern.split('*').map((part) => part.replaceAll(/[+?.]/g, String.raw`\$&`))
    const matches = new RegExp(`^${parts.join('.*')}$`)
    return [pattern.replaceAll('*', 'x'), ...named.filter((one) => matches.test(one))]
  })
}

function sessionOf(role: string): string {
  const [, account, name] = /^arn:aws:iam::(\d+):role\/(?:.*\/)?([^/]*)$/.exec(role) ?? []
  return `arn:aws:sts::${account}:assumed-role/${name}/session`
}
