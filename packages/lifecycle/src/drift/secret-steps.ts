import type { Difference } from './compare-facts.js'

/** One call of Secrets Manager, named and spelled as AWS does. */
export type SecretStep =
  | {
      readonly operation: 'UpdateSecretVersionStage'
      readonly input: {
        readonly SecretId: string
        readonly VersionStage: string
        readonly MoveToVersionId?: string
        readonly RemoveFromVersionId: string
      }
    }
  | {
      readonly operation: 'DeleteSecret'
      readonly input: { readonly SecretId: string; readonly RecoveryWindowInDays: number }
    }

/** The shortest time for which AWS keeps what is deleted, so that it can be had back (API Reference, "DeleteSecret"). */
const recoveryWindowInDays = 7

/**
 * The calls that take a difference of a secret away which Pulumi cannot reach: it knows the version that it wrote, and not
 * which one clients get. A value that nobody declared loses its labels, by which AWS forgets it in time.
 */
export function secretSteps(difference: Difference): readonly SecretStep[] {
  const { aspect, change, declared, found, name: VersionStage = '', recorded, thing } = difference
  if (!thing.startsWith('secret/')) return []
  const SecretId = thing.slice('secret/'.length)
  if (aspect === 'exists' && change === 'undeclared' && recorded !== 'asFound')
    return [{ operation: 'DeleteSecret', input: { SecretId, RecoveryWindowInDays: recoveryWindowInDays } }]
  if (aspect !== 'version' || found === undefined) return []
  const label = { SecretId, RemoveFromVersionId: found }
  if (declared !== undefined)
    return [
      {
        operation: 'UpdateSecretVersionStage',
        input: { ...label, VersionStage, MoveToVersionId: declared },
      },
      // AWS gives it to the version that was current until now.
      { operation: 'UpdateSecretVersionStage', input: { ...label, VersionStage: 'AWSPREVIOUS' } },
    ]
  // A secret with a value has a current one: the update that follows writes another.
  if (VersionStage === 'AWSCURRENT') return []
  return [{ operation: 'UpdateSecretVersionStage', input: { ...label, VersionStage } }]
}
