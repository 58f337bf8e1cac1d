import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Analyzer } from '@pulumi/pulumi/provider/experimental/analyzer.js'
import { generateSchema } from '@pulumi/pulumi/provider/experimental/schema.js'
import { componentTypes } from '../component-types.js'

const root = new URL('../../', import.meta.url)

/** The schema that Pulumi infers from the sources, with a description of the package: seconds of type-checking. */
export function inferSchema(): string {
  const { version, description } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    version: string
    description: string
  }
  const names = Object.values(componentTypes).map((type) => type.slice(type.lastIndexOf(':') + 1))
  const folder = fileURLToPath(new URL('schema', root))
  const { components, typeDefinitions, dependencies } = new Analyzer(
    folder,
    'ringfence',
    {},
    new Set(names),
  ).analyze()
  const schema = generateSchema('ringfence', version, description, components, typeDefinitions, dependencies)
  return `${JSON.stringify(schema, undefined, 2)}\n`
}
