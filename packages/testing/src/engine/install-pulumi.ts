import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { bundleProvider } from './bundle-provider.js'

const root = join(import.meta.dirname, '..', '..', '..', '..')

/** Puts a `pulumi` on the PATH of all tests of a run; builds one where there is none, which takes minutes, once. */
export default async function installPulumi(): Promise<void> {
  const folder = execFileSync('bash', [join(root, 'scripts', 'install-pulumi.sh')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
  process.env['PATH'] = `${folder}:${process.env['PATH'] ?? ''}`
  await bundleProvider()
}
