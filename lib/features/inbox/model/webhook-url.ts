/** The longest URL that is kept. Microsoft’s are about 300 characters long. */
export const maxUrlLength = 2_000

/**
 * @param text what a person typed as the URL of their webhook
 * @returns it as URLs are written, without a fragment; or what is wrong with it, and what to do. Whether webhooks may go
 *   there is judged elsewhere.
 */
export function parseWebhookUrl(text: string): { url: string } | { problem: string } {
  const given = text.trim()
  if (given === '') return { problem: 'Paste the URL that your receiver, Slack or Teams gave you.' }
  if (given.length > maxUrlLength) return { problem: `Shorten the URL: it may have ${maxUrlLength} characters.` }
  const url = URL.parse(given)
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    return { problem: 'Enter a whole URL that starts with https://.' }
  if (url.username !== '' || url.password !== '')
    return { problem: 'Leave out the name and password before the host. Spaceport signs each message instead.' }
  url.hash = ''
  return { url: url.href }
}

/** @returns the part of a webhook’s URL that isn’t secret: its host, with the port if it has its own */
export const hostOf = (url: string): string => new URL(url).host
