// CPU time of `checkPlan`: of the example organization, warm; of organizations of 10 to 10,000 members, datasets and
// half as many roles, once and again after edits of one grant, beside writing the plan as JSON; with their peak memory.
//   npm run build && node benchmarks/check.mjs [--quick] [--json]
// Each size runs in a process of its own. Ends with exit code 1 when a target is missed, but for --quick.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkPlan, createProofCache } from '@ringfence/check'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    step: { type: 'string' },
  },
})
const sizes = options.quick ? [10, 100] : [10, 100, 1_000, 10_000]
const rounds = options.quick ? 5 : 400

const numbers = (count) => Array.from({ length: count }, (_, number) => number)
const inSeconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`

/** Teams of ten, a tenth of everybody by federation; as many datasets as members, four platforms for ten datasets. */
function writeFile(size, firstEnd) {
  const teams = Math.max(2, Math.round(size / 10))
  const platforms = Math.max(1, Math.round(size * 0.4))
  const dataset = (number) => `d${number % size}`
  return [
    'organization: big',
    "account: '111122223333'",
    'region: eu-west-1',
    'guardrail: serviceControlPolicy',
    'identityProvider: { saml: sso }',
    'administrators: [role/admin]',
    'members:',
    ...numbers(size).map(
      (n) => `  m${n}: { email: m${n}@big.example${n % 10 === 9 ? ', signIn: federation' : ''} }`,
    ),
    'teams:',
    ...numbers(teams).map((team) => {
      const names = new Set(numbers(10).map((n) => `m${(team * 10 + n) % size}`))
      return `  t${team}: [${[...names].join(', ')}]`
    }),
    'datasets:',
    ...numbers(size).map((n) => `  d${n}: {${n % 5 === 0 ? ' encryption: kms ' : ''}}`),
    'platforms:',
    ...numbers(platforms).map(
      (n) => `  p${n}: { kind: sagemaker, reads: [${dataset(n * 2)}], writes: [${dataset(n * 2 + 1)}] }`,
    ),
    'grants:',
    ...numbers(size).flatMap((n) => {
      const under = n % 3 === 0 ? ', under: raw/' : ''
      const until = n === 1 ? firstEnd : n % 7 === 0 ? ', until: 2035-03-31' : ''
      return [
        `  - { to: t${n % teams}, can: [read, write], on: d${n}${under}${until} }`,
        `  - { to: t${(n + 1) % teams}, can: read, on: d${n} }`,
      ]
    }),
    ...numbers(platforms).map((n) => `  - { to: t${n % teams}, can: train, on: p${n} }`),
    '',
  ].join('\n')
}

function planOf(text) {
  const nowMs = Date.UTC(2026, 0, 1)
  const declaration = valueOf(parseDeclaration({ file: 'ringfence.yaml', text, nowMs }))
  return [declaration, valueOf(buildPlan(declaration))]
}

function valueOf(result) {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics.slice(0, 3)))
  return result.value
}

/** CPU time in milliseconds, and what came of it. */
function measured(work) {
  const start = process.cpuUsage()
  const result = work()
  const { system, user } = process.cpuUsage(start)
  return [(system + user) / 1000, result]
}

/** CPU time of a check in milliseconds, and what was found. */
function timed(work) {
  const [milliseconds, { counts, findings }] = measured(work)
  const proved = findings.filter(({ answer }) => answer.proof === 'proved').length
  return { milliseconds, findings: findings.length, proved, asked: counts }
}

/** The median of the later half of the rounds, in milliseconds. */
function lateMedian(all) {
  const late = all.slice(Math.floor(all.length / 2)).map(({ milliseconds }) => milliseconds)
  return late.toSorted((a, b) => a - b)[Math.floor(late.length / 2)]
}

async function runExample() {
  const catalogue = await loadActionCatalogue()
  const file = new URL('../examples/acme-ai/ringfence.yaml', import.meta.url)
  const text = readFileSync(file, 'utf8')
  const [declaration, plan] = planOf(text)
  // Every round begins without any answer; its plan is a copy, so that nothing is known of it but the texts in it.
  const all = Array.from({ length: rounds }, () => {
    const copy = structuredClone(plan)
    return timed(() => checkPlan(declaration, copy, { catalogue }))
  })
  // The same with the answers of the round before, after the end of one grant has become another one.
  const cache = createProofCache()
  const edited = Array.from({ length: rounds }, (_, round) => {
    const [editedDeclaration, editedPlan] = planOf(
      text.replace('until: 2035-03-31', `until: 2035-03-${String(1 + (round % 28)).padStart(2, '0')}`),
    )
    return timed(() => checkPlan(editedDeclaration, editedPlan, { catalogue, cache }))
  })
  return {
    ...all.at(-1),
    milliseconds: lateMedian(all),
    firstMs: all[0].milliseconds,
    editedMs: lateMedian(edited),
  }
}

async function runSize(size) {
  const catalogue = await loadActionCatalogue()
  const cache = createProofCache()
  const [declaration, plan] = planOf(writeFile(size, ''))
  const roles = plan.resources.filter(({ type }) => type === 'iam.Role').length
  const first = timed(() => checkPlan(declaration, plan, { catalogue, cache }))
  // One after the other, the first one by itself: with it code is compiled that only a second check runs.
  const [again, ...later] = Array.from({ length: 5 }, (_, day) => {
    const [edited, editedPlan] = planOf(writeFile(size, `, until: 2036-01-0${day + 1}`))
    return timed(() => checkPlan(edited, editedPlan, { catalogue, cache }))
  })
  const [writtenMs] = measured(() => JSON.stringify(plan))
  return {
    roles,
    first,
    again,
    laterMs: lateMedian(later),
    writtenMs,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  }
}

function inOwnProcess(step) {
  const args = ['--max-old-space-size=4096', fileURLToPath(import.meta.url), '--step', String(step)]
  const child = spawnSync(process.execPath, options.quick ? [...args, '--quick'] : args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.status !== 0) throw new Error(`size ${step} ended with ${child.status ?? child.signal}`)
  return JSON.parse(child.stdout)
}

if (options.step !== undefined) {
  const result = options.step === 'example' ? await runExample() : await runSize(Number(options.step))
  process.stdout.write(JSON.stringify(result))
} else {
  const example = inOwnProcess('example')
  const curve = sizes.map((size) => Object.assign(inOwnProcess(size), { size }))
  const largest = curve.at(-1)
  const before = curve.at(-2)
  /** 1 where ten times as much takes ten times as long. */
  const growth = largest.first.milliseconds / before.first.milliseconds / (largest.size / before.size)
  const all = [example, ...curve.flatMap(({ again, first }) => [first, again])]
  const targets = {
    'everything is proved': all.every(({ findings, proved }) => findings === proved),
    'acme-ai, warm: at most 50 ms': example.milliseconds <= 50,
    'largest: at most 60 s': largest.first.milliseconds <= 60_000,
    'largest: at most 4 GB': largest.peakMiB <= 4096,
    'largest again after an edit: at most 1 s': largest.again.milliseconds <= 1000,
    'the last step grows at most 1.5 times as fast as its size': growth <= 1.5,
  }
  const report = { example, curve, growth, targets }
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report))
  if (!options.quick && Object.values(targets).includes(false)) process.exitCode = 1
}

function printReport({ curve, example, growth, targets }) {
  return [
    `acme-ai: ${example.findings} guarantees in ${example.milliseconds.toFixed(0)} ms warm, ${example.firstMs.toFixed(0)} ms at first, ` +
      `${example.editedMs.toFixed(0)} ms again after an edit of one grant`,
    ...curve.map(
      ({ again, first, laterMs, peakMiB, roles, size, writtenMs }) =>
        `${size} members and datasets, ${roles} roles: ${first.findings} guarantees in ${inSeconds(first.milliseconds)} ` +
        `(${first.asked.proved} proofs for ${first.asked.asked} questions), ` +
        `again after an edit ${inSeconds(again.milliseconds)}, after later ones ${inSeconds(laterMs)}; the first is ` +
        `${(again.milliseconds / writtenMs).toFixed(1)} times writing the plan as JSON, peak memory ${peakMiB.toFixed(0)} MiB`,
    ),
    `growth of the last step: ${growth.toFixed(2)} times as fast as its size`,
    ...Object.entries(targets).map(([target, isMet]) => `${isMet ? 'met   ' : 'MISSED'}  ${target}`),
    '',
  ].join('\n')
}
