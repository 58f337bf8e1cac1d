/**
 * How much of an `up` is ringfence's own work: reading and planning the declared file and registering the plan's
 * resources, for 100 members and 50 datasets.
 *
 *   npm run build && node benchmarks/up.mjs [--members N] [--datasets N] [--quick] [--json]
 *
 * By the real Pulumi engine with the stand-in for the AWS provider and the embedded AWS as the cloud. Beside it,
 * in the same run: a Pulumi program that does nothing but register as many resources (components, which no
 * provider makes), the floor of what Pulumi itself takes.
 */
import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Provider } from '@pulumi/aws/provider.js'
import * as pulumi from '@pulumi/pulumi'
import { buildPlan, parseDeclaration } from '../packages/plan/dist/index.js'
import { registerPlan } from '../packages/pulumi/dist/index.js'
import { bundleProvider } from '../packages/testing/dist/engine/bundle-provider.js'
import { startEngineRun } from '../packages/testing/dist/engine/engine-run.js'

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '100' },
    datasets: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
})
const memberCount = values.quick ? 10 : Number(values.members)
const datasetCount = values.quick ? 5 : Number(values.datasets)
const teamSize = 10

const installer = fileURLToPath(new URL('../scripts/install-pulumi.sh', import.meta.url))
const pulumiFolder = execFileSync('bash', [installer], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
})
process.env.PATH = `${pulumiFolder.trim()}${delimiter}${process.env.PATH}`
await bundleProvider()

/** Members in teams of ten; every team owns and uses its share of the datasets. */
function writeFile() {
  const teamCount = Math.ceil(memberCount / teamSize)
  const members = Array.from({ length: memberCount }, (_, index) => `member-${index}`)
  const datasets = Array.from({ length: datasetCount }, (_, index) => index)
  return [
    'organization: acme',
    "account: '111122223333'",
    'region: eu-west-1',
    'administrators: [role/platform-admin]',
    'members:',
    ...members.map((name) => `  ${name}: { email: ${name}@acme.example }`),
    'teams:',
    ...Array.from({ length: teamCount }, (_, team) => {
      const names = members.slice(team * teamSize, (team + 1) * teamSize)
      return `  team-${team}: [${names.join(', ')}]`
    }),
    'datasets:',
    ...datasets.map((index) => `  dataset-${index}: { owner: team-${index % teamCount} }`),
    'grants:',
    ...datasets.map(
      (index) => `  - { to: team-${index % teamCount}, can: [read, write], on: dataset-${index} }`,
    ),
    '',
  ].join('\n')
}

function valueOf(result) {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics.slice(0, 3)))
  return result.value
}

const seconds = (value) => `${value.toFixed(2)} s`
const percent = (share) => `${(100 * share).toFixed(1)} %`

const secondsSince = (startMs) => (performance.now() - startMs) / 1000

/** One `up` of a program in a fresh stack; `own` is what the program's own statements took. */
async function measure(run, name, program) {
  const own = { seconds: 0 }
  const stack = await run.stack(async () => {
    const startMs = performance.now()
    program()
    own.seconds = secondsSince(startMs)
  }, name)
  const startMs = performance.now()
  const { changes } = await stack.up()
  const first = { seconds: secondsSince(startMs), own: own.seconds, resources: changes.create }
  const againMs = performance.now()
  await stack.up()
  return { ...first, again: { seconds: secondsSince(againMs), own: own.seconds } }
}

const run = await startEngineRun({
  deployAs: async (aws) => {
    const plan = valueOf(buildPlan(valueOf(parseDeclaration({ file: 'up', text: writeFile(), nowMs: 0 }))))
    await aws.loadExternal(plan)
    const roleArn = 'arn:aws:iam::111122223333:role/platform-admin'
    const principal = 'arn:aws:iam::111122223333:root'
    return aws.issueRoleSession({ roleArn, sessionName: 'up', principal, action: 'sts:AssumeRole' })
  },
})
try {
  const text = writeFile()
  const ringfence = await measure(run, 'ringfence', () => {
    const plan = valueOf(buildPlan(valueOf(parseDeclaration({ file: 'up', text, nowMs: Date.now() }))))
    const provider = new Provider('aws', run.providerArgs)
    const parent = new pulumi.ComponentResource('benchmark:index:Organization', 'acme', {}, { provider })
    registerPlan(plan, { name: 'acme', parent, provider })
  })
  const empty = await measure(run, 'empty', () => {
    // The stack itself is one of the resources.
    return Array.from(
      { length: ringfence.resources - 1 },
      (_, index) => new pulumi.ComponentResource('benchmark:index:Nothing', `nothing-${index}`),
    )
  })
  const report = {
    members: memberCount,
    datasets: datasetCount,
    ringfence,
    empty,
    ownShare: ringfence.own / ringfence.seconds,
    ownShareAgain: ringfence.again.own / ringfence.again.seconds,
    ratioToEmpty: ringfence.seconds / empty.seconds,
    ratioToEmptyAgain: ringfence.again.seconds / empty.again.seconds,
  }
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report))
} finally {
  await run.close()
}

function printReport({ members, datasets, ringfence, empty, ...shares }) {
  return [
    `up: ${members} members, ${datasets} datasets: ${ringfence.resources} resources`,
    `first up   ${seconds(ringfence.seconds)}, of it ringfence's own ${seconds(ringfence.own)} (${percent(shares.ownShare)}); empty program ${seconds(empty.seconds)}: ${shares.ratioToEmpty.toFixed(1)} ×`,
    `second up  ${seconds(ringfence.again.seconds)}, of it ringfence's own ${seconds(ringfence.again.own)} (${percent(shares.ownShareAgain)}); empty program ${seconds(empty.again.seconds)}: ${shares.ratioToEmptyAgain.toFixed(1)} ×`,
    '',
  ].join('\n')
}
