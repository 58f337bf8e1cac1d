/** What `terraform show -json` prints: of a plan before its first apply, or of the state after it. */
export interface Shown {
  readonly plan: unknown
  readonly state: unknown
}

type Body = Readonly<Record<string, unknown>>
interface Configuration {
  readonly provider: { readonly aws: readonly Body[] }
  readonly resource: Readonly<Record<string, Readonly<Record<string, Body>>>>
}
interface Resource {
  readonly address: string
  readonly type: string
  readonly values: Record<string, unknown>
  /** By attribute, what it refers to. */
  readonly references: Readonly<Record<string, string>>
}

/** Arguments of a block that are about the block and not about what it makes. */
const meta = new Set(['provider', 'lifecycle', 'depends_on'])

/**
 * A configuration that ringfence exports, as Terraform shows it: blocks are lists, templates are evaluated, and what
 * AWS picks is there after the apply only.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
export function terraformShown(configuration: string, account: string): Shown {
  const { provider, resource } = JSON.parse(configuration) as Configuration
  const resources = Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, body]) => toResource(type, name, body)),
  )
  const [own] = provider.aws
  const keys = new Map(
    resources.filter(({ type }) => type === 'aws_kms_key').map((one, n) => [one.address, n]),
  )
  const known = resources.map((one) => madeBy(one, account, String(own?.['region']), keys))
  const version = { format_version: '1.2', terraform_version: '1.11.4' }
  return {
    state: { ...version, values: { root_module: root(known) } },
    plan: {
      ...version,
      planned_values: { root_module: root(resources) },
      resource_changes: resources.map(({ address, references, type }) => ({
        address,
        change: {
          actions: ['create'],
          after_unknown: {
            id: true,
            arn: true,
            ...(type === 'aws_kms_key' ? { key_id: true } : {}),
            ...Object.fromEntries(Object.keys(references).map((attribute) => [attribute, true])),
          },
        },
      })),
      configuration: {
        provider_config: { aws: { expressions: constants(own ?? {}) } },
        root_module: {
          resources: resources.map(({ address, references }) => ({
            address,
            expressions: Object.fromEntries(
              Object.entries(references).map(([attribute, target]) => [
                attribute,
                { references: [target, target.slice(0, target.lastIndexOf('.'))] },
              ]),
            ),
          })),
        },
      },
    },
  }
}

function root(list: readonly Resource[]): unknown {
  return { resources: list.map(({ address, type, values }) => ({ address, mode: 'managed', type, values })) }
}

function toResource(type: string, name: string, body: Body): Resource {
  const values: Record<string, unknown> = {}
  const references: Record<string, string> = {}
  for (const [attribute, value] of Object.entries(body)) {
    const reference = typeof value === 'string' ? /^\$\{([^}]+)\}$/.exec(value)?.[1] : undefined
    if (reference !== undefined) references[attribute] = reference
    else if (!meta.has(attribute)) values[attribute] = attribute === 'rule' ? [value] : evaluate(value)
  }
  return { address: `${type}.${name}`, type, values, references }
}

/** `$${` stands for `${`. */
function evaluate(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/([$%])\1(?=\{)/g, '$1')
  if (Array.isArray(value)) return value.map(evaluate)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, evaluate(part)]))
}

/** With what AWS answers. */
function madeBy(
  resource: Resource,
  account: string,
  region: string,
  keys: ReadonlyMap<string, number>,
): Resource {
  const { address, references, type, values } = resource
  const keyId = (key: string) => `1234abcd-12ab-34cd-56ef-${String(keys.get(key)).padStart(12, '0')}`
  const { bucket, name, path } = values as Record<string, string>
  const kind = /^aws_iam_(user|group|role|policy)$/.exec(type)?.[1]
  const arn =
    kind !== undefined
      ? `arn:aws:iam::${account}:${kind}${path}${name}`
      : type === 'aws_s3_bucket'
        ? `arn:aws:s3:::${bucket}`
        : type === 'aws_kms_key'
          ? `arn:aws:kms:${region}:${account}:key/${keyId(address)}`
          : undefined
  const referred = Object.entries(references).map(([attribute, target]) => {
    const of = target.slice(0, target.lastIndexOf('.'))
    return [attribute, of.startsWith('aws_kms_key') ? keyId(of) : `p-${of.replaceAll(/[^a-z0-9]/g, '')}`]
  })
  const id = type === 'aws_organizations_policy' ? `p-${address.replaceAll(/[^a-z0-9]/g, '')}` : address
  const made = {
    ...values,
    ...Object.fromEntries(referred),
    id,
    // Version 6 of the provider tells it of everything that has one.
    ...(/^aws_(s3_bucket|kms)/.test(type) ? { region } : {}),
    ...(arn === undefined ? {} : { arn }),
    ...(type === 'aws_kms_key' ? { key_id: keyId(address) } : {}),
  }
  return { address, type, references, values: made }
}

function constants(body: Body): Body {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, { constant_value: value }]))
}
