import type { LayerName, Policy, PolicyLayers, Statement } from '@ringfence/policy'

/** A statement and where it stands. `level` counts the levels of SCPs and RCPs from the root. */
export interface Placed {
  readonly layer: LayerName
  readonly policy: Policy
  readonly statement: Statement
  readonly level?: number
}

/** All statements of the layers. */
export function* statementsOf(layers: PolicyLayers): Generator<Placed> {
  for (const [layer, policies, level] of policiesOf(layers))
    for (const policy of policies)
      for (const statement of policy.statements)
        yield { layer, policy, statement, ...(level === undefined ? {} : { level }) }
}

function* policiesOf(layers: PolicyLayers): Generator<readonly [LayerName, readonly Policy[], number?]> {
  yield ['identity', layers.identityPolicies ?? []]
  if (layers.resourcePolicy) yield ['resource', [layers.resourcePolicy]]
  yield ['boundary', layers.permissionsBoundary ?? []]
  yield ['session', layers.sessionPolicies ?? []]
  for (const [level, policies] of (layers.serviceControlPolicies ?? []).entries())
    yield ['serviceControl', policies, level]
  for (const [level, policies] of (layers.resourceControlPolicies ?? []).entries())
    yield ['resourceControl', policies, level]
}

/** The layers with only the statements to keep; a policy that keeps all of them stays the same object. */
export function keepStatements(
  layers: PolicyLayers,
  keep: (layer: LayerName, statement: Statement) => boolean,
): PolicyLayers {
  const of = (layer: LayerName, policies: readonly Policy[]): readonly Policy[] =>
    policies.map((policy) => {
      const statements = policy.statements.filter((statement) => keep(layer, statement))
      return statements.length === policy.statements.length ? policy : { ...policy, statements }
    })
  // A policy without statements is none; of a resource it matters that there is one, though it names nobody.
  const emptied = (policy: Policy): Policy => {
    const [kept = policy] = of('resource', [policy])
    const [first] = policy.statements
    return kept.statements.length > 0 || !first?.principal ? kept : { ...kept, statements: [ofNobody(first)] }
  }
  const { identityPolicies, permissionsBoundary, resourcePolicy, sessionPolicies } = layers
  const { resourceControlPolicies, serviceControlPolicies } = layers
  return {
    ...layers,
    ...(identityPolicies && { identityPolicies: of('identity', identityPolicies) }),
    ...(resourcePolicy && { resourcePolicy: emptied(resourcePolicy) }),
    ...(permissionsBoundary && { permissionsBoundary: of('boundary', permissionsBoundary) }),
    ...(sessionPolicies && { sessionPolicies: of('session', sessionPolicies) }),
    ...(serviceControlPolicies && {
      serviceControlPolicies: serviceControlPolicies.map((level) => of('serviceControl', level)),
    }),
    ...(resourceControlPolicies && {
      resourceControlPolicies: resourceControlPolicies.map((level) => of('resourceControl', level)),
    }),
  }
}

const nobody = new WeakMap<Statement, Statement>()

/** One object for each statement, so that the prover knows it again. */
function ofNobody(statement: Statement): Statement {
  let found = nobody.get(statement)
  if (!found)
    nobody.set(
      statement,
      (found = { ...statement, effect: 'Allow', principal: { negated: false, entries: [] } }),
    )
  return found
}
