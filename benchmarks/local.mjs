// Server CPU per request of the local AWS (IAM on, every signature verified) beside s3rver, which checks
// nothing, in one run with the same client: PutObject and GetObject of 1 KiB and 1 MiB.
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const quick = process.argv.includes('--quick')
const concurrency = 8
const loads = [
  { name: '1 KiB', size: 1024, requests: quick ? 200 : 4000 },
  { name: '1 MiB', size: 1024 * 1024, requests: quick ? 20 : 200 },
]

const measured = {}
for (const server of ['ringfence', 's3rver']) measured[server] = await measureServer(server)

const rows = Object.keys(measured.ringfence).map((what) => ({
  what,
  ringfenceCpuUs: measured.ringfence[what].cpuUs,
  s3rverCpuUs: measured.s3rver[what].cpuUs,
  cpuRatio: measured.ringfence[what].cpuUs / measured.s3rver[what].cpuUs,
  ringfencePerSecond: measured.ringfence[what].perSecond,
  s3rverPerSecond: measured.s3rver[what].perSecond,
}))
if (process.argv.includes('--json'))
  process.stdout.write(`${JSON.stringify({ formatVersion: 1, benchmark: 'local', rows }, null, 2)}\n`)
else
  for (const row of rows)
    process.stdout.write(
      `local  ${row.what.padEnd(18)} server CPU ${row.ringfenceCpuUs.toFixed(0).padStart(6)} µs a request, ` +
        `s3rver ${row.s3rverCpuUs.toFixed(0).padStart(6)} µs: ${row.cpuRatio.toFixed(2)} × of s3rver\n`,
    )

async function measureServer(name) {
  const child = fork(fileURLToPath(new URL(`local-servers/${name}.mjs`, import.meta.url)))
  const { endpoint, credentials } = await next(child)
  const client = new S3Client({
    region: 'eu-west-1',
    endpoint,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  })
  const results = {}
  for (const { name: load, size, requests } of loads) {
    const body = Buffer.alloc(size, 'x')
    const put = (n) =>
      client.send(new PutObjectCommand({ Bucket: 'bench', Key: `raw/${size}/${n}`, Body: body }))
    const get = async (n) => {
      const answer = await client.send(new GetObjectCommand({ Bucket: 'bench', Key: `raw/${size}/${n}` }))
      const bytes = await answer.Body.transformToByteArray()
      if (bytes.length !== size) throw new Error(`${name} gave ${bytes.length} bytes instead of ${size}`)
    }
    await inParallel(Math.ceil(requests / 10), put) // warm-up
    results[`PutObject ${load}`] = await measure(child, requests, put)
    results[`GetObject ${load}`] = await measure(child, requests, get)
  }
  client.destroy()
  child.send('stop')
  await new Promise((resolve) => child.on('exit', resolve))
  return results
}

async function measure(child, requests, request) {
  const before = await cpu(child)
  const started = performance.now()
  await inParallel(requests, request)
  const seconds = (performance.now() - started) / 1000
  return { cpuUs: ((await cpu(child)) - before) / requests, perSecond: requests / seconds }
}

async function inParallel(count, request) {
  let started = 0
  const worker = async () => {
    while (started < count) await request(started++)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

async function cpu(child) {
  child.send('cpu')
  return (await next(child)).cpuUs
}

async function next(child) {
  return await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
}
