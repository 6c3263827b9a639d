/** Microsoft's URLs have about 300 characters. */
export const maxUrlLength = 2_000

/**
 * @param text the URL of a webhook as typed
 * @returns the normalized URL without fragment, or a problem to show. Doesn't check whether the destination is allowed.
 */
export function parseWebhookUrl(text: string): { url: string } | { problem: string } {
  const given = text.trim()
  if (given === '') return { problem: 'Paste the URL from your receiver, Slack or Teams.' }
  if (given.length > maxUrlLength) return { problem: `Shorten the URL to at most ${maxUrlLength} characters.` }
  const url = URL.parse(given)
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    return { problem: 'Enter a full URL that starts with https://.' }
  if (url.username !== '' || url.password !== '')
    return { problem: 'Remove the name and password before the host. Spaceport signs each message instead.' }
  url.hash = ''
  return { url: url.href }
}

/** @returns the part of a webhook's URL that isn't secret: its host and any port */
export const hostOf = (url: string): string => new URL(url).host
