/**
 * CPU seconds from a roster of 100,000 people in CSV to the plan and to what changes: one in two hundred has joined, one
 * has left, two are in another team. `ringfence up` compares with what is deployed, so that it reads and plans the new
 * roster alone; `ringfence roster diff` reads and plans both. People sign in by federation: an account has room for
 * 5,000 users.
 *
 *   npm run build && node benchmarks/roster.mjs [--members N] [--quick] [--json]
 *
 * The floor, measured in the same process, is what no implementation can avoid: the rosters through the CSV parser
 * alone, and JSON.stringify of the plans.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { parse } from 'csv-parse/browser/esm/sync'
import { checkRemovals, diffPeople } from '../packages/lifecycle/dist/index.js'
import { buildPlan, diffAccess, parseDeclaration, parseRoster } from '../packages/plan/dist/index.js'

const GOAL_SECONDS = 3
const TEAM_SIZE = 100

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
})
const memberCount = values.quick ? 2000 : Number(values.members)
const teamCount = Math.max(2, Math.ceil(memberCount / TEAM_SIZE))
const datasetCount = Math.ceil(teamCount / 5)

const file = [
  'organization: acme',
  "account: '111122223333'",
  'region: eu-west-1',
  'administrators: [role/platform-admin]',
  'identityProvider: { saml: acme-sso }',
  'members: { from: roster.csv }',
  'datasets:',
  ...Array.from({ length: datasetCount }, (_, index) => `  dataset-${index}: { owner: team-${index} }`),
  'grants:',
  ...Array.from(
    { length: teamCount },
    (_, team) => `  - { to: team-${team}, can: read, on: dataset-${(team + 1) % datasetCount} }`,
  ),
  '',
].join('\n')

/** Of two hundred people one has left the new roster, one is new to it, and two are in another team. */
function rosterOf(isNew) {
  const lines = ['name,id,email,signIn,teams']
  for (let index = 0; index < memberCount; index += 1) {
    const place = index % 200
    if (place === (isNew ? 3 : 5)) continue
    const shift = isNew && place % 100 === 7 ? 1 : 0
    const team = (Math.floor(index / TEAM_SIZE) + shift) % teamCount
    lines.push(`member-${index},id-${index},member-${index}@acme.example,federation,team-${team}`)
  }
  return `${lines.join('\n')}\n`
}

function timed(seconds, name, work) {
  const started = process.cpuUsage()
  const result = work()
  const { system, user } = process.cpuUsage(started)
  seconds[name] = (user + system) / 1e6
  return result
}

function valueOf(result) {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics.slice(0, 3)))
  return result.value
}

function readSide(text) {
  const seconds = {}
  const roster = timed(seconds, 'parse', () => valueOf(parseRoster({ file: 'roster.csv', text })))
  const declaration = timed(seconds, 'declare', () =>
    valueOf(parseDeclaration({ file: 'ringfence.yaml', text: file, nowMs: 0, roster })),
  )
  const plan = timed(seconds, 'plan', () => valueOf(buildPlan(declaration)))
  timed(seconds, 'floor', () => {
    parse(text, { columns: true })
    JSON.stringify(plan)
  })
  return { people: roster.people, plan, seconds }
}

const [before, after] = [rosterOf(false), rosterOf(true)].map(readSide)
const seconds = {}
const people = timed(seconds, 'people', () => diffPeople(before.people, after.people))
const access = timed(seconds, 'access', () => diffAccess(before.plan.access, after.plan.access))
const removals = timed(seconds, 'removals', () => checkRemovals(before.plan.access, after.plan.access, {}))
const comparing = seconds.people + seconds.access + seconds.removals
const reading = ({ seconds: { declare, parse: parsing, plan } }) => parsing + declare + plan
const total = { up: reading(after) + comparing, rosterDiff: reading(before) + reading(after) + comparing }
const report = {
  members: memberCount,
  resources: after.plan.resources.length,
  joiners: people.joiners.length,
  movers: people.movers.length,
  leavers: people.leavers.length,
  accessChanges: access.length,
  membersRemoved: removals.members.length,
  seconds: { ...after.seconds, ...seconds, ...total },
  ratioToFloor: { up: total.up / after.seconds.floor },
  peakMiB: process.resourceUsage().maxRSS / 1024,
}
process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : printReport())

function printReport() {
  const { floor, ...own } = { ...after.seconds, ...seconds }
  const list = Object.entries(own).map(([name, one]) => `${name} ${one.toFixed(2)} s`)
  const isMet = total.up <= GOAL_SECONDS
  return [
    `a roster of ${memberCount}: ${report.joiners} join, ${report.movers} move, ${report.leavers} leave; ${report.resources} resources`,
    `${list.join(', ')}: ${total.up.toFixed(2)} s; both sides read: ${total.rosterDiff.toFixed(2)} s`,
    `floor: CSV and JSON alone ${floor.toFixed(2)} s; ${report.ratioToFloor.up.toFixed(1)} times the floor, peak memory ${report.peakMiB.toFixed(0)} MiB`,
    ...(values.quick
      ? []
      : [`${isMet ? 'met   ' : 'MISSED'} ${GOAL_SECONDS} s to plan and compare with what is deployed`]),
    '',
  ].join('\n')
}
