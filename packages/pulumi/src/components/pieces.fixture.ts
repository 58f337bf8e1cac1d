import type * as pulumi from '@pulumi/pulumi'
import { ManagedPolicies } from './managed-policies.js'
import { Organization } from './organization.js'
import { PrivateDataset } from './private-dataset.js'
import { ProvisionedMember } from './provisioned-member.js'
import { SegregatedDatasets } from './segregated-datasets.js'
import { TeamAccess } from './team-access.js'
import { TrainingPlatform } from './training-platform.js'

export const place = {
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin'],
} as const

/** The arguments that every piece has, with a list of their own each. */
export const common = () => ({ ...place, administrators: [...place.administrators] })

export const user = (name: string): string => `arn:aws:iam::111122223333:user/${name}`
export const group = (name: string): string => `arn:aws:iam::111122223333:group/${name}`
export const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`
export const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f'

/** One of each component, with everything that it can make. */
export const samples: Readonly<Record<string, () => pulumi.ComponentResource>> = {
  Organization: () =>
    new Organization('acme', {
      declaration: {
        organization: 'acme',
        ...common(),
        members: { ada: {}, bot: { kind: 'service', keys: { until: '2035-01-31' } } },
        teams: { research: ['ada', 'bot'] },
        datasets: { corpus: { encryption: 'kms' } },
        platforms: { gpu: { kind: 'sagemaker', reads: ['corpus'], project: { product: 'prod-abc' } } },
        grants: [
          { to: 'research', can: 'read', on: 'corpus' },
          { to: 'ada', can: ['train'], on: 'gpu' },
        ],
      },
    }),
  PrivateDataset: () =>
    new PrivateDataset('corpus', {
      ...common(),
      organization: 'acme',
      encryption: 'kms',
      access: [
        { principals: [user('ada'), user('ringfence/acme/bot')], can: ['read', 'write'], under: 'raw/' },
        { principals: [role('etl'), role('ringfence/acme/acme-gpu-execution')], can: ['read'] },
      ],
    }),
  SegregatedDatasets: () =>
    new SegregatedDatasets('segregation', {
      ...common(),
      teams: {
        'group-a': { members: ['anna', user('arjun')], can: ['read', 'write'], encryption: 'kms' },
        'group-b': { members: ['bola'], dataset: 'b', bucket: 'data-of-b', group: group('b-people') },
      },
    }),
  ProvisionedMember: () =>
    new ProvisionedMember('bot', {
      ...common(),
      kind: 'service',
      keysUntil: '2035-01-31',
      groups: [group('services')],
      datasets: [
        { dataset: 'corpus', bucket: 'acme-corpus', can: ['read'], under: 'raw/' },
        { dataset: 'sealed', bucket: 'acme-sealed', can: ['read'], keyArn },
      ],
      platforms: [{ platform: 'gpu', role: role('acme-gpu-execution'), can: ['train'] }],
    }),
  TeamAccess: () =>
    new TeamAccess('research', {
      ...common(),
      members: ['ada', user('grace')],
      datasets: [{ dataset: 'corpus', bucket: 'acme-corpus', can: ['read', 'write'] }],
      platforms: [{ platform: 'gpu', role: role('acme-gpu-execution'), can: ['train', 'invoke'] }],
    }),
  TrainingPlatform: () =>
    new TrainingPlatform('gpu', {
      ...common(),
      organization: 'acme',
      reads: [{ dataset: 'corpus', bucket: 'acme-corpus', encryption: 'kms' }],
      writes: [{ dataset: 'weights', bucket: 'acme-weights', under: 'out/' }],
      product: 'prod-abcdefghijklm',
      teams: [{ group: group('scientists'), can: ['train'] }],
    }),
  ManagedPolicies: () =>
    new ManagedPolicies('central', {
      ...common(),
      teams: {
        'ai-team': { members: [user('wei'), 'lena'] },
        analytics: { group: group('analytics') },
      },
      users: [user('wei')],
      grants: [
        { to: 'ai-team', dataset: 'corpus', bucket: 'acme-corpus', can: ['read'] },
        { to: 'analytics', dataset: 'reports', bucket: 'acme-reports', can: ['read', 'write'] },
        { to: 'wei', dataset: 'corpus', bucket: 'acme-corpus', can: ['write'], under: 'inbox/' },
      ],
    }),
}
