import type { IAM } from '@aws-sdk/client-iam'
import { generateKeyPairSync } from 'node:crypto'

/** Of a key that nobody has, until 2126. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIUZDryUfYra0u+PMAvgLOoth+sALAwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGbGVhdmVyMCAXDTI2MTEzMDA5MjIxOVoYDzIxMjYxMTA2MDky
MjE5WjARMQ8wDQYDVQQDDAZsZWF2ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AATfF7eHAs/WjPmn+wAK8sq4vbfLmTcugQU/EGRHiRdkA4gP8I+ovTHPRcvIcOPV
sJMcNoPqOHWfQe2pVQoZ/1STo1MwUTAdBgNVHQ4EFgQUWTJVvpc+c2zF2P0yQhV3
sPYRUjYwHwYDVR0jBBgwFoAUWTJVvpc+c2zF2P0yQhV3sPYRUjYwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA16E51nAGUBPNt5OCIK0ZF2zjSJKr
n7XHK3VZbb5mIIsCIDO5Yl4kMHPRb4VKADXxbGD8CwwDIPEt8ShZvcBFF/C2
-----END CERTIFICATE-----
`

export const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString()

/** Makes one of each credential that a user can have beside access keys and a password. */
export async function giveCredentials(iam: IAM, UserName: string): Promise<void> {
  await iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody: rsaKey })
  await iam.createServiceSpecificCredential({ UserName, ServiceName: 'codecommit.amazonaws.com' })
  await iam.uploadSigningCertificate({ UserName, CertificateBody: certificate })
}
