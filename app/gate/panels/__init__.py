"""What stands on the page /data: steps of an upload, jobs, the ledger, rows set aside."""
