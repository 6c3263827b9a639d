import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { variables } from '#lib/config/environment.ts'
import { isDeniableCidr } from '#lib/config/is-deniable-cidr.ts'
import { isSubjectClaim } from '#lib/config/is-subject-claim.ts'
import { charts, type Helm, namespace, openHelm, values } from './helm.ts'
import { readSchema, setAt } from './schema-leaves.ts'

/** Every value of both charts is checked before Helm touches a cluster, and the refusal names it. */

/** A value that must be refused, for each key of the schema and each of its shared definitions. */
const bad: Record<string, unknown> = {
  // Shared definitions
  name: 'not a name',
  nameOrEmpty: 'Not A Name',
  key: 'a/b/c',
  file: 'a/b',
  port: 70_000,
  quantity: 'abc',
  'quantities.{}': 'banana',
  'texts.{}': 'a/b/c',
  'texts.k': 5,
  'labels.{}': 'a/b/c',
  'labels.k': 'not a label',
  'selected.{}': 'a/b/c',
  'selected.k': 'not a label',
  list: 5,
  'autoscaling.enabled': 'yes',
  'autoscaling.min': 0,
  'autoscaling.max': 0,
  'egress.ports.0': 70_000,
  'env.name': '1A',
  'env.value': 5,
  'env.valueFrom.secretKeyRef.optional': 'yes',
  'env.valueFrom.configMapKeyRef.optional': 'yes',
  'env.valueFrom.fieldRef.fieldPath': 'podIP',
  'env.valueFrom.fieldRef.apiVersion': 'v2',
  'env.valueFrom.resourceFieldRef.resource': 'cpu',
  'env.valueFrom.resourceFieldRef.containerName': 'A B',
  'service.type': 'ExternalName',
  'service.loadBalancerClass': 'a/b/c',
  'service.loadBalancerSourceRanges.0': 'banana',
  'service.externalTrafficPolicy': 'Nearby',
  'toleration.key': 'a/b/c',
  'toleration.operator': 'Like',
  'toleration.value': 'not a label',
  'toleration.effect': 'Never',
  'toleration.tolerationSeconds': 'soon',
  'expression.operator': 'Like',
  'expression.values.0': 'not a label',
  'podTerm.namespaces.0': 'A B',
  'podAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.weight': 101,
  'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.weight': 0,
  'peer.ipBlock.cidr': 'banana',
  'peer.ipBlock.except.0': 'banana',
  'parentRef.kind': 'gateway',
  'parentRef.namespace': 'A B',
  'volume.name': 'A B',
  'volume.secret.items.0.path': '/absolute',
  'volume.secret.items.0.mode': 512,
  'volume.secret.optional': 'yes',
  'volume.secret.defaultMode': 512,
  'volume.configMap.items.0.path': '/absolute',
  'volume.configMap.items.0.mode': 512,
  'volume.configMap.optional': 'yes',
  'volume.configMap.defaultMode': 512,
  'volume.emptyDir.medium': 'Disk',
  'volume.persistentVolumeClaim.readOnly': 'yes',
  'volumeMount.name': 'A B',
  'volumeMount.mountPath': 'relative',
  'volumeMount.readOnly': 'yes',
  'volumeMount.subPath': '/absolute',
  'volumeMount.subPathExpr': '/absolute',
  'volumeMount.mountPropagation': 'Bidirectional',
  'volumeMount.recursiveReadOnly': 'Sometimes',
  // Values with a definition of their own
  'image.registry': 'https://registry.example.com',
  'image.pullPolicy': 'Sometimes',
  'config.DATABASE_CONNECTIONS': 1,
  'config.DATABASE_LOCK_CONNECTIONS': 101,
  'config.OIDC_RECHECK_MINUTES': 481,
  'config.SPACEPORT_ADMIN_MINUTES': 721,
  'config.SPACEPORT_NAME_RESERVED_DAYS': -1,
  'config.SPACEPORT_SPACE_LIMIT': 1001,
  'config.SPACEPORT_TRUSTED_HOPS': 11,
  'config.GATEWAY_CONNECTIONS_PER_SOURCE': 20_001,
  'config.OIDC_CLIENT_ID': '',
  'config.OIDC_GROUPS_CLAIM': '',
  'config.OIDC_GROUPS_OVERAGE': 'https://graph.windows.net',
  'config.OIDC_SUBJECT_CLAIM': 'a claim',
  'config.OIDC_NAME': ' ',
  'config.SPACEPORT_FURTHER_PROVIDERS': 'providers.json',
  'config.OIDC_SCOPES': 'openid\nprofile',
  'config.WEB_KEEP_ALIVE_SECONDS': 3601,
  'config.SMTP_FROM': 'nobody',
  'config.SPACEPORT_TRAIL_SYSLOG_CA': 'ca.crt',
  'config.SPACEPORT_TRAIL_SYSLOG_CERT': 'tls.crt',
  'config.SPACEPORT_TRAIL_SYSLOG_KEY': 'tls.key',
  'config.SPACEPORT_TRAIL_WEBHOOK_CA': 'ca.crt',
  'config.SPACEPORT_URL': 'https://spaceport.example.com/path',
  'config.SPACEPORT_GATEWAY_URL': 'http://kube.example.com',
  'config.OIDC_ISSUER': 'https://',
  'config.SPACEPORT_HELP_URL': 'wiki',
  'config.SPACEPORT_TRAIL_WEBHOOK_URL': 'https://user:password@siem.example.com',
  'config.SPACEPORT_TRAIL_SYSLOG_URL': 'tcp://syslog.example.com',
  'config.SPACEPORT_NAMESPACE_PREFIX': 'Team',
  'config.OIDC_LOGOUT_ENDS_CREDENTIALS': true,
  'config.SCIM_SUBJECT': 'email',
  'config.SPACEPORT_MAX_SIZE': 'XL',
  'config.SPACEPORT_DIRECTORY': 'closed',
  'config.GATEWAY_TRAIL_COMMANDS': true,
  'config.SPACEPORT_WITHOUT_FENCES': 'shut',
  'config.LOG_LEVEL': 'loud',
  'config.OTEL_EXPORTER_OTLP_ENDPOINT': 'otel:4317',
  'config.OTEL_TRACES_SAMPLER_ARG': 2,
  'migrations.enabled': 'yes',
  'migrations.logins.web': 'a b',
  'migrations.logins.worker': 'a b',
  'migrations.logins.gateway': 'a b',
  'migrations.deadlineSeconds': 1,
  'clusters.own.enabled': 'yes',
  'clusters.own.name': 'Own',
  'clusters.own.server': 'http://kubernetes',
  'clusters.further.0.name': 'A B',
  'clusters.further.0.server': 'lab.example.com',
  'clusters.further.0.ca': 'no',
  ...Object.fromEntries(
    ['web', 'gateway', 'worker'].flatMap((process) => [
      [`${process}.image.repository`, 'Not A Repository'],
      [`${process}.image.tag`, 'not a tag'],
      [`${process}.image.digest`, 'sha256:0'],
      [`${process}.replicas`, 0],
    ]),
  ),
  'web.ingress.enabled': 'yes',
  'web.httpRoute.enabled': 'yes',
  'gateway.route.kind': 'HTTPRoute',
  'gateway.route.apiVersion': 'v1',
  'gateway.tls.certificate.enabled': 'yes',
  'gateway.tls.certificate.issuerRef.kind': 'issuer',
  'gateway.tls.certificate.dnsNames.0': 'https://kube.example.com',
  'gateway.tls.ca.kind': 'File',
  'worker.audit.enabled': 'yes',
  'podUser.runAsUser': 0,
  'podUser.runAsGroup': 0,
  'podUser.fsGroup': 0,
  'networkPolicy.enabled': 'yes',
  'networkPolicy.monitoringNamespace': 'A B',
  'monitoring.serviceMonitors': 'yes',
  'monitoring.alerts': 'yes',
  'monitoring.runbooks': 'runbooks.md',
  'monitoring.dashboards': 'yes',
  'test.space.namespace': 'A B',
  'spaceport-cluster.enabled': 'yes',
  'pods.spread': 'Maybe',
  'pods.listen': '10.0.0.1',
  'command.args.0': 5,
}
/** Passed on unchecked: Helm's own convention, and volumes, which belong to Kubernetes or to a driver. */
const open = [
  'global',
  'spaceport-cluster.global',
  'volume.projected',
  'volume.csi',
  'volume.ephemeral',
  'volume.downwardAPI',
]
/** Bad items of the lists of `config`, which may also be a text with commas. */
const items: Record<string, string[]> = {
  OIDC_ALGORITHMS: ['none', 'HS256'],
  SPACEPORT_ADMIN_GROUPS: [],
  SPACEPORT_ADMINS: ['alice', 'sub:', 'sub:a b', '*@example.com.', 'a@b@example.com', 'a@localhost'],
  SPACEPORT_AUDITOR_GROUPS: [],
  SPACEPORT_AUDITORS: ['bob', 'bücher@example.com'],
  SPACEPORT_DENIED_CIDRS: ['banana', '10.0.0.1/8', 'fd00::1/8', '0.0.0.0/0', '::/0', '::ffff:10.0.0.0/104', '10.0.0.0'],
  SPACEPORT_DNS_PEERS: ['999.1.1.1', 'fd00:::1', 'dns:54', 'A_b'],
  SPACEPORT_GIT_IDENTITIES: [
    'banana',
    'default/team-a',
    'lab/team-a=alice',
    'default/Team=alice',
    'default/team-b=bob',
  ],
  SPACEPORT_INGRESS_SUFFIXES: ['.example.com', 'Example.com', `${'a.'.repeat(95)}com`],
  SPACEPORT_RESERVED_NAMES: ['Platform', '-a'],
  SPACEPORT_PLATFORM_NAMESPACES: ['Infra', 'infra-*-x', '*'],
  SPACEPORT_PUSHED_PRIVILEGED_GROUPS: [],
  SPACEPORT_SIGN_IN_DOMAINS: ['banana@x', '*.example.com', '@example.com', 'example.com.', 'bücher.example', 'com'],
  SPACEPORT_SIGN_IN_GROUPS: [],
  SPACEPORT_WEBHOOK_ALLOWED_HOSTS: ['https://chat.example.com', '10.0.0.0/99'],
  SPACEPORT_CLUSTER_READABLE: ['Nodes', 'nodes.'],
  WORKER_AUDIT_CONTROLLERS: [],
}

const main = readSchema(charts.spaceport)
let helm: Helm
beforeAll(async () => {
  helm = await openHelm()
}, 600_000)
afterAll(() => helm.close())

/** @returns Helm's output for a chart with these values, in addition to the required ones */
async function outputOf(given: unknown, chart = charts.spaceport, by = helm): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-refused-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'values.yaml')
  writeFileSync(file, JSON.stringify(given))
  const files = chart === charts.spaceport ? ['--values', values.least] : []
  const { output } = await by.run('template', 's', chart, '-n', namespace, ...files, '--values', file)
  return output
}
const at = (path: readonly string[]) => `at '/${path.join('/')}'`

test('every value of the chart has a bad one in the table, and the table names no others', () => {
  const keys = new Set(main.leaves.map(({ key }) => key))
  const shared = ['command.args.0', 'egress.ports.0']
  expect([...keys].filter((key) => !(key in bad) && !open.includes(key)).sort()).toEqual([])
  expect(Object.keys(bad).filter((key) => !keys.has(key) && !shared.includes(key))).toEqual([])
  expect([...new Set(main.open)].sort()).toEqual([...open].sort())
  const lists = main.leaves.filter(({ key }) => key === 'list').map(({ path }) => path.at(-1))
  expect(lists.sort()).toEqual(Object.keys(items).sort())
})

describe.each([4, 3] as const)('Helm %i', (major) => {
  let by: Helm
  beforeAll(async () => {
    by = major === 4 ? helm : await openHelm('/dev/null', major)
  }, 600_000)
  afterAll(() => by.close())

  test('each bad value is refused by name', async () => {
    const given = {}
    for (const { path, key, what } of main.leaves)
      if (what === 'value') setAt(given, path, bad[key])
      else setAt(given, [...path, String(bad[key])], key === 'quantities.{}' ? '1' : 'x')
    const output = await outputOf(given, charts.spaceport, by)
    const lines = output.split('\n')
    const unnamed = main.leaves.filter(({ path, key, what }) =>
      what === 'value'
        ? !output.includes(at(path))
        : !lines.some((line) => line.includes(`${at(path)}: additional properties `) && line.includes(`'${bad[key]}'`)),
    )
    expect(unnamed.map(({ path, what }) => `${what} ${at(path)}`)).toEqual([])
  })

  test('an unknown key is refused anywhere, by name', async () => {
    const given = {}
    for (const path of main.closed) setAt(given, [...path, 'banana'], 1)
    const output = await outputOf(given, charts.spaceport, by)
    const unnamed = main.closed.filter(
      (path) => !new RegExp(`${at(path).replace("'/'", "''")}: additional properties .*'banana'`).test(output),
    )
    expect(unnamed.map(at)).toEqual([])
    expect(main.closed.length).toBeGreaterThan(100)
  })

  test('values that need each other are refused if one is missing', async () => {
    const balanced = { loadBalancerClass: 'example.com/lb', loadBalancerSourceRanges: ['192.0.2.0/24'] }
    const output = await outputOf(
      {
        web: { httpRoute: { enabled: true }, service: { ...balanced, externalTrafficPolicy: 'Local' } },
        gateway: {
          route: { kind: 'TLSRoute' },
          service: { type: 'NodePort', ...balanced },
          tls: { certificate: { enabled: true } },
          extraEnv: [{ name: 'BOTH', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          extraVolumes: [{ name: 'nothing' }],
        },
        monitoring: { alerts: true },
        networkPolicy: { webFrom: [{}] },
      },
      charts.spaceport,
      by,
    )
    for (const expected of [
      `at '/web/httpRoute/parentRefs': minItems`,
      `at '/web/service/loadBalancerClass': maxLength`,
      `at '/web/service/loadBalancerSourceRanges': maxItems`,
      `at '/web/service/externalTrafficPolicy': value must be ''`,
      `at '/gateway/service/loadBalancerClass': maxLength`,
      `at '/gateway/route/parentRefs': minItems`,
      `at '/gateway/tls/certificate/issuerRef': missing propert`,
      `at '/gateway/extraEnv/0': 'not' failed`,
      `at '/gateway/extraVolumes/0': minProperties`,
      `at '/monitoring/runbooks': minLength`,
      `at '/networkPolicy/webFrom/0': minProperties`,
    ])
      expect(output).toContain(expected)
  })

  test('the chart accepts exactly the claims that identify people, as web does', async () => {
    const claims = [
      ...'sub oid employee_id email UPN user-name tid https://example.com/email https://example.com/id'.split(' '),
      'a.',
    ]
    const verdicts = await Promise.all(
      claims.map(async (claim) => {
        const output = await outputOf({ config: { OIDC_SUBJECT_CLAIM: claim } }, charts.spaceport, by)
        return [claim, !output.includes(`config.OIDC_SUBJECT_CLAIM: "${claim}" can change`)]
      }),
    )
    expect(verdicts).toEqual(claims.map((claim) => [claim, isSubjectClaim(claim)]))
  })

  test('problems that a schema can’t express are refused too, all in one message', async () => {
    const mount = { name: 'missing', mountPath: '/missing' }
    const given = {
      config: {
        ...items,
        SPACEPORT_GIT_IDENTITIES: ['default/team-b=alice', ...(items.SPACEPORT_GIT_IDENTITIES ?? [])],
        SPACEPORT_TRAIL_SYSLOG_CERT: '/tls.crt',
        OIDC_SUBJECT_CLAIM: 'email',
        OIDC_GROUPS_OVERAGE: 'https://graph.microsoft.us',
        OIDC_GROUPS_CLAIM: 'roles',
      },
      web: {
        autoscaling: { min: 5, max: 4 },
        resources: { requests: { memory: '1Gi', cpu: 1 }, limits: { memory: '1000M', cpu: '900m' } },
        service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.1/24'] },
        extraVolumeMounts: [mount],
      },
      gateway: { autoscaling: { min: 7 }, extraVolumeMounts: [mount] },
      worker: { autoscaling: { enabled: true, min: 5 }, extraVolumeMounts: [mount] },
      migrations: { resources: { requests: { memory: '1e12' } } },
      command: { volumeMounts: [mount] },
      networkPolicy: {
        webFrom: [{ ipBlock: { cidr: '10.0.0.0/33' } }],
        gatewayFrom: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.1/16'] } }],
        auditFrom: [{ ipBlock: { cidr: 'fd00::/129' } }],
        egress: { database: { to: [{ ipBlock: { cidr: '10.0.0.1/8' } }] } },
      },
    }
    const output = await outputOf(given, charts.spaceport, by)
    const problems = output.split('\n')
    for (const [name, list] of Object.entries(items))
      for (const item of list)
        expect(
          problems.filter((line) => line.startsWith(`- config.${name}: `) && line.includes(`"${item}"`)),
          item,
        ).toHaveLength(1)
    for (const expected of [
      'config.SPACEPORT_TRAIL_SYSLOG_KEY: set it together with SPACEPORT_TRAIL_SYSLOG_CERT',
      'config.OIDC_SUBJECT_CLAIM: "email" can change',
      'config.OIDC_GROUPS_OVERAGE: it only applies to the claim groups',
      'web.autoscaling.min: 5 is more than max, 4',
      'gateway.autoscaling.min: 7 is more than max, 6',
      'worker.autoscaling.min: 5 is more than max, 4',
      'web.resources.requests.memory: 1Gi is more than the limit, 1000M',
      'web.resources.requests.cpu: 1 is more than the limit, 900m',
      'migrations.resources.requests.memory: 1e12 is more than the limit, 512Mi',
      'web.extraVolumeMounts[0].name: no volume is named "missing"',
      'gateway.extraVolumeMounts[0].name: no volume is named "missing"',
      'worker.extraVolumeMounts[0].name: no volume is named "missing"',
      'command.volumeMounts[0].name: no volume is named "missing"',
      'web.service.loadBalancerSourceRanges[0]: "192.0.2.1/24" must start with the first address of its range',
      'networkPolicy.webFrom[0].ipBlock.cidr: "10.0.0.0/33" has a prefix longer than its address',
      'networkPolicy.gatewayFrom[0].ipBlock.except[0]: "10.1.0.1/16" must start with the first address of its range',
      'networkPolicy.auditFrom[0].ipBlock.cidr: "fd00::/129" has a prefix longer than its address',
      'networkPolicy.egress.database.to[0].ipBlock.cidr: "10.0.0.1/8" must start with the first address of its range',
    ])
      expect(output).toContain(`- ${expected}`)
  })
})

test('lists written as text are checked as well', async () => {
  const output = await outputOf({ config: { SPACEPORT_DENIED_CIDRS: '10.0.0.0/8, banana, 10.0.0.1/8' } })
  expect(output).toContain('- config.SPACEPORT_DENIED_CIDRS: "banana" isn’t a CIDR')
  expect(output).toContain(
    '- config.SPACEPORT_DENIED_CIDRS: "10.0.0.1/8" must start with the first address of its range',
  )
  expect(output).not.toContain('"10.0.0.0/8"')
})

test('a list that limits or grants something refuses an empty item, but can be empty', async () => {
  const names = ['SPACEPORT_SIGN_IN_GROUPS', 'SPACEPORT_SIGN_IN_DOMAINS', 'SPACEPORT_ADMINS', 'SPACEPORT_AUDITORS']
  const all = (value: unknown) => ({ config: Object.fromEntries(names.map((name) => [name, value])) })
  for (const gaps of [' ', 'alice@example.com,', ',alice@example.com']) {
    const output = await outputOf(all(gaps))
    for (const name of names) expect(output, gaps).toMatch(new RegExp(`^- config\\.${name}: "" isn’t `, 'm'))
  }
  for (const none of ['', []]) await expect(outputOf(all(none))).resolves.toMatch(/^kind: Deployment$/m)
})

test('the chart and the processes agree on every CIDR', async () => {
  const group = fc.oneof(
    fc.constant(''),
    fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16)),
  )
  const v4 = fc.array(fc.integer({ min: 0, max: 260 }), { minLength: 4, maxLength: 4 }).map((parts) => parts.join('.'))
  const zeros = fc.integer({ min: 0, max: 255 }).map((n) => `${n}.0.0.0`)
  const v6 = fc.oneof(
    fc.array(group, { minLength: 2, maxLength: 9 }).map((groups) => groups.join(':')),
    fc.tuple(fc.array(group, { maxLength: 3 }), v4).map(([groups, last]) => `${groups.join(':')}::${last}`),
    fc.array(group, { minLength: 1, maxLength: 4 }).map((groups) => `${groups.join(':')}::`),
  )
  const length = fc.oneof(fc.integer({ min: 0, max: 130 }), fc.constantFrom('', '08', '-1', 'x'))
  const random = fc.tuple(fc.oneof(v4, zeros, v6), length).map(([address, bits]) => `${address}/${bits}`)
  const known = ['64:ff9b::192.0.2.0/120', '64:ff9b::c000:200/120', 'fd00::/8', '::ffff:0:0/96', '::/1', '::1/128']
  const cidrs = [...new Set([...known, ...fc.sample(random, { seed: 24, numRuns: 600 })])].filter((one) => one !== '')
  const output = await outputOf({ config: { SPACEPORT_DENIED_CIDRS: cidrs } })
  const refused = cidrs.filter((cidr) => output.includes(`"${cidr}" `))
  expect(refused).toEqual(cidrs.filter((cidr) => !isDeniableCidr(cidr)))
  expect(refused.length).toBeGreaterThan(100)
  expect(cidrs.length - refused.length).toBeGreaterThan(10)
})

test('the example of each variable is accepted', async () => {
  const numbers = new Set(
    Object.entries(bad)
      .filter(([key, value]) => key.startsWith('config.') && typeof value === 'number')
      .map(([key]) => key.slice('config.'.length)),
  )
  const names = main.leaves.filter(({ path }) => path[0] === 'config').map(({ path }) => path[1] ?? '')
  const config = Object.fromEntries(
    names.map((name) => {
      const { example } = variables[name as keyof typeof variables]
      return [name, numbers.has(name) ? Number(example) : example]
    }),
  )
  expect(names.length).toBeGreaterThan(40)
  // A trusted hop needs to be named.
  await expect(outputOf({ config, networkPolicy: { webFrom: [{ podSelector: {} }] } })).resolves.toMatch(
    /^kind: Deployment$/m,
  )
})

test('the chart for a cluster accepts no values', async () => {
  expect(readSchema(charts.cluster)).toMatchObject({ leaves: [{ key: 'enabled' }], closed: [[]], open: ['global'] })
  const output = await outputOf({ enabled: 'yes', banana: 1, global: 1 }, charts.cluster)
  for (const expected of [`at '': additional properties 'banana'`, `at '/enabled': got string`, `at '/global': got`])
    expect(output).toContain(expected)
})
