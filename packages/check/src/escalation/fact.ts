/**
 * Something that whoever started has brought about. `of` is the ARN of a user, role, group or managed policy.
 *
 * - `controls`: that user or role is the caller's
 * - `inline`: its inline policies are whatever the caller wants; `inlineGone`: they can be taken away
 * - `attached`, `detached`: the managed policy `value` is, or can be taken away from it
 * - `rewritten`: the managed policy says whatever the caller wants; `switched`: any of its versions can be in force
 * - `joined`, `left`: the user is a member of the group `value`, or need not be
 * - `boundary`: the managed policy `value` can be its boundary; without `value` it needs none
 * - `tag`: its tag `value` can be anything
 * - `factor`: sessions of that role can be had that were opened with MFA
 */
export interface Fact {
  readonly kind:
    | 'controls'
    | 'inline'
    | 'inlineGone'
    | 'attached'
    | 'detached'
    | 'rewritten'
    | 'switched'
    | 'joined'
    | 'left'
    | 'boundary'
    | 'tag'
    | 'factor'
  readonly of: string
  readonly value?: string
}

/** The same for equal facts. */
export function keyOf({ kind, of, value }: Fact): string {
  return value === undefined ? `${kind} ${of}` : `${kind} ${of} ${value}`
}

/** Facts by what they are of. */
export class Facts {
  private readonly byEntity = new Map<string, Fact[]>()
  private readonly keys = new Set<string>()

  constructor(facts: Iterable<Fact> = []) {
    for (const fact of facts) this.add(fact)
  }

  /** Whether it is new. */
  add(fact: Fact): boolean {
    const key = keyOf(fact)
    if (this.keys.has(key)) return false
    this.keys.add(key)
    const known = this.byEntity.get(fact.of)
    if (known) known.push(fact)
    else this.byEntity.set(fact.of, [fact])
    return true
  }

  has(fact: Fact): boolean {
    return this.keys.has(keyOf(fact))
  }

  of(entity: string): readonly Fact[] {
    return this.byEntity.get(entity) ?? []
  }

  values(entity: string, kind: Fact['kind']): readonly string[] {
    return this.of(entity).flatMap((fact) =>
      fact.kind === kind && fact.value !== undefined ? [fact.value] : [],
    )
  }
}
