// How long programs in other languages wait for the components' provider: until it tells its port, and until the
// engine has the schema (`pulumi package get-schema`, where there is a `pulumi` on PATH). `--quick` starts each once
// or twice only, `--json` prints one JSON document.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const runs = quick ? 2 : 10
const limitMs = 10_000
const bin = join(import.meta.dirname, '../packages/pulumi/bin/pulumi-resource-ringfence')

/** Milliseconds from the start of the process to its port on stdout. */
function startMs() {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint()
    const child = spawn(process.execPath, [bin], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the provider ended with ${code} before it told its port`)))
    child.stdout.once('data', (text) => {
      const tookMs = Number(process.hrtime.bigint() - start) / 1e6
      child.removeAllListeners('exit')
      child.kill()
      if (/^\d+\n$/.test(String(text))) resolve(tookMs)
      else reject(new Error(`the provider told ${text} instead of a port`))
    })
  })
}

/** Milliseconds of `pulumi package get-schema`, or undefined without a `pulumi`. */
function schemaMs() {
  const home = mkdtempSync(join(tmpdir(), 'ringfence-plugin-'))
  const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: 'true' }
  const start = process.hrtime.bigint()
  const { error, status, stderr } = spawnSync('pulumi', ['package', 'get-schema', bin], {
    env,
    encoding: 'utf8',
  })
  const tookMs = Number(process.hrtime.bigint() - start) / 1e6
  rmSync(home, { recursive: true, force: true })
  if (error !== undefined) return undefined
  if (status !== 0) throw new Error(`get-schema gave ${status}: ${stderr}`)
  return tookMs
}

async function measure(once) {
  const times = []
  for (let run = 0; run < runs; run += 1) {
    const tookMs = await once()
    if (tookMs === undefined) return undefined
    times.push(tookMs)
  }
  return Number(times.toSorted((a, b) => a - b)[Math.floor(runs / 2)].toFixed(0))
}

const results = { 'port told': await measure(startMs), 'pulumi package get-schema': await measure(schemaMs) }
if (json) {
  console.log(
    JSON.stringify({ formatVersion: 1, benchmark: 'plugin-start', runs, limitMs, results }, null, 2),
  )
} else {
  console.log(`plugin-start: median of ${runs} runs; the provider must start within ${limitMs} ms`)
  for (const [name, tookMs] of Object.entries(results)) {
    console.log(
      `  ${name.padEnd(28)} ${tookMs === undefined ? 'no pulumi on PATH' : `${String(tookMs).padStart(8)} ms`}`,
    )
  }
}
if (!quick && Object.values(results).some((tookMs) => tookMs >= limitMs)) {
  console.error('the limit is passed')
  process.exitCode = 1
}
