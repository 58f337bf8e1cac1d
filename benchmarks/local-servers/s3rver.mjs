// s3rver in a process of its own: checks neither signatures nor permissions.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'

const folder = mkdtempSync(join(tmpdir(), 'ringfence-s3rver-'))
const server = new S3rver({
  port: 0,
  address: '127.0.0.1',
  silent: true,
  directory: folder,
  configureBuckets: [{ name: 'bench' }],
})
const address = await server.run()

process.on('message', async (message) => {
  if (message === 'cpu') process.send({ cpuUs: process.cpuUsage().user + process.cpuUsage().system })
  if (message === 'stop') {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
    process.exit(0)
  }
})
process.send({
  endpoint: `http://127.0.0.1:${address.port}`,
  credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
})
