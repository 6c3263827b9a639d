// Asks each URL for a minute whether its process is ready, and tells what it says. Ends with 1 unless all are.
const endsAt = Date.now() + 60_000
async function isReady(url) {
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
      console.log(`${url}: ${response.status} ${await response.text()}`)
      if (response.ok) return true
    } catch (error) {
      console.log(`${url}: ${error.cause?.message ?? error.message}`)
    }
    if (Date.now() > endsAt) return false
    await new Promise((resolve) => setTimeout(resolve, 2_000))
  }
}
void Promise.all(process.argv.slice(1).map(isReady)).then((ready) => process.exit(ready.every(Boolean) ? 0 : 1))
