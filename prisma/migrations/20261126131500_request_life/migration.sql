-- A later end for a space that was approved until a day.
ALTER TYPE "request_kind" ADD VALUE 'life';
