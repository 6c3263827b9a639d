/**
 * The import rules, generated from `dev/check/import-table.mjs`. `dev/check/import-rules.ts` runs them, and
 * fails on a row that no import needs.
 */
const table = require('./dev/check/import-table.mjs')

// Processes that start everything, and test setup, may import anything.
const free = ['^(dev|bench)/', '\\.itest\\.ts$']
const project = '^(app|components|lib|prisma|dev|e2e|bench)/'

const pattern = (folder) => folder.replaceAll('*', '[^/]+')
const within = (folders) => (folders.length === 0 ? [] : [`^(${folders.map(pattern).join('|')})/`])

/** Files of `from`, except those of `except`, may only import the project’s files of `from` and `allowed`. */
const only = (name, from, allowed, except = []) => ({
  name: `${name} may import ${allowed.length === 0 ? 'nothing else of the project' : `only ${allowed.join(', ')}`}`,
  severity: 'error',
  from: { path: within([from]), pathNot: [...free, ...within(except)] },
  to: { path: project, pathNot: within([from, ...allowed]) },
})

const folderRules = Object.entries(table.folders).map(([folder, allowed]) => only(folder, folder, allowed))

const featureRules = Object.entries(table.features).flatMap(([feature, { uses, screens }]) => {
  const own = `lib/features/${feature}`
  const special = Object.keys(table.insideFeatures).filter((folder) => folder !== '*')
  const models = uses.map((other) => `lib/features/${other}/model`)
  const useCases = uses.map((other) => `lib/features/${other}/use-cases`)
  const ofLib = Object.entries(table.insideFeatures).map(([folder, allowed]) => {
    const rest = allowed.map((path) => path.replace(/^\./, own))
    return folder === '*'
      ? only(
          own,
          own,
          [...rest, ...models, ...useCases],
          special.map((one) => `${own}/${one}`),
        )
      : only(`${own}/${folder}`, `${own}/${folder}`, [...rest, ...models])
  })
  const withShell = table.importersOfShell.includes(feature) ? ['components/shell'] : []
  const ofComponents = only(`components/${feature}`, `components/${feature}`, [
    'components/ui',
    ...withShell,
    ...[...uses, ...screens].map((other) => `components/${other}`),
    'lib/kernel/model',
    `${own}/model`,
    ...models,
  ])
  return [...ofLib, ofComponents]
})

const sharedRules = Object.entries(table.sharedComponents).map(([folder, uses]) =>
  only(`components/${folder}`, `components/${folder}`, [
    'components/ui',
    ...uses.flatMap((feature) => [`components/${feature}`, `lib/features/${feature}/model`]),
    'lib/kernel/model',
  ]),
)

const partRules = Object.entries(table.parts).flatMap(([folder, allowedOf]) =>
  Object.entries(allowedOf).map(([part, allowed]) => {
    const own = `${folder}/${part}`
    const others = allowed.map((name) => `${folder}/${name}`)
    return {
      name: `of ${folder}, ${own} may import only ${[...others, `the files of ${folder} itself`].join(', ')}`,
      severity: 'error',
      from: { path: within([own]), pathNot: free },
      to: { path: within([folder]), pathNot: [...within([own, ...others]), `^${folder}/[^/]+$`] },
    }
  }),
)

const onlyFrom = (folders) => ({ path: project, pathNot: [...free, ...within(folders)] })

const importerRules = table.onlyImporters.map((rule) => ({
  name: `only ${rule.folders.join(' and ')} may import ${rule.package}, because ${rule.why}`,
  severity: 'error',
  from: onlyFrom(rule.folders),
  to: { path: `(^|/)node_modules/(@types/)?${rule.package}/` },
}))

const fileRules = table.onlyImportersOfFiles.map((rule) => ({
  name: `only ${rule.folders.join(' and ')} may import ${rule.file}, because ${rule.why}`,
  severity: 'error',
  from: onlyFrom(rule.folders),
  to: { path: `^${rule.file}$` },
}))

module.exports = {
  forbidden: [
    ...folderRules,
    ...featureRules,
    ...sharedRules,
    ...partRules,
    ...importerRules,
    ...fileRules,
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'what runs in production is no development dependency',
      severity: 'error',
      from: { path: '^(app|components|lib|prisma)/', pathNot: '\\.i?test\\.tsx?$' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    // Types count too: a file that uses another folder's types depends on it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^lib/kernel/db/generated'] },
    exclude: { path: ['^\\.next', '^\\.spaceport', '^next-env\\.d\\.ts$'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
