// How long the command takes to say what it can do, and to its first proof: wall and CPU time of `ringfence --help`,
// and of `ringfence compare` with two policies until it has printed how they compare and until its end, beside an empty
// Node process in the same run. `--quick` starts each a few times only, `--json` prints one JSON document.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const json = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
const runs = quick ? 3 : 30
const limitCpuMs = 150
const bin = join(import.meta.dirname, '../packages/cli/bin/ringfence.js')

// A process knows its own times best: on its way out it tells those of its first output and of its end.
const teller = `const spent = () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  return [performance.now(), (userCPUTime + systemCPUTime) / 1000]
}
const write = process.stdout.write
let first
process.stdout.write = (...args) => {
  first ??= spent()
  return write.apply(process.stdout, args)
}
process.on('exit', () => process.stderr.write(JSON.stringify([first ?? spent(), spent()])))`
const preload = `data:text/javascript,${encodeURIComponent(teller)}`

/** Milliseconds since the process began, to its first output and to its end. */
function measure(argv) {
  const told = []
  for (let run = 0; run < runs; run += 1) {
    const { status, stderr } = spawnSync(process.execPath, ['--import', preload, ...argv], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${argv.join(' ')} gave ${status}: ${stderr}`)
    told.push(JSON.parse(stderr))
  }
  const [first, end] = [0, 1].map((at) => ({
    wallMs: median(told.map((times) => times[at][0])),
    cpuMs: median(told.map((times) => times[at][1])),
  }))
  return { first, end }
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

const compare = measure([bin, 'compare', ...policies])
const results = {
  'node, nothing': measure(['-e', '0']).end,
  'ringfence --help': measure([bin, '--help']).end,
  'ringfence plan --help': measure([bin, 'plan', '--help']).end,
  'ringfence compare, first proof': compare.first,
  'ringfence compare, counts too': compare.end,
}
if (json) {
  console.log(
    JSON.stringify({ formatVersion: 1, benchmark: 'cli-start', runs, limitCpuMs, results }, null, 2),
  )
} else {
  console.log(
    `cli-start: median of ${runs} runs; the CPU time of --help and to the first proof must stay under ${limitCpuMs} ms`,
  )
  for (const [name, { wallMs, cpuMs }] of Object.entries(results)) {
    console.log(
      `  ${name.padEnd(32)} ${String(wallMs).padStart(8)} ms wall ${String(cpuMs).padStart(8)} ms CPU`,
    )
  }
}
const limited = [results['ringfence --help'], results['ringfence compare, first proof']]
if (!quick && limited.some(({ cpuMs }) => cpuMs >= limitCpuMs)) {
  console.error('the limit is passed')
  process.exitCode = 1
}
