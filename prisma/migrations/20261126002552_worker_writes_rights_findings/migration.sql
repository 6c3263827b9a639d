-- The worker looks for rights that Spaceport did not give, and says what it found.
GRANT UPDATE ("rights_findings") ON "cluster" TO spaceport_worker;
