/** A file of a small organization; `members` and `datasets` are lines of the file. */
export function declareOrganization(options: {
  readonly members: readonly string[]
  readonly team: readonly string[]
  readonly datasets?: readonly string[]
}): string {
  const { members, team, datasets = [] } = options
  return [
    'organization: acme',
    'account: "111122223333"',
    'region: eu-west-1',
    'administrators: [role/platform-admin]',
    'members:',
    ...members.map((line) => `  ${line}`),
    'teams:',
    `  research: [${team.join(', ')}]`,
    ...(datasets.length === 0
      ? []
      : [
          'datasets:',
          ...datasets.map((line) => `  ${line}`),
          'grants:',
          ...datasets.map((line) => `  - { to: research, can: [read, write], on: ${line.split(':')[0]} }`),
        ]),
    '',
  ].join('\n')
}
