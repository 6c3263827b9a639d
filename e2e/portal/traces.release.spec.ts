import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startSpanReceiver } from '#dev/testing/network/span-receiver.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('an action is a trace: from the browser’s request to the use case, its statements and the cluster', async ({
  as,
  webWith,
}) => {
  test.setTimeout(120_000)
  const collector = await startSpanReceiver()
  try {
    const webUrl = await webWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    const page = await as('trace')
    const name = uniqueName('traced')
    await newSpacePage(page).create(webUrl, { name, description: 'A secret description' })
    const space = spacePage(page, webUrl, name)
    await space.waitUntilReady()
    await space.remove()

    // The form's page checks the same permission.
    const made = () =>
      collector
        .spans()
        .find((span) => span.name === 'create-space' && collector.wayUp(span).at(-1)?.name.startsWith('POST'))
    // Spans are exported in batches, and those of one trace may be in several.
    await expect(async () => {
      const useCase = made()
      if (!useCase) throw new Error('there is no such span')
      const inTrace = collector.spans().filter(({ traceId }) => traceId === useCase.traceId)
      const under = inTrace.filter((span) => collector.wayUp(span).some(({ spanId }) => spanId === useCase.spanId))
      const names = new Set(under.map((span) => span.name))
      expect([...names]).toEqual(
        expect.arrayContaining(['POST namespaces', 'INSERT audit_event', 'insert-space', 'COMMIT']),
      )
      const root = collector.wayUp(useCase).at(-1)
      expect(root).toMatchObject({ service: 'spaceport-web', name: 'POST /spaces/new', parentSpanId: undefined })
    }).toPass({ timeout: 30_000 })
    for (const personal of [name, 'secret description', 'trace@', 'Trace Example', '?cluster', 'session-token'])
      expect(collector.text()).not.toContain(personal)
  } finally {
    collector.stop()
  }
})
