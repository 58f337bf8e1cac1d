import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const longestRunMs = 30_000

/**
 * Encrypts a secret for a base64-encoded OpenPGP public key by the program `gpg`, in a key ring of its own. The
 * secret passes through a pipe alone. Rejects when there is no `gpg` or the key is none.
 */
export async function encryptForPgpKey(
  secret: string,
  publicKey: string,
): Promise<{ encryptedSecret: string; keyFingerprint: string }> {
  if (publicKey.startsWith('keybase:'))
    throw new Error('pgpKey: the stand-in fetches no key from Keybase; give the key itself')
  const home = await mkdtemp(join(tmpdir(), 'ringfence-gpg-'))
  try {
    await gpg(home, ['--import'], Buffer.from(publicKey, 'base64'))
    const listed = (await gpg(home, ['--with-colons', '--list-keys'], Buffer.alloc(0))).toString('utf8')
    const fingerprint = /^fpr:(?:[^:]*:){8}([0-9A-F]+):/m.exec(listed)?.[1]
    if (fingerprint === undefined) throw new Error('pgpKey: holds no public key')
    const args = ['--trust-model', 'always', '--recipient', fingerprint, '--encrypt']
    const message = await gpg(home, args, Buffer.from(secret))
    return { encryptedSecret: message.toString('base64'), keyFingerprint: fingerprint.toLowerCase() }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

function gpg(home: string, args: readonly string[], input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('gpg', ['--homedir', home, '--batch', '--no-autostart', '--quiet', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: longestRunMs,
    })
    const parts: Buffer[] = []
    let complaint = ''
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    child.on('error', (cause) =>
      reject(
        new Error('pgpKey: encrypting needs the program gpg (package gnupg), which could not be started', {
          cause,
        }),
      ),
    )
    child.on('close', (code) =>
      code === 0
        ? resolve(Buffer.concat(parts))
        : reject(new Error(`pgpKey: gpg failed: ${complaint.trim()}`)),
    )
    // What gpg does not read, it has a complaint about on stderr.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
