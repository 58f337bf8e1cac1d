import type { Grant } from './declaration.js'
import type { Reporter } from './reporter.js'
import { show } from './secrets.js'

/** Within one subject and target, more grants than this are not compared pair by pair for overlap of prefixes. */
const maxCompared = 64

/** Reports grants that say the same twice, or two different things about the same. */
export function checkContradictions(grants: readonly Grant[], reporter: Reporter): void {
  const bySubjectAndTarget = new Map<string, Grant[]>()
  for (const grant of grants) {
    const key = `${grant.to.kind}/${grant.to.name} ${grant.on.kind}/${grant.on.name}`
    const list = bySubjectAndTarget.get(key)
    if (list === undefined) bySubjectAndTarget.set(key, [grant])
    else list.push(grant)
  }
  for (const list of bySubjectAndTarget.values()) {
    if (list.length < 2) continue
    checkSamePrefix(list, reporter)
    if (list.length <= maxCompared) checkNestedPrefixes(list, reporter)
  }
}

function checkSamePrefix(list: readonly Grant[], reporter: Reporter): void {
  const seen = new Map<string, Grant>()
  for (const grant of list) {
    const first = grant.can
      .map((capability) => seen.get(`${grant.under} ${capability}`))
      .find((other) => other !== undefined)
    for (const capability of grant.can)
      if (!seen.has(`${grant.under} ${capability}`)) seen.set(`${grant.under} ${capability}`, grant)
    if (first === undefined) continue
    const shared = grant.can.filter((capability) => first.can.includes(capability)).join(', ')
    const what = `${show(grant.to.name)} may ${shared} on ${show(grant.on.name)}${grant.under === '' ? '' : ` under ${show(grant.under)}`}`
    const same = first.until === grant.until
    reporter.add({
      code: same ? 'GRANT_DUPLICATE' : 'GRANT_CONTRADICTION',
      severity: 'error',
      message: same
        ? `it is granted twice that ${what}`
        : `two grants say that ${what}: one ${ends(first.until)}, the other ${ends(grant.until)}`,
      hint: same ? 'Remove one of the grants.' : 'Keep the grant with the end that was decided.',
      span: grant.declaredAt,
      related: [{ message: 'the first grant', span: first.declaredAt }],
    })
  }
}

function ends(until: string | undefined): string {
  return until === undefined ? 'without end' : `until ${until}`
}

function checkNestedPrefixes(list: readonly Grant[], reporter: Reporter): void {
  for (const inner of list) {
    const outer = list.find(
      (other) =>
        other.under !== inner.under &&
        inner.under.startsWith(other.under) &&
        inner.can.every((capability) => other.can.includes(capability)) &&
        (other.until === undefined || (inner.until !== undefined && other.until >= inner.until)),
    )
    if (outer === undefined) continue
    reporter.add({
      code: 'GRANT_REDUNDANT',
      severity: 'warning',
      message: `this grant adds nothing: ${show(inner.to.name)} may do so on ${outer.under === '' ? `all of ${show(inner.on.name)}` : show(outer.under)} already`,
      hint: 'Remove the narrower grant, or narrow the wider one.',
      span: inner.declaredAt,
      related: [{ message: 'the wider grant', span: outer.declaredAt }],
    })
  }
}
