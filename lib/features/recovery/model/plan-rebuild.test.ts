import { expect, test } from 'vitest'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { annotations, labels, personAnnotations } from '#lib/kernel/model/spaces/cluster-names.ts'
import { type ClusterGrant, renderGrants } from '#lib/kernel/model/spaces/grant-on-cluster.ts'
import { type DesiredSpace, renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { planRebuild, type RebuildPlan } from './plan-rebuild.ts'
import { type FoundInstallation, readRecovered } from './recovered.ts'
import { parseRecoveryFile, type RecoveryInput } from './recovery-file.ts'

const at = new Date('2026-06-01T00:00:00Z')
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const issuer = 'https://issuer.test/'
const person = (n: number, name: string) => ({
  userId: id(n),
  handle: `${name}-00000${n}`,
  email: `${name}@example.com`,
  name,
  account: { issuer, subject: `subject ${n}` },
})
const olga = person(1, 'olga')
const amy = person(2, 'amy')
const zed = person(3, 'zed')

const grant = (n: number, to: ClusterGrant['to'], more: Partial<ClusterGrant> = {}): ClusterGrant => ({
  ...{ id: id(n), to, role: 'editor', startsAt: new Date('2026-01-01T00:00:00Z'), endsAt: null },
  ...{ requestId: null, withheldFrom: [], ...more },
})
const space: DesiredSpace = {
  id: id(10),
  name: 'team',
  namespace: 'dev-team',
  creation: 'random',
  description: 'Ours',
  size: 'M',
  endsAt: new Date('2027-01-01T00:00:00Z'),
  requestId: null,
  owner: olga,
  members: [
    { member: olga, role: 'admin' },
    { member: amy, role: 'editor' },
  ],
  grants: [grant(20, { handle: amy.handle }), grant(21, { group: 'team', issuer: 'https://issuer.test' })],
}

type People = readonly (typeof olga)[]

/** What a cluster would contain for rendered spaces. */
function onCluster(spaces: readonly DesiredSpace[], people: People = [olga, amy, zed]): FoundInstallation {
  const rendered = spaces.map((one) => renderSpace(one, defaultReach))
  return {
    namespaces: rendered.map(({ namespace: { metadata } }, i) => ({
      name: metadata.name,
      uid: `uid ${i}`,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      createdAt: new Date('2026-02-01T00:00:00Z'),
      terminating: false,
    })),
    accounts: people.map(({ handle, email, name, userId, account }) => ({
      name: handle,
      annotations: {
        [personAnnotations.email]: email,
        [personAnnotations.displayName]: name,
        [personAnnotations.id]: userId,
        [personAnnotations.issuer]: account.issuer,
        [personAnnotations.subject]: account.subject,
      },
    })),
    quotas: rendered.flatMap(({ limits, namespace }) =>
      limits
        .filter(({ kind }) => kind === 'ResourceQuota')
        .map(({ metadata, spec }) => ({
          ...{ namespace: namespace.metadata.name, name: metadata.name },
          hard: (spec as { hard: Record<string, string> }).hard,
        })),
    ),
    bindings: rendered.flatMap(({ access, namespace }) =>
      access.map(({ metadata, subjects }) => ({
        ...{ namespace: namespace.metadata.name, name: metadata.name, role: metadata.name },
        handles: (subjects as { name: string }[]).map(({ name }) => name),
      })),
    ),
  }
}

const now = { at, newId: () => id(99) }
const plan = (...found: FoundInstallation[]): RebuildPlan =>
  planRebuild(
    found.map((one, i) => ({ name: `c${i}`, ...readRecovered(one) })),
    null,
    now,
  )
const changed = (changes: (found: FoundInstallation) => Partial<FoundInstallation>, of = onCluster([space])) => ({
  ...of,
  ...changes(of),
})
const withAnnotations = (more: Record<string, string | undefined>) =>
  changed(({ namespaces }) => ({
    namespaces: namespaces.map((one) => ({
      ...one,
      annotations: Object.fromEntries(
        Object.entries({ ...one.annotations, ...more }).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value] as const],
        ),
      ),
    })),
  }))

test('spaces, owners, members, groups and people are restored as they were rendered', () => {
  const { people, clusters, missing, disputes } = plan(onCluster([space]))
  expect({ missing, disputes }).toEqual({ missing: [], disputes: [] })
  expect(people.map(({ id: one, handle, subject, deactivatedAt }) => [one, handle, subject, deactivatedAt])).toEqual(
    [olga, amy, zed].map(({ userId, handle, account }) => [userId, handle, account.subject, null]),
  )
  const { owner: _, members: __, grants: ___, ...same } = space
  expect(clusters[0]?.spaces).toEqual([
    { ...same, ownerId: olga.userId, namespaceUid: 'uid 0', createdAt: new Date('2026-02-01T00:00:00Z') },
  ])
  expect(clusters[0]?.grants).toEqual([
    { ...space.grants[0], spaceId: space.id, to: { userId: amy.userId } },
    { ...space.grants[1], spaceId: space.id },
  ])
})

test('an expired role stays expired', () => {
  const ended = grant(20, { handle: amy.handle }, { endsAt: at })
  expect(plan(onCluster([{ ...space, grants: [ended] }])).clusters[0]?.grants).toEqual([])
})

test('a member without a known grant keeps the role for two weeks only', () => {
  for (const value of [undefined, 'too many', '[{"id":1}]', '{}']) {
    const { clusters, missing } = plan(withAnnotations({ [annotations.grants]: value }))
    expect(clusters[0]?.grants).toMatchObject([
      { to: { userId: amy.userId }, role: 'editor', endsAt: new Date('2026-06-15T00:00:00Z') },
    ])
    expect(missing).toHaveLength(1)
  }
})

test('a person who should have access but isn’t bound is restored as deactivated', () => {
  const { people, missing } = plan(
    onCluster([{ ...space, members: space.members.filter(({ member }) => member !== olga) }]),
  )
  expect(people.find(({ handle }) => handle === olga.handle)?.deactivatedAt).toEqual(at)
  expect(people.find(({ handle }) => handle === amy.handle)?.deactivatedAt).toBeNull()
  expect(missing).toEqual([expect.stringContaining(olga.handle)])
})

test('a role that is withheld from an unknown person is not restored', () => {
  const withheld = grant(20, { group: 'team', issuer: 'https://issuer.test' }, { withheldFrom: ['gone-000009'] })
  const { clusters, missing } = plan(onCluster([{ ...space, grants: [withheld] }]))
  expect(clusters[0]?.grants).toEqual([])
  expect(missing).toEqual([expect.stringContaining('withheld')])
})

test('a space with an unknown owner is skipped, and reported', () => {
  const { clusters, missing } = plan(onCluster([space], [amy]))
  expect(clusters[0]?.spaces).toEqual([])
  expect(missing).toEqual([expect.stringContaining(olga.handle)])
})

test('a person written by an earlier release, with less data, is not guessed', () => {
  const old = changed(({ accounts }) => ({
    accounts: accounts.map(({ name, annotations: { [personAnnotations.subject]: _, ...rest } }) => ({
      name,
      annotations: rest,
    })),
  }))
  expect(plan(old).people).toEqual([])
})

/** An attack by another cluster's admin: their own account under the victim's handle, bound in a space. */
function impostorOf(victim: typeof olga): FoundInstallation {
  const impostor = { ...victim, userId: id(66), account: { issuer, subject: 'the attacker' } }
  const members = [{ member: impostor, role: 'admin' as const }]
  const theirs = { ...space, id: id(12), name: 'lab', namespace: 'dev-lab', owner: impostor, members, grants: [] }
  return onCluster([theirs], [impostor])
}
const withoutSubject = (of: FoundInstallation, handle: string): FoundInstallation => ({
  ...of,
  accounts: of.accounts.map(({ name, annotations: { [personAnnotations.subject]: subject, ...rest } }) => ({
    name,
    annotations: { ...rest, ...(name !== handle && subject !== undefined && { [personAnnotations.subject]: subject }) },
  })),
})

test('another cluster’s data can’t make anyone the owner of a space here', () => {
  for (const here of [onCluster([space], [amy]), withoutSubject(onCluster([space]), olga.handle)]) {
    const { clusters, missing, disputes } = plan(here, impostorOf(olga))
    expect(disputes).toEqual([])
    expect(clusters[0]).toMatchObject({ spaces: [], grants: [] })
    expect(clusters[1]?.spaces).toMatchObject([{ name: 'lab', ownerId: id(66) }])
    expect(missing).toContainEqual(
      `c0: Space team can’t be restored: neither c0 nor an export identifies its owner olga-000001.`,
    )
  }
})

test('an account written by an earlier release is reported, even if another cluster identifies it', () => {
  const { missing } = plan(withoutSubject(onCluster([space]), zed.handle), impostorOf(zed))
  expect(missing).toEqual([expect.stringMatching(/^c0: Nothing identifies zed-000003 .* isn’t trusted here/)])
})

test('another cluster’s data can’t give anyone a scheduled role here', () => {
  const later = grant(20, { handle: zed.handle }, { startsAt: new Date('2026-07-01T00:00:00Z') })
  const { clusters, missing } = plan(onCluster([{ ...space, grants: [later] }], [olga, amy]), impostorOf(zed))
  expect(clusters[0]).toMatchObject({ spaces: [{ id: space.id }], grants: [] })
  expect(missing).toEqual([expect.stringMatching(/^c0: The role of zed-000003 in team isn’t restored: neither c0/)])
})

test('a role withheld from a person isn’t restored just because another cluster identifies them', () => {
  const withheld = grant(20, { group: 'team', issuer: 'https://issuer.test' }, { withheldFrom: [zed.handle] })
  const { clusters, missing } = plan(onCluster([{ ...space, grants: [withheld] }], [olga, amy]), impostorOf(zed))
  expect(clusters[0]?.grants).toEqual([])
  expect(missing).toEqual([expect.stringContaining('withheld')])
})

test('an export identifies people for every cluster', async () => {
  const later = grant(20, { handle: zed.handle }, { startsAt: new Date('2026-07-01T00:00:00Z') })
  const source = { name: 'c0', ...readRecovered(onCluster([{ ...space, grants: [later] }], [amy])) }
  const { clusters, missing } = planRebuild([source], await file(exported(olga), exported(zed)), now)
  expect(missing).toEqual([])
  expect(clusters[0]).toMatchObject({ spaces: [{ ownerId: olga.userId }], grants: [{ to: { userId: zed.userId } }] })
})

test('a deactivated person stays deactivated, regardless of bindings on another cluster', () => {
  const unbound = { ...space, members: space.members.filter(({ member }) => member !== olga) }
  const theirs = { ...space, id: id(12), name: 'lab', namespace: 'dev-lab', grants: [] }
  const { people, missing } = plan(onCluster([unbound]), onCluster([theirs]))
  expect(people.find(({ handle }) => handle === olga.handle)?.deactivatedAt).toEqual(at)
  expect(missing).toEqual([expect.stringMatching(/^olga-000001 is restored as deactivated: .* on c0/)])
})

test('nothing is rebuilt if two clusters disagree about a person’s identity', () => {
  const forged = { ...olga, account: { issuer, subject: 'the attacker' } }
  expect(plan(onCluster([space]), onCluster([], [forged])).disputes).toHaveLength(1)
  const other = { ...olga, userId: id(7), handle: 'mallory-000007' }
  expect(plan(onCluster([space]), onCluster([], [other])).disputes).toHaveLength(1)
})

test('nothing is rebuilt if two namespaces claim to be the same space', () => {
  expect(plan(onCluster([space]), onCluster([space])).disputes).toHaveLength(1)
  expect(plan(onCluster([space, { ...space, id: id(11), namespace: 'other-team' }])).disputes).toHaveLength(1)
})

test.each<[string, FoundInstallation]>([
  [
    'without an id',
    changed(({ namespaces: [one] }) => ({
      namespaces: one ? [{ ...one, labels: { ...one.labels, [labels.spaceId]: 'x' } }] : [],
    })),
  ],
  [
    'of another name',
    changed(({ namespaces: [one] }) => ({ namespaces: one ? [{ ...one, name: 'kube-system' }] : [] })),
  ],
  [
    'that is being deleted',
    changed(({ namespaces: [one] }) => ({ namespaces: one ? [{ ...one, terminating: true }] : [] })),
  ],
  ['without a quota', changed(() => ({ quotas: [] }))],
  ['with an owner that isn’t a valid handle', withAnnotations({ [annotations.owner]: 'Olga; DROP TABLE' })],
  ['with an end that isn’t a date', withAnnotations({ [annotations.expiresAt]: 'soon' })],
  ['with an invalid request', withAnnotations({ [annotations.requestId]: 'x' })],
  ['without its creation', withAnnotations({ [annotations.creation]: undefined })],
])('a namespace %s is not a space, and is reported', (_, found) => {
  const { clusters, missing } = plan(found)
  expect(clusters[0]?.spaces).toEqual([])
  expect(missing.length).toBeGreaterThan(0)
})

const lines = (given: readonly (RecoveryInput | string)[]) =>
  (async function* () {
    for (const one of given) yield typeof one === 'string' ? one : JSON.stringify(one)
  })()
const begin: RecoveryInput = { kind: 'begin', format: 'spaceport-recovery', version: 1, at: at.toISOString() }
const exported = ({ userId, handle, email, name, account }: typeof olga): RecoveryInput => ({
  ...{ kind: 'person', id: userId, handle, email, name, ...account, createdAt: at.toISOString() },
  ...{ deactivatedAt: null, deactivationReason: null, groups: ['team'], groupsVerifiedAt: '2026-05-01T00:00:00.000Z' },
})
const exportedGrant = (one: ClusterGrant): RecoveryInput => ({
  ...{ kind: 'grant', space: space.id },
  grant: (JSON.parse(renderGrants([one])) as [Extract<RecoveryInput, { kind: 'grant' }>['grant']])[0],
})
const file = (...inner: RecoveryInput[]) =>
  parseRecoveryFile(lines([begin, ...inner, { kind: 'end', lines: inner.length + 2 }]))

test('an export adds people who aren’t on the clusters, and when groups were last confirmed', async () => {
  const source = { name: 'c0', ...readRecovered(onCluster([space], [amy])) }
  const { people, clusters, disputes } = planRebuild([source], await file(exported(olga)), now)
  expect(disputes).toEqual([])
  expect(clusters[0]?.spaces).toMatchObject([{ ownerId: olga.userId }])
  expect(people.find(({ id: one }) => one === olga.userId)).toMatchObject({
    groups: ['team'],
    groupsVerifiedAt: new Date('2026-05-01T00:00:00Z'),
  })
})

test('an export doesn’t restore roles that are no longer on the cluster', async () => {
  const later = new Date('2026-07-01T00:00:00Z')
  const before = [
    grant(20, { handle: amy.handle }),
    grant(21, { handle: zed.handle }),
    grant(22, { handle: zed.handle }, { startsAt: later, requestId: id(30) }),
    grant(23, { group: 'team', issuer: 'https://issuer.test' }),
    grant(24, { handle: amy.handle }, { role: 'admin', requestId: id(31) }),
    grant(25, { handle: amy.handle }, { role: 'admin', requestId: id(32), endsAt: later }),
  ]
  const source = { name: 'c0', ...readRecovered(withAnnotations({ [annotations.grants]: 'too many' })) }
  const { clusters, missing } = planRebuild([source], await file(...before.map(exportedGrant)), now)
  expect(clusters[0]?.grants.map((one) => one.id)).toEqual([20, 22, 23, 25].map(id))
  expect(missing).toEqual([
    expect.stringMatching(/^c0: The cluster doesn’t record how people got their roles in team/),
    'c0: The role of zed-000003 in team isn’t restored: it is in the export, but no longer on the cluster.',
    'c0: The role of amy-000002 in team isn’t restored: it is in the export, but no longer on the cluster.',
  ])
})

test('a person identified by a claim other than sub is restored with it, and equal values of two claims conflict', async () => {
  const found = changed(({ accounts }) => ({
    accounts: accounts.map((one) =>
      one.name === olga.handle
        ? { ...one, annotations: { ...one.annotations, [personAnnotations.subjectClaim]: 'oid' } }
        : one,
    ),
  }))
  const source = { name: 'c0', ...readRecovered(found) }
  const { people } = planRebuild([source], null, now)
  expect(people.find(({ id: one }) => one === olga.userId)).toMatchObject({ ...olga.account, subjectClaim: 'oid' })
  expect(planRebuild([source], await file(exported(olga)), now).disputes).toHaveLength(1)
  const account = { ...olga.account, subjectClaim: 'oid', oidcSub: 'a sub' }
  const said = await file(exported({ ...olga, account }))
  const { people: both, disputes } = planRebuild([source], said, now)
  expect(disputes).toEqual([])
  expect(both.find(({ id: one }) => one === olga.userId)).toMatchObject({ subjectClaim: 'oid', oidcSub: 'a sub' })
})

test('nothing is rebuilt if an export gives a person another identity', async () => {
  const source = { name: 'c0', ...readRecovered(onCluster([space])) }
  const other = await file(exported({ ...olga, account: { issuer, subject: 'another' } }))
  expect(planRebuild([source], other, now).disputes).toHaveLength(1)
})

test.each<[string, (RecoveryInput | string)[]]>([
  ['empty', []],
  ['cut off', [begin, exported(olga)]],
  ['with lines missing', [begin, { kind: 'end', lines: 3 }]],
  ['with more after its end', [begin, { kind: 'end', lines: 2 }, exported(olga)]],
  ['without a beginning', [exported(olga), { kind: 'end', lines: 2 }]],
  ['of another version', [JSON.stringify({ ...begin, version: 2 }), { kind: 'end', lines: 2 }]],
  ['with unknown content', [begin, JSON.stringify({ ...exported(olga), secret: 'x' }), { kind: 'end', lines: 3 }]],
  ['that is not JSON', [begin, '{', { kind: 'end', lines: 3 }]],
])('an export that is %s is refused', async (_, given) => {
  await expect(parseRecoveryFile(lines(given))).rejects.toThrow(/export/)
})
