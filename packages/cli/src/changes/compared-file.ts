import { parseDeclaration, readRosterSource } from '@ringfence/plan'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { extname, isAbsolute, posix, resolve } from 'node:path'
import { askedOfPlan, type LoadedAccount, loadAskedAccount } from '../answers/asked-account.js'
import { CliError } from '../cli-error.js'
import { declareWith, type LoadedDeclaration, maxDeclarationBytes } from '../declaration-file.js'
import { exitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { type LoadedPlan, planOf } from '../plan-file.js'
import { type LoadedRoster, loadRoster, loadRosterBy, maxRosterBytes } from '../roster-file.js'
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

/** One side with all its text, where it has one: the same text needs no proof. */
export type LoadedSide = LoadedAccount & { readonly text?: string }

/**
 * Reads one side; the other one again where the text is the same. Mistakes are findings; rejects with `GIT_FAILED` where
 * git does not have the file.
 */
export async function loadCompared(compared: Compared, io: Io, other?: LoadedSide): Promise<LoadedSide> {
  if (compared.kind === 'account') return loadAskedAccount({ account: compared.path }, io)
  if (compared.kind === 'file') {
    // A module may bring in other files, so that its own text does not say it all.
    if (!isText(compared.path)) return loadAskedAccount({ file: compared.path }, io)
    if (other?.text !== undefined && (await textOf(compared.path, io)) === other.text)
      return { ...other, findings: [] }
    const loaded = await loadAskedAccount({ file: compared.path }, io)
    return loaded.sources.size === 0 ? loaded : { ...loaded, text: allText(loaded.sources.values()) }
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
  const declared = await gitShow(compared, io)
  const source = readRosterSource(declared)
  // Who SCIM says is here has no revision: with those of now on both sides it shows what the file changes.
  const roster =
    source === 'scim'
      ? await loadRoster(source, compared.path, io)
      : source === undefined
        ? undefined
        : await rosterOf(compared, source, io)
  const text = allText([declared, ...(roster?.sources ?? []).map(([, written]) => written)])
  if (other && text === other.text) return { ...other, findings: [] }
  const { findings, sources, ...loaded } = planOf(declaredText(shown, declared, roster, io))
  if (!loaded.ok) return { ok: false, findings, sources, text }
  return { ok: true, asked: await askedOfPlan(loaded.plan), findings, sources, text }
}

/** The plan of a declared file and its roster as a revision of git has them. */
export async function loadRevision(
  compared: Compared & { readonly kind: 'revision' },
  io: Io,
): Promise<LoadedPlan> {
  const text = await gitShow(compared, io)
  const source = readRosterSource(text)
  const roster = source === undefined ? undefined : await rosterOf(compared, source, io)
  return planOf(declaredText(nameOf(compared), text, roster, io))
}

function allText(texts: Iterable<string>): string {
  return [...texts].join('\0')
}

/** What a file and its roster say, or undefined where they cannot be read. */
async function textOf(path: string, io: Io): Promise<string | undefined> {
  const read = await readTextFile(path, io, maxDeclarationBytes)
  if (!read.ok) return undefined
  const source = readRosterSource(read.text)
  if (source === undefined) return read.text
  const { sources } = await loadRoster(source, path, io)
  return allText([read.text, ...sources.map(([, text]) => text)])
}

/** The roster that a file of a revision names, of the same revision. */
async function rosterOf(
  { path, revision }: Compared & { readonly kind: 'revision' },
  source: string,
  io: Io,
): Promise<LoadedRoster> {
  return loadRosterBy(source, (named) => {
    const beside = posix.join(posix.dirname(path), named)
    // What begins with ./ is looked for from here, and the rest from the top of the repository.
    const roster = {
      kind: 'revision',
      revision,
      path: path.startsWith('./') ? `./${beside}` : beside,
    } as const
    return {
      shown: nameOf(roster),
      text: gitShow(roster, io).then((text) => ({ ok: true, text })),
    }
  })
}

function isText(path: string): boolean {
  return ['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase())
}

function declaredText(file: string, text: string, read: LoadedRoster | undefined, io: Io): LoadedDeclaration {
  const nowMs = io.nowMs()
  return declareWith(read, new Map([[file, text]]), (roster) =>
    parseDeclaration({ file, text, nowMs, roster }),
  )
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
    const options = { cwd: io.cwd, maxBuffer: maxRosterBytes, encoding: 'utf8' } as const
    execFile('git', ['show', `${revision}:${path}`], options, (error, stdout, stderr) => {
      if (error) reject(failed((stderr.trim().split('\n')[0] ?? '') || error.message))
      else done(stdout)
    })
  })
}
