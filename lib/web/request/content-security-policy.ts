type Options = {
  nonce: string
  https: boolean
  development: boolean
}

/** What our pages may load and do; nothing else (Content Security Policy Level 3). */
export function contentSecurityPolicy({ nonce, https, development }: Options): string {
  return [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? ` 'unsafe-eval'` : ''}`,
    // The development server puts its styles in by script, without a nonce.
    `style-src 'self' ${development ? `'unsafe-inline'` : `'nonce-${nonce}'`}`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `manifest-src 'self'`,
    // To the identity provider one goes by a page of ours (lib/auth/go-on.ts), never by a form's redirect.
    `form-action 'self'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `object-src 'none'`,
    ...(https ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}
