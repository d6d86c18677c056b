"""Files: lists in (CSV, Excel) and tables out, phone numbers, and how columns find their fields."""
