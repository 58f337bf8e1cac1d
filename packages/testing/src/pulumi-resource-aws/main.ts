import { createRequire } from 'node:module'
import { serveProvider } from './grpc-server.js'
import { Provider } from './provider.js'
import { functionTypes, resourceTypes } from './resource-types.js'

/**
 * `pulumi-resource-aws`: a stand-in for Pulumi's AWS provider, for ringfence's tests only. It has the few resource
 * types that ringfence deploys, makes them by calls of the AWS SDK to an AWS on this machine, and refuses every
 * other type, argument and endpoint.
 */
const { version } = createRequire(import.meta.url)('@pulumi/aws/package.json') as { version: string }

if (process.argv.includes('--version')) {
  process.stdout.write(`${version} (ringfence's stand-in for the AWS provider, for tests only)\n`)
} else {
  const port = await serveProvider(new Provider(resourceTypes, functionTypes), version)
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`)
}
