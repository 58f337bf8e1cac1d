import { join } from 'node:path'
import { build } from 'rolldown'

const dist = join(import.meta.dirname, '..', '..', 'dist')

/**
 * Makes one file of the stand-in for the AWS provider and all that it depends on, but for the clients of AWS's SDK, which
 * it imports when they are needed: the engine starts it twice and more for each update, and loading its modules one by one
 * took longer than what it does then.
 */
export async function bundleProvider(): Promise<void> {
  await build({
    input: join(dist, 'pulumi-resource-aws', 'main.js'),
    platform: 'node',
    external: /^node:/,
    logLevel: 'warn',
    // Over what is there: other tests may be running by it.
    output: { dir: join(dist, 'provider'), format: 'esm' },
  })
}
