type Options = {
  nonce: string
  /** Where a form of ours may lead: the identity provider, when one signs in or out. */
  formTargets: readonly string[]
  https: boolean
  development: boolean
}

/** What our pages may load and do; nothing else (Content Security Policy Level 3). */
export function contentSecurityPolicy({ nonce, formTargets, https, development }: Options): string {
  return [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? ` 'unsafe-eval'` : ''}`,
    // The development server puts its styles in by script, without a nonce.
    `style-src 'self' ${development ? `'unsafe-inline'` : `'nonce-${nonce}'`}`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `manifest-src 'self'`,
    `form-action ${[`'self'`, ...new Set(formTargets)].join(' ')}`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `object-src 'none'`,
    ...(https ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}
