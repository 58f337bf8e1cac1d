import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { type AwsAccess, type CallerIdentity, clientSettings } from './aws-access.js'

/** Asks AWS who is calling. Rejects with a `CliError` where there are no credentials, or none that hold. */
export async function identify(access: AwsAccess): Promise<CallerIdentity> {
  const client = new STSClient(clientSettings(access))
  let date: string | undefined
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { headers } = result.response as { headers?: Readonly<Record<string, string>> }
      date = headers?.['date']
      return result
    },
    { step: 'deserialize', name: 'ringfence-date' },
  )
  try {
    const { Account: account, Arn: arn } = await client.send(new GetCallerIdentityCommand({}))
    if (account === undefined || arn === undefined) throw new Error('AWS does not say who is calling')
    const answeredAtMs = date === undefined ? Number.NaN : Date.parse(date)
    return { account, arn, ...(Number.isNaN(answeredAtMs) ? {} : { answeredAtMs }) }
  } catch (error) {
    throw translateAwsError(error, access)
  } finally {
    client.destroy()
  }
}

const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'])
const wrong = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
  'IncompleteSignature',
])
const unreachable =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|TimeoutError/

/** What a call of AWS rejected with, as something that the user can do about it; anything else as it is. */
export function translateAwsError(error: unknown, access: Pick<AwsAccess, 'profile'>): unknown {
  if (!(error instanceof Error)) return error
  const { name, message } = error
  const of = access.profile === undefined ? '' : ` of the profile ${access.profile}`
  const credentials = { exitCode: exitCode.credentials, cause: error }
  const signIn =
    access.profile === undefined
      ? 'sign in, for example with `aws sso login`, or set AWS_PROFILE'
      : `sign in, for example with \`aws sso login --profile ${access.profile}\``
  if (expired.has(name) || /expired/i.test(message)) {
    return new CliError('CREDENTIALS_EXPIRED', `the AWS credentials${of} have expired`, {
      ...credentials,
      hint: signIn,
    })
  }
  if (wrong.has(name)) {
    return new CliError('CREDENTIALS_INVALID', `AWS does not accept the credentials${of} (${name})`, {
      ...credentials,
      hint: signIn,
    })
  }
  if (name === 'CredentialsProviderError' || /could not load credentials/i.test(message)) {
    return new CliError('CREDENTIALS_MISSING', `there are no AWS credentials${of}: ${message}`, {
      ...credentials,
      hint: signIn,
    })
  }
  if (unreachable.test(`${name} ${message} ${(error as NodeJS.ErrnoException).code ?? ''}`)) {
    return new CliError('AWS_NOT_REACHABLE', `AWS cannot be reached: ${message || name}`, {
      hint: 'check the network, the region of the file, and AWS_ENDPOINT_URL if it is set',
      cause: error,
    })
  }
  return error
}
