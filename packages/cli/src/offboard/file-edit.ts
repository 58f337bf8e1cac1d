import { removeMember } from '@ringfence/lifecycle'
import type { Member } from '@ringfence/plan'
import { extname, resolve } from 'node:path'
import { maxDeclarationBytes } from '../declaration-file.js'
import type { Io } from '../io.js'
import { displayPath, readTextFile } from '../text-file.js'

/** What happens to the declared file, and what somebody has to change themselves. */
export interface FileEdit {
  readonly file: string
  /** What is taken out of it; empty where it does not name the member. */
  readonly removed: readonly string[]
  /** Its new text; undefined: it stays as it is. */
  readonly text?: string
  /** What is to be changed elsewhere, or else the next update gives the access again. */
  readonly byHand: readonly string[]
}

/** Looks where a member is declared. Only YAML and JSON are edited: a program is its author's. */
export async function planFileEdit(
  path: string,
  name: string,
  declared: Member | undefined,
  io: Io,
): Promise<FileEdit> {
  const file = displayPath(path, io)
  const place = declared === undefined ? file : `${declared.declaredAt.file}:${declared.declaredAt.line}`
  const kind = extname(path).toLowerCase()
  const read =
    kind === '.yaml' || kind === '.yml' ? await readTextFile(path, io, maxDeclarationBytes) : undefined
  const edited = read?.ok === true ? removeMember(read.text, name) : undefined
  if (edited?.ok !== true) {
    const byHand = declared === undefined ? [] : [`take ${name} out of ${place}: members, teams and grants`]
    return { file, removed: [], byHand }
  }
  const { from, removed, text } = edited
  const isElsewhere = from !== undefined && declared !== undefined && !removed.includes(`members.${name}`)
  const byHand = !isElsewhere
    ? []
    : from === 'scim'
      ? [`deactivate ${name} in the identity provider that sends the roster`]
      : [`take ${name} out of the roster: ${place}`]
  return { file, removed, ...(removed.length === 0 ? {} : { text }), byHand }
}

/** Writes the file; a run that is killed before leaves it as it was. */
export async function writeFileEdit(path: string, { text }: FileEdit, io: Io): Promise<void> {
  if (text !== undefined) await io.files.write(resolve(io.cwd, path), text, { overwrite: true })
}
