/** Who may import whom: the folder table of ARCHITECTURE.md, as data. `.dependency-cruiser.cjs` makes rules of it. */

/** folder → the folders of ours that it may import besides itself */
export const folders = {
  app: ['components', 'lib/web', 'lib/broker', 'lib/domain'],
  components: ['lib/domain'],
  'lib/domain': [],
  'lib/config': [],
  'lib/observability': ['lib/config'],
  'lib/time': [],
  'lib/sealing': [],
  'lib/tls': ['lib/config', 'lib/observability'],
  'lib/kubeconfig': ['lib/config'],
  'lib/kube': ['lib/domain', 'lib/kubeconfig', 'lib/config', 'lib/observability'],
  'lib/scim': ['lib/domain'],
  'lib/db': ['lib/domain', 'lib/scim', 'lib/config', 'lib/observability', 'lib/time'],
  'lib/audit': ['lib/domain', 'lib/db', 'lib/config', 'lib/observability', 'lib/time'],
  'lib/credentials': ['lib/domain', 'lib/db', 'lib/config', 'lib/observability'],
  'lib/cluster-audit': [
    'lib/domain',
    'lib/credentials',
    'lib/audit',
    'lib/db',
    'lib/tls',
    'lib/config',
    'lib/observability',
    'lib/time',
  ],
  'lib/mail': ['lib/domain', 'lib/config'],
  'lib/webhook': ['lib/domain', 'lib/config', 'lib/sealing'],
  'lib/siem': ['lib/domain', 'lib/webhook', 'lib/config'],
  'lib/auth': ['lib/domain', 'lib/db', 'lib/audit', 'lib/sealing', 'lib/config', 'lib/observability'],
  'lib/broker': [
    'lib/domain',
    'lib/db',
    'lib/kube',
    'lib/audit',
    'lib/credentials',
    'lib/mail',
    'lib/webhook',
    'lib/siem',
    'lib/scim',
    'lib/config',
    'lib/observability',
    'lib/time',
  ],
  'lib/web': ['lib/auth', 'lib/broker', 'lib/scim', 'lib/domain', 'lib/config', 'lib/observability'],
  'lib/gateway': [
    'lib/domain',
    'lib/kubeconfig',
    'lib/credentials',
    'lib/audit',
    'lib/db',
    'lib/tls',
    'lib/config',
    'lib/observability',
    'lib/time',
  ],
  'lib/worker': [
    'lib/broker',
    'lib/cluster-audit',
    'lib/domain',
    'lib/db',
    'lib/kube',
    'lib/mail',
    'lib/siem',
    'lib/config',
    'lib/observability',
  ],
  prisma: ['lib/db', 'lib/config'],
  e2e: ['dev', 'lib/domain'],
}

/**
 * Inside a folder: its parts → the other parts of it that they may import besides themselves. Files in the folder
 * itself may be imported by all of its parts, or by none where `shared` is false.
 */
export const parts = {
  'lib/broker': {
    shared: false,
    parts: {
      'use-case': [],
      reconcile: ['use-case'],
      define: ['reconcile', 'use-case'],
      access: ['define', 'use-case'],
      spaces: ['access', 'define', 'reconcile', 'use-case'],
      offers: ['access', 'define', 'reconcile', 'use-case'],
      requests: ['access', 'spaces', 'define', 'use-case'],
      declared: ['access', 'spaces', 'requests', 'define', 'use-case'],
      credentials: ['define', 'use-case'],
      inbox: ['define', 'use-case'],
      people: ['requests', 'define', 'use-case'],
      holdings: ['define', 'use-case'],
      offboarding: ['define', 'reconcile', 'use-case'],
      reviews: ['access', 'holdings', 'define', 'use-case'],
      mail: ['use-case'],
      webhook: ['define', 'use-case'],
      filters: ['define', 'use-case'],
      policy: ['define', 'use-case'],
      provisioning: ['define', 'use-case'],
      audit: ['define', 'use-case'],
      office: ['define', 'use-case'],
      clusters: ['define', 'use-case'],
      recovery: [],
      search: ['define', 'use-case'],
      overview: ['requests', 'define', 'use-case'],
    },
  },
  'lib/web': {
    shared: false,
    parts: {
      process: [],
      request: ['process'],
      action: ['request', 'process'],
      page: ['action', 'request', 'process'],
      gateway: ['action', 'request', 'process'],
    },
  },
  'components/spaces': {
    shared: true,
    parts: {
      list: [],
      new: [],
      // They open over it.
      overview: ['logs', 'shell', 'workload'],
      workload: [],
      logs: [],
      shell: [],
      access: [],
      connect: [],
      settings: [],
    },
  },
}

/** package → the only folders that may import it, and why */
export const onlyImporters = [
  {
    package: '(@prisma/client|@prisma/adapter-pg|pg)',
    folders: ['lib/db', 'prisma'],
    why: 'every query is a function of lib/db',
  },
  { package: 'nodemailer', folders: ['lib/mail'], why: 'one place decides what leaves by mail, and how' },
  { package: 'next-auth', folders: ['lib/auth'], why: 'sign-in and sessions live in one place' },
]

/** file of ours → the only folders that may import it, and why */
export const onlyImportersOfFiles = [
  {
    file: 'lib/broker/define/mint.ts',
    folders: ['lib/broker/define'],
    why: 'a use case is what a wrapper authorizes',
  },
  {
    file: 'lib/broker/use-case/caller-context.ts',
    folders: ['lib/broker/use-case', 'lib/broker/define'],
    why: 'only a wrapper opens what pages and actions hold',
  },
  {
    file: 'lib/broker/use-case/seal-context.ts',
    folders: ['lib/broker', 'lib/web'],
    why: 'lib/web knows who is signed in',
  },
  {
    file: 'lib/web/request/context-for.ts',
    folders: ['lib/web'],
    why: 'pages take their context from a function that refuses anyone who is not signed in',
  },
  {
    file: 'lib/web/process/services.ts',
    folders: ['lib/web'],
    why: 'a query from a page would bypass authorization',
  },
]

/**
 * Exceptions to the table. One that is no longer needed fails the check.
 * @type {{ from: string, to: string, why: string }[]} from and to: regular expressions of paths
 */
export const exceptions = []
