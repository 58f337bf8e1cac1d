import { compilePolicy, type CompiledPolicy } from '../../compile.js'
import type { Policy } from '../../policy.js'

const compiled = new WeakMap<Policy, CompiledPolicy>()

/** Compiles a policy the first time that it is asked for. */
export function compileOnce(policy: Policy): CompiledPolicy {
  let made = compiled.get(policy)
  if (!made) compiled.set(policy, (made = compilePolicy(policy)))
  return made
}
