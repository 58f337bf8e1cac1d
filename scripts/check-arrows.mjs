// Checks the arrows between packages by dependency-cruiser, and that it really saw the packages.
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import configuration from '../.dependency-cruiser.mjs'

const fewestModules = {
  policy: 10,
  plan: 10,
  check: 1,
  lifecycle: 20,
  scim: 30,
  local: 30,
  pulumi: 1,
  cli: 10,
  testing: 4,
}

const { output } = await cruise(
  ['packages'],
  { ...configuration.options, ruleSet: { forbidden: configuration.forbidden }, validate: true },
  {},
  { tsConfig: extractTSConfig(configuration.options.tsConfig.fileName) },
)

const problems = output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
const sources = output.modules.map(({ source }) => source)
for (const [name, fewest] of Object.entries(fewestModules)) {
  const seen = sources.filter((source) => source.startsWith(`packages/${name}/src/`)).length
  if (seen < fewest)
    problems.push(`saw only ${seen} modules of packages/${name}; at least ${fewest} are expected`)
}
const arrowsSeen = output.modules.flatMap(({ source, dependencies }) =>
  dependencies.filter(({ resolved }) => crosses(source, resolved)),
).length
if (arrowsSeen < 10) problems.push(`saw only ${arrowsSeen} imports between packages: they were not resolved`)

for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stderr.write(
  `${sources.length} modules, ${arrowsSeen} imports between packages, ${problems.length} problems\n`,
)
process.exitCode = problems.length > 0 ? 1 : 0

function packageOf(path) {
  return /^packages\/([^/]+)\//.exec(path)?.[1]
}

function crosses(from, to) {
  return packageOf(from) !== undefined && packageOf(to) !== undefined && packageOf(from) !== packageOf(to)
}
