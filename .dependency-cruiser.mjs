// The arrows between packages (docs/architecture.md). `scripts/check-arrows.mjs` runs this and also asserts how
// much was seen, so that the check cannot pass on nothing.
const packages = {
  policy: [],
  plan: ['policy'],
  check: ['policy', 'plan'],
  local: ['policy', 'plan'],
  pulumi: ['plan'],
  lifecycle: ['policy', 'plan', 'check'],
  scim: ['plan'],
  cli: ['policy', 'plan', 'check', 'lifecycle', 'scim', 'local', 'pulumi'],
  testing: ['policy', 'plan', 'check', 'lifecycle', 'scim', 'local', 'pulumi', 'cli'],
}
const tests = String.raw`\.(test|fixture)\.ts$|/test-server/`

const arrows = Object.entries(packages).map(([name, allowed]) => ({
  name: `${name}-imports-only-its-arrows`,
  comment: `packages/${name} may import ${allowed.length > 0 ? allowed.join(', ') : 'no other package'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/src`, pathNot: tests },
  to: {
    path: '^packages/',
    pathNot: [`^packages/${name}/`, ...allowed.map((other) => `^packages/${other}/`)],
  },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrows,
    {
      name: 'nothing-imports-testing-at-run-time',
      severity: 'error',
      from: { path: '^packages/', pathNot: [tests, '^packages/testing/'] },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'packages-are-imported-by-their-front-door',
      comment:
        'A package is used through its index, or that of its deploy part, and never by another path into it.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/[^/]+/(src|dist)/',
        pathNot: ['^packages/$1/', '^packages/[^/]+/(src|dist)/(deploy/)?index[.]'],
      },
    },
    {
      name: 'pure-packages-do-no-io',
      comment: 'policy, plan, check and lifecycle run in a browser: no Node module, no I/O.',
      severity: 'error',
      from: { path: '^packages/(policy|plan|check|lifecycle)/src', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycles',
      comment: 'At run time; types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-dependency',
      comment: 'What is imported stands in the package.json of the package that imports it.',
      severity: 'error',
      from: { path: '^packages/', pathNot: tests },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)dist/', '/goldens/'] },
    tsConfig: { fileName: 'tsconfig.tests.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['ringfence-source', 'import', 'node', 'types', 'default'],
    },
  },
}
