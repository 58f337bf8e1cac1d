import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** One file that holds a secret: which of those that were looked for, and how it is spelled there. */
export interface FoundSecret {
  readonly file: string
  /** Its place in the list: the secret itself is told to nobody. */
  readonly secret: number
  readonly spelling: 'clear' | 'base64' | 'percent-encoded' | 'JSON'
}

export interface SecretSearch {
  readonly found: readonly FoundSecret[]
  /** How many files were read, so that a search of nothing is noticed. */
  readonly files: number
}

/** Looks for secrets in every file under a folder, in the clear and in the spellings that hide nothing. */
export async function findSecrets(folder: string, secrets: readonly string[]): Promise<SecretSearch> {
  if (secrets.length === 0 || secrets.some((secret) => secret.length < 8))
    throw new RangeError('a search needs secrets, of at least 8 characters each')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found: FoundSecret[] = []
  for (const file of files) {
    const bytes = await readFile(file)
    const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
    for (const [index, secret] of secrets.entries()) {
      for (const [spelling, text] of spellingsOf(secret))
        if (content.includes(text)) found.push({ file: relative(folder, file), secret: index, spelling })
    }
  }
  return { found, files: files.length }
}

function spellingsOf(secret: string): (readonly [FoundSecret['spelling'], string])[] {
  const spellings = [
    ['clear', secret],
    // Where the secret starts at any of the three places of a base64 group, these characters are always there.
    ...[0, 1, 2].map((offset) => ['base64', base64At(secret, offset)] as const),
    ['percent-encoded', encodeURIComponent(secret)],
    [
      'JSON',
      JSON.stringify(secret)
        .slice(1, -1)
        .replaceAll('/', String.raw`\/`),
    ],
  ] as const
  return spellings.filter(([spelling, text]) => spelling === 'clear' || text !== secret)
}

function base64At(secret: string, offset: number): string {
  const encoded = Buffer.from(`${'\0'.repeat(offset)}${secret}`)
    .toString('base64')
    .replaceAll('=', '')
  // The first characters mix with what stands before, the last one with what follows.
  return encoded.slice(offset === 0 ? 0 : offset + 1, -1)
}
