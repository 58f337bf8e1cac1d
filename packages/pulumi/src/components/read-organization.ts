import { readFileSync } from 'node:fs'
import * as pulumi from '@pulumi/pulumi'
import type { Declaration, OrganizationInput, Result } from '@ringfence/plan'
import { maxFileLength, parseDeclaration, readDeclaration } from '@ringfence/plan'

/** What an organization is declared by: a file's path, or the value itself. */
export interface DeclarationSource {
  readonly file?: string | undefined
  readonly declaration?: OrganizationInput | undefined
}

/** Reads a declaration; `nowMs` (epoch milliseconds) decides what has expired. Throws RunError for a bad source. */
export function readOrganization(
  name: string,
  { file, declaration }: DeclarationSource,
  nowMs: number,
): Result<Declaration> {
  if ((file === undefined) === (declaration === undefined)) {
    throw new pulumi.RunError(
      `"${name}" needs either "file" or "declaration"${file === undefined ? '' : ', not both'}.\n` +
        'Try: file: "ringfence.yaml".',
    )
  }
  if (file === undefined) return readDeclaration({ file: name, value: declaration, nowMs })
  if (/\.[cm]?[jt]s$/.test(file)) {
    throw new pulumi.RunError(
      `"${name}": ${file} is a program.\nTry: import its default export and give that as "declaration".`,
    )
  }
  return parseDeclaration({ file, text: readText(name, file), nowMs })
}

function readText(name: string, file: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new pulumi.RunError(
      `"${name}": ${file} cannot be read (${why}).\nTry: a path from the folder of the Pulumi program.`,
    )
  }
  // Four bytes are the most that a character takes in UTF-8: what is longer is refused without decoding it.
  if (bytes.length > 4 * maxFileLength)
    throw new pulumi.RunError(`"${name}": ${file} is too long to be read.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new pulumi.RunError(`"${name}": ${file} is not UTF-8 text.\nTry: save it as UTF-8.`)
  }
}
