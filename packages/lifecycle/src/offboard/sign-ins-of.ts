import type { ServiceSignIn } from '@ringfence/plan'

/** A statement of a trust policy as a stack's state has it, as far as it tells whom an identity provider signs in. */
interface TrustStatement {
  readonly Principal?: { readonly Federated?: string }
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** Whose tokens or assertions a trust policy takes, statement by statement; nobody's where the state has no text of one. */
export function signInsOf(trust: unknown): readonly ServiceSignIn[] {
  if (typeof trust !== 'string') return []
  const { Statement = [] } = JSON.parse(trust) as { readonly Statement?: readonly TrustStatement[] }
  return Statement.flatMap((statement) => {
    const [audience] = claimed(statement, 'aud')
    const arn = statement.Principal?.Federated
    if (arn === undefined || audience === undefined) return []
    return [{ arn, audience, subjects: claimed(statement, 'sub') }]
  })
}

/** What a statement asks of a claim, by whatever operator: `sub`, `aud`. */
function claimed({ Condition = {} }: TrustStatement, claim: string): readonly string[] {
  return Object.values(Condition)
    .flatMap((keys) => Object.entries(keys))
    .filter(([key]) => key.endsWith(`:${claim}`))
    .flatMap(([, values]) => values)
}
