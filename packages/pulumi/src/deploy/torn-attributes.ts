import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Removes what a killed Pulumi left half-written beside a stack's state in a `file://` backend, whose folder is
 * `folder`. Pulumi replaces the state itself at once, but writes its `.attrs` file (type and checksum of the
 * content) in place, and then cannot read the state because of that file; it reads a state without one. Gives the
 * paths that were removed.
 */
export async function removeTornAttributes(
  folder: string,
  project: string,
  stack: string,
): Promise<readonly string[]> {
  const states = join(folder, '.pulumi', 'stacks', project)
  const name = stack.split('/').at(-1) ?? stack
  const files = await readdir(states).catch(() => [])
  const paths = files
    .filter((file) => file.startsWith(`${name}.json`) && file.endsWith('.attrs'))
    .map((file) => join(states, file))
  const torn: string[] = []
  for (const path of paths) {
    if (isJson(await readFile(path, 'utf8'))) continue
    await rm(path, { force: true })
    torn.push(path)
  }
  return torn
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
