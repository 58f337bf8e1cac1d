import type { LocalAws, LocalCredentials } from '@ringfence/local'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Lines for a shell, after which every AWS client talks to the local AWS with these credentials. Both names of
 * the region: boto3 and the `aws` command read the second, the SDKs the first.
 */
export function printExports(
  aws: Pick<LocalAws, 'endpoint' | 'region'>,
  credentials: LocalCredentials,
  certificateFile?: string,
): string {
  const variables: Readonly<Record<string, string | undefined>> = {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    AWS_CA_BUNDLE: certificateFile,
    NODE_EXTRA_CA_CERTS: certificateFile,
  }
  const lines = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [`export ${name}=${quote(value)}`],
  )
  // What is left from before would win over the keys, or make them invalid.
  const stale = credentials.sessionToken === undefined ? 'AWS_PROFILE AWS_SESSION_TOKEN' : 'AWS_PROFILE'
  return `${[...lines, `unset ${stale}`].join('\n')}\n`
}

/** A file for clients; `discard` removes it. */
export interface CertificateFile {
  readonly path: string
  discard(): Promise<void>
}

/** Puts the certificate of a local AWS with TLS into a file of its own; undefined without TLS. */
export async function keepCertificate(
  aws: Pick<LocalAws, 'certificate'>,
): Promise<CertificateFile | undefined> {
  if (aws.certificate === undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-certificate-'))
  const path = join(folder, 'certificate.pem')
  await writeFile(path, aws.certificate)
  return { path, discard: () => rm(folder, { recursive: true, force: true }) }
}

/** For POSIX shells. */
function quote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
