import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerScim, type Directory, openDirectory } from './index.js'

// What the providers send, step by step, as their documentation shows it, and what they have to be answered.
interface Step {
  readonly title: string
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown }
  readonly answer: {
    readonly status: number
    /** Has to be part of the answer. */
    readonly body?: object
    readonly absent?: readonly string[]
    readonly remember?: Readonly<Record<string, string>>
  }
  readonly roster?: readonly object[]
}

interface Recording {
  readonly provider: string
  readonly steps: readonly Step[]
}

const folder = join(import.meta.dirname, 'cases')
const recordings = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording,
)

let directory: Directory
let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'ringfence-scim-'))
  directory = openDirectory(path)
})
afterEach(async () => {
  await directory.close()
  rmSync(path, { recursive: true, force: true })
})

function fill<Value>(value: Value, ids: ReadonlyMap<string, string>): Value {
  const text = JSON.stringify(value ?? null).replaceAll(
    /\{(\w+)\}/g,
    (whole, name: string) => ids.get(name) ?? whole,
  )
  return JSON.parse(text) as Value
}

function run(step: Step, ids: Map<string, string>, nowMs: number): void {
  const { request, answer, roster } = fill(step, ids)
  const url = new URL(request.path, 'http://scim.example')
  const given = answerScim(
    {
      method: request.method,
      path: url.pathname.slice(1).split('/'),
      query: url.searchParams,
      client: 'okta',
      base: 'http://scim.example/scim/v2',
      ...(request.body === undefined ? {} : { body: request.body }),
    },
    directory,
    nowMs,
  )
  const body = given.body as Record<string, unknown>
  expect(given.status, `${step.title}: ${JSON.stringify(body)}`).toBe(answer.status)
  if (answer.body !== undefined) expect(body, step.title).toMatchObject(answer.body)
  for (const name of answer.absent ?? []) expect(body, step.title).not.toHaveProperty(name)
  for (const [name, from] of Object.entries(answer.remember ?? {})) ids.set(name, String(body[from]))
  if (roster === undefined) return
  expect(directory.roster().people, step.title).toHaveLength(roster.length)
  expect(directory.roster().people, step.title).toMatchObject(roster)
}

describe.each(recordings)('$provider', ({ steps }) => {
  it('is answered as it expects', () => {
    const ids = new Map<string, string>()
    let nowMs = Date.UTC(2026, 0, 1)
    for (const step of steps) run(step, ids, (nowMs += 1_000))
    // Nothing that was refused or changed nothing is in the journal.
    const positions = [...directory.journal.since(0)].map(({ position }) => position)
    expect(positions).toEqual(positions.map((_, index) => index + 1))
  })
})

it('sees the recordings', () => {
  expect(recordings.map(({ provider }) => provider).toSorted()).toEqual([
    'Google',
    'Microsoft Entra ID',
    'Okta',
  ])
})
