/**
 * Lets Node import what otherwise only a bundler can, because Node runs the tests without one: it strips types itself,
 * and keeps the result.
 */
import { registerHooks } from 'node:module'

const moduleOf = (source) => ({ url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true })

registerHooks({
  resolve(specifier, context, nextResolve) {
    // It throws unless the bundler is Next's; tests may import server-only code.
    if (specifier === 'server-only') return moduleOf('')
    // Next has no export map.
    if (/^next\/[a-z/-]+$/.test(specifier)) return nextResolve(`${specifier}.js`, context)
    const found = nextResolve(specifier, context)
    // A CommonJS module with a default export, which bundlers unwrap.
    if (specifier === 'next-auth')
      return moduleOf(`import auth from ${JSON.stringify(found.url)}; export default auth.default`)
    return found
  },
})
