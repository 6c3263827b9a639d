import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { expectMay } from '#e2e/fixtures/expect-may.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { recordAction } from '#e2e/fixtures/recorded-action.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const password = 'hunter2-of-the-database'
const token = 'token-that-nobody-asked-for'
const base64 = (text: string) => Buffer.from(text).toString('base64')
/** Each way in which a value may be written. */
const values = new RegExp([password, token, base64(password), base64(token)].join('|'))

const section = (page: Page, kind: string) => page.getByRole('region', { name: kind })
const row = (page: Page, kind: string, name: string) =>
  page.getByRole('table', { name: kind }).getByRole('row').filter({ hasText: name })
const keyForm = (page: Page, key: string) => page.getByRole('form', { name: `Value of ${key}` })
const showValue = (page: Page, key: string) => page.getByRole('button', { name: `Show value of ${key}` })
const shown = (page: Page, key: string) => page.getByRole('region', { name: `Value of ${key}` })

test('a space’s configuration is listed and opened; a Secret’s value is shown only to whom asks and may, and is in the trail', async ({
  as,
  browser,
  sessionOf,
  stack,
  sql,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const [owner, member] = [await as('sigrid'), await as('sverre')]
  const [name, foreign] = [uniqueName('configured'), uniqueName('foreign')]
  await member.goto(stack.webUrl)
  await seedSpace(owner, { name })
  await seedSpace(member, { name: foreign })
  const mine = await kubectlFor(owner, name)
  // As a person does it: kubectl stores the values in an annotation, too.
  await mine.ok(['apply', '-f', '-'], { input: objects(name) })
  await mine.ok(['rollout', 'status', 'deployment/web', '--timeout=60s'])
  const list = `${stack.webUrl}/spaces/${name}/configuration`
  const object = (kind: string, named: string) => `${list}/object?${new URLSearchParams({ kind, name: named })}`
  const secret = object('Secret', 'db')
  const problems: string[] = []

  await test.step('a stranger sees nothing', async () => {
    for (const path of [list, secret, object('ConfigMap', 'settings')]) {
      await member.goto(path)
      await expect(spacePage(member, stack.webUrl, name).unknown).toBeVisible()
    }
  })

  await test.step('the lists show what kubectl get prints, and its command', async () => {
    await owner.goto(`${stack.webUrl}/spaces/${name}`)
    await owner
      .getByRole('navigation', { name: `Views of ${name}` })
      .getByRole('link', { name: 'Configuration' })
      .click()
    await expect(row(owner, 'Services', 'web')).toContainText('ClusterIP')
    await expect(row(owner, 'Services', 'web')).toContainText('80/TCP')
    await expect(row(owner, 'Ingresses', 'web')).toContainText(`${name}.example.com`)
    await expect(row(owner, 'ConfigMaps', 'settings')).toContainText('3')
    await expect(row(owner, 'Secrets', 'db')).toContainText('Opaque')
    await expect(row(owner, 'Secrets', 'release.v1')).toContainText('helm.sh/release.v1')
    await expect(row(owner, 'PersistentVolumeClaims', 'data')).toContainText('Pending')
    for (const [kind, resource] of [
      ['Services', 'services'],
      ['Ingresses', 'ingresses'],
      ['ConfigMaps', 'configmaps'],
      ['Secrets', 'secrets'],
      ['PersistentVolumeClaims', 'persistentvolumeclaims'],
    ] as const)
      await expect(section(owner, kind).locator('pre')).toHaveText(`kubectl get ${resource}`)
    expect(await owner.content()).not.toMatch(values)
    problems.push(...(await lookBeforeRelease(owner, 'space-configuration-owner')))
  })

  await test.step('each object opens from its list', async () => {
    await owner.getByRole('table', { name: 'Services' }).getByRole('link', { name: 'web', exact: true }).click()
    await expect(owner.getByRole('heading', { name: 'Service web' })).toBeVisible()
    await expect(owner.getByText('kubectl describe service/web')).toBeVisible()
    await expect(section(owner, 'Details')).toContainText('http 80/TCP → 8080')
    await expect(section(owner, 'Details')).toContainText('app=web')
    await expect(owner.getByRole('table', { name: 'Endpoints' })).toContainText('Ready')
    const tabs = owner.getByRole('navigation', { name: `Views of ${name}` })
    await expect(tabs.getByRole('link', { name: 'Configuration' })).toHaveAttribute('aria-current', 'true')
    problems.push(...(await lookBeforeRelease(owner, 'space-configuration-service')))

    await owner.goto(object('Ingress', 'web'))
    await expect(owner.getByRole('table', { name: 'Rules' })).toContainText(`${name}.example.com`)
    await expect(owner.getByRole('table', { name: 'TLS' }).getByRole('link', { name: 'web-tls' })).toBeVisible()
    problems.push(...(await lookBeforeRelease(owner, 'space-configuration-ingress')))
    await owner.getByRole('table', { name: 'Rules' }).getByRole('link', { name: 'web:80' }).click()
    await expect(owner.getByRole('heading', { name: 'Service web' })).toBeVisible()

    await owner.goto(object('ConfigMap', 'settings'))
    await expect(shown(owner, 'app.conf')).toContainText('level = debug')
    await expect(owner.getByRole('listitem').filter({ hasText: 'logo' })).toContainText('3 bytes')
    await expect(section(owner, 'Used by')).toContainText('environment, /etc/web')
    problems.push(...(await lookBeforeRelease(owner, 'space-configuration-configmap')))

    await owner.goto(object('PersistentVolumeClaim', 'data'))
    await expect(section(owner, 'Volume')).toContainText('1Gi')
    await expect(section(owner, 'Volume')).toContainText('ReadWriteOnce')
    await expect(section(owner, 'Used by').getByRole('link')).toHaveText('db')
    problems.push(...(await lookBeforeRelease(owner, 'space-configuration-claim')))
  })

  await test.step('a workload links to what reaches it and what it uses', async () => {
    await owner.goto(`${stack.webUrl}/spaces/${name}/workload?of=Deployment/web`)
    await section(owner, 'Uses').getByRole('link', { name: 'settings' }).click()
    await expect(owner.getByRole('heading', { name: 'ConfigMap settings' })).toBeVisible()
    await owner.goBack()
    await section(owner, 'Reach it')
      .getByRole('listitem')
      .getByRole('link', { name: 'web', exact: true })
      .last()
      .click()
    await expect(owner.getByRole('heading', { name: 'Service web' })).toBeVisible()
  })

  await test.step('a Secret opens without values, and shows each when asked', async () => {
    // Browsers drop the body of a page once it is shown.
    const answer = await owner.request.get(secret)
    expect(answer.headers()['cache-control']).toContain('no-store')
    expect(await answer.text()).not.toMatch(values)
    await owner.goto(secret)
    await expect(section(owner, 'Keys')).toContainText('23 bytes')
    await expect(section(owner, 'Used by').getByRole('link')).toHaveText(/^web-/)
    problems.push(...(await lookBeforeRelease(owner, 'space-configuration-secret')))
    const sent: { cache: string | undefined; body: string }[] = []
    const isPage = ({ pathname }: URL) => pathname.endsWith('/configuration/object')
    await owner.route(isPage, async (route) => {
      if (route.request().method() !== 'POST') return route.fallback()
      const response = await route.fetch()
      sent.push({ cache: response.headers()['cache-control'], body: await response.text() })
      await route.fulfill({ response })
    })
    await showValue(owner, 'password').click()
    await expect(shown(owner, 'password')).toHaveText(password)
    await owner.unroute(isPage)
    expect(sent).toEqual([{ cache: expect.stringContaining('no-store'), body: expect.stringContaining(password) }])
    expect(sent[0]?.body).not.toContain(token)
    await expect(owner.getByText(`kubectl get secret/db -o jsonpath='{.data.password}' | base64 -d`)).toBeVisible()
    await expect(showValue(owner, 'password')).toBeHidden()
    await expect(owner.getByRole('button', { name: 'Hide the value of password' })).toBeFocused()
    problems.push(...(await lookBeforeRelease(owner, 'space-configuration-secret-shown')))
    await owner.keyboard.press('Enter')
    await expect(shown(owner, 'password')).toHaveCount(0)
    await expect(showValue(owner, 'password')).toBeFocused()
    expect(await owner.content()).not.toMatch(values)
    await showValue(owner, 'cert.der').click()
    await expect(owner.getByText('Binary, 4 bytes.')).toBeVisible()
    await expect(owner.getByText(String.raw`jsonpath='{.data.cert\.der}'`)).toBeVisible()
  })

  const rows = () =>
    sql(
      `SELECT action, actor_name AS who, target_name AS target, detail ->> 'secret' AS secret, detail ->> 'key' AS key FROM audit_event
       WHERE intent_id IS NULL AND space_id = (SELECT id FROM space WHERE name = $1)
         AND (action = 'space.show-secret' OR (action = 'kubectl.get' AND target_kind = 'secrets')) ORDER BY seq`,
      [name],
    )
  await test.step('the trail names who, the space, the Secret and the key, and has no value', async () => {
    const read = { action: 'kubectl.get', who: 'Sigrid Example', target: 'db', secret: null, key: null }
    const show = { action: 'space.show-secret', who: 'Sigrid Example', target: name, secret: 'db' }
    const found = await rows()
    expect(found).toContainEqual(read)
    expect(found.filter(({ action }) => action === 'space.show-secret')).toEqual([
      { ...show, key: 'password' },
      { ...show, key: 'cert.der' },
    ])
    const [{ count } = {}] = await sql(`SELECT count(*)::int AS count FROM audit_event AS row WHERE row::text ~ $1`, [
      values.source,
    ])
    expect(count).toBe(0)
    await owner.goto(`${stack.webUrl}/spaces/${name}/activity`)
    await expect(owner.getByText('showed the key password of the Secret db')).toBeVisible()
  })

  // On a page of its own: its actions don’t arrive.
  const recorder = await owner.context().newPage()
  await recorder.goto(secret)
  const action = await recordAction(recorder, () => showValue(recorder, 'password').click())
  const ask = (text: string) => expect(text).toContain('"status":"ok"')
  await test.step('a forged form gets no value', async () => {
    const attacks = {
      'no session': { headers: { cookie: null } },
      'another origin': { headers: { origin: 'https://evil.example' } },
      'an opaque origin': { headers: { origin: 'null' } },
      'no origin': { headers: { origin: null } },
      'another site': { headers: { 'sec-fetch-site': 'cross-site' } },
      'an unknown field': { addField: ['namespace', 'kube-system'] },
      'a key twice': { addField: ['key', 'token'] },
      'another’s space': { replace: [[name, foreign]] },
      'a space that doesn’t exist': { replace: [[name, uniqueName('none')]] },
      'a path': { replace: [['\r\n\r\ndb\r\n', '\r\n\r\n../secrets/db\r\n']] },
      'an encoded path': { replace: [['\r\n\r\ndb\r\n', '\r\n\r\n..%2Fsecrets%2Fdb\r\n']] },
      'no name': { replace: [['\r\n\r\ndb\r\n', '\r\n\r\n\r\n']] },
      'a long name': { replace: [['\r\n\r\ndb\r\n', `\r\n\r\n${'a'.repeat(254)}\r\n`]] },
      'another Secret': { replace: [['\r\n\r\ndb\r\n', '\r\n\r\nmissing\r\n']] },
      'a key that isn’t one': { replace: [['\r\n\r\npassword\r\n', '\r\n\r\n__proto__\r\n']] },
      'a path as key': { replace: [['\r\n\r\npassword\r\n', '\r\n\r\n../token\r\n']] },
    } as const
    const before = (await rows()).filter(({ action }) => action === 'space.show-secret').length
    for (const [what, changes] of Object.entries(attacks)) {
      const { status, text } = await action.replay(changes)
      expect.soft(status >= 400 || /"status":"error"/.test(text), `${what}: ${status} ${text.slice(0, 200)}`).toBe(true)
      expect.soft(text, what).not.toMatch(values)
    }
    expect((await rows()).filter(({ action }) => action === 'space.show-secret')).toHaveLength(before)
    const { text } = await action.replay()
    ask(text)
    expect(text).toContain(password)
  })

  await test.step('bad addresses name no object', async () => {
    for (const query of [
      'kind=Secret',
      'kind=Secret&name=',
      'kind=Secret&name=..',
      'kind=Secret&name=../../kube-system/secrets/x',
      'kind=Secret&name=db%252F..',
      `kind=Secret&name=${'a'.repeat(300)}`,
      'kind=Pod&name=db',
      'kind=secrets&name=db',
      'kind=ConfigMap&name=missing',
      'kind=Secret&name=missing',
    ]) {
      await owner.goto(`${list}/object?${query}`)
      await expect(owner.getByRole('heading', { name: 'This object is gone' }), query).toBeVisible()
    }
  })

  await test.step('without scripts, lists and objects are readable, and a value is shown by a form', async () => {
    const context = await browser.newContext({ storageState: await sessionOf('sigrid'), javaScriptEnabled: false })
    const plain = await context.newPage()
    await plain.goto(list)
    await expect(row(plain, 'Secrets', 'db')).toContainText('Opaque')
    await plain.goto(object('ConfigMap', 'settings'))
    await expect(shown(plain, 'app.conf')).toContainText('level = debug')
    await plain.goto(secret)
    await expect(keyForm(plain, 'password')).toBeVisible()
    await showValue(plain, 'password').click()
    await expect(shown(plain, 'password')).toHaveText(password)
    expect(await plain.content()).not.toContain(token)
    await context.close()
  })

  const access = accessPage(owner, stack.webUrl, name)
  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE name = 'Sverre Example'`)
  const memberCookie = (await member.context().cookies(stack.webUrl))
    .map((one) => `${one.name}=${one.value}`)
    .join('; ')
  const asMember = { headers: { cookie: memberCookie } }
  await test.step('a viewer sees everything but Secrets, and may request a role', async () => {
    await access.open()
    await access.add({ who: 'sverre@example.com', role: 'viewer' })
    await expectMay(admin, String(handle), name, ['list', 'configmaps'], 'yes')
    await member.goto(list)
    await expect(row(member, 'ConfigMaps', 'settings')).toBeVisible()
    await expect(section(member, 'Secrets')).toContainText('Your role can’t read Secrets')
    await expect(section(member, 'Secrets')).not.toContainText('db')
    problems.push(...(await lookBeforeRelease(member, 'space-configuration-viewer')))
    await member.goto(secret)
    await expect(member.getByText('Your role can’t read Secrets')).toBeVisible()
    await expect(member.getByRole('button', { name: 'Request access' })).toBeVisible()
    const { text } = await action.replay(asMember)
    expect(text).toContain('"status":"error"')
    expect(text).not.toMatch(values)
  })

  await test.step('an editor who becomes a viewer, or leaves, gets no value from an open page', async () => {
    await access.open()
    await access.change({ who: 'Sverre Example', role: 'editor' })
    await expectMay(admin, String(handle), name, ['get', 'secrets'], 'yes')
    const allowed = await action.replay(asMember)
    ask(allowed.text)
    expect(allowed.text).toContain(password)
    await access.change({ who: 'Sverre Example', role: 'viewer' })
    await expectMay(admin, String(handle), name, ['get', 'secrets'], 'no')
    const asViewer = await action.replay(asMember)
    expect(asViewer.text).toContain('"status":"error"')
    expect(asViewer.text).not.toMatch(values)
    await access.remove('Sverre Example')
    const asStranger = await action.replay(asMember)
    expect(asStranger.text).toContain('"status":"error"')
    expect(asStranger.text).not.toMatch(values)
    await member.goto(secret)
    await expect(spacePage(member, stack.webUrl, name).unknown).toBeVisible()
  })
  expect(problems).toEqual([])
  await recorder.close()
})

const objects = (space: string) => `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  tls: [{hosts: [${space}.example.com], secretName: web-tls}]
  rules:
    - host: ${space}.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  LOG_LEVEL: debug
  app.conf: |
    # ${'a wide line '.repeat(30)}
    level = debug
binaryData: {logo: AAEC}
---
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {password: ${password}, token: ${token}}
data: {cert.der: '//4AAQ=='}
---
apiVersion: v1
kind: Secret
metadata: {name: sh.helm.release.v1}
type: helm.sh/release.v1
stringData: {release: ${token}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: db}
spec:
  containers: [{name: main, image: 'registry.example.com/db:1', volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: main
          image: registry.example.com/web:1
          env:
            - {name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
            - {name: LOG_LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: LOG_LEVEL}}}
          volumeMounts: [{name: conf, mountPath: /etc/web}]
      volumes: [{name: conf, configMap: {name: settings}}]
`
