import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readMigrationConfig, readWebConfig } from './config.ts'
import { ConfigurationError, parseEnvironment, type VariableName, variables } from './environment.ts'
import { followConfiguredFile, readConfiguredFile } from './read-configured-file.ts'

const names = Object.keys(variables) as VariableName[]

test('each missing variable is named, with the expected value and an example', () => {
  const required = names.filter((name) => !('fallback' in variables[name]))
  try {
    parseEnvironment(names, {})
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    for (const name of required)
      expect(String(error)).toMatch(new RegExp(`${name} is missing: expected .+, for example .+`))
  }
})

test('Microsoft Graph replaces only the claim groups', () => {
  const required = names.filter((name) => !('fallback' in variables[name]))
  const environment = {
    ...Object.fromEntries(required.map((name) => [name, variables[name].example])),
    NEXTAUTH_SECRET: 'x'.repeat(32),
    OIDC_GROUPS_OVERAGE: 'https://graph.microsoft.com',
  }
  expect(readWebConfig(environment).OIDC_GROUPS_OVERAGE).toBe('https://graph.microsoft.com')
  expect(() => readWebConfig({ ...environment, OIDC_GROUPS_CLAIM: 'roles' })).toThrow(/OIDC_GROUPS_OVERAGE/)
})

test.each([
  ['SPACEPORT_URL', 'ftp://x'],
  ['SPACEPORT_URL', 'https://example.com/spaceport'],
  ['SPACEPORT_URL', 'http://spaceport.example.com'],
  ['OIDC_ISSUER', 'http://login.example.com'],
  ['OIDC_NAME', 'two\nlines'],
  ['OIDC_SUBJECT_CLAIM', 'email'],
  ['OIDC_SUBJECT_CLAIM', 'preferred_username'],
  ['OIDC_SUBJECT_CLAIM', ''],
  ['OIDC_GROUPS_OVERAGE', 'https://graph.windows.net'],
  ['SPACEPORT_FURTHER_PROVIDERS', 'providers.json'],
  ['DATABASE_URL', 'postgresql://a:b@db.example.com/x'],
  ['DATABASE_URL', 'postgresql://a:b@db.example.com/x?sslmode=no-verify'],
  ['DATABASE_URL', 'postgresql://a:b@db.example.com/x?uselibpqcompat=true&sslmode=require'],
  ['DATABASE_DIRECT_URL', 'postgresql://a:b@db.example.com/x'],
  ['DATABASE_DIRECT_URL', 'db.example.com:5432'],
  ['SPACEPORT_GATEWAY_URL', 'http://plain.example.com'],
  ['DATABASE_URL', 'mysql://x'],
  ['SPACEPORT_DATABASE_LOGINS', 'owner=a'],
  ['SPACEPORT_DATABASE_LOGINS', 'web=a,web=b'],
  ['SPACEPORT_DATABASE_LOGINS', 'web=same,worker=same'],
  ['SPACEPORT_DATABASE_LOGINS', 'web=a"; DROP ROLE b'],
  ['DATABASE_CONNECTIONS', '1'],
  ['DATABASE_CONNECTIONS', '101'],
  ['DATABASE_LOCK_CONNECTIONS', '1'],
  ['DATABASE_LOCK_CONNECTIONS', '101'],
  ['NEXTAUTH_SECRET', 'short'],
  ['NEXTAUTH_SECRET_OTHER', 'short'],
  ['SPACEPORT_CLUSTERS', 'no-context'],
  ['SPACEPORT_CLUSTERS', 'same=one,same=two'],
  ['SPACEPORT_NAMESPACE_PREFIX', 'Upper'],
  ['SPACEPORT_NAMESPACE_PREFIX', ''],
  ['SPACEPORT_RESERVED_NAMES', 'one,Two'],
  ['SPACEPORT_NAME_RESERVED_DAYS', 'long'],
  ['SPACEPORT_DENIED_CIDRS', '10.0.0.0'],
  ['SPACEPORT_DENIED_CIDRS', '192.0.2.0/24,0.0.0.0/0'],
  ['SPACEPORT_DNS_PEERS', '169.254.20.0/24'],
  ['SPACEPORT_DNS_PEERS', 'openshift-dns:80'],
  ['SPACEPORT_DNS_PEERS', 'Dns'],
  ['SPACEPORT_DNS_PEERS', '169.254.20.10:53'],
  ['SPACEPORT_INGRESS_SUFFIXES', '.apps.example.com'],
  ['SPACEPORT_INGRESS_SUFFIXES', 'https://apps.example.com'],
  ['SPACEPORT_INGRESS_SUFFIXES', '*.example.com'],
  ['SPACEPORT_INGRESS_SUFFIXES', 'Apps.example.com'],
  ['SPACEPORT_GIT_IDENTITIES', 'team-a=alice-1a2b3c'],
  ['SPACEPORT_GIT_IDENTITIES', 'default/team-a'],
  ['SPACEPORT_GIT_IDENTITIES', 'default/team_a=alice-1a2b3c'],
  ['SPACEPORT_GIT_IDENTITIES', 'default/team-a=alice-1a2b3c,default/team-a=bob-1a2b3c'],
  ['SPACEPORT_SPACE_LIMIT', ''],
  ['SPACEPORT_SPACE_LIMIT', '1e2'],
  ['SPACEPORT_SPACE_LIMIT', '-1'],
  ['SPACEPORT_SPACE_LIMIT', 'many'],
  ['SPACEPORT_MAX_SIZE', 'XL'],
  ['SPACEPORT_DIRECTORY', 'closed'],
  ['SPACEPORT_HELP_URL', 'http://wiki.example.com'],
  ['SPACEPORT_HELP_URL', 'javascript:alert(1)'],
  ['SPACEPORT_CLUSTER_READABLE', 'StorageClass'],
  ['SPACEPORT_CLUSTER_READABLE', '*'],
  ['SPACEPORT_CLUSTER_READABLE', 'nodes/proxy'],
  ['GATEWAY_LISTEN', 'nowhere'],
  ['GATEWAY_LISTEN', '0.0.0.0:65536'],
  ['GATEWAY_SHARES_PORT', 'true'],
  ['GATEWAY_ADMIN_LISTEN', '9091'],
  ['WORKER_LISTEN', '127.0.0.1:99999'],
  ['LOG_LEVEL', 'loud'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer secret'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=a%0d%0aHost:b'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=%E0%A4%A'],
  ['OTEL_TRACES_SAMPLER_ARG', '10%'],
  ['OTEL_TRACES_SAMPLER_ARG', '2'],
] as const)('%s=%s is refused, without repeating its value', (name, value) => {
  expect(() => parseEnvironment([name], { [name]: value })).toThrow(new RegExp(`${name} is not usable: expected`))
})

test('the prefix is required, or the word none; there is no default', () => {
  const prefix = (environment: Record<string, string>) =>
    parseEnvironment(['SPACEPORT_NAMESPACE_PREFIX'], environment).SPACEPORT_NAMESPACE_PREFIX
  expect(prefix({ SPACEPORT_NAMESPACE_PREFIX: 'team-' })).toBe('team-')
  expect(prefix({ SPACEPORT_NAMESPACE_PREFIX: 'none' })).toBe('')
  expect(() => prefix({})).toThrow(
    /SPACEPORT_NAMESPACE_PREFIX is missing: expected a namespace prefix .*, or none, for example/,
  )
})

test('the lists for sign-in and platform roles by name are parsed', () => {
  const names = [
    'SPACEPORT_SIGN_IN_DOMAINS',
    'SPACEPORT_SIGN_IN_GROUPS',
    'SPACEPORT_ADMINS',
    'SPACEPORT_AUDITORS',
  ] as const
  expect(
    parseEnvironment(names, {
      SPACEPORT_SIGN_IN_DOMAINS: 'Example.com, xn--bcher-kva.example',
      SPACEPORT_SIGN_IN_GROUPS: '/platform/admins , Team Blue',
      SPACEPORT_ADMINS: 'sub:10769150350006150715113082367, Alice@Example.com',
      SPACEPORT_AUDITORS: 'sub:bob@example.com',
    }),
  ).toEqual({
    SPACEPORT_SIGN_IN_DOMAINS: ['example.com', 'xn--bcher-kva.example'],
    SPACEPORT_SIGN_IN_GROUPS: ['/platform/admins', 'Team Blue'],
    SPACEPORT_ADMINS: ['sub:10769150350006150715113082367', 'alice@example.com'],
    SPACEPORT_AUDITORS: ['sub:bob@example.com'],
  })
  const none = Object.fromEntries(names.map((name) => [name, '']))
  expect(parseEnvironment(names, none)).toEqual(Object.fromEntries(names.map((name) => [name, []])))
})

test.each([
  ['SPACEPORT_SIGN_IN_DOMAINS', 'banana@x'],
  ['SPACEPORT_SIGN_IN_DOMAINS', '*.example.com'],
  ['SPACEPORT_SIGN_IN_DOMAINS', '@example.com'],
  ['SPACEPORT_SIGN_IN_DOMAINS', 'example.com.'],
  ['SPACEPORT_SIGN_IN_DOMAINS', 'com'],
  ['SPACEPORT_SIGN_IN_DOMAINS', 'bücher.example'],
  ['SPACEPORT_SIGN_IN_DOMAINS', 'e\u212aample.com'],
  ['SPACEPORT_SIGN_IN_DOMAINS', 'example.com,'],
  ['SPACEPORT_SIGN_IN_DOMAINS', ' '],
  ['SPACEPORT_SIGN_IN_GROUPS', ','],
  ['SPACEPORT_SIGN_IN_GROUPS', 'a,,b'],
  ['SPACEPORT_SIGN_IN_GROUPS', ' '],
  ['SPACEPORT_SIGN_IN_GROUPS', 'a\u202eb'],
  ['SPACEPORT_ADMINS', 'alice'],
  ['SPACEPORT_ADMINS', 'alice@example.com,'],
  ['SPACEPORT_ADMINS', 'a@b@example.com'],
  ['SPACEPORT_ADMINS', 'sub:'],
  ['SPACEPORT_AUDITORS', '10769150350006150715113082367'],
  ['SPACEPORT_AUDITORS', '*@example.com.'],
] as const)(
  '%s refuses %j and names it: no item of a list that limits or grants something is skipped',
  (name, value) => {
    expect(() => parseEnvironment([name], { [name]: value })).toThrow(
      new RegExp(`^Spaceport cannot start:\\n {2}- ${name} is not usable: expected .*, for example `),
    )
  },
)

test('lists and clusters are parsed', () => {
  const parsed = parseEnvironment(['SPACEPORT_ADMIN_GROUPS', 'SPACEPORT_CLUSTERS', 'SPACEPORT_DENIED_CIDRS'], {
    SPACEPORT_DENIED_CIDRS: '10.0.0.0/8, fd00::/8,192.0.2.7/32',
    SPACEPORT_ADMIN_GROUPS: ' a, b ,',
    SPACEPORT_CLUSTERS: 'prod=ctx=1,lab=l',
  })
  expect(parsed).toEqual({
    SPACEPORT_ADMIN_GROUPS: ['a', 'b'],
    SPACEPORT_DENIED_CIDRS: ['10.0.0.0/8', 'fd00::/8', '192.0.2.7/32'],
    SPACEPORT_CLUSTERS: [
      { name: 'prod', context: 'ctx=1' },
      { name: 'lab', context: 'l' },
    ],
  })
})

test('a missing file is reported with its variable', () => {
  expect(() => readConfiguredFile('GATEWAY_TLS_CERT', '/nowhere/tls.crt')).toThrow(
    /GATEWAY_TLS_CERT is not usable: there is no file \/nowhere\/tls\.crt; expected .+, for example .+/,
  )
})

test('a replaced file is read again; while it can’t be used, its previous text stays in use', () => {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-config-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'ca.crt')
  const problems: string[] = []
  const check = (text: string) => {
    if (!text.startsWith('good')) throw new Error('not good')
  }
  const follow = () => followConfiguredFile('GATEWAY_TLS_CA', path, check, (error) => problems.push(String(error)))
  writeFileSync(path, 'bad')
  expect(follow).toThrow(/GATEWAY_TLS_CA is not usable: .+ can’t be used \(not good\); expected/)
  writeFileSync(path, 'good 1')
  const read = follow()
  writeFileSync(path, 'good 2')
  expect(read()).toBe('good 2')
  expect(problems).toEqual([])
  writeFileSync(path, 'go')
  expect(read()).toBe('good 2')
  rmSync(path)
  expect(read()).toBe('good 2')
  expect(problems).toEqual([expect.stringContaining('not good'), expect.stringContaining('ENOENT')])
  writeFileSync(path, 'good 3')
  expect(read()).toBe('good 3')
})

test('for a database on another machine, the error names the verifying mode and the unencrypted one', () => {
  const read = (query: string) => readMigrationConfig({ DATABASE_URL: `postgresql://a:b@db.example.com/x${query}` })
  expect(() => read('')).toThrow(/DATABASE_URL is not usable: expected .*sslmode=verify-full.*sslmode=disable/)
  for (const query of ['?sslmode=verify-full', '?sslmode=disable'])
    expect(read(query).DATABASE_URL).toBe(`postgresql://a:b@db.example.com/x${query}`)
})

test('no process starts with certificate verification switched off', () => {
  const environment = { DATABASE_URL: 'postgresql://a:b@localhost/x', NODE_TLS_REJECT_UNAUTHORIZED: '0' }
  expect(() => readMigrationConfig(environment)).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED/)
  expect(readMigrationConfig({ ...environment, NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toBeDefined()
})
