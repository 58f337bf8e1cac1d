import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readCaseTables } from '../case-tables.js'
import { evaluateReference } from './evaluate.js'

const cases = readCaseTables(fileURLToPath(new URL('../../cases', import.meta.url)))

describe('the reference answers the tables', () => {
  test('there are enough cases, and they touch the rules that one request can show', () => {
    expect(cases.length).toBeGreaterThanOrEqual(120)
    const rules = new Set(cases.map(({ rule }) => rule))
    const notByOneAnswer = new Set([10, 15]) // variables in other operators and wrong elements: refused, not decided
    for (let rule = 1; rule <= 25; rule += 1) {
      expect(rules.has(rule) || notByOneAnswer.has(rule), `rule ${rule}`).toBe(true)
    }
  })

  test.each(cases.map((entry) => [entry.rule, entry.name, entry] as const))(
    'rule %i, %s',
    (_rule, _name, entry) => {
      expect(evaluateReference(entry.case)).toBe(entry.expected)
    },
  )
})
