-- An export that is given up keeps none of its file: the worker, which wrote it, removes it.
GRANT DELETE ON "trail_export_part" TO spaceport_worker;
