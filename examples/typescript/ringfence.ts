/**
 * The same kind of declaration in TypeScript: every key and value is checked while it is typed, and what repeats
 * can be computed. It becomes the same plan as a YAML file would.
 */
import { defineOrganization } from '@ringfence/plan'

/** One dataset a region of the product, and one team that answers for it. */
const markets = ['europe', 'asia', 'americas'] as const

export default defineOrganization({
  organization: 'typed',
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin'],
  members: {
    lovelace: { email: 'lovelace@acme.example' },
    noether: { email: 'noether@acme.example' },
    turing: { email: 'turing@acme.example' },
    'eval-bot': { kind: 'service', keys: { until: '2035-12-31' } },
  },
  teams: {
    europe: ['lovelace'],
    asia: ['noether'],
    americas: ['turing'],
    evaluation: ['eval-bot'],
  },
  datasets: Object.fromEntries(
    markets.map((market) => [`${market}-logs`, { owner: market, encryption: 'kms' }]),
  ),
  models: { assistant: {} },
  grants: [
    ...markets.map((market) => ({
      to: market,
      can: ['read' as const, 'write' as const],
      on: `${market}-logs`,
      because: `${market} keeps its own logs`,
    })),
    { to: 'evaluation', can: 'read', on: 'assistant', until: '2035-12-31' },
  ],
  guarantees: [{ separate: markets.map((market) => `${market}-logs`) }],
})
