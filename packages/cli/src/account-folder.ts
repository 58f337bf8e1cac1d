import type { Account, InputFile } from '@ringfence/check'
import { join, relative, resolve, sep } from 'node:path'
import type { CliCode } from './codes.js'
import type { Io } from './io.js'
import type { Finding, Sources } from './output/diagnostics.js'
import { displayPath, readTextFile } from './text-file.js'

/** What is read at most: authorization details of the largest accounts have some hundred megabytes. */
const limits = {
  files: 10_000,
  depth: 20,
  fileBytes: 256 * 1024 * 1024,
  totalBytes: 512 * 1024 * 1024,
} as const

/** Names of files that may hold something of an account. */
const readable = /\.(json|ya?ml|template)$/i

/** An account with all that was found on the way, and the texts that the findings point into. */
export type AccountFolder = {
  readonly findings: readonly Finding[]
  readonly sources: Sources
} & ({ readonly ok: true; readonly value: Account } | { readonly ok: false })

/**
 * Reads an account from a folder of what it says about itself, or from one file. Hidden files and folders are passed
 * over, and files that are neither JSON nor YAML are named by a warning. Links are refused: what is read lies in the
 * folder. Mistakes are findings; spans name files relative to `io.cwd`.
 */
export async function readAccountFolder(
  path: string,
  options: { readonly account?: string; readonly region?: string },
  io: Io,
): Promise<AccountFolder> {
  const listed = await listFolder(path, io)
  const findings = [...listed.findings]
  const files: InputFile[] = []
  let bytes = 0
  for (const file of listed.paths) {
    const read = await readTextFile(file, io, Math.min(limits.fileBytes, limits.totalBytes - bytes))
    if (!read.ok) findings.push(read.finding)
    else {
      bytes += Buffer.byteLength(read.text)
      const inside = listed.isFolder ? relative(path, file).split(sep).join('/') : file
      files.push({ path: displayPath(file, io), inside, text: read.text })
    }
  }
  const sources = new Map(files.map((file) => [file.path, file.text]))
  if (findings.some(({ severity }) => severity === 'error')) return { ok: false, findings, sources }
  const { importAccount } = await import('@ringfence/check')
  const result = importAccount(files, options)
  findings.push(...result.diagnostics)
  return result.ok ? { ok: true, value: result.value, findings, sources } : { ok: false, findings, sources }
}

interface Listing {
  readonly isFolder: boolean
  readonly paths: readonly string[]
  readonly findings: readonly Finding[]
}

/** The files of a folder and of the folders in it, by name; of a file that file alone. */
async function listFolder(top: string, io: Io): Promise<Listing> {
  const paths: string[] = []
  const findings: Finding[] = []
  const visit = async (folder: string, depth: number): Promise<void> => {
    for (const { kind, name } of await io.files.list(resolve(io.cwd, folder))) {
      const path = join(folder, name)
      const shown = displayPath(path, io)
      if (name.startsWith('.')) continue
      if (paths.length >= limits.files) throw new TooMuch(`more than ${limits.files} files`)
      if (kind === 'folder' && depth >= limits.depth)
        throw new TooMuch(`folders more than ${limits.depth} deep`)
      if (kind === 'folder') await visit(path, depth + 1)
      else if (kind === 'other')
        findings.push(
          finding('FILE_NOT_READABLE', 'error', `${shown} is a link or no file`, 'copy it into the folder'),
        )
      else if (readable.test(name)) paths.push(path)
      else
        findings.push(
          finding('FILE_LEFT_OUT', 'warning', `${shown} is neither JSON nor YAML: it is not read`),
        )
    }
  }
  try {
    await visit(top, 0)
  } catch (error) {
    if (error instanceof TooMuch) {
      const message = `${displayPath(top, io)} has ${error.message}`
      const hint = 'name the folder that has only files of the account'
      return { isFolder: true, paths: [], findings: [finding('FOLDER_TOO_LARGE', 'error', message, hint)] }
    }
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    // A file by itself; what is not there at all is told where it is read.
    return { isFolder: false, paths: [top], findings: [] }
  }
  return { isFolder: true, paths, findings }
}

class TooMuch extends Error {}

function finding(code: CliCode, severity: Finding['severity'], message: string, hint?: string): Finding {
  return { code, severity, message, ...(hint === undefined ? {} : { hint }) }
}
