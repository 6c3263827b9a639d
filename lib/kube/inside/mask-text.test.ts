import { expect, test } from 'vitest'
import { isSecretName, mask, maskText } from './mask-text.ts'

function shown(text: string): { text: string; masked: number } {
  let masked = 0
  const hide = () => {
    masked++
    return mask
  }
  return { text: maskText(text, hide), masked }
}

test.each([
  ['postgres://app:hunter2@db:5432/app', 'postgres://app:••••••@db:5432/app'],
  ['redis://:hunter2@cache:6379', 'redis://:••••••@cache:6379'],
  ['amqp://app:hunter2/with@two@mq', 'amqp://app:••••••@mq'],
  ['app:hunter2@tcp(db:3306)/app?parseTime=true', 'app:••••••@tcp(db:3306)/app?parseTime=true'],
  ['scott/hunter2@//db:1521/app', 'scott/••••••@//db:1521/app'],
  ['host=db user=app password=hunter2 sslmode=require', 'host=db user=app password=•••••• sslmode=require'],
  ["host=db password='hunter2 two' user=app", "host=db password='••••••' user=app"],
  ['Server=db;User Id=app;Password=hunter2;Encrypt=True', 'Server=db;User Id=app;Password=••••••;Encrypt=True'],
  ['Server=db;Uid=app;Pwd=hunter2', 'Server=db;Uid=app;Pwd=••••••'],
  ['AccountName=a;AccountKey=hunter2==;Suffix=core', 'AccountName=a;AccountKey=••••••;Suffix=core'],
  ['https://0123456789abcdefhunter2@sentry.example/2', 'https://••••••@sentry.example/2'],
])('the password of a DSN is masked: %s', (text, masked) => {
  expect(shown(text)).toEqual({ text: masked, masked: 1 })
})

test.each([
  [
    'https://b.example/o?X-Amz-Date=1&X-Amz-Signature=hunter2&x=1',
    'https://b.example/o?X-Amz-Date=1&X-Amz-Signature=••••••&x=1',
  ],
  ['https://b.example/o?X-Goog-Signature=hunter2', 'https://b.example/o?X-Goog-Signature=••••••'],
  ['https://b.example/o?sv=2024&sig=hunter2%3D&se=1', 'https://b.example/o?sv=2024&sig=••••••&se=1'],
  ['https://b.example/o?Signature=hunter2&Expires=1', 'https://b.example/o?Signature=••••••&Expires=1'],
  ['https://b.example/hook?access_token=hunter2#x', 'https://b.example/hook?access_token=••••••'],
  ['https://hooks.slack.com/services/T01/B01/hunter2', 'https://hooks.slack.com/services/••••••'],
  ['https://discord.com/api/webhooks/1234/hunter2', 'https://discord.com/api/webhooks/••••••'],
])('the secret part of a URL is masked: %s', (text, masked) => {
  expect(shown(text)).toEqual({ text: masked, masked: 1 })
})

test.each([
  ['{"password":"hunter2"}', '{"password":"••••••"}', 1],
  ['{"db":{"host":"db","apiKeys":["hunter2","hunter2"]}}', '{"db":{"host":"db","apiKeys":["••••••","••••••"]}}', 2],
  ['[{"name":"GITHUB_PAT","value":"hunter2"}]', '[{"name":"GITHUB_PAT","value":"••••••"}]', 1],
  ['{"auths":{"r.example":{"auth":"hunter2"}}}', '{"auths":{"r.example":{"auth":"••••••"}}}', 1],
  ['{"pinToken": 1234}', '{"pinToken":"••••••"}', 1],
  ['{"url":"postgres://app:hunter2@db"}', '{"url":"postgres://app:••••••@db"}', 1],
  ['{"a":{"password":"hunter2"},"a":1}', '{"a":{"password":"••••••"},"a":1}', 1],
  ['--config={"password":"hunter2","debug":true}', '--config={"password":"••••••","debug":true}', 1],
  ['config: {\\"password\\":\\"hunter2\\"}', 'config: {\\"password\\":\\"••••••\\"}', 1],
  ['{"password":"hunter2', '{"password":"••••••', 1],
  ['{"password":"hun\\"ter2"', '{"password":"••••••"', 1],
])('secret values of JSON are masked: %s', (text, masked, count) => {
  expect(shown(text)).toEqual({ text: masked, masked: count })
})

test.each([
  ['PGPASSWORD=hunter2 psql -h db', 'PGPASSWORD=•••••• psql -h db'],
  ['export GITHUB_PAT="hunter2" && run', 'export GITHUB_PAT="••••••" && run'],
  [
    'curl -H "Authorization: Bearer hunter2" https://x.example',
    'curl -H "Authorization: Bearer ••••••" https://x.example',
  ],
  ['run --db-password hunter2 --verbose', 'run --db-password •••••• --verbose'],
  ['password: hunter2\nhost: db', 'password: ••••••\nhost: db'],
  ['git clone https://ghp_hunter2hunter2hunter2@github.com/a/b', 'git clone https://••••••@github.com/a/b'],
  ['echo glpat-hunter2hunter2hunter2', 'echo ••••••'],
  ['x-eyJhunter2hunter2.hunter2hunter2.hunter2', 'x-••••••'],
  ['a -----BEGIN RSA PRIVATE KEY-----\nhunter2', 'a ••••••'],
])('secrets within a text are masked: %s', (text, masked) => {
  expect(shown(text)).toEqual({ text: masked, masked: 1 })
})

test.each([
  'https://example.com:8443/path?page=2',
  'ssh://git@github.com/a/b',
  'http://web:8080/x?mail=a@b.example',
  'registry.example/token-service:v1.2',
  '{"debug":true,"level":"info","secretEnabled":false}',
  'if [ -z "$TOKEN" ]; then exit 1; fi',
  'DB_PASSWORD=$(DB_PASSWORD_FROM_SECRET)',
  'PATH=/usr/bin',
  'a perfectly ordinary sentence, with a pattern: yes',
])('text that is not secret stays: %s', (text) => {
  expect(shown(text)).toEqual({ text, masked: 0 })
})

test.each([
  'GITHUB_PAT',
  'githubPat',
  'azure-pat',
  'PAT',
  'SENTRY_DSN',
  'DSN',
  'DB_PWD',
  'OPENAI_KEY',
  'SLACK_WEBHOOK',
])('%s is a secret’s name', (name) => expect(isSecretName(name)).toBe(true))

test.each(['PATH', 'PATTERN', 'patch', 'DESIGN', 'KEYCLOAK_URL', 'PUBLIC_KEY', 'author', 'SIGNAL', 'monkey'])(
  '%s is no secret’s name',
  (name) => expect(isSecretName(name)).toBe(false),
)

test('texts designed to be slow are masked as fast as any', () => {
  const distinct = Array.from({ length: 400 }, (_, at) => `token=${'\\'.repeat(at % 9)}"`).join(' ')
  const slow = [
    '://a:b'.repeat(150_000),
    '://a:b/'.repeat(150_000),
    'password="'.repeat(100_000),
    'a:'.repeat(400_000),
    'eyJaaaaaaaa.'.repeat(80_000),
    ...['-eyJ', '.eyJaaaaaaaa-eyJ', '-glpat-', '-xoxb-', '-spt_-', '-sk_live_', '/hooks.slack.com/services/-'].map(
      (text) => text.repeat(1_000_000 / text.length),
    ),
    'token '.repeat(150_000),
    ' '.repeat(1_000_000),
    '-----BEGIN '.repeat(90_000),
    '['.repeat(200_000),
    '{"a":'.repeat(50_000),
    `${'['.repeat(5_000)}1${']'.repeat(5_000)}`,
    distinct.repeat(200),
  ]
  for (const text of slow) {
    // CPU time, which doesn't pass on a stalled machine.
    const began = process.cpuUsage()
    shown(text)
    const { user } = process.cpuUsage(began)
    expect(user / 1_000, text.slice(0, 20)).toBeLessThan(1_000)
  }
})
