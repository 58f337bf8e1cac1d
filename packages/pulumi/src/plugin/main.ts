import { main } from '@pulumi/pulumi/provider/index.js'
import { readFileSync } from 'node:fs'
import { createProvider } from './provider.js'

/**
 * Starts the provider, as the engine does it: it is handed the engine's address, and told the port on stdout. The
 * schema is baked, because inferring it type-checks AWS's whole package, for seconds.
 */
export function startProvider(): Promise<void> {
  const { version } = JSON.parse(read('../../package.json')) as { version: string }
  return main(createProvider(read('../../schema.json'), version), process.argv.slice(2))
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}
