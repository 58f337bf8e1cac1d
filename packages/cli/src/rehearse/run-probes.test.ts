import { describe, expect, it } from 'vitest'
import type { Probe, Stage } from './probe.js'
import { runProbes } from './run-probes.js'

function probe(description: string, stage: Stage, atMs: number): Probe {
  return {
    actor: { kind: 'anonymous' },
    stage,
    description,
    service: 's3',
    operation: 'GetObject',
    input: {},
    transport: 'tls',
    atMs,
    expectation: { expected: 'denied', because: [], reason: '' },
  }
}

const probes = [
  probe('a', 'data', 0),
  probe('b', 'data', 0),
  probe('c', 'fence', 0),
  probe('d', 'later', 10),
  probe('e', 'later', 20),
]

describe('runProbes', () => {
  it('moves the clock between instants, with nothing under way, and keeps the order of answers', async () => {
    const log: string[] = []
    let underWay = 0
    const results = await runProbes(probes, {
      concurrency: 8,
      signal: new AbortController().signal,
      moveClock: async (atMs) => {
        expect(underWay).toBe(0)
        log.push(`clock ${atMs}`)
      },
      send: async ({ description }) => {
        underWay += 1
        // The first takes longest: answers must still come in the order of the probes.
        await new Promise((resolve) => setTimeout(resolve, description === 'a' ? 20 : 1))
        underWay -= 1
        log.push(description)
        return { outcome: 'denied' }
      },
    })
    expect(results.map((result) => result.probe.description)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(log).toEqual(['clock 0', 'b', 'a', 'clock 0', 'c', 'clock 10', 'd', 'clock 20', 'e'])
  })

  it('never has more under way than allowed', async () => {
    let underWay = 0
    let most = 0
    await runProbes(
      Array.from({ length: 50 }, (_, index) => probe(String(index), 'data', 0)),
      {
        concurrency: 4,
        signal: new AbortController().signal,
        moveClock: async () => {},
        send: async () => {
          underWay += 1
          most = Math.max(most, underWay)
          await new Promise((resolve) => setTimeout(resolve, 1))
          underWay -= 1
          return { outcome: 'denied' }
        },
      },
    )
    expect(most).toBe(4)
  })

  it('ends with the answers so far when it is cancelled', async () => {
    const controller = new AbortController()
    const results = await runProbes(probes, {
      concurrency: 1,
      signal: controller.signal,
      moveClock: async () => {},
      send: async ({ description }) => {
        if (description === 'b') controller.abort()
        return { outcome: 'denied' }
      },
    })
    expect(results.map((result) => result.probe.description)).toEqual(['a', 'b'])
  })
})
