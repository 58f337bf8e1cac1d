import type { SecretVersion } from '../plan.js'
import type { Shortfall } from './findings.js'

/** Why an export says nothing of what a secret holds: it has no access key whose secret it could be. */
export function leftOutValue(what: string, { secret }: SecretVersion): Shortfall {
  return {
    message: `the ${what} has no value for ${secret}: there is no access key in it`,
    hint: 'aws secretsmanager put-secret-value, once the key is made',
  }
}
