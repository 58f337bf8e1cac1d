import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openDatabase } from './database.js'

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'ringfence-database-'))
  folders.push(made)
  return made
}
afterEach(() => folders.splice(0).forEach((made) => rmSync(made, { recursive: true, force: true })))

test.each([true, false])('a throw rolls back its own transaction only (durable %s)', async (durable) => {
  const database = openDatabase(folder(), { durable })
  const table = database.table<{ n: number }>('things')
  const settled = await Promise.allSettled([
    database.transaction(() => table.put('a', { n: 1 })),
    database.transaction(() => {
      table.put('b', { n: 2 })
      throw new Error('no')
    }),
    database.transaction(() => {
      table.put('c', { n: (table.get('a')?.n ?? 0) + 2 })
      return 'done'
    }),
  ])
  expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect([...table.range({})]).toEqual([
    { key: 'a', value: { n: 1 } },
    { key: 'c', value: { n: 3 } },
  ])
  await database.close()
})

test('ranges are ordered, half open, limited and reversible', async () => {
  const database = openDatabase(folder())
  const table = database.table<number>('numbers')
  await database.transaction(() => {
    for (const name of ['x', 'y']) for (let i = 0; i < 5; i++) table.put([name, i], i)
  })
  const keys = (options: Parameters<typeof table.range>[0]) => [...table.range(options)].map((row) => row.key)
  expect(keys({ start: ['x', 3], end: ['y', 1] })).toEqual([
    ['x', 3],
    ['x', 4],
    ['y', 0],
  ])
  expect(keys({ start: ['y', 1], limit: 2 })).toEqual([
    ['y', 1],
    ['y', 2],
  ])
  expect(keys({ start: ['x', 2], reverse: true, limit: 2 })).toEqual([
    ['x', 2],
    ['x', 1],
  ])
  await database.close()
})

test('everything is there after opening again, and writes outside a transaction are refused', async () => {
  const path = folder()
  const first = openDatabase(path)
  await first.transaction(() => first.table<string>('t').put('k', 'v'))
  expect(() => first.table<string>('t').put('k', 'w')).toThrow('transaction')
  await first.close()
  const second = openDatabase(path)
  expect(second.table<string>('t').get('k')).toBe('v')
  await second.close()
})

test('long and short keys with control characters come back whole and in the order of their bytes', async () => {
  const database = openDatabase(folder())
  const table = database.table<number>('keys')
  const long = 'k'.repeat(100)
  const names = [
    long,
    `${long}\u0000b`,
    `${long}\u0001`,
    `${long}\u0004x`,
    `${long}\u0005`,
    `${long}\u0006`,
    `${long}a`,
  ]
  await database.transaction(() => names.forEach((name, index) => table.put(['b', name, -index - 1], index)))
  expect([...table.range({})].map((row) => row.key)).toEqual(
    names.map((name, index) => ['b', name, -index - 1]),
  )
  expect([...table.range({ start: ['b', long], end: ['b', `${long}\u0000`] })]).toHaveLength(1)
  await database.close()
})
