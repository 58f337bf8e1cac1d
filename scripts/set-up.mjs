// Brings a fresh clone to a state in which ringfence runs: dependencies from the lockfile, then a build.
// Each step is skipped when nothing that it depends on has changed, so that a second start costs no time.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFolder = join(root, 'node_modules', '.ringfence')
const oldestNode = [20, 19]

/** Installs and builds what is missing or outdated. Throws an `Error` that says what to do. */
export function setUp() {
  checkNode()
  step(
    'dependencies',
    dependencyInputs,
    'Installing dependencies from the lockfile …',
    () => {
      // npm is started by its script where that is known: on Windows `npm` is no executable of its own.
      const npm = process.env.npm_execpath
      const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
      if (npm) run(process.execPath, [npm, ...args])
      else run('npm', args)
    },
    isInstalled,
  )
  step('build', buildInputs, 'Building …', () => {
    run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'])
    run(process.execPath, [join(root, 'scripts', 'bundle.mjs')])
  })
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
    throw new Error(
      `ringfence needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}.\n` +
        'Try: install a current Node, then start again.',
    )
}

function step(name, inputs, announcement, work, isDone = () => false) {
  const stamp = join(stampFolder, name)
  const isStamped = existsSync(stamp)
  if (isStamped && readFileSync(stamp, 'utf8') === inputs()) return
  // Somebody may have done it by hand, and may be working with it right now.
  if (isStamped || !isDone()) {
    process.stderr.write(`${announcement}\n`)
    work()
  }
  mkdirSync(stampFolder, { recursive: true })
  writeFileSync(stamp, inputs())
}

/** Whether npm has put there what the lockfile says, but for what is optional and not for this machine. */
function isInstalled() {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json'))).filter(([path]) => path !== '')
  return wanted.every(([path, { integrity, link, optional, version }]) => {
    const found = installed[path]
    if (found === undefined) return optional === true
    return link === true ? found.link === true : found.version === version && found.integrity === integrity
  })
}

/** What a lockfile has, by path; nothing where there is none. */
function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

function dependencyInputs() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}`)
  const manifests = packageFolders().map((folder) => join(folder, 'package.json'))
  for (const file of ['package.json', 'package-lock.json', ...manifests])
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** Paths, sizes and times of all sources: enough to see a change, and quick enough for each start. */
function buildInputs() {
  const hash = createHash('sha256').update(dependencyInputs())
  for (const file of ['tsconfig.json', 'tsconfig.base.json']) hash.update(readFileSync(join(root, file)))
  for (const folder of packageFolders()) {
    hash.update(readFileSync(join(root, folder, 'tsconfig.json')))
    hash.update(String(existsSync(join(root, folder, 'dist'))))
    for (const entry of readdirSync(join(root, folder, 'src'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const { size, mtimeMs } = statSync(path)
      hash.update(`${path}\0${size}\0${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

function packageFolders() {
  return readdirSync(join(root, 'packages'))
    .map((name) => join('packages', name))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .toSorted()
}

function run(command, args) {
  // What the steps print is news about the set-up, not data: it goes to stderr.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error || status !== 0)
    throw new Error(
      `The set-up failed at: ${[command, ...args].join(' ')}\n` +
        'Try: read the message above; if it speaks of the network, check that the npm registry is reachable.',
    )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    setUp()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
