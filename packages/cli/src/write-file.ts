import { dirname, resolve } from 'node:path'
import { CliError } from './cli-error.js'
import { exitCode } from './exit-code.js'
import type { Io } from './io.js'
import { displayPath } from './text-file.js'

/** Writes a file, all of it or nothing; rejects with `FILE_EXISTS` or `FILE_NOT_WRITABLE`. */
export async function writeTextFile(path: string, text: string, overwrite: boolean, io: Io): Promise<void> {
  const shown = displayPath(path, io)
  try {
    await io.files.write(resolve(io.cwd, path), text, { overwrite })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === undefined) throw cause
    if (code === 'EEXIST') {
      const hint = 'name another file, or replace it with --force'
      throw new CliError('FILE_EXISTS', `${shown} is there already`, {
        hint,
        exitCode: exitCode.usage,
        cause,
      })
    }
    const hint =
      code === 'ENOENT' ? `make the folder ${dirname(shown)} first` : 'check the folder and its permissions'
    throw new CliError('FILE_NOT_WRITABLE', `${shown} cannot be written: ${message}`, {
      hint,
      exitCode: exitCode.usage,
      cause,
    })
  }
}
