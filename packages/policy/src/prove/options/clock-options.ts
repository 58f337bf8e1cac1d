import { Undecided } from '../bounds.js'
import { compares } from '../../match/number.js'
import type { KeyValue, Option } from './dimension.js'
import { holdsWhenPresent } from './key-options.js'
import type { KeyTerm, KeyUse } from '../search/term.js'
import { printSecond, secondsAround } from './typed-values.js'

/** The options of the clock, which `aws:CurrentTime` and `aws:EpochTime` both tell. It is in every request. */
export function clockOptions(terms: readonly KeyTerm[]): Option<KeyValue>[] | Undecided {
  const uses = terms.flatMap((term) => term.uses)
  const bounds = clockBounds(uses)
  if (bounds instanceof Undecided) return bounds
  return secondsAround(bounds).map((second) => {
    const value: Record<string, string> = {}
    for (const { key } of terms)
      value[key] = key.toLowerCase() === 'aws:epochtime' ? String(second) : printSecond(second)
    return { mask: maskAtSecond(uses, second), value }
  })
}

/** The instants with which the clock is compared, in milliseconds. */
export function clockBounds(uses: readonly KeyUse[]): readonly number[] | Undecided {
  for (const { condition } of uses)
    if (!['date', 'numeric', 'null'].includes(condition.operator.family))
      return new Undecided(
        'notSupported',
        `${condition.key} is compared by ${condition.operator.source}; only dates, numbers and Null are decided on it`,
      )
  return uses.flatMap(({ condition }) =>
    condition.values.flatMap((value) =>
      value.type === 'date' ? [value.epochMs] : value.type === 'number' ? [value.number * 1000] : [],
    ),
  )
}

/** The statements whose conditions on the clock hold at that second since 1970. */
export function maskAtSecond(uses: readonly KeyUse[], second: number): bigint {
  let failed = 0n
  for (const use of uses) if (!holdsAt(use, second)) failed |= use.statement
  return ~failed
}

function holdsAt({ condition }: KeyUse, second: number): boolean {
  const { key, operator, values } = condition
  if (operator.family === 'null') return holdsWhenPresent(condition)
  const some = values.some((value) => {
    if (value.type === 'date') return compares(second * 1000, value.epochMs, operator.comparison)
    // The other key is a date in ISO 8601, which is no number.
    const isNumber = value.type === 'number' && key.toLowerCase() === 'aws:epochtime'
    return isNumber && compares(second, value.number, operator.comparison)
  })
  return some !== operator.negated
}
