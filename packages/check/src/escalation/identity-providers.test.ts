import { loadActionCatalogue, proveNothingAllowed } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import type { Account } from '../account/account.js'
import { findEscalations, type Escalations } from './find-escalations.js'
import { oracleOf } from './oracle.js'
import { accountWith, allow, document, fullAccess, iamArn, role, user } from './public-paths.fixture.js'

const catalogue = await loadActionCatalogue()

function escalations(account: Account): Escalations {
  return findEscalations(
    account,
    oracleOf(account, (question) => proveNothingAllowed(question, { catalogue })),
  )
}

/** Steps of each path, as `step of whom`. */
function pathsOfAda(account: Account): readonly (readonly string[])[] {
  const { paths, unknowns } = escalations(account)
  expect(unknowns).toEqual([])
  return paths.map(({ steps }) => steps.map(({ id, target }) => `${id} ${target.slice(iamArn('').length)}`))
}

const changingProvider = (
  on: string,
  statement: object,
  identityProviders: readonly string[],
  action = 'iam:UpdateSAMLProvider',
): Account => ({
  ...accountWith({
    users: [user('ada', { inline: [{ name: 'inline policy', document: document(allow(action, on)) }] })],
    roles: [
      {
        ...role('admin', {}, { inline: [fullAccess] }),
        trust: { name: 'trust', document: document(statement) },
      },
    ],
  }),
  identityProviders,
})

describe('chains', () => {
  it('go through the SAML provider that a role trusts, if there is one that may be changed', () => {
    const provider = iamArn('saml-provider/corp')
    const trust = { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithSAML' }
    const audience = { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } }
    const found = [['change-saml-provider role/admin']]
    expect(pathsOfAda(changingProvider(provider, trust, [provider]))).toEqual(found)
    expect(pathsOfAda(changingProvider('*', { ...trust, Condition: audience }, [provider]))).toEqual(found)
    expect(pathsOfAda(changingProvider(iamArn('saml-provider/other'), trust, [provider]))).toEqual([])
    expect(pathsOfAda(changingProvider(provider, trust, []))).toEqual([])
    expect(
      pathsOfAda(changingProvider(provider, { ...trust, Action: 'sts:TagSession' }, [provider])),
    ).toEqual([])
  })

  it('go through an OIDC provider as far as what changes of it lets somebody in', () => {
    const provider = iamArn('oidc-provider/login.example.org/pool')
    const trust = {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
    }
    const claims = (claim: string, value: string) => ({
      ...trust,
      Condition: { StringEquals: { [`login.example.org/pool:${claim}`]: value } },
    })
    const about = (action: string, statement: object, there: readonly string[] = [provider]) =>
      pathsOfAda(changingProvider(provider, statement, there, `iam:${action}`))
    const [thumbprint, audience, created] = [
      'UpdateOpenIDConnectProviderThumbprint',
      'AddClientIDToOpenIDConnectProvider',
      'CreateOpenIDConnectProvider',
    ] as const
    expect(about(thumbprint, claims('sub', 'ada'))).toEqual([['change-oidc-thumbprint role/admin']])
    expect(about(thumbprint, claims('aud', 'app'))).toEqual([['change-oidc-thumbprint role/admin']])
    expect(about(thumbprint, trust, [])).toEqual([])
    expect(about(thumbprint, { ...trust, Action: 'sts:AssumeRoleWithSAML' })).toEqual([])
    expect(about(audience, claims('sub', 'ada'))).toEqual([['add-oidc-audience role/admin']])
    expect(about(audience, claims('aud', 'app'))).toEqual([])
    expect(about(created, trust, [])).toEqual([['create-oidc-provider role/admin']])
    expect(about(created, trust)).toEqual([])
    expect(
      about(
        created,
        { ...trust, Principal: { Federated: provider.replace('111122223333', '444455556666') } },
        [],
      ),
    ).toEqual([])
    const [path] = escalations(changingProvider(provider, trust, [], `iam:${created}`)).paths
    expect(path).toMatchObject({
      certainty: 'possible',
      steps: [{ needs: ['a token of login.example.org/pool, of a subject that role/admin trusts'] }],
    })
  })
})
