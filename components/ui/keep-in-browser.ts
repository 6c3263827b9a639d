const yearMs = 365 * 86_400_000

/** Keeps a choice in a cookie of this browser, so that the server knows it before the first paint. */
export const keepInBrowser = (name: string, value: string): Promise<void> =>
  cookieStore.set({ name, value, path: '/', sameSite: 'lax', expires: Date.now() + yearMs })
