/** A statement of a trust policy as a stack's state has it, as far as it tells whom an identity provider signs in. */
export interface TrustStatement {
  readonly Principal?: { readonly Federated?: string }
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** The statements of a trust policy; none where the state has no text of one. */
export function trustStatements(trust: unknown): readonly TrustStatement[] {
  if (typeof trust !== 'string') return []
  const { Statement = [] } = JSON.parse(trust) as { readonly Statement?: readonly TrustStatement[] }
  return Statement
}

/** What a statement asks of a claim, by whatever operator: `sub`, `aud`. */
export function claimed({ Condition = {} }: TrustStatement, claim: string): readonly string[] {
  return Object.values(Condition)
    .flatMap((keys) => Object.entries(keys))
    .filter(([key]) => key.endsWith(`:${claim}`))
    .flatMap(([, values]) => values)
}
