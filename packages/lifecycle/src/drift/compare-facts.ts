import { type Aspect, type Fact, keyOf, type Thing } from './fact.js'

/** What differs between what is declared and what the account has. */
export interface Difference {
  /** `undeclared`: the account has it and nobody declared it. `missing`: the reverse. */
  readonly change: 'undeclared' | 'missing' | 'changed'
  readonly thing: Thing
  readonly aspect: Aspect
  readonly name?: string
  readonly declared?: string
  readonly found?: string
  /**
   * What Pulumi's state says: as declared, so somebody changed the account; as found, so the file has changed since
   * `up`, or `refresh` has noted the change already; or neither.
   */
  readonly recorded: 'asDeclared' | 'asFound' | 'otherwise'
}

export interface ThreeSides {
  readonly declared: readonly Fact[]
  readonly recorded: readonly Fact[]
  readonly found: readonly Fact[]
}

/**
 * All differences, by thing, aspect and name. Of a thing that is not there at all, or should not be, only that is
 * told. A person's own password is theirs: nobody declares one, and a service has none.
 */
export function compareFacts(sides: ThreeSides): readonly Difference[] {
  const [declared, recorded, found] = [sides.declared, sides.recorded, sides.found].map(byKey)
  if (declared === undefined || recorded === undefined || found === undefined) return []
  const differences: Difference[] = []
  for (const [key, { thing, aspect, name }] of new Map([...declared, ...found])) {
    const [wanted, actual] = [declared.get(key)?.value, found.get(key)?.value]
    if (wanted === actual || (aspect === 'password' && isPerson(thing, declared))) continue
    const alone = aspect !== 'exists' && declared.has(whole(thing)) !== found.has(whole(thing))
    if (alone) continue
    const noted = recorded.get(key)?.value
    differences.push({
      change: wanted === undefined ? 'undeclared' : actual === undefined ? 'missing' : 'changed',
      thing,
      aspect,
      ...(name === undefined ? {} : { name }),
      ...(wanted === undefined ? {} : { declared: wanted }),
      ...(actual === undefined ? {} : { found: actual }),
      recorded: noted === wanted ? 'asDeclared' : noted === actual ? 'asFound' : 'otherwise',
    })
  }
  return differences.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}

function whole(thing: Thing): string {
  return keyOf({ thing, aspect: 'exists' })
}

function byKey(facts: readonly Fact[]): ReadonlyMap<string, Fact> {
  return new Map(facts.map((fact) => [keyOf(fact), fact]))
}

function isPerson(thing: Thing, declared: ReadonlyMap<string, Fact>): boolean {
  return declared.get(keyOf({ thing, aspect: 'tag', name: 'ringfence:member' }))?.value === 'person'
}
