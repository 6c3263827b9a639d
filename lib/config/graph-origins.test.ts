import { expect, test } from 'vitest'
import { graphOrigins, isGraphOrigin } from './graph-origins.ts'

test.each(['refuse', ...graphOrigins, 'http://localhost:8080', 'http://127.0.0.1:8080'])('%s is accepted', (value) => {
  expect(isGraphOrigin(value)).toBe(true)
})

test.each([
  ...['', 'graph', 'https://graph.microsoft.com/', 'https://graph.microsoft.com/v1.0', 'http://graph.microsoft.com'],
  ...[
    'https://graph.windows.net',
    'https://graph.microsoft.com.evil.example',
    'https://evil.example',
    'https://localhost',
  ],
  ...['http://localhost:8080/', 'http://localhost.evil.example', 'http://user@localhost:8080', 'http://10.0.0.1'],
])('%j is refused: people’s access tokens would be sent there', (value) => {
  expect(isGraphOrigin(value)).toBe(false)
})
