import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { KMS } from '@aws-sdk/client-kms'
import { Organizations } from '@aws-sdk/client-organizations'
import { S3 } from '@aws-sdk/client-s3'
import { S3Control } from '@aws-sdk/client-s3-control'
import { SageMaker } from '@aws-sdk/client-sagemaker'
import { SecretsManager } from '@aws-sdk/client-secrets-manager'
import { Agent } from 'node:http'
import { type AwsAccess, clientSettings } from '../deploy/aws-access.js'

/** Clients of an account, for reading it. Throttling by AWS is waited out: many answers are asked for. */
export interface AwsClients {
  readonly iam: IAM
  readonly kms: KMS
  readonly s3: S3
  readonly s3Control: S3Control
  readonly sageMaker: SageMaker
  readonly secretsManager: SecretsManager
  /** The event history of services without a region, and of the others. */
  readonly trails: { readonly global: CloudTrail; readonly regional: CloudTrail }
  close(): void
}

const attempts = { maxAttempts: 8, retryMode: 'adaptive' } as const

/** Clients with the credentials of the target. */
export function connect(access: AwsAccess): AwsClients {
  const settings = { ...clientSettings(access), ...attempts }
  const clients = {
    iam: new IAM(settings),
    kms: new KMS(settings),
    s3: new S3({ ...settings, ...(access.endpoint === undefined ? {} : { forcePathStyle: true }) }),
    s3Control: new S3Control({ ...settings, ...byAccount(access) }),
    sageMaker: new SageMaker(settings),
    secretsManager: new SecretsManager(settings),
    global: new CloudTrail({ ...settings, region: 'us-east-1' }),
    regional: new CloudTrail(settings),
  }
  const { global, regional, ...services } = clients
  return {
    ...services,
    trails: { global, regional },
    close: () => {
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}

/** Clients of the management account, where the guardrail is. */
export interface ManagementClients {
  readonly organizations: Organizations
  readonly trail: CloudTrail
  close(): void
}

export function connectManagement(access: AwsAccess): ManagementClients {
  const settings = { ...clientSettings(access), ...attempts }
  const organizations = new Organizations(settings)
  const trail = new CloudTrail({ ...settings, region: 'us-east-1' })
  return {
    organizations,
    trail,
    close: () => {
      organizations.destroy()
      trail.destroy()
    },
  }
}

/** S3 Control puts the account before the host name, which no address takes and which nothing resolves locally. */
function byAccount({ endpoint }: AwsAccess) {
  if (endpoint === undefined || !/^https?:\/\/(127\.0\.0\.1|localhost)(:|\/|$)/.test(endpoint)) return {}
  const httpAgent = new Agent({
    lookup: (_hostname, options, callback) => {
      if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
      else callback(null, '127.0.0.1', 4)
    },
  })
  return { endpoint: endpoint.replace('//127.0.0.1', '//localhost'), requestHandler: { httpAgent } }
}
