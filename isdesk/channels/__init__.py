"""The ways to a customer other than the CRM: telephony, mail, calendar, each behind a small port."""
