/**
 * The rules of who may import whom, made of the folder table.
 * `dev/check/import-rules.ts` runs them, and fails as well on a row or an exception that matches nothing.
 */
const { folders, parts, onlyImporters, onlyImportersOfFiles, exceptions } = require('./dev/check/import-table.mjs')

// What starts processes and what sets a test's scene may reach for anything.
const free = ['^(dev|bench)/', '\\.itest\\.ts$']

const ours = '^(app|components|lib|prisma|dev|e2e|bench)/'
const within = (names) => `^(${names.join('|')})/`
const exceptionsOf = (folder) => exceptions.filter((exception) => exception.from.startsWith(`^${folder}/`))

const folderRules = Object.entries(folders).flatMap(([folder, allowed]) => {
  const special = exceptionsOf(folder)
  return [
    {
      name: `${folder} may import ${allowed.length === 0 ? 'nothing of ours' : `only ${allowed.join(', ')}`}`,
      severity: 'error',
      from: { path: within([folder]), pathNot: [...free, ...special.map((exception) => exception.from)] },
      to: { path: ours, pathNot: within([folder, ...allowed]) },
    },
    ...special.map((exception) => ({
      name: `${exception.from} may import only ${exception.to}, because ${exception.why}`,
      severity: 'error',
      from: { path: exception.from, pathNot: free },
      to: { path: ours, pathNot: [exception.from, exception.to] },
    })),
  ]
})

const partRules = Object.entries(parts).flatMap(([folder, { shared, parts: allowedOf }]) =>
  Object.entries(allowedOf).map(([part, allowed]) => {
    const others = allowed.map((name) => `${folder}/${name}`)
    const own = `${folder}/${part}`
    return {
      name: `of ${folder}, ${own} may import only ${[...others, ...(shared ? [`what stands in ${folder} itself`] : [])].join(', ') || 'itself'}`,
      severity: 'error',
      from: { path: within([own]), pathNot: free },
      to: {
        path: within([folder]),
        pathNot: [within([own, ...others]), ...(shared ? [`^${folder}/[^/]+$`] : [])],
      },
    }
  }),
)

const importerRules = onlyImporters.map((rule) => ({
  name: `only ${rule.folders.join(' and ')} may import ${rule.package}, because ${rule.why}`,
  severity: 'error',
  from: { path: ours, pathNot: [...free, ...rule.folders.map((folder) => `^${folder}/`)] },
  to: { path: `(^|/)node_modules/(@types/)?${rule.package}/` },
}))

const fileRules = onlyImportersOfFiles.map((rule) => ({
  name: `only ${rule.folders.join(' and ')} may import ${rule.file}, because ${rule.why}`,
  severity: 'error',
  from: { path: ours, pathNot: [...free, ...rule.folders.map((folder) => `^${folder}/`)] },
  to: { path: `^${rule.file}$` },
}))

module.exports = {
  forbidden: [
    ...folderRules,
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
    // Types count too: whoever names another folder's types depends on it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^lib/db/generated'] },
    exclude: { path: ['^\\.next', '^\\.spaceport', '^next-env\\.d\\.ts$'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
