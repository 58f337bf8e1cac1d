/**
 * Seconds (of CPU time, so that other work on the machine does not count) and memory from a declared file to the
 * printed plan, for 100,000 members and 10,000 datasets.
 *
 *   npm run build && node benchmarks/plan.mjs [--members N] [--datasets N] [--quick] [--json]
 *
 * The floor, measured in the same process, is what no implementation can avoid: reading the same text with the
 * YAML parser alone, and JSON.stringify of the same plan. Each step runs in a process of its own for its peak
 * memory.
 */
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildPlan, parseDeclaration, printPlan } from '../packages/plan/dist/index.js'

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '100000' },
    datasets: { type: 'string', default: '10000' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    step: { type: 'string' },
  },
})
const memberCount = values.quick ? 2000 : Number(values.members)
const datasetCount = values.quick ? 200 : Number(values.datasets)
const teamSize = 50

/** Members in teams of 50; every team owns and uses its share of the datasets, and reads one of the next team. */
function writeFile() {
  const teamCount = Math.max(1, Math.ceil(memberCount / teamSize))
  const lines = [
    'organization: acme',
    "account: '111122223333'",
    'region: eu-west-1',
    'administrators: [role/platform-admin]',
    'members:',
  ]
  for (let index = 0; index < memberCount; index += 1)
    lines.push(`  member-${index}: { email: member-${index}@acme.example }`)
  lines.push('teams:')
  for (let team = 0; team < teamCount; team += 1) {
    const names = []
    for (let index = team * teamSize; index < Math.min(memberCount, (team + 1) * teamSize); index += 1)
      names.push(`member-${index}`)
    lines.push(`  team-${team}: [${names.join(', ')}]`)
  }
  lines.push('datasets:')
  for (let index = 0; index < datasetCount; index += 1) {
    lines.push(
      `  dataset-${index}: { owner: team-${index % teamCount}${index % 4 === 0 ? ', encryption: kms' : ''} }`,
    )
  }
  lines.push('grants:')
  for (let index = 0; index < datasetCount; index += 1) {
    lines.push(`  - { to: team-${index % teamCount}, can: [read, write], on: dataset-${index} }`)
    if (teamCount > 1)
      lines.push(
        `  - { to: team-${(index + 1) % teamCount}, can: read, on: dataset-${index}, under: shared/ }`,
      )
  }
  return `${lines.join('\n')}\n`
}

function timed(work) {
  const started = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(started)
  return { seconds: (user + system) / 1e6, result }
}

function valueOf(result) {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics.slice(0, 3)))
  return result.value
}

async function runSteps() {
  const text = writeFile()
  const parse = timed(() => valueOf(parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0 })))
  const build = timed(() => valueOf(buildPlan(parse.result)))
  const print = timed(() => printPlan(build.result))
  return {
    characters: { file: text.length, plan: print.result.length },
    resources: build.result.resources.length,
    seconds: { parse: parse.seconds, build: build.seconds, print: print.seconds },
  }
}

async function runFloor() {
  const { parseDocument } = await import('yaml')
  const text = writeFile()
  const yaml = timed(() => parseDocument(text, { uniqueKeys: false, prettyErrors: false }))
  const plan = JSON.parse(
    printPlan(valueOf(buildPlan(valueOf(parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0 }))))),
  )
  const stringify = timed(() => JSON.stringify(plan))
  return { seconds: { yaml: yaml.seconds, stringify: stringify.seconds } }
}

function inOwnProcess(step) {
  const child = spawnSync(
    process.execPath,
    [
      '--max-old-space-size=8192',
      fileURLToPath(import.meta.url),
      '--step',
      step,
      '--members',
      String(memberCount),
      '--datasets',
      String(datasetCount),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 20 },
  )
  if (child.status !== 0) throw new Error(`step ${step} ended with ${child.status ?? child.signal}`)
  return JSON.parse(child.stdout)
}

if (values.step !== undefined) {
  const measured = values.step === 'floor' ? await runFloor() : await runSteps()
  const peakMiB = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify({ ...measured, peakMiB }))
} else {
  const ours = inOwnProcess('ours')
  const floor = inOwnProcess('floor')
  const total = ours.seconds.parse + ours.seconds.build + ours.seconds.print
  const floorTotal = floor.seconds.yaml + floor.seconds.stringify
  const report = {
    members: memberCount,
    datasets: datasetCount,
    ...ours,
    seconds: { ...ours.seconds, total },
    floor: { yaml: floor.seconds.yaml, stringify: floor.seconds.stringify, total: floorTotal },
    ratioToFloor: total / floorTotal,
  }
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report))
}

function printReport({ members, datasets, resources, characters, seconds, floor, ratioToFloor, peakMiB }) {
  return [
    `${members} members, ${datasets} datasets: ${resources} resources`,
    `file ${(characters.file / 1e6).toFixed(1)} MB, plan ${(characters.plan / 1e6).toFixed(1)} MB`,
    `parse ${inSeconds(seconds.parse)}, build ${inSeconds(seconds.build)}, print ${inSeconds(seconds.print)}: ${inSeconds(seconds.total)}`,
    `floor: YAML alone ${inSeconds(floor.yaml)}, JSON.stringify ${inSeconds(floor.stringify)}: ${inSeconds(floor.total)}`,
    `${ratioToFloor.toFixed(1)} times the floor, peak memory ${peakMiB.toFixed(0)} MiB`,
    '',
  ].join('\n')
}

function inSeconds(value) {
  return `${value.toFixed(2)} s`
}
