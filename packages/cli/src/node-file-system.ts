import { constants } from 'node:fs'
import { copyFile, link, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises'
import type { FileSystem, FolderEntry } from './io.js'

const chunkBytes = 64 * 1024

/** The machine's own files. */
export const nodeFileSystem: FileSystem = { list, read, write }

async function list(path: string): Promise<readonly FolderEntry[]> {
  const entries = await readdir(path, { withFileTypes: true })
  return entries
    .map((entry): FolderEntry => {
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other'
      return { name: entry.name, kind }
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

async function read(path: string, maxBytes: number): Promise<Uint8Array | 'too-large'> {
  const file = await open(path, 'r')
  try {
    const chunks: Uint8Array[] = []
    let size = 0
    // Not by the size that the file system tells: pipes and devices have none.
    while (size <= maxBytes) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, null)
      if (bytesRead === 0) return Buffer.concat(chunks)
      size += bytesRead
      chunks.push(buffer.subarray(0, bytesRead))
    }
    return 'too-large'
  } finally {
    await file.close()
  }
}

async function write(path: string, text: string, options: { readonly overwrite: boolean }): Promise<void> {
  // A link stays a link: what it leads to is replaced, and keeps its permissions.
  const target = options.overwrite ? await realpath(path).catch(() => path) : path
  const before = options.overwrite ? await stat(target).catch(() => undefined) : undefined
  // Loading it takes longer than most commands that write nothing.
  const { randomBytes } = await import('node:crypto')
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`
  const file = await open(temporary, 'wx', 0o644)
  try {
    try {
      if (before !== undefined) await file.chmod(before.mode & 0o7777)
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    if (options.overwrite) {
      await rename(temporary, target)
    } else {
      await linkOrCopy(temporary, path)
      await unlink(temporary)
    }
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

/** Unlike rename, both refuse to replace what appeared in the meantime; some file systems have no links. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    await copyFile(from, to, constants.COPYFILE_EXCL)
  }
}
