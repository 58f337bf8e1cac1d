import { isPublicPolicy, parsePolicy } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import { unknownPrincipal } from '../iam/policy-documents.js'
import type { SecretsManagerDeps, SecretsManagerOperations } from './operation.js'
import { getLivingSecret, namesOf, putSecret } from './operation.js'

/** In characters (Secrets Manager User Guide, "Quotas"). */
const resourcePolicySize = 20_480

export const secretPolicyOperations = {
  GetResourcePolicy(input, call, deps) {
    const secret = getLivingSecret(deps, call, input.SecretId)
    const { policy } = secret
    return { ...namesOf(secret), ...(policy === undefined ? {} : { ResourcePolicy: policy }) }
  },

  PutResourcePolicy(input, call, deps) {
    const policy = input.ResourcePolicy ?? ''
    checkPolicy(policy, input.BlockPublicPolicy ?? false, deps)
    return deps.write(() => {
      const secret = getLivingSecret(deps, call, input.SecretId)
      putSecret(deps.tables, { ...secret, policy })
      return namesOf(secret)
    })
  },

  DeleteResourcePolicy(input, call, deps) {
    return deps.write(() => {
      const { policy: _, ...secret } = getLivingSecret(deps, call, input.SecretId)
      putSecret(deps.tables, secret)
      return namesOf(secret)
    })
  },
} satisfies SecretsManagerOperations

function checkPolicy(text: string, blockPublic: boolean, deps: SecretsManagerDeps): void {
  if (text.length > resourcePolicySize) throw malformed(`The policy is longer than ${resourcePolicySize}.`)
  const read = parsePolicy(text, { kind: 'resource', name: 'policy' })
  if (!read.ok) throw malformed(read.diagnostics.find(({ severity }) => severity === 'error')?.message ?? '')
  if (unknownPrincipal(deps.iam, text) !== undefined)
    throw malformed('This resource policy contains an unsupported principal.')
  if (blockPublic && isPublicPolicy(read.policy))
    throw new AwsError(
      'PublicPolicyException',
      'The resource policy would allow broad access to the secret.',
      400,
    )
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message, 400)
}
