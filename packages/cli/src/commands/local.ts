import type { CloudTrailEvent, LocalAws, LocalAwsOptions } from '@ringfence/local'
import { type Command, InvalidArgumentError } from 'commander'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { port } from '../port-argument.js'
import { type CertificateFile, keepCertificate, printExports } from '../shell-exports.js'
import { stopped } from '../stopped.js'

export interface LocalOptions {
  readonly account: string
  readonly region: string
  /** 0: a free one. */
  readonly port: number
  /** Default: the one after `port`; a free one if that is 0. */
  readonly plainPort?: number
  readonly tls: boolean
  /** Keeps everything across restarts. */
  readonly data?: string
  readonly json: boolean
}

/** Starts a local AWS; replaced in tests. */
export type StartLocalAws = (options: LocalAwsOptions) => Promise<LocalAws>

/** Adds the options and action of `local`. */
export function register(command: Command, context: CommandContext): void {
  command
    .option('--port <number>', 'the main port, which stands for TLS; 0 for a free one', port, 4566)
    .option(
      '--plain-port <number>',
      'the plain HTTP port, on which aws:SecureTransport is false (default: the next one)',
      port,
    )
    .option('--tls', 'serve real TLS on the main port, with a certificate made at start', false)
    .option('--data <folder>', 'keep everything in this folder across restarts')
    .option('--account <id>', 'the account, 12 digits', account, '111122223333')
    .option('--region <name>', 'the region', region, 'us-east-1')
    .option('--json', 'endpoints and credentials as JSON, and one CloudTrail-shaped event a request', false)
    .action(async (options: LocalOptions) => {
      const { startLocalAws } = await import('@ringfence/local')
      context.done(await runLocal(options, context.io, startLocalAws))
    })
}

/**
 * Runs a bare local AWS until it is told to stop: root credentials once on stdout, one line a request on
 * stderr. Being stopped is its normal end, so that gives `exitCode.ok`.
 */
export async function runLocal(options: LocalOptions, io: Io, start: StartLocalAws): Promise<ExitCode> {
  const { signal } = io
  const aws = await startOrRefuse(options, io, start)
  let certificate: CertificateFile | undefined
  try {
    certificate = await keepCertificate(aws)
    const ready = options.json
      ? printReadyJson
      : (it: LocalAws, file?: string) => printExports(it, it.root, file)
    io.stdout.write(ready(aws, certificate?.path))
    if (!options.json) io.stderr.write(printReady(aws, options, io))
    await stopped(signal)
    if (!options.json) io.stderr.write('stopping\n')
  } finally {
    await certificate?.discard()
    await aws.close()
  }
  return exitCode.ok
}

async function startOrRefuse(options: LocalOptions, io: Io, start: StartLocalAws): Promise<LocalAws> {
  const { account: id, region: name, port: main, tls, data, json } = options
  const plainPort = options.plainPort ?? (main === 0 || main === 65_535 ? 0 : main + 1)
  const colors = colorsOf(io.stderr)
  const { printEvent } = await import('../output/event-line.js')
  const onEvent = (event: CloudTrailEvent): void =>
    io.stderr.write(json ? `${JSON.stringify(event)}\n` : printEvent(event, colors))
  try {
    return await start({
      account: id,
      region: name,
      port: main,
      plainPort,
      tls,
      nowMs: io.nowMs,
      onEvent,
      ...(data === undefined ? {} : { dataDir: resolve(io.cwd, data) }),
    })
  } catch (cause) {
    throw translate(cause, options)
  }
}

/** What the operating system refused, in terms of the options; anything else as it is. */
function translate(cause: unknown, options: LocalOptions): unknown {
  const { code, syscall, port: taken, message } = cause as NodeJS.ErrnoException & { port?: number }
  if (syscall === 'listen') {
    const why = code === 'EADDRINUSE' ? 'is in use' : 'may not be used'
    return new CliError('PORT_NOT_AVAILABLE', `port ${taken ?? options.port} ${why}`, {
      hint: 'name others with --port and --plain-port, or take free ones with --port 0',
      cause,
    })
  }
  if (syscall === undefined || options.data === undefined) return cause
  return new CliError('FILE_NOT_WRITABLE', `the folder ${options.data} cannot be used: ${message}`, {
    hint: 'name a folder of yours, or one that does not exist yet, with --data',
    exitCode: exitCode.usage,
    cause,
  })
}

function printReady(aws: LocalAws, options: LocalOptions, io: Io): string {
  const colors = colorsOf(io.stderr)
  const kept = options.data === undefined ? 'nothing is kept after it stops' : `kept in ${options.data}`
  return [
    `${colors.green('ready')} account ${aws.account}, ${aws.region}; ${kept}`,
    `  ${aws.endpoint}  stands for TLS`,
    `  ${aws.plainEndpoint}  plain HTTP: aws:SecureTransport is false`,
    'Ctrl-C stops it.',
    '',
  ].join('\n')
}

function printReadyJson(aws: LocalAws, certificateFile: string | undefined): string {
  const { account: id, region: name, endpoint, plainEndpoint, root } = aws
  const ready = { formatVersion: 1, account: id, region: name, endpoint, plainEndpoint, credentials: root }
  return `${JSON.stringify(certificateFile === undefined ? ready : { ...ready, certificateFile })}\n`
}

function account(text: string): string {
  if (/^\d{12}$/.test(text)) return text
  throw new InvalidArgumentError('An account has 12 digits.')
}

function region(text: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(text)) return text
  throw new InvalidArgumentError('A region has a name such as eu-west-1.')
}
