import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { CliCode } from './codes.js'
import type { Io } from './io.js'
import type { Finding } from './output/diagnostics.js'

/** A text, or why there is none. */
export type TextResult =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly finding: Finding }

/** Reads a file of UTF-8 text, at most `maxBytes`, without its byte order mark. */
export async function readTextFile(path: string, io: Io, maxBytes: number): Promise<TextResult> {
  const shown = displayPath(path, io)
  try {
    return decodeText(await io.files.read(resolve(io.cwd, path), maxBytes), shown, maxBytes)
  } catch (error) {
    return { ok: false, finding: readFailure(error, shown) }
  }
}

/** What was read as text; `shown` names it in findings. */
export function decodeText(bytes: Uint8Array | 'too-large', shown: string, maxBytes: number): TextResult {
  if (bytes === 'too-large') {
    const limit = `${Math.floor(maxBytes / (1024 * 1024))} MiB`
    return fail(
      'FILE_TOO_LARGE',
      `${shown} is larger than ${limit}`,
      'split it, or check that it is the file you mean',
    )
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return fail('FILE_NOT_UTF8', `${shown} is UTF-16, not UTF-8`, 'save it as UTF-8')
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return fail(
      'FILE_NOT_UTF8',
      `${shown} is not UTF-8 text`,
      'save it as UTF-8, or check that it is the file you mean',
    )
  }
  if (text.includes('\0')) {
    return fail(
      'FILE_NOT_TEXT',
      `${shown} is not a text file: it has NUL bytes`,
      'check that it is the file you mean',
    )
  }
  return { ok: true, text }
}

/** A path as users see it: relative to where they are, if it is inside; `/` between folders. */
export function displayPath(path: string, io: Pick<Io, 'cwd'>): string {
  const absolute = resolve(io.cwd, path)
  const fromHere = relative(io.cwd, absolute)
  const inside = fromHere !== '' && !fromHere.startsWith('..') && !isAbsolute(fromHere)
  return (inside ? fromHere : path).split(sep).join('/')
}

function readFailure(error: unknown, shown: string): Finding {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return finding('FILE_NOT_FOUND', `there is no file ${shown}`, 'check the path')
    case 'EISDIR':
      return finding('FILE_IS_DIRECTORY', `${shown} is a directory`, 'name the file in it')
    case 'EACCES':
    case 'EPERM':
      return finding('FILE_NOT_READABLE', `${shown} may not be read`, 'check its permissions')
    case undefined:
      throw error
    default:
      return finding('FILE_NOT_READABLE', `${shown} cannot be read: ${(error as Error).message}`)
  }
}

function fail(code: CliCode, message: string, hint?: string): TextResult {
  return { ok: false, finding: finding(code, message, hint) }
}

function finding(code: CliCode, message: string, hint?: string): Finding {
  return { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }
}
