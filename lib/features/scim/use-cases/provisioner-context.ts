/**
 * Represents an authenticated token in the SCIM routes. Like CallerContext, it gives them no services: only the
 * wrappers in provision.ts can open it.
 */
import type { ProvisioningContext } from '#lib/kernel/use-case/context.ts'

export class ProvisionerContext {
  readonly tokenId: string
  readonly #ctx: ProvisioningContext

  constructor(ctx: ProvisioningContext) {
    this.tokenId = ctx.provisioner.tokenId
    this.#ctx = ctx
  }

  /** @returns the context of a use case */
  static open(ctx: ProvisionerContext): ProvisioningContext {
    return ctx.#ctx
  }
}
