/** The name under which `init` puts the JSON Schema beside the declared file. */
export const schemaFileName = 'ringfence.schema.json'

/**
 * The text of a declared file to start from. It plans without a finding; its dates are reckoned from `nowMs`,
 * so that they lie ahead on whichever day it is written.
 */
export function printStartingFile(nowMs: number): string {
  const inDays = (days: number): string => new Date(nowMs + days * 86_400_000).toISOString().slice(0, 10)
  return `# yaml-language-server: $schema=./${schemaFileName}
#
# Who may do what with which data, models and training platforms. Nothing else is allowed.
#   ringfence plan FILE        shows the AWS resources and policies that this becomes
#   ringfence rehearse FILE    tries it out on a local AWS, as everybody that is named here

# Names begin with this: lower-case letters, digits and hyphens.
organization: acme
# Pinned: any other account is refused.
account: "111122223333"
region: eu-west-1

# Roles or users that exist already. They may change the fence, and may not read the data.
administrators: [role/platform-admin]

# People and services, with an IAM user each.
members:
  ada: { email: ada@acme.example }
  grace: { email: grace@acme.example }
  # A long-lived access key is an exception: declared, and only for a time.
  nightly-eval: { kind: service, keys: { until: ${inDays(90)} } }

teams:
  research: [ada]
  evaluation: [grace, nightly-eval]

# One private bucket each. The owner answers for it, and has access only by a grant.
datasets:
  user-data: { owner: research, encryption: kms }
  benchmarks: { owner: evaluation }
models:
  chat-base: { owner: research }

# What runs training jobs, and what these read and write.
platforms:
  training: { kind: sagemaker, reads: [user-data], writes: [models/chat-base] }

# Capabilities: read, write, delete, administer, train, deploy, invoke. Write does not include delete.
grants:
  - { to: research, can: [read, write], on: user-data, under: raw/, until: ${inDays(180)}, because: "first study" }
  - { to: research, can: train, on: training }
  - { to: evaluation, can: read, on: benchmarks }
  - { to: evaluation, can: read, on: models/chat-base }

# What must stay true, whatever is granted above.
guarantees:
  - never: { who: evaluation, can: [read, write], on: user-data }
`
}
