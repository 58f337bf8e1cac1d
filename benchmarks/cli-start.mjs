// How long the command takes to say what it can do, and to its first proof: wall and CPU time of `ringfence --help`
// and of `ringfence compare` with two policies, beside an empty Node process in the same run. `--quick` starts each a few times only, `--json` prints one JSON document.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const runs = quick ? 3 : 30
const limitCpuMs = 150
const bin = join(import.meta.dirname, '../packages/cli/bin/ringfence.js')

// A process knows its own CPU time best: it tells it on its way out.
const teller = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  process.stderr.write(String((userCPUTime + systemCPUTime) / 1000))
})`
const preload = `data:text/javascript,${encodeURIComponent(teller)}`

function measure(argv) {
  const wallMs = []
  const cpuMs = []
  for (let run = 0; run < runs; run += 1) {
    const start = process.hrtime.bigint()
    const { status, stderr } = spawnSync(process.execPath, ['--import', preload, ...argv], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${argv.join(' ')} gave ${status}: ${stderr}`)
    wallMs.push(Number(process.hrtime.bigint() - start) / 1e6)
    cpuMs.push(Number(stderr))
  }
  return { wallMs: median(wallMs), cpuMs: median(cpuMs) }
}

function median(values) {
  return Number(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(1))
}

const folder = mkdtempSync(join(tmpdir(), 'ringfence-cli-start-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
const reads = { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::acme-data/raw/*' }
const all = { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::acme-*' }
const policies = [reads, all].map((statement, index) => {
  const file = join(folder, `${index}.json`)
  writeFileSync(file, JSON.stringify({ Version: '2012-10-17', Statement: [statement] }))
  return file
})

const results = {
  'node, nothing': measure(['-e', '0']),
  'ringfence --help': measure([bin, '--help']),
  'ringfence plan --help': measure([bin, 'plan', '--help']),
  'ringfence compare': measure([bin, 'compare', ...policies]),
}
if (json) {
  console.log(
    JSON.stringify({ formatVersion: 1, benchmark: 'cli-start', runs, limitCpuMs, results }, null, 2),
  )
} else {
  console.log(
    `cli-start: median of ${runs} runs; the CPU time of --help and compare must stay under ${limitCpuMs} ms`,
  )
  for (const [name, { wallMs, cpuMs }] of Object.entries(results)) {
    console.log(
      `  ${name.padEnd(24)} ${String(wallMs).padStart(8)} ms wall ${String(cpuMs).padStart(8)} ms CPU`,
    )
  }
}
const limited = [results['ringfence --help'], results['ringfence compare']]
if (!quick && limited.some(({ cpuMs }) => cpuMs >= limitCpuMs)) {
  console.error('the limit is passed')
  process.exitCode = 1
}
