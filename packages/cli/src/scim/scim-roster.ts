import { CliError } from '../cli-error.js'
import type { Io } from '../io.js'
import type { LoadedRoster } from '../roster-file.js'
import { existingScimFolder } from './data-folder.js'

/** Reads who SCIM has said is here. The server may run meanwhile: what is read is one state of the directory. */
export async function loadScimRoster(declaredPath: string, io: Io): Promise<LoadedRoster> {
  if (io.scimRoster !== undefined) return { roster: io.scimRoster, findings: [], sources: [] }
  let folder: string
  try {
    folder = existingScimFolder({ file: declaredPath }, io)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    const { code, message } = error
    const { hint } = error.options
    const finding = { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) } as const
    return { findings: [finding], sources: [] }
  }
  const { openDirectory } = await import('@ringfence/scim')
  const directory = openDirectory(folder)
  try {
    return { roster: directory.roster(io.scimStack), findings: [], sources: [] }
  } finally {
    await directory.close()
  }
}
