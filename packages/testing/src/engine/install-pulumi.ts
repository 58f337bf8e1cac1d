import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'rolldown'

const root = join(import.meta.dirname, '..', '..', '..', '..')
const dist = join(root, 'packages', 'testing', 'dist')

/** Puts a `pulumi` on the PATH of all tests of a run; builds one where there is none, which takes minutes, once. */
export default async function installPulumi(): Promise<void> {
  const folder = execFileSync('bash', [join(root, 'scripts', 'install-pulumi.sh')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
  process.env['PATH'] = `${folder}:${process.env['PATH'] ?? ''}`
  await bundleProvider()
}

/**
 * Makes one file of the stand-in for the AWS provider and all that it depends on, but for the clients of AWS's SDK, which
 * it imports when they are needed: the engine starts it twice and more for each update, and loading its modules one by one
 * took longer than what it does then.
 */
async function bundleProvider(): Promise<void> {
  await build({
    input: join(dist, 'pulumi-resource-aws', 'main.js'),
    platform: 'node',
    external: /^node:/,
    logLevel: 'warn',
    // Over what is there: other tests may be running by it.
    output: { dir: join(dist, 'provider'), format: 'esm' },
  })
}
