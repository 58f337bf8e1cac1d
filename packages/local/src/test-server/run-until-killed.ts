import { startStaticServer } from './start-static-server.js'

/** Serves a folder until it is killed, and prints its endpoint first: for tests of what survives. */
const [, , folder] = process.argv
if (folder === undefined) throw new Error('a folder is wanted')
const server = await startStaticServer({ folder })
process.stdout.write(`${JSON.stringify({ endpoint: server.endpoint, swept: server.swept })}\n`)
