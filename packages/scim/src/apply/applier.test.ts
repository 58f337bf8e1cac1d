import type { Roster } from '@ringfence/plan'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { answerScim, type Directory, openDirectory } from '../index.js'
import { type Applier, type ApplyResult, startApplier } from './applier.js'

let folder: string
let directory: Directory
let applier: Applier | undefined
let runs: string[][]
let results: (ApplyResult | Error | Promise<ApplyResult>)[]

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) })
  folder = mkdtempSync(join(tmpdir(), 'ringfence-scim-'))
  directory = openDirectory(folder)
  runs = []
  results = []
})
afterEach(async () => {
  await applier?.close()
  vi.useRealTimers()
  await directory.close()
  rmSync(folder, { recursive: true, force: true })
})

const apply = async ({ people }: Roster): Promise<ApplyResult> => {
  runs.push(people.map(({ name }) => name))
  const result = await (results.shift() ?? { result: 'applied' })
  if (result instanceof Error) throw result
  return result
}

const start = (): void => {
  applier = startApplier({ directory, stack: 'dev', apply, nowMs: Date.now })
}

/** Ids by name. */
const ids = new Map<string, string>()

function request(method: string, path: string, body?: object): void {
  const answer = answerScim(
    { method, path: path.split('/'), query: new URLSearchParams(), client: 'okta', base: '', body },
    directory,
    Date.now(),
  )
  expect(answer.status).toBeLessThan(300)
  const { id, userName } = (answer.body ?? {}) as { id?: string; userName?: string }
  if (id !== undefined && userName !== undefined) ids.set(userName, id)
  applier?.notice()
}

const join1 = (userName: string): void => request('POST', 'Users', { userName })
const leave = (userName: string): void => request('DELETE', `Users/${ids.get(userName)}`)
const state = () => directory.applied.read('dev')

test('changes that come soon after each other take effect together, and nothing runs without a change', async () => {
  start()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(runs).toEqual([])
  join1('ada')
  await vi.advanceTimersByTimeAsync(4_000)
  join1('grace')
  await vi.advanceTimersByTimeAsync(4_000)
  expect(runs).toEqual([])
  await vi.advanceTimersByTimeAsync(1_500)
  expect(runs).toEqual([['ada', 'grace']])
  expect(state()).toMatchObject({ appliedPosition: 2, lastRun: { result: 'applied', position: 2 } })
  request('PATCH', `Users/${ids.get('ada')}`, { Operations: [{ op: 'add', path: 'title', value: 'x' }] })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(runs).toHaveLength(1)
})

test('while changes go on coming none waits longer than a minute', async () => {
  start()
  for (let index = 0; index < 20; index += 1) {
    join1(`person-${index}`)
    await vi.advanceTimersByTimeAsync(4_000)
  }
  expect(runs.length).toBeGreaterThanOrEqual(1)
  expect(runs[0]?.length).toBeLessThan(20)
})

test('runs are one at a time; what changes meanwhile is in the next', async () => {
  start()
  const under: { finish?: (result: ApplyResult) => void } = {}
  results.push(new Promise<ApplyResult>((resolve) => (under.finish = resolve)))
  join1('ada')
  await vi.advanceTimersByTimeAsync(6_000)
  join1('grace')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(runs).toEqual([['ada']])
  expect(state().lastRun).toMatchObject({ position: 1 })
  expect(state().lastRun).not.toHaveProperty('endedMs')
  under.finish?.({ result: 'applied' })
  await vi.advanceTimersByTimeAsync(6_000)
  expect(runs).toEqual([['ada'], ['ada', 'grace']])
})

test('a failed run is made again, each time after twice as long', async () => {
  start()
  results.push(new Error('no network'), { result: 'failed', message: 'locked', hint: 'wait' })
  join1('ada')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(state()).toMatchObject({
    failures: 1,
    appliedPosition: 0,
    lastRun: { result: 'failed', message: 'no network' },
  })
  await vi.advanceTimersByTimeAsync(9_000)
  expect(runs).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(state()).toMatchObject({ failures: 2, lastRun: { message: 'locked', hint: 'wait' } })
  await vi.advanceTimersByTimeAsync(19_000)
  expect(runs).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(runs).toHaveLength(3)
  expect(state()).toMatchObject({ failures: 0, appliedPosition: 1 })
  expect(state()).not.toHaveProperty('retryAtMs')
})

test('a held run waits for somebody, looks again from time to time, and at each change', async () => {
  start()
  const held = { result: 'held', message: 'too many leave', hint: 'allow it' } as const
  results.push(held, held, held)
  join1('ada')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(state()).toMatchObject({ lastRun: { result: 'held' }, appliedPosition: 0, failures: 0 })
  await vi.advanceTimersByTimeAsync(299_000)
  expect(runs).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(runs).toHaveLength(2)
  join1('grace')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(runs).toHaveLength(3)
  await vi.advanceTimersByTimeAsync(300_000)
  expect(state()).toMatchObject({ appliedPosition: 2, lastRun: { result: 'applied' } })
})

test('a process that was killed in a run makes it again', async () => {
  join1('ada')
  directory.applied.write('dev', {
    appliedPosition: 0,
    failures: 0,
    lastRun: { startedMs: Date.now(), position: 1 },
  })
  start()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(runs).toEqual([['ada']])
  expect(state()).toMatchObject({ appliedPosition: 1, lastRun: { result: 'applied' } })
})

test('somebody who comes under the name of somebody who has left comes in after that one is out', async () => {
  start()
  join1('ada')
  await vi.advanceTimersByTimeAsync(5_000)
  const first = ids.get('ada')
  leave('ada')
  join1('ada')
  expect(ids.get('ada')).not.toBe(first)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(runs).toEqual([['ada'], []])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(runs).toEqual([['ada'], [], ['ada']])
  await vi.advanceTimersByTimeAsync(600_000)
  expect(runs).toHaveLength(3)
})

test('nor does somebody who gave the name up meanwhile, and took it again', async () => {
  start()
  join1('ada')
  await vi.advanceTimersByTimeAsync(5_000)
  leave('ada')
  join1('ada')
  const second = `Users/${ids.get('ada')}`
  for (const value of ['grace', 'ada'])
    request('PATCH', second, { Operations: [{ op: 'replace', path: 'userName', value }] })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(runs).toEqual([['ada'], [], ['ada']])
})

test('a run that waits for somebody is not made again because one who comes waits for it', async () => {
  start()
  join1('ada')
  await vi.advanceTimersByTimeAsync(5_000)
  results.push({ result: 'held', message: 'too many leave', hint: 'allow it' })
  leave('ada')
  join1('ada')
  await vi.advanceTimersByTimeAsync(299_000)
  expect(runs).toEqual([['ada'], []])
  await vi.advanceTimersByTimeAsync(600_000)
  expect(runs).toEqual([['ada'], [], [], ['ada']])
})

const refused = { result: 'failed', message: 'no room for hedy', isRefused: true } as const

test('whoever has left goes by themselves where somebody who comes is refused, once', async () => {
  start()
  join1('ada')
  join1('grace')
  await vi.advanceTimersByTimeAsync(5_000)
  results.push(refused, { result: 'applied' }, refused)
  leave('ada')
  join1('hedy')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(runs).toEqual([['ada', 'grace'], ['grace', 'hedy'], ['grace']])
  expect(state()).toMatchObject({
    appliedPosition: 2,
    failures: 1,
    lastRun: { result: 'failed', message: 'who has left is out, and nobody has come in: no room for hedy' },
  })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(runs.slice(3)).toEqual([['grace', 'hedy']])
  expect(state()).toMatchObject({ failures: 2, lastRun: { message: 'no room for hedy' } })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(runs.slice(4)).toEqual([['grace', 'hedy']])
  expect(state()).toMatchObject({ appliedPosition: 4, failures: 0, lastRun: { result: 'applied' } })
  expect(state().lastRun).not.toHaveProperty('message')
})

test('where nobody has left, or they cannot go either, the refusal is all there is', async () => {
  start()
  join1('ada')
  await vi.advanceTimersByTimeAsync(5_000)
  results.push(refused)
  join1('hedy')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(runs).toEqual([['ada'], ['ada', 'hedy']])
  results.push(refused, { result: 'held', message: 'all leave', hint: 'look' })
  leave('ada')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(runs.slice(2)).toEqual([['hedy'], []])
  expect(state()).toMatchObject({
    lastRun: {
      result: 'failed',
      message: 'no room for hedy; nor could who has left go by themselves: all leave',
    },
  })
})

test('what may be over by itself takes nobody out before the others come in', async () => {
  start()
  join1('ada')
  await vi.advanceTimersByTimeAsync(5_000)
  results.push({ result: 'failed', message: 'locked' })
  leave('ada')
  join1('hedy')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(runs).toEqual([['ada'], ['hedy']])
})
