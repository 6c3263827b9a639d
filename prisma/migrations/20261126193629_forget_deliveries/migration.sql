-- Deliveries are history once they are closed: the worker deletes old ones.
GRANT DELETE ON "mail_delivery", "webhook_delivery" TO spaceport_worker;
CREATE INDEX "mail_delivery_closed_at_idx" ON "mail_delivery"("closed_at");
CREATE INDEX "webhook_delivery_closed_at_idx" ON "webhook_delivery"("closed_at");
