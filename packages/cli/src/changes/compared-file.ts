import type { AskedAccount } from '@ringfence/check'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { extname, isAbsolute, resolve } from 'node:path'
import { type LoadedAccount, loadAskedAccount } from '../answers/asked-account.js'
import { CliError } from '../cli-error.js'
import { maxDeclarationBytes } from '../declaration-file.js'
import { exitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { readTextFile } from '../text-file.js'

/** What is compared: a file, a file as git has it, or the folder of an account. */
export type Compared =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'revision'; readonly revision: string; readonly path: string }
  | { readonly kind: 'account'; readonly path: string }

/**
 * What two words name: two files, two `REVISION:PATH`, or `OLD..NEW` and one file; with `account`, two folders. A
 * path that is there is a file, whatever it looks like.
 */
export function readCompared(
  older: string,
  newer: string,
  account: boolean,
  io: Io,
): readonly [Compared, Compared] {
  if (account)
    return [
      { kind: 'account', path: older },
      { kind: 'account', path: newer },
    ]
  const range = /^([^:]+?)\.\.\.?([^:]*)$/.exec(older)
  if (range && !existsSync(resolve(io.cwd, older))) {
    const [, from = '', to = ''] = range
    // From here, as other paths of the command line are.
    const path = isAbsolute(newer) ? newer : `./${newer}`
    const revision = to === '' ? 'HEAD' : to
    return [
      { kind: 'revision', revision: from, path },
      { kind: 'revision', revision, path },
    ]
  }
  return [comparedOf(older, io), comparedOf(newer, io)]
}

function comparedOf(word: string, io: Io): Compared {
  const [, revision, path] = /^([^:]{2,}):(.+)$/.exec(word) ?? []
  if (revision === undefined || path === undefined || existsSync(resolve(io.cwd, word)))
    return { kind: 'file', path: word }
  return { kind: 'revision', revision, path }
}

/** What a declared text is called in places: its path, or `REVISION:PATH`. */
export function nameOf(compared: Compared): string {
  return compared.kind === 'revision' ? `${compared.revision}:${compared.path}` : compared.path
}

/** One side with its text, where it has one: the same text needs no proof. */
export type LoadedSide = LoadedAccount & { readonly text?: string }

/**
 * Reads one side; the other one again where the text is the same. Mistakes are findings; rejects with `GIT_FAILED` where
 * git does not have the file.
 */
export async function loadCompared(compared: Compared, io: Io, other?: LoadedSide): Promise<LoadedSide> {
  if (compared.kind === 'account') return loadAskedAccount({ account: compared.path }, io)
  if (compared.kind === 'file') {
    const read =
      other?.text === undefined ? undefined : await readTextFile(compared.path, io, maxDeclarationBytes)
    // A module may bring in other files, so that its own text does not say it all.
    if (other && read?.ok && read.text === other.text && isText(compared.path))
      return { ...other, findings: [] }
    const loaded = await loadAskedAccount({ file: compared.path }, io)
    const [text] = loaded.sources.values()
    return text === undefined || !isText(compared.path) ? loaded : { ...loaded, text }
  }
  const shown = nameOf(compared)
  if (!isText(compared.path))
    throw new CliError(
      'FILE_TYPE_UNKNOWN',
      `${shown} is not read out of git: a module may need other files`,
      {
        exitCode: exitCode.usage,
        hint: 'git worktree add, and the two files by their paths',
      },
    )
  const text = await gitShow(compared, io)
  if (other && text === other.text) return { ...other, findings: [] }
  return { ...(await declaredText(shown, text, io)), text }
}

function isText(path: string): boolean {
  return ['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase())
}

async function declaredText(file: string, text: string, io: Io): Promise<LoadedAccount> {
  const sources = new Map([[file, text]])
  const declared = parseDeclaration({ file, text, nowMs: io.nowMs() })
  if (!declared.ok) return { ok: false, findings: declared.diagnostics, sources }
  const built = buildPlan(declared.value)
  const findings = [...declared.diagnostics, ...built.diagnostics]
  if (!built.ok) return { ok: false, findings, sources }
  const { accountOfPlan } = await import('@ringfence/check')
  const asked: AskedAccount = { account: accountOfPlan(built.value), access: built.value.access }
  return { ok: true, asked, findings, sources }
}

/** The file as git has it. What begins with a dash would be an option. */
async function gitShow(
  { path, revision }: Compared & { readonly kind: 'revision' },
  io: Io,
): Promise<string> {
  const failed = (reason: string): CliError =>
    new CliError('GIT_FAILED', `git does not have ${revision}:${path}: ${reason}`, {
      exitCode: exitCode.usage,
      hint: 'a revision and a path in the repository, such as main:ringfence.yaml, or main..HEAD ringfence.yaml',
    })
  if (revision.startsWith('-')) throw failed('a revision does not begin with a dash')
  return new Promise((done, reject) => {
    const options = { cwd: io.cwd, maxBuffer: maxDeclarationBytes, encoding: 'utf8' } as const
    execFile('git', ['show', `${revision}:${path}`], options, (error, stdout, stderr) => {
      if (error) reject(failed((stderr.trim().split('\n')[0] ?? '') || error.message))
      else done(stdout)
    })
  })
}
