import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { KilledPositions } from './killed-positions.js'
import { killedEverywhere, liveThrough, sequences, type Lived } from './random-lives.js'

const lives = fc.sample(sequences, { seed: 3, numRuns: 8 })

test('an update that went on where none was killed is told', () => {
  const positions = new KilledPositions()
  positions.note('grant', 2, false)
  positions.note('grant', 3, true)
  positions.note('leave', 1, false)
  expect(positions.missed).toEqual([
    { kind: 'grant', call: 0 },
    { kind: 'grant', call: 2 },
  ])
})

test('updates are killed at every call that they come to', { timeout: 120_000 }, async () => {
  const lived = killedEverywhere()
  await liveThrough(lives, lived)
  expect(lived.positions.missed).toEqual([])
})

test('kills at the first ten calls alone are not everywhere', { timeout: 120_000 }, async () => {
  const { isKilledAt, positions } = killedEverywhere()
  const early: Lived = { positions, isKilledAt: (kind, call) => call < 10 && isKilledAt(kind, call) }
  for (const one of lives.slice(0, 2)) await liveThrough([one], early)
  expect(positions.missed).toContainEqual({ kind: 'first', call: 10 })
})
