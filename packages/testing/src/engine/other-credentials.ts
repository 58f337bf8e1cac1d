import type { IAM } from '@aws-sdk/client-iam'
import { startLocalAws } from '@ringfence/local'
import { generateKeyPairSync } from 'node:crypto'

/** Makes an SSH public key, a service-specific credential and a signing certificate of a user. */
export async function giveOtherCredentials(iam: IAM, UserName: string): Promise<void> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const SSHPublicKeyBody = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody })
  await iam.createServiceSpecificCredential({ UserName, ServiceName: 'codecommit.amazonaws.com' })
  await iam.uploadSigningCertificate({ UserName, CertificateBody: await newCertificate() })
}

/** Node makes none; a server with TLS does. */
async function newCertificate(): Promise<string> {
  const aws = await startLocalAws({ account: '444455556666', region: 'eu-west-1', tls: true })
  await aws.close()
  return aws.certificate ?? ''
}
