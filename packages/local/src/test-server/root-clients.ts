import { Agent } from 'node:http'
import type { LookupFunction } from 'node:net'
import { IAM } from '@aws-sdk/client-iam'
import { KMS } from '@aws-sdk/client-kms'
import { S3 } from '@aws-sdk/client-s3'
import { S3Control } from '@aws-sdk/client-s3-control'
import { SageMaker } from '@aws-sdk/client-sagemaker'
import { SecretsManager } from '@aws-sdk/client-secrets-manager'
import { STS } from '@aws-sdk/client-sts'
import type { LocalAws } from '../local-aws.js'

const loopback: LookupFunction = (_host, _options, answer) =>
  answer(null, [{ address: '127.0.0.1', family: 4 }])

/** Clients of the account's root user. */
export function rootClients({ endpoint, region, root }: LocalAws, systemClockOffset = 0) {
  const config = { endpoint, region, credentials: root, maxAttempts: 1, systemClockOffset }
  return {
    iam: new IAM(config),
    kms: new KMS(config),
    s3: new S3({ ...config, forcePathStyle: true }),
    // S3 Control puts the account before the host name, which nothing resolves.
    s3Control: new S3Control({
      ...config,
      endpoint: endpoint.replace('127.0.0.1', 'localhost'),
      requestHandler: { httpAgent: new Agent({ lookup: loopback }) },
    }),
    sageMaker: new SageMaker(config),
    secretsManager: new SecretsManager(config),
    sts: new STS(config),
  }
}

export type RootClients = ReturnType<typeof rootClients>

/** The wire code of an error, or what was answered without its metadata. */
export async function answerOf(work: Promise<object>): Promise<unknown> {
  try {
    const { $metadata: _, ...answer } = (await work) as Record<string, unknown>
    return answer
  } catch (error) {
    const { name, Code } = error as { readonly name: string; readonly Code?: string }
    return Code ?? name
  }
}
