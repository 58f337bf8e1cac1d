import { randomBytes, randomInt } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'

/** What `--target local` keeps of one stack, in `.ringfence/local/STACK` beside the declared file. */
export interface LocalFolder {
  /** The local AWS. */
  readonly data: string
  /** A backend for Pulumi, for who has set none. */
  readonly state: string
  /** Holds the passphrase of that stack, for who has set none. */
  readonly passphrase: string
  /** For Pulumi's provider, while a command runs. */
  readonly credentials: string
  /** An AWS configuration with nothing in it. */
  readonly config: string
  /** Of the local AWS; the same each time, since the stack's state holds its address. */
  readonly ports: { readonly port: number; readonly plainPort: number }
}

/** Opens the folder of a stack, making what is missing. Nobody but its owner may look inside. */
export async function openLocalFolder(file: string, stack: string, cwd: string): Promise<LocalFolder> {
  const top = join(dirname(resolve(cwd, file)), '.ringfence')
  const folder = join(top, 'local', stack)
  const within = (name: string) => join(folder, name)
  for (const path of [within('state'), within('data')]) await mkdir(path, { recursive: true, mode: 0o700 })
  // Everything in there is of this machine alone, and some of it is secret.
  await writeOnce(join(top, '.gitignore'), '*\n')
  await writeOnce(within('passphrase'), `${randomBytes(24).toString('base64url')}\n`)
  await writeOnce(within('aws-config'), '')
  return {
    data: within('data'),
    state: within('state'),
    passphrase: within('passphrase'),
    credentials: within('aws-credentials'),
    config: within('aws-config'),
    ports: await rememberPorts(within('ports.json')),
  }
}

async function writeOnce(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

async function rememberPorts(path: string): Promise<LocalFolder['ports']> {
  const kept = await readFile(path, 'utf8').catch(() => undefined)
  if (kept !== undefined) return JSON.parse(kept) as LocalFolder['ports']
  const port = await findFreePorts()
  const ports = { port, plainPort: port + 1 }
  await writeOnce(path, `${JSON.stringify(ports)}\n`)
  return JSON.parse(await readFile(path, 'utf8')) as LocalFolder['ports']
}

/** Two ports in a row, below those that systems give to outgoing connections, which come and go. */
async function findFreePorts(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(20_000, 30_000)
    if ((await isFree(port)) && (await isFree(port + 1))) return port
  }
  throw new Error('no free ports between 20000 and 30000')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
}
