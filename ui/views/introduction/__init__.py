"""The page 導入: the first 90 days, the readiness check and the self-assessment."""
