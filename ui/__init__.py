"""The window: the Qt front end, thin over the same services as the command line."""
