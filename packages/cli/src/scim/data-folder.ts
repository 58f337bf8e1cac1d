import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { displayPath } from '../text-file.js'

/** Where the directory of a declared file is. */
export interface ScimFolderOptions {
  readonly file: string
  readonly scimData?: string
}

export const scimDataOption = [
  '--scim-data <folder>',
  'where the directory is kept (default: RINGFENCE_SCIM_DATA, or .ringfence/scim beside the file)',
] as const

/** The folder of the directory that belongs to a declared file. */
export function scimFolder({ file, scimData }: ScimFolderOptions, io: Pick<Io, 'cwd' | 'env'>): string {
  const named = scimData ?? io.env['RINGFENCE_SCIM_DATA']
  if (named !== undefined && named !== '') return resolve(io.cwd, named)
  return join(dirname(resolve(io.cwd, file)), '.ringfence', 'scim')
}

/** The same, where there has to be one already. */
export function existingScimFolder(options: ScimFolderOptions, io: Io): string {
  const folder = scimFolder(options, io)
  if (existsSync(join(folder, 'directory'))) return folder
  throw new CliError('SCIM_DATA_NOT_FOUND', `there is no directory of people in ${displayPath(folder, io)}`, {
    hint: 'start `ringfence serve scim`, or name its folder by RINGFENCE_SCIM_DATA',
    exitCode: exitCode.usage,
  })
}
