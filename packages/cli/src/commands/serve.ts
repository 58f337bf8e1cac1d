import type { Directory, ScimServer } from '@ringfence/scim'
import { Argument, type Command, InvalidArgumentError } from 'commander'
import { resolve } from 'node:path'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'
import { addProfileOptions, addStackOptions, type DeployOptions } from '../deploy/options.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { port } from '../port-argument.js'
import { applyByUp, type RunUp } from '../scim/apply-by-up.js'
import { scimDataOption, scimFolder } from '../scim/data-folder.js'
import { printRequest, printRun } from '../scim/log-line.js'
import { requireFewRemovals } from '../scim/removal-limit.js'
import { stopped } from '../stopped.js'
import type { UpOptions } from './up.js'

export interface ServeOptions extends DeployOptions {
  readonly port: number
  readonly host: string
  readonly cert?: string
  readonly key?: string
  readonly scimData?: string
  readonly allowRemovals: number
}

/** Adds the arguments, options and action of `serve`. */
export function register(command: Command, context: CommandContext): void {
  command.addArgument(new Argument('<what>', 'what is served').choices(['scim']))
  addProfileOptions(addStackOptions(command, 'one JSON line for each request and each run'))
    .option('--port <number>', 'the port; 0 for a free one', port, 8443)
    .option(
      '--host <address>',
      'the address to listen on; others than loopback need --cert and --key',
      '127.0.0.1',
    )
    .option('--cert <file>', 'the certificate for TLS, PEM, with those in between')
    .option('--key <file>', 'its private key, PEM')
    .option(
      '--allow-removals <number>',
      'let one run take out so many members and teams, beyond the limit',
      whole,
      0,
    )
    .option(...scimDataOption)
    .action(async (_what: string, file: string, options: Omit<ServeOptions, 'file'>) => {
      const { runUp } = await import('./up.js')
      context.done(await runServe({ file, ...options }, context.io, realWorld, runUp))
    })
}

/**
 * Serves SCIM until it is told to stop, and brings the stack to what providers say. Being stopped is its normal end, so
 * that gives `exitCode.ok`; a run under way is ended by Pulumi first.
 */
export async function runServe(
  options: ServeOptions,
  io: Io,
  world: DeployWorld,
  runUp: RunUp,
): Promise<ExitCode> {
  const { signal } = io
  const colors = colorsOf(io.stderr)
  const tls = await readTls(options, io)
  const folder = scimFolder(options, io)
  const [{ openDirectory, startApplier }, { createProofCache }] = await Promise.all([
    import('@ringfence/scim'),
    import('@ringfence/check'),
  ])
  const directory = openDirectory(folder)
  try {
    requireToken(directory, options, io)
    const upIo = { ...io, env: { ...io.env, RINGFENCE_SCIM_DATA: folder }, signal }
    if (!(await isUsable(options, upIo))) return exitCode.usage
    const allowance = { left: options.allowRemovals, isUsed: false }
    const up: UpOptions = {
      ...options,
      json: false,
      yes: true,
      expectNoChanges: false,
      proofs: createProofCache(),
      approve: (before, after, { rosterRemovals: share }) => {
        allowance.isUsed = requireFewRemovals(before, after, { allowed: allowance.left, share })
      },
    }
    const applier = startApplier({
      directory,
      stack: options.stack,
      nowMs: io.nowMs,
      apply: async (roster, reason) => {
        io.stderr.write(options.json ? '' : `taking effect: ${reason}\n`)
        const result = await applyByUp(roster, up, upIo, world, runUp)
        // What was allowed once is not allowed again.
        if (result.result === 'applied' && allowance.isUsed) allowance.left = 0
        return result
      },
      onRun: (state) =>
        io.stderr.write(options.json ? `${JSON.stringify(state)}\n` : printRun(state, colors)),
    })
    const server = await listen(options, directory, tls, io, () => applier.notice())
    try {
      io.stdout.write(
        options.json ? `${JSON.stringify({ formatVersion: 1, url: server.url })}\n` : `${server.url}\n`,
      )
      if (!options.json)
        io.stderr.write(`${colors.green('ready')} for the stack ${options.stack}; Ctrl-C stops it.\n`)
      await stopped(signal)
    } finally {
      await server.close()
      await applier.close()
    }
  } finally {
    await directory.close()
  }
  return exitCode.ok
}

async function listen(
  options: ServeOptions,
  directory: Directory,
  tls: { readonly cert: string; readonly key: string } | undefined,
  io: Io,
  notice: () => void,
): Promise<ScimServer> {
  const { serveScim } = await import('@ringfence/scim')
  const colors = colorsOf(io.stderr)
  try {
    return await serveScim({
      directory,
      port: options.port,
      host: options.host,
      nowMs: io.nowMs,
      ...(tls === undefined ? {} : { tls }),
      onRequest: ({ cause, ...event }) => {
        io.stderr.write(options.json ? `${JSON.stringify(event)}\n` : printRequest(event, colors))
        if (cause !== undefined && io.env['RINGFENCE_DEBUG'] === '1') io.stderr.write(`${String(cause)}\n`)
        if (event.method !== 'GET' && event.status < 300) notice()
      },
    })
  } catch (cause) {
    const { syscall, code } = cause as NodeJS.ErrnoException
    if (syscall !== 'listen') throw cause
    const why = code === 'EADDRINUSE' ? 'is in use' : 'may not be used'
    throw new CliError('PORT_NOT_AVAILABLE', `port ${options.port} of ${options.host} ${why}`, {
      hint: 'name another with --port',
      cause,
    })
  }
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

async function readTls(options: ServeOptions, io: Io) {
  const { cert, key, host } = options
  if (cert === undefined && key === undefined) {
    if (loopback.has(host)) return undefined
    throw new CliError(
      'TLS_REQUIRED',
      `${host} can be reached by others, and without TLS they would read the token`,
      {
        hint: 'name a certificate and its key with --cert and --key, or leave out --host',
        exitCode: exitCode.usage,
      },
    )
  }
  if (cert === undefined || key === undefined) {
    throw new CliError('TLS_REQUIRED', 'a certificate and its key belong together', {
      hint: 'name both, with --cert and --key',
      exitCode: exitCode.usage,
    })
  }
  const pair = { cert: await readPem(cert, io), key: await readPem(key, io) }
  const { createSecureContext } = await import('node:tls')
  try {
    createSecureContext(pair)
  } catch (cause) {
    throw new CliError(
      'TLS_INVALID',
      `the certificate and the key cannot be used: ${(cause as Error).message}`,
      {
        hint: 'both have to be PEM, the key without a passphrase and of that certificate',
        exitCode: exitCode.usage,
        cause,
      },
    )
  }
  return pair
}

const maxPemBytes = 1024 * 1024

async function readPem(path: string, io: Io): Promise<string> {
  const bytes = await io.files.read(resolve(io.cwd, path), maxPemBytes).catch((cause: unknown) => {
    throw new CliError('TLS_INVALID', `${path} cannot be read: ${(cause as Error).message}`, {
      exitCode: exitCode.usage,
      cause,
    })
  })
  return bytes === 'too-large' ? '' : new TextDecoder().decode(bytes)
}

/**
 * Whether the file takes its members from here. A mistake in it is better told now than in the log of a run; what it
 * says of teams that no provider has told of yet may come right by itself.
 */
async function isUsable({ file, json }: ServeOptions, io: Io): Promise<boolean> {
  const [{ loadDeclaration }, { tellFindings }] = await Promise.all([
    import('../declaration-file.js'),
    import('../output/diagnostics.js'),
  ])
  const loaded = await loadDeclaration(file, io)
  const errors = loaded.findings.filter(({ severity }) => severity === 'error')
  tellFindings(errors, loaded.sources, io, { json })
  if (loaded.roster?.source === 'scim') return true
  if (!loaded.ok) return false
  throw new CliError('SCIM_NOT_DECLARED', `${file} does not take its members from scim`, {
    hint: 'write `from: scim` under `members`',
    exitCode: exitCode.usage,
  })
}

/** The first token is shown on a terminal, this one time; elsewhere it would end up in a log. */
function requireToken(directory: Directory, options: ServeOptions, io: Io): void {
  if (directory.tokens.list().length > 0) return
  if (!io.stderr.isTTY) {
    throw new CliError('SCIM_TOKEN_MISSING', 'there is no token with which a provider could sign in', {
      hint: `make one: \`ringfence scim token create ${options.file} --name okta\``,
      exitCode: exitCode.usage,
    })
  }
  const token = directory.tokens.create('first', io.nowMs())
  io.stderr.write(`The token for the provider, shown this once:\n\n  ${token}\n\n`)
}

function whole(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A whole number is expected.')
}
