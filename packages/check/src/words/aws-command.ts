import type { AuthorizationRequest, ContextValue } from '@ringfence/policy'
import { AskedRequest, type AwsCall, type CallMaker } from './aws-call.js'
import { iamCalls } from './iam-calls.js'
import { otherCalls } from './other-calls.js'
import { isDerivedKey, keyWords, tagOfResource } from './request-words.js'
import { s3Calls } from './s3-calls.js'
import { canBeArgument, shellQuote } from './shell-quote.js'

/** How a request is sent by hand. */
export interface AwsCommand {
  /** For bash and zsh, with the credentials of who asks. Absent: no single command sends it, as `notes` say. */
  readonly command?: string
  /** What the command leaves to the caller, or why there is none. Sentences without an end. */
  readonly notes: readonly string[]
}

const CALLS: Readonly<Record<string, CallMaker>> = { ...s3Calls, ...iamCalls, ...otherCalls }

/**
 * The `aws` command that sends a request: the same action on the same resource, with the condition keys that a
 * command can set. Keys that it cannot set (the caller's address, the time, an endpoint) are named in `notes`.
 * `region` is where things without a region in their ARN are.
 */
export function awsCommand(request: AuthorizationRequest, region?: string): AwsCommand {
  const maker = Object.hasOwn(CALLS, request.action.toLowerCase())
    ? CALLS[request.action.toLowerCase()]
    : undefined
  if (!maker) return { notes: [`ringfence knows no aws command for ${request.action}`] }
  const asked = new AskedRequest(request, region)
  const isS3 = asked.action.startsWith('s3:')
  const takesNothing = asked.action === 's3:listallmybuckets'
  if (isS3 && !takesNothing && !/^arn:[^:]+:s3:::/.test(request.resource))
    return { notes: [`ringfence knows no aws command for ${request.action} on ${request.resource}`] }
  if (request.resource !== '*' && /[*?]/.test(asked.name) && !isS3)
    return { notes: [`${request.resource} stands for several things; a command names one`] }
  const call = maker(asked)
  if (typeof call === 'string') return { notes: [call] }
  const odd = call.options.find((option) => !isTakenAsItIs(option))
  if (odd) return { notes: [`the aws command would not take ${JSON.stringify(odd[1])} as it is`] }
  const isPlainHttp = request.context !== undefined && plainHttp(request.context)
  if (isPlainHttp && !isS3)
    return { notes: [`${request.action} without TLS: AWS answers plain HTTP for S3 only`] }
  if (isPlainHttp && asked.region === undefined)
    return { notes: ['the region of the bucket is not known, and with it the address without TLS'] }
  const words = [...wordsOf(call, isPlainHttp ? asked.region : undefined)]
  if (request.principal === 'anonymous') words.push('--no-sign-request')
  if (asked.region !== undefined && !asked.action.startsWith('iam:'))
    words.push('--region', shellQuote(asked.region))
  if (call.output !== undefined) words.push(call.output)
  return { command: words.join(' '), notes: [...(call.notes ?? []), ...unset(request, asked)] }
}

function* wordsOf({ operation, options }: AwsCall, plainHttpRegion: string | undefined): Generator<string> {
  yield* ['aws', ...operation.split(' ')]
  if (plainHttpRegion !== undefined)
    yield* ['--endpoint-url', shellQuote(`http://s3.${plainHttpRegion}.amazonaws.com`)]
  for (const [name, value] of options) {
    if (value === undefined) continue
    // What begins with a dash would be taken for an option.
    if (value.startsWith('-')) yield `--${name}=${shellQuote(value)}`
    else yield* [`--${name}`, shellQuote(value)]
  }
}

/** The command reads files, and in its first version addresses, that options name. */
function isTakenAsItIs([name, value]: AwsCall['options'][number]): boolean {
  if (value === undefined || FILE_OPTIONS.has(name)) return true
  return canBeArgument(value) && !/^(?:file|fileb|https?):\/\//.test(value)
}

const FILE_OPTIONS = new Set([
  'policy',
  'policy-document',
  'assume-role-policy-document',
  'cli-input-json',
  'ciphertext-blob',
  'plaintext',
  'body',
  'saml-assertion',
  'web-identity-token',
  'sse-customer-key',
  'cors-configuration',
  'lifecycle-configuration',
  'replication-configuration',
])

function plainHttp(context: NonNullable<AuthorizationRequest['context']>): boolean {
  return Object.entries(context).some(
    ([key, value]) => key.toLowerCase() === 'aws:securetransport' && String(value).toLowerCase() === 'false',
  )
}

/** The keys of the request that the command does not set. */
function unset(request: AuthorizationRequest, asked: AskedRequest): readonly string[] {
  const keys = Object.entries(request.context ?? {}).filter(
    ([key]) => !isDerivedKey(key) && !asked.isTold(key) && key.toLowerCase() !== 'aws:securetransport',
  )
  const sent = wordsOfKeys(keys.filter(([key]) => tagOfResource(key) === undefined))
  const found = wordsOfKeys(keys.filter(([key]) => tagOfResource(key) !== undefined))
  return [...(sent.length === 0 ? [] : [`to be sent ${sent.join(', ')}`]), ...found]
}

function wordsOfKeys(keys: readonly (readonly [string, ContextValue])[]): readonly string[] {
  return keys.flatMap(([key, value]) => keyWords(key, value))
}
