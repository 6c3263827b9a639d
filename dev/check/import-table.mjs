/**
 * Which code may import which, as data. `.dependency-cruiser.cjs` turns it into rules, and `import-rules.ts` fails on a
 * row that no import needs. In a pattern, `*` is one folder name.
 */

const tools = ['lib/config', 'lib/observability', 'lib/time']
const kernel = ['limits', 'model', 'db', 'credentials', 'trail', 'webhook', 'use-case', 'reconcile', 'define']
const ofKernel = kernel.map((part) => `lib/kernel/${part}`)

/** folder → the folders that it may import besides itself */
export const folders = {
  app: [
    'components',
    'lib/web',
    'lib/features/*/use-cases',
    'lib/features/*/model',
    'lib/features/*/http',
    'lib/kernel/model',
    'lib/kernel/use-case',
  ],

  'lib/config': [],
  'lib/observability': [],
  'lib/time': [],
  'lib/encryption': [],
  'lib/tls': ['lib/config', 'lib/observability'],
  'lib/kubeconfig': ['lib/config'],

  'lib/kernel/limits': [],
  'lib/kernel/model': [],
  'lib/kernel/db': ['lib/kernel/limits', 'lib/kernel/model', 'lib/config', 'lib/observability', 'lib/time'],
  'lib/kernel/credentials': [],
  'lib/kernel/trail': ['lib/kernel/model', 'lib/kernel/db', 'lib/time'],
  'lib/kernel/webhook': ['lib/kernel/model', 'lib/config', 'lib/encryption'],
  'lib/kernel/use-case': [
    'lib/kernel/limits',
    'lib/kernel/model',
    'lib/kernel/db',
    'lib/kernel/trail',
    'lib/kernel/webhook',
    'lib/kube',
    'lib/config',
    'lib/observability',
  ],
  'lib/kernel/reconcile': ['lib/kernel/model', 'lib/kernel/db', 'lib/kernel/use-case', 'lib/kube', ...tools.slice(1)],
  'lib/kernel/define': [
    'lib/kernel/model',
    'lib/kernel/db',
    'lib/kernel/use-case',
    'lib/kernel/reconcile',
    'lib/observability',
  ],

  'lib/kube': ['lib/kernel/model', 'lib/features/*/model', 'lib/kubeconfig', 'lib/observability'],
  'lib/auth': [
    'lib/kernel/model',
    'lib/kernel/db',
    'lib/kernel/trail',
    'lib/encryption',
    'lib/config',
    'lib/observability',
  ],
  'lib/web': [
    'lib/auth',
    'lib/features/*/use-cases',
    'lib/features/*/protocol',
    'lib/features/*/model',
    'lib/kernel/limits',
    'lib/kernel/model',
    'lib/kernel/use-case',
    'lib/kernel/reconcile',
    'lib/kernel/define',
    'lib/config',
    'lib/observability',
  ],
  'lib/gateway': [
    'lib/kernel/limits',
    'lib/kernel/model',
    'lib/kernel/db',
    'lib/kernel/credentials',
    'lib/kernel/trail',
    'lib/features/*/model',
    'lib/kubeconfig',
    'lib/tls',
    ...tools,
  ],
  'lib/worker': [
    'lib/features',
    'lib/kernel/limits',
    'lib/kernel/model',
    'lib/kernel/db',
    'lib/kernel/use-case',
    'lib/kernel/reconcile',
    'lib/kube',
    'lib/config',
    'lib/observability',
  ],
  prisma: ['lib/kernel/db', 'lib/config'],
  e2e: ['dev', 'lib/kernel/model'],
}

/** folder inside a feature → the folders that it may import besides itself; `.` is the feature */
export const insideFeatures = {
  model: ['lib/kernel/model'],
  db: ['./model', './protocol', 'lib/kernel/limits', 'lib/kernel/model', 'lib/kernel/db', 'lib/observability'],
  /** SCIM messages, in bytes and words. */
  protocol: ['lib/kernel/model'],
  /** A feature's own HTTP API is above lib/web, like a page of `app`. */
  http: ['./use-cases', './protocol', 'lib/kernel/model', 'lib/kernel/use-case', 'lib/web', 'lib/observability'],
  '*': ['.', ...ofKernel, 'lib/kube', 'lib/tls', ...tools],
}

/**
 * feature → `uses`: the features from which it may import the model, and its use cases the use cases;
 * `screens`: the additional features from which its components may import components
 */
export const features = {
  access: { uses: ['clusters', 'offers'], screens: ['filters', 'people', 'requests', 'search', 'spaces'] },
  audit: { uses: ['spaces'], screens: ['credentials', 'filters', 'requests', 'search'] },
  'cluster-audit': { uses: [], screens: [] },
  clusters: { uses: [], screens: ['audit', 'spaces'] },
  credentials: { uses: ['spaces'], screens: [] },
  filters: { uses: [], screens: [] },
  gitops: { uses: ['access', 'requests', 'spaces'], screens: [] },
  inbox: { uses: ['requests', 'reviews'], screens: [] },
  offboarding: { uses: ['offers'], screens: ['people'] },
  offers: { uses: ['access'], screens: [] },
  overview: { uses: ['clusters', 'requests'], screens: ['people', 'spaces'] },
  people: { uses: ['credentials', 'requests'], screens: ['audit', 'filters', 'search', 'spaces'] },
  policy: { uses: [], screens: ['people', 'spaces'] },
  recovery: { uses: [], screens: [] },
  requests: { uses: ['access', 'spaces'], screens: [] },
  reviews: { uses: ['access', 'clusters'], screens: ['filters', 'people', 'policy', 'search'] },
  scim: { uses: [], screens: [] },
  search: { uses: [], screens: ['credentials', 'filters', 'people', 'spaces'] },
  spaces: { uses: ['clusters', 'offers'], screens: ['credentials', 'filters', 'inbox', 'requests'] },
}

/** folder of components outside of features → the features from which it may import the model and components */
export const sharedComponents = {
  ui: [],
  shell: ['credentials', 'inbox', 'people', 'search'],
}
/** features with components that may import components/shell */
export const importersOfShell = ['people', 'search']

/** Inside a folder: its parts → the other parts that they may import besides themselves and the folder’s own files. */
export const parts = {
  'lib/web': {
    process: [],
    request: ['process'],
    action: ['request', 'process'],
    page: ['action', 'request', 'process'],
    gateway: ['action', 'request', 'process'],
  },
  'components/spaces': {
    list: [],
    new: [],
    overview: ['logs', 'shell', 'workload'],
    workload: [],
    logs: [],
    shell: [],
    connect: [],
    settings: [],
  },
}

/** package → the only folders that may import it, and why */
export const onlyImporters = [
  {
    package: '(@prisma/client|@prisma/adapter-pg|pg)',
    folders: ['lib/kernel/db', 'lib/features/*/db', 'lib/auth/db', 'lib/gateway/db', 'lib/worker/db', 'prisma'],
    why: 'every query is a function of a db folder',
  },
  {
    package: 'nodemailer',
    folders: ['lib/features/inbox/mail'],
    why: 'one place decides what is sent by mail, and how',
  },
  { package: 'next-auth', folders: ['lib/auth'], why: 'sign-in and sessions are in one place' },
]

/** file → the only folders that may import it, and why */
export const onlyImportersOfFiles = [
  {
    file: 'lib/kernel/define/define-use-case.ts',
    folders: ['lib/kernel/define'],
    why: 'a wrapper authorizes each use case',
  },
  {
    file: 'lib/kernel/use-case/caller-context.ts',
    folders: ['lib/kernel/use-case', 'lib/kernel/define'],
    why: 'only a wrapper unwraps what pages and actions hold',
  },
  {
    file: 'lib/kernel/use-case/wrap-context.ts',
    folders: ['lib/kernel', 'lib/features', 'lib/web'],
    why: 'lib/web knows who is signed in',
  },
  {
    file: 'lib/web/request/context-for.ts',
    folders: ['lib/web'],
    why: 'pages get their context from a function that refuses anyone who is not signed in',
  },
  {
    file: 'lib/web/process/services.ts',
    folders: ['lib/web', 'lib/features/*/http'],
    why: 'a query from a page would bypass authorization',
  },
]
